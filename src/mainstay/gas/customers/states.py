"""The life of an account (用户状态) as far as it is led here."""

from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

CLOSE = "gas.customers.close_account"
ACCOUNT = Graph(
    "account",
    pgettext_lazy("account", "Account"),
    [
        State("active", pgettext_lazy("account", "active"), "green"),
        State("suspended", pgettext_lazy("account", "suspended"), "amber"),
        State("closed", pgettext_lazy("account", "closed"), "grey"),
    ],
    [
        Arrow("active", "suspended", "gas.customers.suspend_account"),
        Arrow("suspended", "active", "gas.customers.restore_account"),
        Arrow("active", "closed", CLOSE),
        Arrow("suspended", "closed", CLOSE),
    ],
)
HUES = {**ACCOUNT.hues, "applied": "blue", "ready": "blue"}
