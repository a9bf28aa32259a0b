"""States of a case."""

from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

CASE = Graph(
    "case",
    pgettext_lazy("case", "Case"),
    [
        State("begun", pgettext_lazy("case", "begun"), "amber"),
        State("done", pgettext_lazy("case", "done"), "green"),
        State("withdrawn", pgettext_lazy("case", "withdrawn"), "grey", main=False),
    ],
    [
        Arrow("begun", "done", "gas.accounts.finish_closing"),
        Arrow("begun", "done", "gas.accounts.finish_transfer"),
        Arrow("begun", "done", "gas.accounts.open_from_application"),
        Arrow("begun", "withdrawn", "gas.accounts.withdraw_case"),
    ],
)
