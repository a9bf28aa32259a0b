"""Rows made in Python are those a template would make."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import django_tables2 as tables
from django.template import Context, Template
from django.test import RequestFactory

from mainstay.web.pages import CodeColumn, DayColumn, MoneyColumn, VolumeColumn
from mainstay.web.pages.rows import body

BY_TEMPLATE = Template(
    "{% for row in table.paginated_rows %}"
    "<tr {{ row.attrs.as_html }}>{% for column, cell in row.items %}"
    '<td {{ column.attrs.td.as_html }} data-label="{{ column.header }}">{{ cell }}</td>{% endfor %}</tr>{% endfor %}'
)


class Everything(tables.Table):
    """A column of each kind."""

    plain = tables.Column(verbose_name="A & B")
    code = CodeColumn(linkify=lambda record: f"/things/{record['code']}/")
    money = MoneyColumn()
    volume = VolumeColumn(attrs={"td": {"class": lambda value, record: f"v{record['code']}"}})
    on = DayColumn()
    raw_on = tables.Column(accessor="on")
    number = tables.Column(attrs={"cell": {"data-x": "1"}})
    chosen = tables.TemplateColumn("{{ record.plain|upper }}")
    everything = tables.Column(accessor="number")
    missing = tables.Column()

    class Meta:
        row_attrs = {"data-code": lambda record: record["code"]}
        attrs = {"td": {"class": "all"}}

    def render_plain(self, value: str, record: dict[str, Any], bound_row: Any) -> str:
        return f"{value} <{record['code']}> {type(bound_row).__name__}"

    def render_everything(self, **facts: Any) -> str:
        return ",".join(sorted(facts))


ROWS: list[dict[str, Any]] = [
    {"plain": "<b>x</b>", "code": f"C{number}", "money": fen, "volume": 12_345, "on": date(2026, 11, 23), "number": 1.5}
    for number, fen in enumerate((123_456, -5, None))
]


def test_they_are_the_same() -> None:
    request = RequestFactory().get("/")

    def table() -> Everything:
        made = Everything(ROWS)
        tables.RequestConfig(request, paginate={"per_page": 2}).configure(made)
        return made

    expected = BY_TEMPLATE.render(Context({"table": table()}))
    found = re.sub(r"\n\s*(?=<tr)", "", body(table(), Context({})))
    assert found == expected
    assert found.count("<tr") == 2 and "&lt;b&gt;" in found and "A &amp; B" in found


def test_no_rows_are_nothing() -> None:
    table = Everything([])
    assert body(table, Context({})) == ""
