"""A list as a sheet: the filtered rows, the columns shown, numbers as numbers."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
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

CHUNK = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def response(table: tables.Table, kind: str, title: str) -> HttpResponseBase:
    """Return the table's rows as a file to save, made while reading them in chunks."""
    name = f"{title} {timezone.localtime():%Y-%m-%d %H%M}.{kind}"
    columns = [column for column in table.columns if not column.column.exclude_from_export]
    heads = [OutColumn(_plain(column.header), getattr(column.column, "sheet_kind", "text")) for column in columns]
    rows = values(table, [column.name for column in columns])
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


def values(table: tables.Table, names: list[str]) -> Iterator[list[Any]]:
    """Yield each row's values in the columns' own units; related rows come along chunk by chunk."""
    source = table.data.data
    records = source.iterator(chunk_size=CHUNK) if isinstance(source, QuerySet) else source
    for record in records:
        row = BoundRow(record, table)
        yield [_plain(row.get_cell_value(name)) for name in names]


def _plain(value: Any) -> Any:
    """Return a cell made of HTML as its text; everything else as it is."""
    return html.unescape(strip_tags(value)) if isinstance(value, SafeString) else value
