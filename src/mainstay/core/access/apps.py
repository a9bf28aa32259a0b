"""Access: registered with the menu, the checks of posts, and the shell."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Users, roles, grants, keys."""

    name = "mainstay.core.access"
    label = "access"
    verbose_name = _("Access")

    def ready(self) -> None:
        """Complete the catalogue of rights, fill the menu, keep the standard roles up to date."""
        from mainstay.core.access import actions, objections  # noqa: F401
        from mainstay.core.access.views import common
        from mainstay.core.home.cards import Card
        from mainstay.core.home.cards import register as register_card
        from mainstay.core.home.counting import Count
        from mainstay.core.home.menu import MenuItem, register

        register(MenuItem("users", _("Users"), "access:user_list", common.VIEW_USERS, "system", "users", 10))
        register(MenuItem("roles", _("Roles"), "access:role_list", common.VIEW_ROLES, "system", "shield-lock", 20))
        register(MenuItem("matrix", _("Rights matrix"), "access:matrix", common.VIEW_ROLES, "system", "table", 30))
        register(MenuItem("catalogue", _("Actions"), "access:catalogue", common.VIEW_ROLES, "system", "list", 40))
        register(MenuItem("tokens", _("API tokens"), "access:token_list", common.VIEW_TOKENS, "system", "key", 50))
        register(MenuItem("api", _("API reference"), "access:api_reference", common.VIEW_TOKENS, "system", "list", 60))
        register_card(
            Card(
                "locked",
                _("Locked users"),
                common.VIEW_USERS,
                Count(_locked),
                "access:user_list",
                "amber",
                30,
                "?is_active=false",
            )
        )
        ending = (_("Grants that end soon"), "core.access.grant_role", Count(_ending), "access:role_list", "amber", 32)
        register_card(Card("grants", *ending, note=_("within 14 days: renew them, or let them end")))
        post_migrate.connect(_standard_roles, dispatch_uid="mainstay.access.standard_roles")


def _locked(_user: object) -> Any:
    from mainstay.core.access.models import User

    return User.objects.filter(is_active=False)


def _ending(_user: object) -> Any:
    from datetime import timedelta

    from mainstay.core.access.models import Grant
    from mainstay.kit.dates import local_today

    today = local_today()
    return Grant.objects.filter(until_on__range=(today, today + timedelta(days=14)))


def _standard_roles(sender: AppConfig, **_facts: object) -> None:
    """Give the three administrators the rights of this release, once all tables are there."""
    from django.apps import apps

    if sender is [one for one in apps.get_app_configs() if one.models_module][-1]:
        from mainstay.core.access.batch import install_standard_roles

        install_standard_roles()
