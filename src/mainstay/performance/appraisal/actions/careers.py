"""Career plans: written with the person after the talk, joined with what the post aimed at asks for (A14)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal.actions.common import about_appraisal, fresh, of_appraisal
from mainstay.performance.appraisal.models import Appraisal, CareerPlan
from mainstay.performance.posts.actions import plan_training
from mainstay.performance.posts.models import Training
from mainstay.performance.posts.queries import fit_to

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Post

TODO_KIND = "career"
TALKED = (Appraisal.State.INTERVIEWED, Appraisal.State.CONFIRMED, Appraisal.State.FINAL)


@action(
    "performance.appraisal.write_career", title=_("Write a career plan"), unit=of_appraisal, subject=about_appraisal
)
def write_career(
    *,
    appraisal: Appraisal,
    goal: str,
    steps: str,
    review_on: date,
    post: Post | None = None,
    train: bool = False,
    by: User,
) -> CareerPlan:
    """Write down where a person wants to go and by which steps, after the result was talked over.

    `train` also plans the trainings that are missing for `post`. Refused about oneself. Raises Problem: not talked over
    yet, nothing said, a day that is over, trainings without a post.
    """
    fresh(appraisal)
    if appraisal.person_id == by.person_id:
        refuse(_("Somebody else writes your career plan with you."))
    if appraisal.state not in TALKED:
        raise Problem(_("Talk the result over first: a career plan follows from the interview."), code="not_talked")
    if not goal.strip() or not steps.strip():
        raise Problem(_("Say where the way leads and by which steps."), field="goal", code="empty")
    if review_on <= local_today():
        raise Problem(_("Choose a day to come, on which both look at it again."), field="review_on", code="past")
    if train and post is None:
        text = _("Choose the post aimed at: its description says which trainings are missing.")
        raise Problem(text, field="post", code="no_post")
    made = CareerPlan.objects.create(
        appraisal=appraisal, person=appraisal.person, goal=goal.strip(), steps=steps.strip(), post=post,
        review_on=review_on, by=by, at=timezone.now(),
    )  # fmt: skip
    planned = _plan_trainings(made, by) if train and post else 0
    close_todos(kind=TODO_KIND, subject=about_appraisal(appraisal), by=by)
    note_change(after={"post": post.code if post else "", "review_on": review_on.isoformat(), "trainings": planned})
    return made


def _plan_trainings(plan: CareerPlan, by: User) -> int:
    """Plan what the person lacks for the post aimed at; what is planned already stays."""
    assert plan.post is not None  # noqa: S101  # the caller looked
    planned = set(
        Training.objects.filter(person=plan.person, state=Training.State.PLANNED).values_list("qualification")
    )
    needs = [gap.requirement for gap in fit_to(plan.person, plan.post, local_today()).gaps]
    new = [need for need in needs if (need.qualification_id,) not in planned]
    for need in new:
        plan_training(
            person=plan.person, qualification=need.qualification, level=need.level, due_on=plan.review_on, by=by
        )
    return len(new)


def ask_for_career(appraisal: Appraisal) -> bool:
    """Ask the superior of the contract for the career plan that a result leads to; False without somebody to ask."""
    user = getattr(appraisal.contract.party_a, "user", None)
    if user is None:
        return False
    open_todo(
        kind=TODO_KIND,
        subject=about_appraisal(appraisal),
        title_zh=f"制定职业发展规划：{appraisal.person}",
        title_en=f"Write the career plan of {appraisal.person}",
        url=appraisal.get_absolute_url(),
        user=user,
    )
    return True
