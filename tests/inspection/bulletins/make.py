"""A campaign that is inspected and under review, and people who may seal."""

from __future__ import annotations

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.inspection.bulletins import actions
from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.campaigns import actions as campaigns
from mainstay.inspection.hazards import actions as hazards
from mainstay.inspection.hazards.models import Hazard
from mainstay.kit.dates import local_today
from tests.inspection.make import Joint, body_for, failing, joint, person_in

VERBS = (
    "view_paper", "edit_paper", "submit_paper", "return_paper", "issue_paper", "draft_bulletin", "draft_summary",
)  # fmt: skip


def reviewed(*, all_of_them: bool = True, unit: Unit | None = None) -> Joint:
    """Return a campaign under review: one serious hazard with its notice, the others good; photos not needed."""
    one = joint(unit=unit)
    plain = {"K1.2": {"result": "na"}}
    for place, assignment in enumerate(one.assignments if all_of_them else one.assignments[:2]):
        answers = {**plain, **({"K1.1": {"result": "fail", "note": "转字锁打不乱"}} if not place else {})}
        body = body_for(assignment, answers=answers, photos=[])
        record = campaigns.record_inspection(assignment=assignment, body=body, by=one.member)
        campaigns.confirm_inspection(inspection=record, by=one.leader)
    found = list(Hazard.objects.filter(campaign=one.campaign))
    hazards.issue_notice(hazards=found, deadline_on=local_today(), by=system_user())
    campaigns.review_campaign(campaign=one.campaign, by=system_user())
    return one


def editor(one: Joint) -> User:
    """Return somebody of the lead organiser who writes papers."""
    return person_in(one.bureau, "拟稿人", {f"inspection.bulletins.{verb}": ("subtree", None) for verb in VERBS})


def sealer(unit: Unit, name: str = "用印人") -> User:
    """Return somebody who seals for one organiser."""
    return person_in(unit, name, {"inspection.bulletins.seal_paper": ("unit", None)})


def bulletin(one: Joint, by: User) -> Paper:
    """Return the drafted bulletin."""
    return actions.draft_bulletin(campaign=one.campaign, by=by)


__all__ = ["bulletin", "editor", "failing", "reviewed", "sealer"]
