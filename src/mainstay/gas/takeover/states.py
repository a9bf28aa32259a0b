"""States of a take-over."""

from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

TAKEOVER = Graph(
    "takeover",
    pgettext_lazy("takeover", "Take-over"),
    [
        State("collecting", pgettext_lazy("takeover", "collecting"), "amber"),
        State("done", pgettext_lazy("takeover", "taken over"), "green"),
        State("abandoned", pgettext_lazy("takeover", "abandoned"), "grey", main=False),
    ],
    [
        Arrow("collecting", "done", "gas.takeover.make_real"),
        Arrow("collecting", "abandoned", "gas.takeover.abandon"),
    ],
)
