"""States of periods, contracts, amendments and charters."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.workflow.states import Arrow, Graph, State

PERIOD = Graph(
    "period",
    pgettext_lazy("plan", "Period"),
    [
        State("open", pgettext_lazy("period", "open"), "blue"),
        State("closing", pgettext_lazy("period", "closing"), "amber"),
        State("closed", pgettext_lazy("period", "closed"), "grey"),
    ],
    [
        Arrow("open", "closing", "performance.plans.begin_closing"),
        Arrow("closing", "open", "performance.plans.reopen_period"),
        Arrow("closing", "closed", "performance.plans.close_period"),
    ],
)

CONTRACT = Graph(
    "contract",
    _("Performance contract"),
    [
        State("draft", _("draft")),
        State("negotiating", _("negotiating"), "amber"),
        State("signed", pgettext_lazy("contract", "signed"), "green"),
        State("amending", _("being amended"), "amber", main=False),
        State("amended", _("amended"), "green", main=False),
        State("closed", pgettext_lazy("contract", "closed"), "grey"),
    ],
    [
        Arrow("draft", "negotiating", "performance.plans.offer_contract"),
        Arrow("negotiating", "draft", "performance.plans.return_contract"),
        Arrow("negotiating", "signed", "performance.plans.sign_contract"),
        Arrow("signed", "amending", "performance.plans.agree_amendment"),
        Arrow("amended", "amending", "performance.plans.agree_amendment"),
        Arrow("amending", "amended"),
        Arrow("signed", "closed", "performance.plans.close_contract"),
        Arrow("amended", "closed", "performance.plans.close_contract"),
    ],
)

AMENDMENT = Graph(
    "amendment",
    _("Amendment"),
    [
        State("proposed", _("proposed"), "amber"),
        State("agreed", _("agreed"), "green"),
        State("rejected", _("rejected"), "red", main=False),
    ],
    [
        Arrow("proposed", "agreed", "performance.plans.agree_amendment"),
        Arrow("proposed", "rejected", "performance.plans.reject_amendment"),
    ],
)

CHARTER = Graph(
    "charter",
    _("Operating charter"),
    [
        State("draft", _("draft")),
        State("approved", pgettext_lazy("charter", "approved"), "blue"),
        State("published", _("published"), "green"),
        State("superseded", _("superseded"), "grey", main=False),
    ],
    [
        Arrow("draft", "approved", "performance.plans.approve_charter"),
        Arrow("approved", "published", "performance.plans.publish_charter"),
        Arrow("published", "superseded", "performance.plans.publish_charter"),
    ],
)
