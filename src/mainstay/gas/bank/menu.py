"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count
from mainstay.core.home.menu import MenuItem, Section, register, register_section
from mainstay.gas.bank import queries

_ITEMS = (
    ("lines", _("Bank lines"), "bank:line_list", queries.VIEW_LINES, 10),
    ("journal", _("Journal of messages"), "bank:entry_list", queries.VIEW_JOURNAL, 20),
    ("days", _("Bank days"), "bank:day_list", queries.VIEW_DAYS, 30),
    ("statements", _("Reconciliation"), "bank:statement_list", queries.VIEW_DAYS, 40),
    ("differences", _("Bank differences"), "bank:difference_list", queries.VIEW_DAYS, 50),
    ("withholding", _("Withholding batches"), "bank:withholding_list", queries.VIEW_WITHHOLDING, 60),
    ("agreements", _("Withholding agreements"), "bank:agreement_list", queries.VIEW_WITHHOLDING, 70),
    ("banks", _("Banks"), "bank:bank_list", queries.VIEW_LINES, 80),
)


def register_all() -> None:
    """Register section, entries and cards."""
    register_section(Section("bank", _("Bank link"), "building-bank", 75))
    for key, title, url_name, right, order in _ITEMS:
        register(MenuItem(f"bank.{key}", title, url_name, right, "bank", order=order))
    register_card(
        Card(
            "bank.differences", _("Bank differences to settle"), "gas.bank.settle_difference",
            Count(queries.open_differences),
            "bank:difference_list", hue="red", order=35,
        )
    )  # fmt: skip
    register_card(
        Card(
            "bank.lines",
            _("Bank lines signed on"),
            queries.VIEW_LINES,
            Count(queries.active_lines, _signed_on),
            "bank:line_list",
            order=36,
        )
    )


def _signed_on(user: Any, active: int) -> str:
    lines = queries.lines_visible_to(user).filter(active=True) if active else []
    states = [queries.state_of(line) for line in lines]
    return f"{sum(state == 'signed_on' for state in states)} / {len(states)}"
