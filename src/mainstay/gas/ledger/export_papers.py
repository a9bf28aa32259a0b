"""Vouchers for finance systems: their import layouts are data, amounts are written from fen.

`library/*.yaml` ships layouts; a site puts those of its own finance system into `voucher-layouts` in the data folder.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.gas.ledger.models import Voucher, VoucherLine
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.kit.yamls import load_yaml

SHIPPED = Path(__file__).with_name("library")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MONEY = {"amount", "debit", "credit"}
NUMBERS = {"year", "month", "number", "line", "line0", "serial"}


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """Every layout by its name: those that ship, and those of the site."""
    own = Path(settings.DATA) / "voucher-layouts"
    files = [*sorted(SHIPPED.glob("*.yaml")), *(sorted(own.glob("*.yaml")) if own.is_dir() else [])]
    return {file.stem: load_yaml(file) for file in files}


def layout_choices() -> list[tuple[str, str]]:
    """Names of layouts with their titles in the reader's language."""
    tongue = "zh" if (get_language() or "zh").startswith("zh") else "en"
    return [(key, layout["title"][tongue]) for key, layout in layouts().items()]


def export(name: str, vouchers: Sequence[Voucher]) -> tuple[bytes, str, str]:
    """Vouchers in a layout: (content, type, ending of the file's name). Raises Problem for an unknown layout."""
    layout = layouts().get(name)
    if layout is None:
        raise Problem(_("There is no layout called %(key)s.") % {"key": name}, code="no_layout")
    if layout["format"] == "text":
        return _text(layout, vouchers), "text/plain", "txt"
    heads = [OutColumn(one["head"], _kind(one.get("value", ""))) for one in layout["columns"]]
    buffer = io.BytesIO()
    write_xlsx(buffer, layout["sheet"], heads, (_row(layout, facts, fen=True) for facts in entries(vouchers)))
    return buffer.getvalue(), XLSX, "xlsx"


def _text(layout: dict[str, Any], vouchers: Sequence[Voucher]) -> bytes:
    separator = layout["separator"]
    lines = [layout["first_line"]] if layout.get("first_line") else []
    for facts in entries(vouchers):
        cells = [str(value) for value in _row(layout, facts, fen=False)]
        lines.append(separator.join(cell.replace(separator, " ").replace("\n", " ") for cell in cells))
    return ("\r\n".join(lines) + "\r\n").encode(layout.get("encoding", "utf-8"), "replace")


def _kind(value: str) -> str:
    if value in MONEY:
        return "money_fen"
    return "int" if value in NUMBERS else "date" if value == "date" else "text"


def _row(layout: dict[str, Any], facts: dict[str, Any], *, fen: bool) -> list[Any]:
    found: list[Any] = []
    for column in layout["columns"]:
        value = facts[column["value"]] if "value" in column else column["constant"]
        if not fen and column.get("value") in MONEY:
            value = yuan(value, thousands=False)
        found.append(value.isoformat() if not fen and column.get("value") == "date" else value)
    return found


def entries(vouchers: Iterable[Voucher]) -> Iterator[dict[str, Any]]:
    """The facts of every entry, voucher by voucher in order of number: what a column may name. Amounts in fen."""
    serial = 0
    for voucher in sorted(vouchers, key=lambda one: one.number):
        lines: list[VoucherLine] = list(voucher.lines.all())
        for place, line in enumerate(sorted(lines, key=lambda one: one.line)):
            serial += 1
            account = line.ledger_account
            yield {
                "date": voucher.business_on, "year": voucher.business_on.year, "month": voucher.business_on.month,
                "number": int(voucher.number.rpartition("-")[2]), "voucher": voucher.number, "line": line.line,
                "line0": place, "serial": serial, "summary": line.summary,
                "account": account.finance_code or str(account.code), "account_name": account.name_zh,
                "debit": line.debit_fen, "credit": line.credit_fen, "amount": line.debit_fen or line.credit_fen,
                "maker": str(voucher.made_by), "unit": voucher.unit.name_zh,
            }  # fmt: skip
