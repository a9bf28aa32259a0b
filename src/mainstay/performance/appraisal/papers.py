"""What pages and papers say of an appraisal: values only, the layout is in templates and typst/."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home import menu
from mainstay.performance.appraisal.models import Appeal, Appraisal, Interview
from mainstay.performance.appraisal.queries import contract_scores
from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.performance.tracking.queries import Result
from mainstay.web.pages import Fact


def e2(value: int | None) -> str:
    """Points or levels in 1/100 as people read them."""
    return number_text(value, decimals=2)


def axis_text(one: Appraisal, axis: str) -> str:
    """Raw level, adjusted level and interval of an axis."""
    raw, adjusted = getattr(one, f"{axis}_e2"), getattr(one, f"{axis}_adjusted_e2")
    if adjusted is None:
        return e2(raw)
    low, high = getattr(one, f"{axis}_low_e2"), getattr(one, f"{axis}_high_e2")
    return f"{e2(raw)} → {e2(adjusted)} ({e2(low)}–{e2(high)})"


def result_line(result: Result) -> dict[str, Any]:
    """One target: what was agreed, reached and earned, with the sentence that explains it."""
    target, reached = result.target, result.reached
    return {
        "indicator": target.indicator.name,
        "weight": bp_text(target.weight_bp),
        "target": number_text(target.target_e4),
        "actual": number_text(reached.value_e4),
        "points": e2(result.points_e2),
        "sentence": str(result.sentence) if result.sentence else str(_("No verified value yet.")),
    }


def interview_facts(one: Interview) -> list[Fact]:
    """The talk, for the page."""
    pairs = [
        (_("Held on"), one.held_on, "date"),
        (_("Interviewer"), one.interviewer, "text"),
        (_("Successes"), one.successes, "text"),
        (_("To improve"), one.to_improve, "text"),
        (_("Training needed"), one.training or "–", "text"),
        (_("The person's own view"), one.own_view or "–", "text"),
        (_("Help wanted"), one.help_wanted or "–", "text"),
        (_("Career plan"), one.career or "–", "text"),
        (_("Next steps"), one.next_steps, "text"),
        (_("Confirmed by the person"), one.confirmed_at, "instant"),
    ]
    return [Fact(label, value, kind) for label, value, kind in pairs]


def appeal_facts(one: Appeal) -> list[Fact]:
    """The objection and its answer, for the page."""
    verdict = "–" if one.upheld is None else _("the objection is upheld") if one.upheld else _("the result stays")
    return [
        Fact(_("Objection"), one.text),
        Fact(_("Filed at"), one.filed_at, "instant"),
        Fact(_("Decision"), verdict),
        Fact(_("Decided by"), one.decided_by or "–"),
        Fact(_("Answer"), one.answer or "–"),
    ]


def appraisal_data(one: Appraisal, user: Any) -> dict[str, Any]:
    """Values of the papers about an appraisal."""
    score = contract_scores(one.round, [one.person_id]).get(one.person_id)
    interview = getattr(one, "interview", None)
    talk = {
        name: getattr(interview, name, "") if interview else ""
        for name in ("successes", "to_improve", "training", "own_view", "help_wanted", "career", "next_steps")
    }
    last = list(one.changes.all())
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "number": f"{one.round.period} · {one.person.staff_no}",
        "period": str(one.round.period),
        "person": str(one.person),
        "staff_no": one.person.staff_no,
        "unit": str(one.unit),
        "post": str(one.post or "–"),
        "contract": f"{one.contract} v{one.contract_version}",
        "results": e2(one.result_e2),
        "ability": e2(one.ability_e2),
        "potential": e2(one.potential_e2),
        "grade": one.grade or "–",
        "reason": last[-1].reason if last else "",
        "lines": [result_line(result) for result in score.results] if score else [],
        "held_on": interview.held_on.isoformat() if interview else "",
        "interviewer": str(interview.interviewer) if interview else "",
        **talk,
        "consequences": [str(row.get_kind_display()) for row in one.consequences.exclude(state="proposed")],
    }
