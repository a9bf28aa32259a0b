"""How cells of reports are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import template
from django.utils.html import format_html

from mainstay.gas.reports.pages import Cell, Column, percent
from mainstay.web.templatetags import mainstay

register = template.Library()
WRITTEN: dict[str, Callable[[Any], Any]] = {
    "money": mainstay.money,
    "count": mainstay.count,
    "date": mainstay.day,
    "share": percent,
    "volume": mainstay.volume,
}


register.filter("percent", percent)


@register.filter
def beside(line: Sequence[Cell], columns: Sequence[Column]) -> Iterator[tuple[Column, Cell]]:
    """Each cell of a line with its column."""
    return zip(columns, line, strict=True)


@register.simple_tag
def report_cell(column: Column, cell: Cell) -> Any:
    """A value as its column writes it, leading to the rows behind it."""
    if cell.value is None and column.kind in {"text", "code"}:
        return ""
    text = WRITTEN[column.kind](cell.value) if column.kind in WRITTEN else cell.value
    if column.kind == "code":
        text = format_html('<span class="ms-code">{}</span>', text)
    return format_html('<a href="{}">{}</a>', cell.href, text) if cell.href else text
