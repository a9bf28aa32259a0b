"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.payments import queries
from mainstay.gas.payments.models import Shift

_ITEMS = (
    ("counter", _("Counter"), "payments:counter", "gas.payments.take_payment", 10),
    ("payments", _("Payments"), "payments:payment_list", queries.VIEW, 20),
    ("shifts", _("Shifts"), "payments:shift_list", "gas.payments.open_shift", 30),
    ("acceptance", _("Shifts to accept"), "payments:shift_acceptance", queries.VIEW_SHIFTS, 40),
    ("tills", _("Tills"), "payments:till_list", "gas.payments.save_till", 50),
)


def register_all() -> None:
    """Register menu entries and cards."""
    for key, title, url_name, right, order in _ITEMS:
        register(MenuItem(f"payments.{key}", title, url_name, right, "counter", order=order))
    register_card(
        Card(
            "payments.acceptance", _("Shifts to accept"), queries.VIEW_SHIFTS, _waiting, "payments:shift_acceptance",
            hue="amber", order=30,
        )
    )  # fmt: skip


def _waiting(user: Any) -> int:
    return queries.shifts_visible_to(user).filter(state=Shift.State.CLOSED).exclude(clerk=user.pk).count()
