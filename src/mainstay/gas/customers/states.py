"""The life of an account (用户状态) as far as it is led here."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

ACCOUNT = Graph(
    "account",
    _("Account"),
    [State("active", _("active"), "green"), State("suspended", _("suspended"), "amber")],
    [
        Arrow("active", "suspended", "gas.customers.suspend_account"),
        Arrow("suspended", "active", "gas.customers.restore_account"),
    ],
)
HUES = {**ACCOUNT.hues, "applied": "blue", "ready": "blue", "closed": "grey"}
