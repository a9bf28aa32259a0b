"""Who rates whom, and the ratings themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User as Account
from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.appraisal.actions.common import about_round, fresh_round, of_round, only_trained
from mainstay.performance.appraisal.models import Rating, RatingTask, Round
from mainstay.performance.appraisal.queries import criteria_on
from mainstay.performance.appraisal.rules import LEVELS, needs_incident
from mainstay.performance.plans.models import Contract
from mainstay.performance.posts.queries import superiors_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "rating"
FULL = 100


def todo_subject(one: Round, rater: int) -> str:
    """The subject of a rater's to-do."""
    return f"appraisal.round:{one.pk}:{rater}"


def _open(one: Round) -> Round:
    fresh_round(one)
    if one.state != Round.State.OPEN:
        raise Problem(_("Ratings of this round are closed."), code="closed")
    return one


@action("performance.appraisal.assign_raters", title=_("Assign raters"), unit=of_round, subject=about_round)
def assign_raters(*, round: Round, by: User) -> int:
    """Ask the superior of everybody with a signed contract of the period to rate; returns how many tasks were new.

    The superior holds the superior post; where none is laid down, party A of the contract rates.
    """
    _open(round)
    rows = Contract.objects.binding().filter(period=round.period, unit__path__startswith=round.unit.path)
    party_a = dict(rows.values_list("person", "party_a"))
    superiors = superiors_of(party_a, local_today())
    wanted = {
        (rater, person)
        for person, other in party_a.items()
        for rater in (superiors.get(person) or {other})
        if rater != person
    }
    return _ask(round, wanted, own=True)


@action("performance.appraisal.add_cross_raters", title=_("Add second raters"), unit=of_round, subject=about_round)
def add_cross_raters(*, round: Round, share: int = 25, by: User) -> int:
    """Ask others too, for a `share` (per cent) of each rater's people, drawn at random, so that raters can be compared.

    Returns how many tasks were new. Raises Problem: nobody is to rate yet, or only one rater is there.
    """
    from mainstay.performance.appraisal.raters import (  # brings SciPy, which most processes never need
        Given,
        collect,
        plan_links,
    )

    _open(round)
    if not 0 < share <= FULL:
        raise Problem(_("Give a share above 0 and up to 100 %."), field="share", code="share")
    tasks = RatingTask.objects.filter(round=round).order_by("pk").values_list("rater", "ratee")
    pairs = [Given(str(rater), str(ratee), "", 0.0) for rater, ratee in tasks]
    if not pairs:
        raise Problem(_("Assign the superiors first."), code="no_tasks")
    links = plan_links(collect(pairs), share=share / FULL, seed=round.pk)
    if not links:
        raise Problem(
            _("No second rater can be added: there is one rater only, or everybody has two."), code="no_links"
        )
    return _ask(round, {(int(link.rater), int(link.ratee)) for link in links}, own=False)


def _ask(one: Round, wanted: set[tuple[int, int]], *, own: bool) -> int:
    known = set(RatingTask.objects.filter(round=one).values_list("rater", "ratee"))
    new = sorted(wanted - known)
    RatingTask.objects.bulk_create(
        [RatingTask(round=one, rater_id=rater, ratee_id=ratee, own=own) for rater, ratee in new], batch_size=500
    )
    raters = {rater for rater, _ratee in new}
    for user in Account.objects.filter(person__in=raters, is_active=True):
        open_todo(
            kind=TODO_KIND,
            subject=todo_subject(one, user.person_id or 0),
            title_zh=f"评价能力与潜力：{one.period}",
            title_en=f"Rate ability and potential: {one.period}",
            url=reverse("appraisal:task_list"),
            user=user,
        )
    note_change(after={"tasks": len(new), "own": own})
    return len(new)


@action(
    "performance.appraisal.give_ratings",
    title=_("Rate a person"),
    everyone=True,
    subject=lambda task, **_facts: f"appraisal.ratingtask:{task.pk}",
)
def give_ratings(
    *, task: RatingTask, levels: Mapping[str, int], incidents: Mapping[str, str] | None = None, by: User
) -> RatingTask:
    """Give a level for every criterion (by code), with an incident for the ends of the scale; never changed afterwards.

    Refused to others than the rater, and without policy and training. Raises Problem: closed, twice, incomplete.
    """
    if task.rater_id != by.person_id:
        refuse(_("This rating is asked of somebody else."))
    only_trained(by, task.round)
    _open(task.round)
    lock("appraisal.task", task.pk)
    task.refresh_from_db(fields=["given_at"])
    if task.given_at is not None:
        raise Problem(_("You have rated this person; ratings are kept as given."), code="given")
    said = {code: text.strip() for code, text in (incidents or {}).items()}
    rows = []
    for criterion in criteria_on(local_today()):
        level, text = levels.get(criterion.code), said.get(criterion.code, "")
        if level not in LEVELS:
            raise Problem(_("Give a level from 1 to 5 for “%(name)s”.") % {"name": criterion}, field=criterion.code)
        if needs_incident(level) and not text:
            wanted = _("Levels 1 and 5 need an incident: what happened, and when? (%(name)s)") % {"name": criterion}
            raise Problem(wanted, field=f"{criterion.code}_incident", code="incident")
        rows.append(Rating(task=task, criterion=criterion, level=level, incident=text, at=timezone.now()))
    if not rows:
        raise Problem(_("There are no criteria yet."), code="no_criteria")
    Rating.objects.bulk_create(rows)
    task.given_at = rows[0].at
    task.save(update_fields=["given_at"])
    if not RatingTask.objects.filter(round=task.round_id, rater=task.rater_id, given_at=None).exists():
        close_todos(kind=TODO_KIND, subject=todo_subject(task.round, task.rater_id), by=by)
    note_change(after={"ratee": task.ratee_id, "criteria": len(rows)})
    return task
