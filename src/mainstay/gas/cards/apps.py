from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.cards"
    label = "cards"
    verbose_name = _("IC cards")

    def ready(self) -> None:
        """Bring actions, rights, the menu and what accounts show."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.gas.cards import actions, providers, queries  # noqa: F401

        register_kinds(
            {
                "card_bought": _("Gas bought on a card"),
                "card_void": _("Gas on a card taken back"),
                "card_returned": _("Gas left on a card meter, paid back"),
            }
        )
        register(MenuItem("cards.orders", _("Card orders"), "cards:order_list", queries.VIEW, "counter", order=15))
