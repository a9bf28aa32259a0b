"""States of an incident."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

_PRE = "continuity.incidents."
INCIDENT = Graph(
    "incident",
    _("Incident"),
    [
        State("open", _("being handled"), "red"),
        State("over", _("over, to be closed"), "amber"),
        State("closed", _("case closed"), "green"),
    ],
    [
        Arrow("open", "over", _PRE + "end_incident"),
        Arrow("over", "closed", _PRE + "close_incident"),
        Arrow("over", "open", _PRE + "reopen_incident"),
        Arrow("closed", "open", _PRE + "reopen_incident"),
    ],
)
