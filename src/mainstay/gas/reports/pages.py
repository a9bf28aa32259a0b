"""The page kind of reports: a question on top, a table whose numbers lead to their rows, the same as a sheet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.gas.billing.rights import VIEW_BILL
from mainstay.gas.payments import queries as payments
from mainstay.gas.readings import queries as readings
from mainstay.gas.reports import queries
from mainstay.gas.reports.queries import Units
from mainstay.kit.dates import local_today, month_text, parse_date, parse_period, period_of
from mainstay.kit.money import yuan
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.kit.svg import Number, stacked
from mainstay.web.pages import Button, Page

# Who may see the rows behind a number, by the part of the product that lists them.
SEEN_BY = {"billing": VIEW_BILL, "payments": payments.VIEW, "readings": readings.VIEW}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = {"money", "count", "share", "volume"}
SHEET_KINDS = {"money": "money_fen", "count": "int", "date": "date", "volume": "volume_l"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report. `kind`: text, code, date, count, money (fen), volume (litres), share (1/100
    percent)."""

    title: Any
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        """Numbers stand at the right."""
        return self.kind in NUMBERS


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and the address of the rows behind it; in a sheet `plain` stands for the value where it is given."""

    value: Any
    href: str = ""
    alarm: bool = False


def link(url_name: str, **query: Any) -> str:
    """The address of a list narrowed by its filters."""
    return f"{reverse(url_name)}?{urlencode({key: value for key, value in query.items() if value not in (None, '')})}"


WAN = 1_000_000  # fen in ten thousand yuan
SHORT_FEN = 10_000_000  # whole yuan up to a hundred thousand stand over a bar, as long as there are few bars
FEW_BARS = 16


def money_bars(
    what: Any,
    labels: Sequence[Any],
    series: Sequence[tuple[Any, Sequence[Number]]],
    *,
    width: int,
    height: int = 160,
) -> tuple[str, SafeString]:
    """A chart of money and its title with the unit over the bars: yuan, or ten thousands of them for want of room."""
    highest = max((sum(values) for values in zip(*(v for _name, v in series), strict=True)), default=0)
    wan = highest >= SHORT_FEN or (highest >= WAN and len(labels) > FEW_BARS)
    title = (_("%(what)s (10,000 yuan)") if wan else _("%(what)s (yuan)")) % {"what": what}
    above = _wan if wan else _whole
    chart = stacked(title, labels, series, width=width, height=height, show=lambda fen: yuan(int(fen)), above=above)
    return title, chart


def _wan(fen: Number) -> str:
    """A little is not nothing."""
    return "<0.1" if 0 < fen < WAN // 20 else f"{fen / WAN:,.1f}"


def _whole(fen: Number) -> str:
    return f"{fen / 100:,.0f}"


class ReportPage(Page):
    """A report. Declare `title`, `columns`, `lines()` and, where they apply, `total()`, `chart()` and `hint`.

    `asks` names what the reader chooses: "period", "day" or "" for nothing. Lines are as wide as the columns.
    """

    right = queries.VIEW
    template_name = "reports/report.html"
    asks = "period"
    columns: Sequence[Column] = ()
    hint: Any = ""
    chart_title: Any = ""
    legend: Sequence[Any] = ()  # the names of the chart's colours in their order
    newest_last = False  # whether the chart runs in time: a narrow screen begins at its end
    level: Any = ""  # what the line across a bar stands for

    def lines(self) -> Iterable[Sequence[Cell]]:
        """The rows of the report."""
        return ()

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """The row under the line; nothing when rows cannot be added up."""
        return ()

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString | str:
        """A picture of the figures, or nothing."""
        return ""

    def behind(self, url_name: str, **query: Any) -> str:
        """The address of the rows behind a number; nothing for a reader who may not see them."""
        return link(url_name, **query) if self.may(SEEN_BY[url_name.partition(":")[0]]) else ""

    @cached_property
    def units(self) -> Units:
        """The branches the reader may see."""
        return queries.units_of(self.request.user)

    @cached_property
    def period(self) -> int:
        """The month asked for; unless told the newest with bills. Raises Problem for nonsense."""
        text = self.request.GET.get("period", "")
        return parse_period(text) if text else queries.latest_period(self.units) or period_of(local_today())

    @cached_property
    def day(self) -> dt.date:
        """The day asked for, today unless told. Raises Problem for nonsense."""
        text = self.request.GET.get("day", "")
        return parse_date(text) if text else local_today()

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The overview above."""
        return [(_("Overview"), reverse("reports:overview"))]

    def get_actions(self) -> list[Button]:
        """Take it away, print it."""
        given = {key: value for key, value in self.request.GET.items() if key != "export"}
        address = f"{self.request.path}?{urlencode({**given, 'export': 'xlsx'})}"
        return [Button(_("Export (.xlsx)"), address, icon="file-spreadsheet")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the report, or give it as a sheet."""
        lines = [list(line) for line in self.lines()]
        total = list(self.total(lines))
        if request.GET.get("export") == "xlsx":
            return self.sheet([*lines, total] if total else lines)
        asked = {"period": month_text(self.period), "day": self.day.isoformat(), "": ""}
        return self.page(
            columns=self.columns, lines=lines, total=total, chart=self.chart(lines), asked=asked[self.asks]
        )

    def sheet(self, lines: Sequence[Sequence[Cell]]) -> HttpResponse:
        """The same lines as a sheet; shares as percent."""
        heads = [OutColumn(column.title, SHEET_KINDS.get(column.kind, "text")) for column in self.columns]
        rows = (
            [_plain(cell.value, column.kind) for cell, column in zip(line, self.columns, strict=True)]
            for line in lines
        )  # fmt: skip
        buffer = io.BytesIO()
        write_xlsx(buffer, str(self.get_title()), heads, rows)
        answer = HttpResponse(buffer.getvalue(), XLSX)
        name = f"{self.get_title()} {local_today().isoformat()}.xlsx"
        answer["Content-Disposition"] = content_disposition_header(True, name) or ""
        return answer


def _plain(value: Any, kind: str) -> Any:
    if kind == "share":
        return percent(value)
    if kind == "date" and not isinstance(value, dt.date | None):
        return str(value)
    return value if value is None or kind in SHEET_KINDS else str(value)


def percent(share: int | None) -> str:
    """A share of 1/100 percent for reading: 9876 is 98.76 %, -7 is −0.07 %."""
    if share is None:
        return "—"
    whole, part = divmod(abs(share), 100)
    return f"{'−' if share < 0 else ''}{whole}.{part:02d} %"
