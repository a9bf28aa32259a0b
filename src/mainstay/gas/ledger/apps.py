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
        from mainstay.gas.ledger import actions, providers, queries  # noqa: F401
        from mainstay.gas.ledger.batch import post_bills

        after_bills(10, post_bills)
        post_migrate.connect(_chart, sender=self)
        register(
            MenuItem("ledger.vouchers", _("Vouchers"), "ledger:voucher_list", queries.VIEW_LEDGER, "ledger", order=10)
        )
        register(
            MenuItem(
                "ledger.trial", _("Trial balance"), "ledger:trial_balance", queries.VIEW_LEDGER, "ledger", order=20
            )
        )


def _chart(*, apps: Any = None, **_facts: Any) -> None:
    """Keep the chart complete: after a migration, and after the tables were emptied."""
    from django.apps import apps as installed

    from mainstay.gas.ledger.chart import ensure_chart

    registry = apps or installed
    if "ledgeraccount" in registry.all_models.get("ledger", {}):
        ensure_chart(registry.get_model("ledger", "LedgerAccount"))
