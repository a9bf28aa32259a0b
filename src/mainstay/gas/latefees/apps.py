from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.latefees"
    label = "latefees"
    verbose_name = _("Late fees")

    def ready(self) -> None:
        """Bring actions, jobs and the menu; charge late fees as the counter takes a payment."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.gas.latefees import actions, hooks, providers, queries, tasks  # noqa: F401
        from mainstay.gas.payments.hooks_before import before_counter_payment

        before_counter_payment(hooks.charge_late_fees, queries.may_owe)
        register(MenuItem("latefees", _("Late fees"), "latefees:run_list", actions.VIEW, "billing", "clock-dollar", 50))
