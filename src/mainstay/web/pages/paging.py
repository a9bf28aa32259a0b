"""Paging that stays fast over a million rows: it counts to a limit and then says "more than"."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from mainstay.kit.errors import Problem

COUNT_LIMIT = 10_000
FAR_DOWN = 500  # rows


class CappedPaginator:
    """A paginator that never counts, and never skips, more than `count_limit` rows.

    `count` is exact up to the limit; above it `capped` is true and pages beyond the limit are refused with
    the advice to filter. It speaks the part of Django's paginator protocol that tables and templates use.
    """

    def __init__(
        self,
        object_list: Any,
        per_page: int,
        count_limit: int = COUNT_LIMIT,
        *,
        keys_first: str = "",
        keys: QuerySet[Any] | None = None,
        **_unused: Any,
    ) -> None:
        self.object_list = object_list
        self.per_page = int(per_page)
        self.count_limit = count_limit
        self.keys_first = keys_first
        self.keys = keys
        self._read: dict[int, list[Any]] = {}  # the rows of a page that was read already, by its beginning

    @cached_property
    def _counted(self) -> int:
        """Count at most one row more than the limit.

        In the list's own order: the index that gives the page gives the count too, and a branch's rows need not be
        picked from all rows of the company.
        """
        source = self._source
        if self.keys_first:
            return len(self._keys)
        return source[: self.count_limit + 1].count() if isinstance(source, QuerySet) else len(source)

    @property
    def _source(self) -> Any:
        """Return the queryset or list, which django-tables2 wraps twice."""
        rows = self.object_list
        return getattr(getattr(rows, "data", rows), "data", rows)

    @cached_property
    def _keys(self) -> list[Any]:
        """Return the keys of all rows up to one more than the limit."""
        keys = self._source.values_list(self.keys_first, flat=True) if self.keys is None else self.keys
        return list(keys[: self.count_limit + 1])

    @property
    def capped(self) -> bool:
        """Tell whether there are more rows than were counted."""
        return self._counted > self.count_limit

    @property
    def count(self) -> int:
        """Return the number of rows, at most the limit."""
        return min(self._counted, self.count_limit)

    @property
    def num_pages(self) -> int:
        """Return the number of pages that can be opened."""
        return max(1, -(-self.count // self.per_page))

    @property
    def page_range(self) -> range:
        """Return the numbers of the pages."""
        return range(1, self.num_pages + 1)

    @property
    def count_text(self) -> str:
        """Return the number of rows in words: 3,214 or 10,000+."""
        return f"{self.count:,}+" if self.capped else f"{self.count:,}"

    def validate_number(self, number: Any) -> int:
        """Return the page number as an integer from 1."""
        try:
            value = int(number)
        except (TypeError, ValueError) as error:
            raise PageNotAnInteger(_("The page number is not a whole number.")) from error
        if value < 1:
            raise EmptyPage(_("Pages count from 1."))
        return value

    def page(self, number: Any) -> Page:
        """Return a page. A page past the end shows the last one; past the limit it is a problem."""
        value = self.validate_number(number)
        whole = self._whole(value)
        if whole is not None:
            return Page(whole, value, self)  # type: ignore[arg-type]
        if value > self.num_pages:
            if self.capped:
                raise Problem(
                    _(
                        "Only the first {limit} rows can be leafed through. Filter or search to reach the others."
                    ).format(limit=f"{self.count_limit:,}"),
                    code="page_too_far",
                )
            value = self.num_pages
        start = (value - 1) * self.per_page
        # A list, so that the rows are read here, where an error can still become a proper page.
        rows = self._read.get(start) or list(self._between(start, min(start + self.per_page, self.count)))
        return Page(rows, value, self)  # type: ignore[arg-type]

    def _whole(self, number: int) -> list[Any] | None:
        """Return the rows of a page that turns out to be the last one: then they are counted too, without a question.

        None when more rows follow, when there is none (the page may be past the end), or far down.
        """
        start = (number - 1) * self.per_page
        if self.keys_first or start + self.per_page > min(self.count_limit, FAR_DOWN) or "_counted" in self.__dict__:
            return None
        rows = list(self.object_list[start : start + self.per_page + 1])
        if len(rows) > self.per_page or (start and not rows):
            self._read[start] = rows[: self.per_page]
            return None
        self.__dict__["_counted"] = start + len(rows)
        return rows

    def _between(self, start: int, stop: int) -> Any:
        """Return the rows from `start` to `stop`.

        Far down, and where it was asked for, the keys come first: the database then walks over keys only, not over
        whole rows with all that is joined to them.
        """
        rows, source = self.object_list, self._source
        field = self.keys_first or "pk"
        if self.keys_first:
            keys = self._keys[start:stop]
        elif start < FAR_DOWN or not isinstance(source, QuerySet) or source._iterable_class is not ModelIterable:
            return rows[start:stop]
        else:
            keys = list(source.values_list("pk", flat=True)[start:stop])
        read = source.filter(**{f"{field}__in": keys}).order_by()
        found = {row[field] if isinstance(row, dict) else getattr(row, field): row for row in read}
        page = [found[key] for key in keys if key in found]
        return page if rows is source else type(rows)(data=page, table=rows.table)
