"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.home.cards import Card, Figure
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.ledger.models import ClosedDay
from mainstay.gas.payments import queries
from mainstay.gas.payments.models import Payment, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan

ACCEPT = "gas.payments.accept_shift"
_ITEMS = (
    ("counter", _("Counter"), "payments:counter", "gas.payments.take_payment", 10),
    ("payments", _("Payments"), "payments:payment_list", queries.VIEW, 20),
    ("shifts", _("Shifts"), "payments:shift_list", "gas.payments.open_shift", 30),
    ("acceptance", _("Shifts to accept"), "payments:shift_acceptance", ACCEPT, 40),
    ("tills", _("Tills"), "payments:till_list", "gas.payments.save_till", 50),
)


def register_all() -> None:
    """Register menu entries and cards."""
    for key, title, url_name, right, order in _ITEMS:
        register(MenuItem(f"payments.{key}", title, url_name, right, "counter", order=order))
    register_card(
        Card(
            "payments.acceptance", _("Shifts to accept"), ACCEPT, _waiting, "payments:shift_acceptance",
            hue="amber", order=30, note=_("count again, then accept"),
        )
    )  # fmt: skip
    register_card(
        Card(
            "payments.taken",
            _("Taken in my shift (yuan)"),
            "gas.payments.take_payment",
            _taken,
            "payments:counter",
            order=10,
        )
    )
    register_card(
        Card(
            "payments.shift",
            _("My shift"),
            "gas.payments.take_payment",
            _shift,
            "payments:counter",
            order=5,
        )
    )
    register_card(
        Card(
            "payments.left_open",
            _("Shifts left open"),
            ACCEPT,
            _left_open,
            "payments:shift_list",
            "red",
            28,
            "?state=open",
            _("from an earlier day: have them counted"),
        )
    )
    register_card(
        Card(
            "payments.days",
            _("Days without voucher"),
            "gas.ledger.make_voucher",
            _days_without_voucher,
            "ledger:voucher_make",
            "amber",
            15,
            note=_("in the last month: make the voucher"),
        )
    )


def _taken(user: Any) -> Figure | None:
    if not Shift.objects.filter(clerk=user.pk, state=Shift.State.OPEN).exists():
        return None
    fen = Payment.objects.filter(shift__clerk=user.pk, shift__state=Shift.State.OPEN).aggregate(fen=Sum("amount_fen"))
    return Figure(yuan(fen["fen"] or 0), "blue")


def _waiting(user: Any) -> int:
    return queries.shifts_visible_to(user).filter(state=Shift.State.CLOSED).exclude(clerk=user.pk).count()


def _shift(user: Any) -> Figure:
    shift = Shift.objects.filter(clerk=user.pk, state=Shift.State.OPEN).select_related("till").first()
    if shift is None:
        return Figure(_("not open"), "amber", _("open it before the first customer"))
    late = shift.business_on < local_today()
    note = _("from an earlier day: count the drawer") if late else _("open; count the drawer at its end")
    return Figure(f"{shift.till.code} {shift.business_on:%m-%d}", "red" if late else "green", note)


def _left_open(user: Any) -> int:
    left = queries.shifts_visible_to(user).filter(state=Shift.State.OPEN, business_on__lt=local_today())
    return left.exclude(clerk=user.pk).count()


def _days_without_voucher(user: Any) -> int:
    """Branch and day with a shift, in the last month and before today, whose day is not closed."""
    today = local_today()
    ids = rights.unit_ids(user, "gas.ledger.make_voucher")
    rows = Shift.objects.filter(business_on__range=(today - timedelta(days=31), today - timedelta(days=1)))
    if ids is not None:
        rows = rows.filter(till__unit_id__in=ids)
    closed = ClosedDay.objects.filter(unit=OuterRef("till__unit"), business_on=OuterRef("business_on"))
    return rows.exclude(Exists(closed)).order_by().values("till__unit", "business_on").distinct().count()
