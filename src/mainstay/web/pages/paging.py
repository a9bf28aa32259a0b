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

    def __init__(self, object_list: Any, per_page: int, count_limit: int = COUNT_LIMIT, **_unused: Any) -> None:
        self.object_list = object_list
        self.per_page = int(per_page)
        self.count_limit = count_limit

    @cached_property
    def _counted(self) -> int:
        """Count at most one row more than the limit.

        In the list's own order: the index that gives the page gives the count too, and a branch's rows need not be
        picked from all rows of the company.
        """
        rows = self.object_list
        source = getattr(getattr(rows, "data", rows), "data", rows)  # django-tables2 wraps the queryset twice
        if isinstance(source, QuerySet):
            return source[: self.count_limit + 1].count()
        return len(source)

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
        rows = list(self._between(start, min(start + self.per_page, self.count)))
        return Page(rows, value, self)  # type: ignore[arg-type]

    def _between(self, start: int, stop: int) -> Any:
        """Return the rows from `start` to `stop`.

        Far down, the keys come first: the database then walks over keys only, not over whole rows with all that is
        joined to them.
        """
        rows = self.object_list
        source = getattr(getattr(rows, "data", rows), "data", rows)
        if start < FAR_DOWN or not isinstance(source, QuerySet) or source._iterable_class is not ModelIterable:
            return rows[start:stop]
        keys = list(source.values_list("pk", flat=True)[start:stop])
        found = {row.pk: row for row in source.filter(pk__in=keys).order_by()}
        page = [found[key] for key in keys if key in found]
        return page if rows is source else type(rows)(data=page, table=rows.table)
