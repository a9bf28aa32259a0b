"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.payments import queries
from mainstay.gas.payments.models import Payment, Shift
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
            hue="amber", order=30,
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


def _taken(user: Any) -> str:
    fen = Payment.objects.filter(shift__clerk=user.pk, shift__state=Shift.State.OPEN).aggregate(fen=Sum("amount_fen"))
    return yuan(fen["fen"] or 0)


def _waiting(user: Any) -> int:
    return queries.shifts_visible_to(user).filter(state=Shift.State.CLOSED).exclude(clerk=user.pk).count()
