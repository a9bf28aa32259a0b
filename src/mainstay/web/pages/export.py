"""A list as a sheet: the filtered rows, the columns shown, numbers as numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow

from mainstay.kit.errors import Problem

CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(table: tables.Table, kind: str, title: str) -> HttpResponseBase:
    """Return the table's rows as a file to save, made while reading them in chunks."""
    name = f"{title} {timezone.localtime():%Y-%m-%d %H%M}"
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    if kind == "csv":
        return _csv(table, columns, name)
    if kind == "xlsx":
        return _xlsx(table, columns, title, name)
    raise Problem(_("Lists can be exported as xlsx or csv."), code="unknown_format")


def values(table: tables.Table, columns: list[Any]) -> Iterator[list[Any]]:
    """Yield each row's values; related rows come along chunk by chunk."""
    source = table.data.data
    rows = source.iterator(chunk_size=CHUNK) if isinstance(source, QuerySet) else source
    for record in rows:
        row = BoundRow(record, table)
        yield [row.get_cell_value(column.name) for column in columns]
