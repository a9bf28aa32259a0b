from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        """Post what billing bills, in its transaction; bring rights and the menu."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.gas.billing.hooks import after_bills
        from mainstay.gas.ledger import actions, month_actions, providers, queries  # noqa: F401
        from mainstay.gas.ledger.batch import post_bills

        after_bills(10, post_bills)
        post_migrate.connect(_chart, sender=self)
        for order, (key, title, url_name) in enumerate(
            (
                ("vouchers", _("Vouchers"), "ledger:voucher_list"),
                ("trial", _("Trial balance"), "ledger:trial_balance"),
                ("months", _("Closed months"), "ledger:month_list"),
                ("chart", _("Ledger accounts"), "ledger:chart"),
                ("deposits", _("Deposits held"), "ledger:deposits"),
            ),
            1,
        ):
            register(MenuItem(f"ledger.{key}", title, url_name, queries.VIEW_LEDGER, "ledger", order=order * 10))


def _chart(*, apps: Any = None, **_facts: Any) -> None:
    """Keep the chart complete: after a migration, and after the tables were emptied."""
    from django.apps import apps as installed

    from mainstay.gas.ledger.chart import ensure_chart

    registry = apps or installed
    if "ledgeraccount" in registry.all_models.get("ledger", {}):
        ensure_chart(registry.get_model("ledger", "LedgerAccount"))
