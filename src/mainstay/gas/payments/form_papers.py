"""Receipts on the forms of needle printers (针式打印、套打): where each value stands is data, the shift is the till's.

`library/*.yaml` ships layouts; a site puts those of its own forms into `receipt-forms` in the data folder.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.gas.payments import papers, queries
from mainstay.gas.payments.models import DepositMove, Payment, ReceiptSlip, Till
from mainstay.kit import masking
from mainstay.kit.dates import month_text
from mainstay.kit.errors import Problem
from mainstay.kit.money import capitals, yuan
from mainstay.kit.yamls import load_yaml

SHIPPED = Path(__file__).with_name("library")
GEOMETRY = ("x", "y", "w", "size")
LINES = 4  # bills named one by one on a form; more are summed


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """Every layout by its name: those that ship, and those of the site."""
    own = Path(settings.DATA) / "receipt-forms"
    files = [*sorted(SHIPPED.glob("*.yaml")), *(sorted(own.glob("*.yaml")) if own.is_dir() else [])]
    return {file.stem: load_yaml(file) for file in files}


def layout_choices() -> list[tuple[str, str]]:
    """Names of layouts with their titles in the reader's language."""
    return [(key, layout["title"][_tongue()]) for key, layout in layouts().items()]


def _tongue() -> str:
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def form_data(till: Till, values: dict[str, str], *, test: bool = False) -> dict[str, Any]:
    """What the template of forms prints at a till: values placed by its layout, moved by its shift (0.1 mm).

    Raises Problem when the till's layout does not exist (any more).
    """
    layout = layouts().get(till.layout)
    if layout is None:
        text = _("There is no layout called %(key)s: choose the paper of this till.")
        raise Problem(text % {"key": till.layout}, code="no_layout")
    tongue = _tongue()
    fields = [
        {**{name: place.get(name) for name in GEOMETRY}, "text": place.get("label", {}).get(tongue, "") + text}
        for key, place in layout["fields"].items()
        if (text := values.get(key, ""))
    ]
    return {
        "width": layout["width"], "height": layout["height"], "fields": fields, "right": till.right_mm10,
        "down": till.down_mm10, "test": test,
    }  # fmt: skip


def slip_values(slip: ReceiptSlip, payment: Payment, user: Any) -> dict[str, str]:
    """The values of a payment's receipt on a form; a reprint is marked."""
    marks = {ReceiptSlip.State.VOID: _("VOID"), ReceiptSlip.State.USED: _("REPRINT") if slip.copy else ""}
    received, move = payment.received_fen, queries.deposit_move_of(payment) if payment.advance_fen else None
    paid = _("received %(received)s, change %(change)s")
    change = {"received": yuan(received or 0), "change": yuan((received or 0) - payment.amount_fen)}
    return {
        "title": _title(payment, move),
        "company": papers.company(user),
        "form_no": str(slip),
        "mark": marks.get(ReceiptSlip.State(slip.state), ""),
        "account_no": payment.account.account_no,
        "name": payment.account.customer.shown_name,
        "address": masking.address(payment.account.premise.address),
        "at": timezone.localtime(payment.at).strftime("%Y-%m-%d %H:%M"),
        "items": "\n".join(_items(payment, _("Gas deposit") if move else _("Advance"))),
        "capitals": capitals(payment.amount_fen),
        "amount": f"¥{yuan(payment.amount_fen)}",
        "tender": str(payment.get_tender_display()),
        "change": paid % change if received is not None else "",
        "clerk": str(payment.by),
        "receipt_no": payment.receipt_no or str(payment),
        "remark": _("Keep this receipt. It is no tax invoice."),
    }


def _title(payment: Payment, move: DepositMove | None) -> str:
    if move is not None:
        return _("Receipt of a deposit") if move.kind == DepositMove.Kind.TAKEN else _("Deposit paid back")
    return {1: _("Receipt"), 2: _("Reversal of a receipt"), 3: _("Refund of advance")}[payment.kind]


def _items(payment: Payment, rest_is: str) -> list[str]:
    """What was paid, amounts after a tab: the first bills by month, further ones together, the rest by its name."""
    bills = [(row.period, row.amount_fen) for row in queries.allocations_of(payment)]
    named = bills if len(bills) <= LINES else bills[: LINES - 1]
    lines = [_("Gas bill of %(month)s") % {"month": month_text(p)} + f"\t{yuan(fen)}" for p, fen in named]
    if len(bills) > len(named):
        rest = bills[len(named) :]
        lines.append(_("%(n)s further bills") % {"n": len(rest)} + f"\t{yuan(sum(fen for _period, fen in rest))}")
    return [*lines, f"{rest_is}\t{yuan(payment.advance_fen)}"] if payment.advance_fen else lines


def test_values() -> dict[str, str]:
    """Names of all places of a layout, for a sheet that shows how the printer is set."""
    names = ("title", "company", "mark", "account_no", "name", "at", "address", "items", "tender", "change", "clerk")
    values = dict.fromkeys(names, "×××") | {"form_no": "00000000", "receipt_no": "W00-20260101-0000"}
    return values | {"capitals": capitals(10_700_053), "amount": f"¥{yuan(10_700_053)}"}
