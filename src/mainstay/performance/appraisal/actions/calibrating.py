"""Scores, calibration, and changes of grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.jobs.actions import enqueue_job
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal.actions.common import (
    about_appraisal,
    about_round,
    fresh,
    fresh_round,
    move_round,
    of_appraisal,
    of_round,
    only_trained,
)
from mainstay.performance.appraisal.models import Appraisal, AppraisalChange, Round
from mainstay.performance.appraisal.queries import SCORE_JOB, people_to_score, scoring_job
from mainstay.performance.appraisal.rules import rank

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action("performance.appraisal.begin_calibration", title=_("Begin calibration"), unit=of_round, subject=about_round)
def begin_calibration(*, round: Round, by: User) -> Round:
    """Close the ratings; a job scores everybody from the signed contracts, grades them and estimates severity.

    Raises Problem when nobody in the round has a signed contract. Who has no verified result yet has no grade.
    """
    return _begin_scoring(round, by)


@action("performance.appraisal.score_again", title=_("Compute scores again"), unit=of_round, subject=about_round)
def score_again(*, round: Round, by: User) -> Round:
    """Score a round in calibration once more, because values were verified since; changed grades stay.

    Where the scoring stopped on the way, it goes on behind the last person. Raises Problem while it runs, and when the
    round is not in calibration.
    """
    fresh_round(round)
    if round.state == Round.State.SCORING:
        job = scoring_job(round)
        if job is not None and job.state in {job.State.WAITING, job.State.RUNNING}:
            raise Problem(_("The scores are being computed; wait until that is over."), code="running")
        _enqueue(round, by)
        return round
    if round.state != Round.State.CALIBRATING:
        raise Problem(_("Scores are computed again during calibration."), code="not_calibrating")
    return _begin_scoring(round, by)


def _begin_scoring(round: Round, by: User) -> Round:
    fresh_round(round)
    move_round(round, Round.State.SCORING)
    if not people_to_score(round):
        raise Problem(_("Nobody here has a signed contract of this period."), code="no_contracts")
    round.scoring_at, round.scored_to = timezone.now(), 0
    round.save(update_fields=["scoring_at", "scored_to"])
    _enqueue(round, by)
    return round


def _enqueue(round: Round, by: User) -> None:
    enqueue_job(kind=SCORE_JOB, arguments={"round": round.pk}, subject=about_round(round), by=by)


@action(
    "performance.appraisal.complete_scoring",
    title=_("Complete the scoring of a round"),
    unit=of_round,
    subject=about_round,
    everyone=True,
)
def complete_scoring(*, round: Round, by: User) -> Round:
    """Lead a round whose people are all scored to calibration; its job does this in the name of who started it.

    Everyone may: it only states what is so. Raises Problem while somebody is not scored.
    """
    fresh_round(round)
    if people_to_score(round)[-1] > round.scored_to:
        raise Problem(_("Not everybody is scored yet."), code="not_scored")
    move_round(round, Round.State.CALIBRATING)
    round.scored_at = timezone.now()
    round.save(update_fields=["scored_at"])
    return round


@action("performance.appraisal.change_grade", title=_("Change a grade"), unit=of_appraisal, subject=about_appraisal)
def change_grade(*, appraisal: Appraisal, grade: str, reason: str, by: User) -> Appraisal:
    """Give another grade than the rules do, with a reason. Refused for oneself and without policy and training.

    Raises Problem: not in calibration, no such grade, the same one, no reason, better than a veto allows.
    """
    fresh(appraisal)
    if appraisal.person_id == by.person_id:
        refuse(_("Nobody grades himself."))
    only_trained(by, appraisal.round)
    if appraisal.round.state != Round.State.CALIBRATING or not appraisal.grade:
        raise Problem(_("Grades are changed during calibration, once there is a result."), code="not_calibrating")
    return put_grade(appraisal, grade, reason, by)


def put_grade(appraisal: Appraisal, grade: str, reason: str, by: User) -> Appraisal:
    """Change a grade and keep the reason; part of an act."""
    bands = appraisal.round.scheme.grades
    if grade not in {band.grade for band in bands}:
        raise Problem(_("There is no such grade."), field="grade", code="no_grade")
    if grade == appraisal.grade:
        raise Problem(_("This is the grade already."), field="grade", code="same")
    if not reason.strip():
        raise Problem(_("Say why the grade is changed."), field="reason", code="no_reason")
    for cap in appraisal.caps:
        if rank(grade, bands) < rank(cap, bands):
            text = _("A veto allows %(cap)s at best.") % {"cap": cap}
            raise Problem(text, field="grade", code="veto")
    AppraisalChange.objects.create(
        appraisal=appraisal, before=appraisal.grade, after=grade, reason=reason.strip(), by=by, at=timezone.now()
    )
    note_change(before={"grade": appraisal.grade}, after={"grade": grade}, reason=reason)
    appraisal.grade = grade
    appraisal.save(update_fields=["grade"])
    return appraisal


@action("performance.appraisal.finish_calibration", title=_("Finish calibration"), unit=of_round, subject=about_round)
def finish_calibration(*, round: Round, by: User) -> Round:
    """Settle the grades; interviews begin. Raises Problem while somebody has no result."""
    fresh_round(round)
    missing = round.appraisals.filter(result_e2=None)
    if count := missing.count():
        names = ", ".join(str(one.person) for one in missing.select_related("person")[:5])
        text = _(
            "%(count)s people have no verified result yet: %(names)s. "
            "Verify their actual values, then compute the scores again."
        )
        raise Problem(text % {"count": count, "names": names}, code="no_result")
    move_round(round, Round.State.TALKING)
    settled = round.appraisals.filter(state=Appraisal.State.SCORED).update(state=Appraisal.State.CALIBRATED)
    note_change(after={"state": round.state, "people": settled})
    return round
