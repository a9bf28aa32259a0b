"""The rows of a table as HTML, made in Python.

The same as a template would make of `row.items()` (a test compares them), in a fraction of the time: what is the same
for every row of a column (its attributes, its heading, how its value is read, which arguments its `render` takes) is
worked out once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

import django_tables2 as tables
from django.template import Context
from django.template.base import render_value_in_context
from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns.linkcolumn import BaseLinkColumn
from django_tables2.rows import BoundRow

from mainstay.web.pages.addresses import place
from mainstay.web.pages.reading import UNKNOWN, Reader, reader_of


def body(table: tables.Table, context: Context) -> SafeString:
    """Return the rows of the page that the table shows, "" when it has none."""
    columns = [_Cells(column, table) for column in table.columns]
    attributes = _RowAttributes(table)
    html = []
    for row in table.paginated_rows:
        cells = "".join([column.cell(row, context) for column in columns])
        html.append(f"\n    <tr {attributes.of(row)}>{cells}</tr>")
    return mark_safe("".join(html))  # noqa: S308 - each cell was escaped


class _RowAttributes:
    """The attributes of the rows; where they only alternate, each kind is made once."""

    def __init__(self, table: tables.Table) -> None:
        self.varies = any(callable(value) for value in table.row_attrs.values())
        self.made: dict[str, str] = {}

    def of(self, row: BoundRow) -> str:
        """Return the attributes of a row."""
        if self.varies or type(row) is not BoundRow:
            return str(row.attrs.as_html())
        kind = row.get_even_odd_css_class()
        if kind not in self.made:
            self.made[kind] = row.attrs.as_html()
        return self.made[kind]


class _Cells:
    """The cells of one column."""

    def __init__(self, column: Any, table: tables.Table) -> None:
        self.column, self.empty = column, column.column.empty_values
        self.label = conditional_escape(strip_tags(str(column.header)))
        self.render, self.takes = column.render, _arguments(column.render)
        self.is_plain = getattr(self.render, "__func__", None) is tables.Column.render
        self.link = _Link(column.link) if column.link else None
        self.attributes = None if _varies(column, table) else column.attrs["td"].as_html()
        self.readers: dict[type, Reader | None] = {}

    def cell(self, row: Any, context: Context) -> str:
        """Return the cell of a row."""
        content = self._content(row)
        attributes = self.attributes
        if attributes is None:
            column = self.column
            column.current_value, column.current_record = content, row.record
            attributes = column.attrs["td"].as_html()
        kind = type(content)
        if kind is str:
            content = escape(content)
        elif kind is not SafeString:
            content = render_value_in_context(content, context)
        return f'<td {attributes} data-label="{self.label}">{content}</td>'

    def _content(self, row: Any) -> Any:
        record = row.record
        kind = type(record)
        if kind not in self.readers:
            self.readers[kind] = self._reader(kind)
        read = self.readers[kind]
        value = UNKNOWN if read is None else read(record)
        if value is UNKNOWN:  # the library knows how
            return row._get_and_render_with(self.column, render_func=self._renderer(row), default=self.column.default)
        if value in self.empty:
            return self.column.default
        return self._rendered(row, value)

    def _reader(self, kind: type) -> Reader | None:
        special = isinstance(self.column.column, (BaseLinkColumn, tables.ManyToManyColumn))
        return None if special else reader_of(kind, self.column.accessor)

    def _renderer(self, row: Any) -> Callable[..., Any]:
        return lambda _column, value=None: self._rendered(row, value)

    def _rendered(self, row: Any, value: Any) -> Any:
        if self.is_plain:
            content = value
        elif self.takes == ("value",):
            content = self.render(value=value)
        else:
            facts = row._optional_cell_arguments(self.column, value)
            content = self.render(**_taken(self.takes, facts))
        return self.link.around(content, row, self.column, value) if self.link else content


class _Link:
    """The link around the cells of a column."""

    def __init__(self, link: Any) -> None:
        self.link = link
        self.takes = _arguments(link.url) if callable(link.url) else None
        self.view, self.readers = "", dict[type, list[Reader | None]]()
        arguments = link.reverse_args
        if not callable(link.url) and set(arguments) == {"viewname", "args"} and _all_read(arguments):
            self.view = arguments["viewname"]

    def around(self, content: Any, row: Any, column: Any, value: Any) -> Any:
        """Return the content as a link, or as it is where there is nothing to lead to."""
        if self.link.attrs:
            return self.link(content, **row._optional_cell_arguments(column, value))
        url = self._url(row, column, value)
        if url is None:
            return content
        return mark_safe(f'<a href="{_escaped(url)}">{_escaped(content)}</a>')  # noqa: S308

    def _url(self, row: Any, column: Any, value: Any) -> Any:
        if callable(self.link.url):
            return self.link.url(**_taken(self.takes, row._optional_cell_arguments(column, value)))
        if self.view:
            arguments = self._arguments(row.record)
            if UNKNOWN not in arguments:
                return place(self.view, *arguments)
        return self.link.compose_url(**row._optional_cell_arguments(column, value))

    def _arguments(self, record: Any) -> list[Any]:
        kind = type(record)
        if kind not in self.readers:
            self.readers[kind] = [reader_of(kind, one, in_words=False) for one in self.link.reverse_args["args"]]
        return [UNKNOWN if read is None else read(record) for read in self.readers[kind]]


def _escaped(value: Any) -> str:
    """Return a value as HTML; Django's own way asks of each text whether it is one to be translated."""
    return escape(value) if type(value) is str else conditional_escape(value)


def _all_read(arguments: dict[str, Any]) -> bool:
    """Tell whether each argument of an address is read from the record."""
    return isinstance(arguments["viewname"], str) and all(isinstance(one, tables.A) for one in arguments["args"])


def _taken(names: tuple[str, ...] | None, facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that a function takes."""
    return facts if names is None else {name: facts[name] for name in names}


def _arguments(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of the arguments a `render` takes, None when it takes them all."""
    return _arguments_of(getattr(function, "__func__", function), inspect.ismethod(function))


@cache
def _arguments_of(function: Callable[..., Any], bound: bool) -> tuple[str, ...] | None:
    parameters = list(inspect.signature(function).parameters.values())[1 if bound else 0 :]
    if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in parameters):
        return None
    return tuple(one.name for one in parameters)


def _varies(column: Any, table: tables.Table) -> bool:
    """Tell whether the attributes of a column's cells depend on the row."""
    attrs = {**table.attrs, **column.column.attrs}
    of_cells = attrs.get("td", attrs.get("cell", {}))
    return callable(of_cells) or any(callable(value) for value in of_cells.values())
