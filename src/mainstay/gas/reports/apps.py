"""Reports: figures of the gas business, each leading to the rows behind it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Reports and the managers' overview."""

    name = "mainstay.gas.reports"
    label = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        """Fill the menu."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.gas.reports import actions  # noqa: F401
        from mainstay.gas.reports.catalogue import REPORTS
        from mainstay.gas.reports.queries import VIEW

        register(MenuItem("reports.overview", _("Overview"), "reports:overview", VIEW, "reports", "chart-bar", 10))
        for number, report in enumerate(REPORTS, start=2):
            register(
                MenuItem(
                    f"reports.{report.key}", report.title, f"reports:{report.key}", VIEW, "reports", order=number * 10
                )
            )
        register(MenuItem("reports.arrears", _("Arrears"), "reports:arrears_list", VIEW, "reports", order=90))
