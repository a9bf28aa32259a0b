from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.ledger"
    label = "ledger"
    verbose_name = _("Ledger")

    def ready(self) -> None:
        """Post what billing bills, in its transaction."""
        from mainstay.gas.billing.hooks import after_bills
        from mainstay.gas.ledger.batch import post_bills

        after_bills(10, post_bills)
