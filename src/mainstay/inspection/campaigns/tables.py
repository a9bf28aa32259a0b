"""Tables of campaigns."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.inspection.campaigns.models import Answer, Assignment, Campaign, Inspection, Target
from mainstay.inspection.campaigns.states import ASSIGNMENT, CAMPAIGN, INSPECTION
from mainstay.kit import masking
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn

OUTCOME_HUES = {"done": "green", "partial": "blue", "nobody_home": "amber", "refused": "red"}
RESULT_HUES = {"pass": "green", "fail": "red", "na": "grey", "": "amber"}


def percent(bp: int | None) -> str:
    """Basis points as a percentage with one decimal, cut and not rounded: 99.9 is not 100."""
    return "–" if bp is None else f"{bp // 100}.{bp % 100 // 10} %"


class CampaignTable(tables.Table):
    """Campaigns, newest first."""

    code = CodeColumn(linkify=True, orderable=False)
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "Name"), orderable=False)
    kind = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=CAMPAIGN.hues, orderable=False)

    class Meta:
        model = Campaign
        fields = ("code", "name", "kind", "unit", "from_on", "until_on", "state")


class AssignmentTable(tables.Table):
    """Targets of a campaign."""

    target = tables.Column(linkify=lambda record: record.get_absolute_url(), orderable=False)
    unit = tables.Column(orderable=False)
    klass = tables.Column(orderable=False)
    block = tables.Column(orderable=False)
    stair = tables.Column(orderable=False)
    group = tables.Column(orderable=False)
    due_on = DayColumn()
    state = BadgeColumn(hues=ASSIGNMENT.hues, orderable=False)
    visits = CountColumn(orderable=False)
    inspected_on = DayColumn(orderable=False)

    class Meta:
        model = Assignment
        fields = (
            "target", "unit", "klass", "block", "stair", "group", "due_on", "state", "visits", "inspected_on",
        )  # fmt: skip


class TargetTable(tables.Table):
    """Targets as things."""

    code = CodeColumn(linkify=True)
    name = tables.Column(orderable=False)
    kind = tables.Column(orderable=False)
    klass = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    address = tables.Column(orderable=False)

    class Meta:
        model = Target
        fields = ("code", "name", "kind", "klass", "unit", "address")

    def render_address(self, value: str, record: Target) -> str:
        """The address of a home without the room."""
        return masking.address(value) if record.kind == "household" else value

    value_address = render_address


class RecordTable(tables.Table):
    """Records of visits."""

    target = tables.Column(
        accessor="assignment__target",
        verbose_name=_("inspection target"),
        linkify=lambda record: record.get_absolute_url(),
        orderable=False,
    )
    arrived_at = InstantColumn(linkify=lambda record: record.get_absolute_url(), orderable=False)
    outcome = BadgeColumn(hues=OUTCOME_HUES, orderable=False)
    state = BadgeColumn(hues=INSPECTION.hues, orderable=False)
    by = tables.Column(orderable=False)
    passed = CountColumn(orderable=False)
    failed = CountColumn(orderable=False)
    score_bp = tables.Column(verbose_name=_("Score"), orderable=False)

    class Meta:
        model = Inspection
        fields = ("target", "arrived_at", "outcome", "state", "by", "passed", "failed", "score_bp")

    def render_score_bp(self, value: int | None) -> str:
        """In per cent."""
        return percent(value)


class AnswerTable(tables.Table):
    """Answers of one record."""

    code = CodeColumn(accessor="item__code", verbose_name=_("Code"), orderable=False)
    words = tables.Column(accessor="item__words", verbose_name=_("What is looked at"), orderable=False)
    result = BadgeColumn(hues=RESULT_HUES, orderable=False)
    value = tables.Column(verbose_name=_("Value"), orderable=False)
    note = tables.Column(orderable=False)

    class Meta:
        model = Answer
        fields = ("code", "words", "result", "value", "note")

    def render_value(self, value: dict[str, Any], record: Answer) -> str:
        """Number with its unit, day, option or text."""
        options = {one["code"]: one["zh"] for one in record.item.options}
        parts = [f"{value['number']} {record.item.unit}".strip()] if value.get("number") else []
        parts += [str(value[name]) for name in ("date", "text") if value.get(name)]
        parts += [str(options.get(value["choice"], value["choice"]))] if value.get("choice") else []
        return " · ".join(parts)


class StairTable(tables.Table):
    """The board of a household plan: one line a stair."""

    block = tables.Column(verbose_name=_("Block"), orderable=False)
    stair = tables.Column(verbose_name=_("Stair"), orderable=False)
    due = DayColumn(verbose_name=_("Planned for"), orderable=False)
    total = CountColumn(verbose_name=_("Homes"), orderable=False)
    done = CountColumn(verbose_name=_("Inspected"), orderable=False)
    reached = CountColumn(verbose_name=_("Homes reached"), orderable=False)
    refused = CountColumn(verbose_name=_("Refused"), orderable=False)
    nobody = CountColumn(verbose_name=_("Nobody there"), orderable=False)

    def __init__(self, *args: Any, campaign: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def render_block(self, value: str, record: dict[str, Any]) -> Any:
        """Leads to the homes of the stair."""
        address = reverse("campaigns:assignment_list", args=[record["campaign"]])
        return format_html(
            '<a href="{}?block={}&amp;stair={}">{}</a>', address, record["block"], record["stair"], value
        )
