"""The list page: a declaration of a few lines becomes search, filters, table, paging, batch bar and export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
import structlog
from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.forms import NullBooleanField
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters.widgets import BooleanWidget
from django_tables2.columns.base import BoundColumn

from mainstay.kit.errors import Problem
from mainstay.web.pages import answers, export
from mainstay.web.pages.base import Page, SignedRequest
from mainstay.web.pages.columns import SelectColumn
from mainstay.web.pages.paging import CappedPaginator
from mainstay.web.pages.parts import BatchAction, FirstUse

OWN_PARAMETERS = {"q", "sort", "page", "cols", "export", "per_page"}
PAGE_SIZES = (25, 50, 100)


class ListPage(Page):
    """A list of rows.

    Declare `title`, `right`, `table_class`, `filterset_class`, `queryset()` (already narrowed to what the user
    may see, with select_related for what the table shows) and, where they apply, `first_use`, `actions`,
    `batch_actions`. `search_fields` makes a plain search box; a filterset with a filter `q` has its own.
    `keys_first` names the key, mostly "pk", of rows that are few and far apart, or dear to read: their keys are read
    and counted at once, and only those of the page are read whole. `keys` asks for the same keys in the same order
    without what the rows carry. The table's `Meta.order_by` is the order until the person chooses one. Only columns of
    the table can be sorted by, so declare `orderable=False` where no index helps.
    """

    template_name = "web/list.html"
    table_class: type[tables.Table]
    filterset_class: Any = None
    model: Any = None
    search_fields: Sequence[str] = ()
    search_placeholder: Any = ""
    filters_shown = 4
    first_use: FirstUse | None = None
    batch_actions: Sequence[BatchAction] = ()
    export = True
    export_right: str | None = None
    export_limit = 200_000
    per_page = 25
    count_limit = 10_000
    keys_first: Any = ""
    keys: QuerySet[Any] | None = None

    def queryset(self) -> QuerySet[Any]:
        """Return the rows this person may see."""
        return self.model._default_manager.all()

    @cached_property
    def filterset(self) -> Any:
        """Return the bound filterset, or None when the list has none."""
        if self.filterset_class is None:
            return None
        made = self.filterset_class(data=self.request.GET, queryset=self.queryset(), request=self.request)
        for field in made.form.fields.values():
            if isinstance(field, NullBooleanField):  # not set, it says what every other filter says
                field.widget = BooleanWidget(attrs=field.widget.attrs)
                field.widget.choices = [("", settings.FILTERS_EMPTY_CHOICE_LABEL), *field.widget.choices[1:]]
        return made

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """Return the rows that pass search and filters; none when a filter's value makes no sense."""
        if self.filterset is None:
            return self.search(self.queryset())
        if not self.filterset.is_valid():
            return self.filterset.queryset.none()
        return self.search(self.filterset.qs)

    def search(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the rows to the search text; does nothing when the filterset owns `q`."""
        text = self.request.GET.get("q", "").strip()
        if not text or not self.search_fields or (self.filterset and "q" in self.filterset.filters):
            return rows
        match = Q()
        for name in self.search_fields:
            match |= Q(**{f"{name}__icontains": text})
        return rows.filter(match)

    @property
    def key(self) -> str:
        """Name this list in cookies."""
        return self.request.resolver_match.view_name.replace(":", ".") if self.request.resolver_match else "list"

    @property
    def is_narrowed(self) -> bool:
        """Tell whether search or a filter is in use: then an empty list means no match, not first use."""
        return any(value for name, value in self.request.GET.items() if name not in OWN_PARAMETERS - {"q"})

    def usable_batch_actions(self) -> list[BatchAction]:
        """Return the batch actions the person has the right to."""
        return [one for one in self.batch_actions if self.may(one.right)]

    def may_export(self) -> bool:
        """Tell whether the person may take the list away as a sheet."""
        right = self.export_right or self.right
        return self.export and self.may(right)

    def column_choice(self) -> list[str]:
        """Return the chosen columns: from the address, else from the cookie, else none (all)."""
        text = self.request.GET.get("cols") or self.request.COOKIES.get(f"cols.{self.key}", "")
        return [name for name in text.split(".") if name]

    def optional_columns(self) -> list[str]:
        """Return the columns that can be hidden: all but the first, which says what the row is."""
        return list(self.table_class.base_columns)[1:]

    def make_table(self, rows: Any) -> tables.Table:
        """Return the table with the chosen columns and order."""
        chosen = self.column_choice()
        hidden = [name for name in self.optional_columns() if chosen and name not in chosen]
        extra = [("choose", SelectColumn())] if self.usable_batch_actions() else []
        table = self.table_class(
            rows,
            exclude=hidden,
            extra_columns=extra,
            sequence=["choose", "..."] if extra else None,
            order_by_field="sort",
            page_field="page",
        )
        table.request = self.request  # as an argument it would make the table count and page by itself
        wanted = [name for name in self.request.GET.get("sort", "").split(",") if name]
        if wanted and all(name.lstrip("-") in table.columns.names() for name in wanted):
            table.order_by = wanted
        if isinstance(table.data.data, QuerySet):
            table.data.data = stable(table.data.data)
        return table

    def page_size(self) -> int:
        """Return the rows a page, one of the offered sizes."""
        wanted = self.request.GET.get("per_page", "")
        return int(wanted) if wanted.isdigit() and int(wanted) in PAGE_SIZES else self.per_page

    def page_number(self) -> int:
        """Return the page asked for; what is no page number means the first."""
        wanted = self.request.GET.get("page", "")
        return max(1, int(wanted[:9])) if wanted.isdecimal() else 1

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the list, or the changed part of it, or give it as a sheet."""
        wanted = request.GET.get("export")
        if wanted:
            return self.sheet(wanted)
        try:
            context = self.list_context()
            return self.reply(context)
        except DatabaseError as error:
            structlog.get_logger().error("list failed", page=self.key, error=repr(error))
            return self.reply({"failed": True}, status=500)

    def reply(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render the page, or only its list for htmx; remember the chosen columns."""
        template = self.template_name
        fragment = answers.is_fragment(self.request)
        if fragment:
            template += "#rows"
        response = TemplateResponse(self.request, template, self.context(fragment=fragment, **context), status=status)
        patch_vary_headers(response, ["HX-Request"])
        if "cols" in self.request.GET:
            response.set_cookie(f"cols.{self.key}", self.request.GET["cols"], max_age=365 * 86400, samesite="Lax")
        return response.render()

    def list_context(self) -> dict[str, Any]:
        """Return table, paging, filters and which of the faces to show."""
        table = self.make_table(self.rows)
        table.paginate(
            page=self.page_number(),
            per_page=self.page_size(),
            paginator_class=CappedPaginator,
            count_limit=self.count_limit,
            keys_first=self.keys_first,
            keys=self.keys,
        )
        fields = list(self.filterset.form) if self.filterset else []
        fields = [field for field in fields if field.name != "q"]
        return {
            "table": table,
            "paginator": table.paginator,
            "empty_face": self.empty_face(table.paginator.count),
            "filter_errors": self.filterset.form.errors if self.filterset else {},
            "filters_front": fields[: self.filters_shown],
            "filters_folded": fields[self.filters_shown :],
            "folded_in_use": sum(bool(self.request.GET.get(field.name)) for field in fields[self.filters_shown :]),
            "searchable": bool(self.search_fields or (self.filterset and "q" in self.filterset.filters)),
            "batch": self.usable_batch_actions(),
            "may_export": self.may_export(),
            "columns": self.column_menu(table),
            "page_sizes": PAGE_SIZES,
            "size": self.page_size(),
        }

    def empty_face(self, count: int) -> str:
        """Name the face of a list without rows: first use or no match."""
        if count:
            return ""
        return "no_match" if self.is_narrowed or self.first_use is None else "first_use"

    def column_menu(self, table: tables.Table) -> list[dict[str, Any]]:
        """Return the columns that can be shown or hidden under the words of their heads, and which are shown now."""
        shown = {column.name for column in table.columns}
        return [
            {"name": name, "title": BoundColumn(table, column, name).header, "shown": name in shown}
            for name, column in self.table_class.base_columns.items()
            if name in self.optional_columns()
        ]

    def sheet(self, kind: str) -> HttpResponseBase:
        """Give exactly the filtered rows, with the columns and order shown, as xlsx or csv."""
        if not self.may_export():
            return answers.refused(self.request, self.export_right or self.right or "")
        table = self.make_table(self.rows)
        rows = table.data.data
        if CappedPaginator(rows, 1, self.export_limit).capped:
            raise Problem(
                _("The list has more than {limit} rows. Filter it, then export the parts.").format(
                    limit=f"{self.export_limit:,}"
                ),
                code="export_too_large",
            )
        return export.response(table, kind, str(self.get_title()))

    def chosen_rows(self) -> QuerySet[Any]:
        """Return the rows the batch bar was pressed for: the ticked ones, or all that pass the filters."""
        if self.request.POST.get("all") == "1":
            return self.rows
        ids = [int(one) for one in self.request.POST.getlist("ids") if one.isdigit()]
        return self.rows.filter(pk__in=ids)

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Run the batch action that was pressed, say what happened, and show the list again."""
        action = next((one for one in self.batch_actions if one.key == request.POST.get("batch")), None)
        if action is None:
            raise Problem(_("This list has no such action. Load the page again."), code="no_such_action")
        if not self.may(action.right):
            return answers.refused(request, action.right or "")
        if request.POST.get("all") != "1" and not request.POST.getlist("ids"):
            raise Problem(_("Choose at least one row first."), code="nothing_chosen")
        result = action.run(request, self.chosen_rows())
        if isinstance(result, HttpResponse):
            return result
        messages.success(request, str(result))
        return HttpResponseRedirect(request.get_full_path())


def stable(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows with the primary key as last order: without it, equal rows may appear on two pages."""
    order = list(rows.query.order_by) or list(rows.model._meta.ordering)
    names = [str(name).lstrip("-") for name in order if isinstance(name, str)]
    if "pk" in names or rows.model._meta.pk.name in names:
        return rows
    last = order[-1] if order else ""
    return rows.order_by(*order, "-pk" if isinstance(last, str) and last.startswith("-") else "pk")
