"""States of a joint paper."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

_PRE = "inspection.bulletins."
PAPER = Graph(
    "paper",
    _("Joint paper"),
    [
        State("draft", _("draft"), "amber"),
        State("signing", _("being sealed"), "blue"),
        State("issued", pgettext_lazy("bulletin", "issued"), "green"),
        State("void", _("void"), "grey", main=False),
    ],
    [
        Arrow("draft", "signing", _PRE + "submit_paper"),
        Arrow("signing", "draft", _PRE + "return_paper"),
        Arrow("signing", "issued", _PRE + "issue_paper"),
        Arrow("issued", "void", _PRE + "void_paper"),
    ],
)
