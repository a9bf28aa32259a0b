"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.home.cards import Card, Figure
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, Rows
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.ledger.models import ClosedDay
from mainstay.gas.payments import queries
from mainstay.gas.payments.models import Cheque, Payment, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan

ACCEPT = "gas.payments.accept_shift"
_ITEMS = (
    ("counter", _("Counter"), "payments:counter", "gas.payments.take_payment", 10),
    ("payments", _("Payments"), "payments:payment_list", queries.VIEW, 20),
    ("shifts", _("Shifts"), "payments:shift_list", "gas.payments.open_shift", 30),
    ("acceptance", _("Shifts to accept"), "payments:shift_acceptance", ACCEPT, 40),
    ("cheques", _("Cheques"), "payments:cheque_list", queries.VIEW, 42),
    ("books", _("Receipt books"), "payments:book_list", "gas.payments.print_on_form", 44),
    ("tills", _("Tills"), "payments:till_list", "gas.payments.save_till", 50),
)


def register_all() -> None:
    """Register menu entries and cards."""
    for key, title, url_name, right, order in _ITEMS:
        register(MenuItem(f"payments.{key}", title, url_name, right, "counter", order=order))
    for card in _cards():
        register_card(card)


def _cards() -> list[Card]:
    take, voucher, clear = "gas.payments.take_payment", "gas.ledger.make_voucher", "gas.payments.clear_cheque"
    from_before, last_month = _("from an earlier day: have them counted"), _("in the last month: make the voucher")
    return [
        Card(
            "payments.acceptance", _("Shifts to accept"), ACCEPT, Count(_waiting), "payments:shift_acceptance",
            hue="amber", order=30, note=_("count again, then accept"),
        ),
        Card("payments.taken", _("Taken in my shift (yuan)"), take, Count(_mine, _taken), "payments:counter", order=10),
        Card("payments.shift", _("My shift"), take, Count(_mine, _shift), "payments:counter", order=5),
        Card(
            "payments.left_open", _("Shifts left open"), ACCEPT, Count(_left_open), "payments:shift_list", "red", 28,
            "?state=open", from_before,
        ),
        Card(
            "payments.days", _("Days without voucher"), voucher, Count(_days_without_voucher), "ledger:voucher_make",
            "amber", 15, note=last_month,
        ),
        Card(
            "payments.cheques", _("Cheques not cleared"), clear, Count(_cheques), "payments:cheque_list", "amber", 32,
            "?state=waiting", _("tick off the bank's list"),
        ),
    ]  # fmt: skip


def _cheques(user: Any) -> Rows:
    return queries.cheques_visible_to(user, "gas.payments.clear_cheque").filter(state=Cheque.State.WAITING)


def _mine(user: Any) -> QuerySet[Shift]:
    return Shift.objects.filter(clerk=user.pk, state=Shift.State.OPEN)


def _taken(user: Any, mine: int) -> Figure | None:
    if not mine:
        return None
    fen = Payment.objects.filter(shift__clerk=user.pk, shift__state=Shift.State.OPEN).aggregate(fen=Sum("amount_fen"))
    return Figure(yuan(fen["fen"] or 0), "blue")


def _waiting(user: Any) -> Rows:
    return queries.shifts_visible_to(user).filter(state=Shift.State.CLOSED).exclude(clerk=user.pk)


def _shift(user: Any, mine: int) -> Figure:
    shift = _mine(user).select_related("till").first() if mine else None
    if shift is None:
        return Figure(_("not open"), "amber", _("open it before the first customer"))
    late = shift.business_on < local_today()
    note = _("from an earlier day: count the drawer") if late else _("open; count the drawer at its end")
    return Figure(f"{shift.till.code} {shift.business_on:%m-%d}", "red" if late else "green", note)


def _left_open(user: Any) -> Rows:
    left = queries.shifts_visible_to(user).filter(state=Shift.State.OPEN, business_on__lt=local_today())
    return left.exclude(clerk=user.pk)


def _days_without_voucher(user: Any) -> Rows:
    """Branch and day with a shift, in the last month and before today, whose day is not closed."""
    today = local_today()
    ids = rights.unit_ids(user, "gas.ledger.make_voucher")
    rows = Shift.objects.filter(business_on__range=(today - timedelta(days=31), today - timedelta(days=1)))
    if ids is not None:
        rows = rows.filter(till__unit_id__in=ids)
    closed = ClosedDay.objects.filter(unit=OuterRef("till__unit"), business_on=OuterRef("business_on"))
    return rows.exclude(Exists(closed)).order_by().values("till__unit", "business_on").distinct()
