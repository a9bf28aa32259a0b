"""States of a campaign, of a target in it, and of a record."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.states import Arrow, Graph, State

CAMPAIGN = Graph(
    "campaign",
    _("Campaign"),
    [
        State("draft", _("draft"), "amber"),
        State("active", _("started"), "blue"),
        State("collecting", _("being inspected"), "blue"),
        State("reviewing", _("under review"), "amber"),
        State("issued", _("bulletin issued"), "green"),
        State("closed", _("campaign over"), "grey"),
    ],
    [
        Arrow("draft", "active", "inspection.campaigns.activate_campaign"),
        Arrow("active", "collecting", "inspection.campaigns.record_inspection"),
        Arrow("collecting", "reviewing", "inspection.campaigns.review_campaign"),
        Arrow("reviewing", "collecting", "inspection.campaigns.reopen_campaign"),
        Arrow("reviewing", "issued", "inspection.bulletins.issue_paper"),
        Arrow("issued", "closed", "inspection.campaigns.close_campaign"),
        Arrow("collecting", "closed", "inspection.campaigns.close_campaign"),
        Arrow("active", "closed", "inspection.patrols.make_rounds"),
    ],
)
_RECORD = "inspection.campaigns.record_inspection"
_EXEMPT = "inspection.campaigns.exempt_assignment"
ASSIGNMENT = Graph(
    "assignment",
    _("Assignment"),
    [
        State("open", _("not visited")),
        State("visited", _("begun"), "blue"),
        State("unreachable", _("nobody there"), "amber", main=False),
        State("refused", _("refused entry"), "red", main=False),
        State("done", _("inspected"), "green"),
        State("exempt", _("exempt"), "grey", main=False),
    ],
    [
        *(
            Arrow(source, target, _RECORD)
            for source in ("open", "visited", "unreachable", "refused")
            for target in ("visited", "unreachable", "refused", "done")
        ),
        Arrow("done", "done", _RECORD),
        *(Arrow(source, "exempt", _EXEMPT) for source in ("open", "visited", "unreachable", "refused")),
    ],
)
INSPECTION = Graph(
    "inspection",
    _("Inspection record"),
    [
        State("submitted", _("submitted"), "amber"),
        State("confirmed", _("confirmed by the leader"), "green"),
        State("locked", _("locked"), "grey"),
        State("superseded", _("replaced by an edit"), "grey", main=False),
    ],
    [
        Arrow("submitted", "confirmed", "inspection.campaigns.confirm_inspection"),
        Arrow("confirmed", "locked", "inspection.campaigns.review_campaign"),
        Arrow("submitted", "locked", "inspection.patrols.make_rounds"),
        Arrow("submitted", "superseded", _RECORD),
        Arrow("confirmed", "superseded", _RECORD),
    ],
)
