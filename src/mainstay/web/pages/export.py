"""A list as a sheet: the filtered rows, the columns shown, numbers as numbers."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import django_tables2 as tables
from django.apps import apps
from django.db.models import QuerySet
from django.db.models.query import ModelIterable
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow

from mainstay.kit.errors import Problem
from mainstay.kit.sheets import OutColumn, csv_lines, write_xlsx
from mainstay.web.pages.columns import CodeColumn

CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(table: tables.Table, kind: str, title: str) -> HttpResponseBase:
    """Return the table's rows as a file to save, made while reading them in chunks."""
    name = f"{title} {timezone.localtime():%Y-%m-%d %H%M}.{kind}"
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    heads = [OutColumn(_plain(column.header), getattr(column.column, "sheet_kind", "text")) for column in columns]
    rows = values(table, columns)
    if kind == "csv":
        answer = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = content_disposition_header(True, name)
        return answer
    if kind == "xlsx":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
        write_xlsx(file, title, heads, rows)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    raise Problem(_("Lists can be exported as xlsx or csv."), code="unknown_format")


def values(table: tables.Table, columns: list[Any]) -> Iterator[list[Any]]:
    """Yield each row's values in the columns' own units; related rows come along chunk by chunk.

    Columns without rendering of their own are read straight from the row: asking the table for every cell
    takes ten times as long.
    """
    source = table.data.data
    if not isinstance(source, QuerySet):
        for record in source:
            row = BoundRow(record, table)
            yield [_plain(row.get_cell_value(column.name)) for column in columns]
        return
    readers = [_reader(table, column, source) for column in columns]
    slow = None in readers
    for record in source.iterator(chunk_size=CHUNK):
        row = BoundRow(record, table) if slow else None
        yield [
            read(record) if read else _plain(row.get_cell_value(column.name))  # type: ignore[union-attr]
            for read, column in zip(readers, columns, strict=True)
        ]


def _reader(table: tables.Table, bound: Any, source: QuerySet[Any]) -> Callable[[Any], Any] | None:
    """Return a function that reads a column from a model row, or None when the column says itself what it shows."""
    column = bound.column
    own_words = any(hasattr(table, f"{how}_{bound.name}") for how in ("render", "value"))
    as_it_is = hasattr(column, "sheet_kind") or type(column) in (tables.Column, CodeColumn)
    last = str(bound.accessor).rpartition("__")[2]
    choices = any(hasattr(model, f"get_{last}_display") for model in apps.get_models())
    if own_words or not as_it_is or choices or source._iterable_class is not ModelIterable:
        return None
    getter = attrgetter(str(bound.accessor).replace("__", "."))

    def read(record: Any) -> Any:
        try:
            value = getter(record)
        except AttributeError:  # a relation on the way is empty
            return None
        return value() if callable(value) else value

    return read


def _plain(value: Any) -> Any:
    """Return a cell made of HTML as its text; everything else as it is."""
    return html.unescape(strip_tags(value)) if isinstance(value, SafeString) else value
