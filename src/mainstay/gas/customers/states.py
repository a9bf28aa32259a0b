"""The life of an account (用户状态) as far as it is led here."""

from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

ACCOUNT = Graph(
    "account",
    pgettext_lazy("account", "Account"),
    [
        State("active", pgettext_lazy("account", "active"), "green"),
        State("suspended", pgettext_lazy("account", "suspended"), "amber"),
    ],
    [
        Arrow("active", "suspended", "gas.customers.suspend_account"),
        Arrow("suspended", "active", "gas.customers.restore_account"),
    ],
)
HUES = {**ACCOUNT.hues, "applied": "blue", "ready": "blue", "closed": "grey"}
