"""Tables of appraisal."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.performance.appraisal.models import (
    Appraisal,
    AppraisalChange,
    BonusPool,
    Consequence,
    Criterion,
    RatingTask,
    Round,
)
from mainstay.performance.appraisal.states import APPRAISAL, CONSEQUENCE, ROUND
from mainstay.performance.plans.rules import number_text
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, InstantColumn, MoneyColumn

END = {"td": {"class": "ms-end"}, "th": {"class": "ms-end"}}


def e2(value: int | None) -> str:
    """Points or levels in 1/100 as people read them."""
    return number_text(value, decimals=2)


class E2Column(tables.Column):
    """1/100 shown with its decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"attrs": END, "orderable": False, **kwargs})

    def render(self, value: int) -> str:
        return e2(value)


class AxisColumn(tables.Column):
    """Raw level, adjusted level and its interval."""

    def __init__(self, axis: str, **kwargs: Any) -> None:
        self.axis = axis
        super().__init__(accessor=f"{axis}_e2", attrs=END, orderable=False, **kwargs)

    def render(self, value: int, record: Any) -> SafeString:
        adjusted = getattr(record, f"{self.axis}_adjusted_e2")
        if adjusted is None:
            return format_html("{}", e2(value))
        low, high = (getattr(record, f"{self.axis}_{name}_e2") for name in ("low", "high"))
        return format_html(
            '{} → <b>{}</b> <small class="ms-none">{}–{}</small>', e2(value), e2(adjusted), e2(low), e2(high)
        )

    def value(self, value: int, record: Any) -> str:
        return f"{e2(value)} → {e2(getattr(record, f'{self.axis}_adjusted_e2'))}"


class RoundTable(tables.Table):
    """Rounds."""

    period = tables.Column(linkify=("appraisal:round_detail", [tables.A("pk")]), orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=ROUND.hues, orderable=False)
    scored_at = InstantColumn(orderable=False)

    class Meta:
        model = Round
        fields = ("period", "unit", "state", "scored_at")


class CalibrationTable(tables.Table):
    """People of a round with their axes and grades."""

    person = tables.Column(linkify=("appraisal:appraisal_detail", [tables.A("pk")]), orderable=False)
    unit = tables.Column(orderable=False)
    post = tables.Column(orderable=False)
    result_e2 = E2Column(verbose_name=_("results"), orderable=True)
    ability = AxisColumn("ability", verbose_name=_("ability: raw → adjusted"))
    potential = AxisColumn("potential", verbose_name=_("potential: raw → adjusted"))
    box = tables.Column(attrs=END, orderable=False)
    grade_rule = tables.Column(orderable=False)
    grade = tables.Column(orderable=False)
    state = BadgeColumn(hues=APPRAISAL.hues, orderable=False)

    class Meta:
        model = Appraisal
        fields = (
            "person", "unit", "post", "result_e2", "ability", "potential", "box", "grade_rule", "grade", "state",
        )  # fmt: skip

    def render_grade(self, value: str, record: Any) -> SafeString:
        """The grade; one that people changed is marked."""
        return format_html("<b>{}</b>{}", value, "" if value == record.grade_rule else " *")


class ChangeTable(tables.Table):
    """Changes of a grade."""

    before = tables.Column(orderable=False)
    after = tables.Column(orderable=False)
    reason = tables.Column(orderable=False)
    by = tables.Column(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = AppraisalChange
        fields = ("before", "after", "reason", "by", "at")


class TaskTable(tables.Table):
    """What one has to rate."""

    ratee = tables.Column(orderable=False)
    round = tables.Column(orderable=False)
    own = tables.BooleanColumn(orderable=False)
    given_at = InstantColumn(orderable=False)
    act = tables.Column(accessor="pk", verbose_name="", orderable=False, exclude_from_export=True)

    class Meta:
        model = RatingTask
        fields = ("ratee", "round", "own", "given_at", "act")

    def render_act(self, record: Any) -> Any:
        """Rate, while it is open."""
        if record.given_at or record.round.state != Round.State.OPEN:
            return ""
        return format_html('<a href="{}">{}</a>', reverse("appraisal:rate", args=[record.pk]), _("Rate"))


class ConsequenceTable(tables.Table):
    """Consequences."""

    person = tables.Column(accessor="appraisal__person", linkify=lambda record: record.appraisal.get_absolute_url(),
                           orderable=False)  # fmt: skip
    unit = tables.Column(accessor="appraisal__unit", verbose_name=_("Unit"), orderable=False)
    grade = tables.Column(accessor="appraisal__grade", verbose_name=_("Grade"), orderable=False)
    kind = tables.Column(orderable=False)
    steps = tables.Column(attrs=END, orderable=False)
    amount_fen = MoneyColumn(orderable=False, verbose_name=_("Amount (yuan)"))
    state = BadgeColumn(hues=CONSEQUENCE.hues, orderable=False)

    class Meta:
        model = Consequence
        fields = ("person", "unit", "grade", "kind", "steps", "amount_fen", "state")

    def render_steps(self, value: int) -> str:
        """With its sign; nothing for none."""
        return f"{value:+d}" if value else "–"


class ShareTable(tables.Table):
    """Shares of a pool."""

    person = tables.Column(accessor="appraisal__person", verbose_name=_("Person"), orderable=False)
    unit = tables.Column(accessor="appraisal__unit", verbose_name=_("Unit"), orderable=False)
    result = E2Column(accessor="appraisal__result_e2", verbose_name=_("results"))
    weight = CountColumn(orderable=False, verbose_name=_("score × factor"))
    amount_fen = MoneyColumn(orderable=False, verbose_name=_("Amount (yuan)"))

    class Meta:
        model = Consequence
        fields = ("person", "unit", "result", "weight", "amount_fen")


class PoolTable(tables.Table):
    """Pools of a round."""

    unit = tables.Column(linkify=lambda record: record.get_absolute_url(), orderable=False)
    pool_fen = MoneyColumn(orderable=False, verbose_name=_("pool (yuan)"))
    state = BadgeColumn(hues=CONSEQUENCE.hues, orderable=False)
    proposed_by = tables.Column(orderable=False)
    approved_by = tables.Column(orderable=False)

    class Meta:
        model = BonusPool
        fields = ("unit", "pool_fen", "state", "proposed_by", "approved_by")


class CriterionTable(tables.Table):
    """Criteria."""

    code = CodeColumn(orderable=False)
    axis = tables.Column(orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("criterion"), orderable=False)
    anchors = tables.Column(orderable=False)

    class Meta:
        model = Criterion
        fields = ("code", "axis", "name", "anchors")
