from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.payments"
    label = "payments"
    verbose_name = _("Payments")

    def ready(self) -> None:
        """Bring actions, rights and the menu; settle new bills; answer what others ask."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.gas.billing.hooks import after_bills, after_release
        from mainstay.gas.payments import actions, hooks, menu, providers, queries  # noqa: F401

        register_kinds({"receipt": _("Receipt")})
        after_bills(20, hooks.settle_single_bills, collectable_only=True)
        after_release(hooks.settle_released)
        menu.register_all()
