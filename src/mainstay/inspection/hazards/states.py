"""States of a hazard and of a notice."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

_PRE = "inspection.hazards."
HAZARD = Graph(
    "hazard",
    _("Hazard"),
    [
        State("found", _("found"), "red"),
        State("noticed", _("noticed"), "amber"),
        State("rectifying", _("being put right"), "blue"),
        State("submitted", _("reported as put right"), "amber"),
        State("rejected", _("sent back"), "red", main=False),
        State("accepted", _("accepted after recheck"), "green"),
        State("closed", _("written off"), "grey"),
    ],
    [
        Arrow("found", "noticed", _PRE + "issue_notice"),
        Arrow("noticed", "rectifying", _PRE + "plan_rectification"),
        Arrow("noticed", "submitted", _PRE + "report_rectification"),
        Arrow("rectifying", "submitted", _PRE + "report_rectification"),
        Arrow("rejected", "rectifying", _PRE + "plan_rectification"),
        Arrow("rejected", "submitted", _PRE + "report_rectification"),
        Arrow("submitted", "rejected", _PRE + "recheck_hazard"),
        Arrow("submitted", "accepted", _PRE + "recheck_hazard"),
        Arrow("accepted", "closed", _PRE + "close_hazard"),
    ],
)
NOTICE = Graph(
    "notice",
    _("Rectification notice"),
    [
        State("draft", _("draft"), "amber"),
        State("issued", pgettext_lazy("notice", "issued"), "blue"),
        State("served", pgettext_lazy("notice", "served"), "green"),
        State("void", _("void"), "grey", main=False),
    ],
    [
        Arrow("draft", "issued", _PRE + "issue_notice"),
        Arrow("issued", "served", _PRE + "serve_notice"),
        Arrow("issued", "void", _PRE + "void_notice"),
        Arrow("served", "void", _PRE + "void_notice"),
    ],
)
