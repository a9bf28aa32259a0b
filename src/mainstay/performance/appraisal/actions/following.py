"""What takes effect becomes work: trainings close gaps of fit, improvement plans become actions with one owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from mainstay.core.organisation.models import Post
from mainstay.kit.dates import local_today
from mainstay.performance.appraisal.actions.careers import ask_for_career
from mainstay.performance.appraisal.models import Consequence
from mainstay.performance.posts.actions import plan_training
from mainstay.performance.posts.models import Training
from mainstay.performance.posts.queries import fit_lines
from mainstay.performance.tracking.actions import create_action
from mainstay.performance.tracking.models import Action

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.performance.appraisal.models import Appraisal
    from mainstay.performance.posts.queries import FitCell

FOLLOWED = (Consequence.Kind.TRAINING, Consequence.Kind.IMPROVEMENT, Consequence.Kind.CAREER)
DAYS = 90
PROMISED = 200


def follow_up(rows: Iterable[Consequence], on: date, by: User) -> dict[str, int]:
    """Plan the trainings and open the actions of consequences that take effect; returns how many of each.

    A training closes the gaps between person and post; where there is none, what the interview said becomes an action.
    Owner is the person, checker the superior of the contract, who is also asked for the career plan.
    """
    wanted = [one for one in rows if one.kind in FOLLOWED]
    gaps = _gaps({one.appraisal.post_id for one in wanted if one.kind == Consequence.Kind.TRAINING}, on)
    due = max(on, local_today()) + timedelta(days=DAYS)
    made = {"trainings": 0, "actions": 0, "careers": 0}
    for one in wanted:
        if one.kind == Consequence.Kind.CAREER:
            made["careers"] += ask_for_career(one.appraisal)
            continue
        found = gaps.get(one.appraisal.person_id, []) if one.kind == Consequence.Kind.TRAINING else []
        if not found:
            _open(one, due, by)
            made["actions"] += 1
        made["trainings"] += sum(_plan(one.appraisal, gap, due, by) for gap in found)
    return made


def _gaps(posts: set[int | None], on: date) -> dict[int, list[FitCell]]:
    lines = fit_lines(Post.objects.filter(pk__in=[post for post in posts if post]), on)
    return {line.person.pk: line.gaps for line in lines}


def _plan(appraisal: Appraisal, gap: FitCell, due: date, by: User) -> bool:
    need, person = gap.requirement, appraisal.person
    facts = {"person": person, "qualification": need.qualification}
    if Training.objects.filter(**facts, state=Training.State.PLANNED).exists():
        return False
    plan_training(person=person, qualification=need.qualification, level=need.level, due_on=due, by=by)
    return True


def _open(one: Consequence, due: date, by: User) -> None:
    appraisal = one.appraisal
    talk = getattr(appraisal, "interview", None)
    if one.kind == Consequence.Kind.TRAINING:
        title, said = _("Agree on a training and finish it"), talk.training if talk else ""
    else:
        title, said = _("Improvement plan"), talk.to_improve if talk else ""
    create_action(
        title=f"{title} · {appraisal.round.period}",
        result=(said or _("What the interview named is improved."))[:PROMISED],
        steps=talk.next_steps if talk else "",
        unit=appraisal.unit, owner=appraisal.person, checker=appraisal.contract.party_a, due_on=due,
        kind=Action.Kind.IMPROVEMENT, by=by,
    )  # fmt: skip
