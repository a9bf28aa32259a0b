"""Interviews, confirmations, appeals, and the end of a round."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal.actions.calibrating import put_grade
from mainstay.performance.appraisal.actions.common import (
    about_appraisal,
    about_round,
    fresh,
    fresh_round,
    move,
    move_round,
    of_appraisal,
    of_round,
    only_trained,
)
from mainstay.performance.appraisal.models import Appeal, Appraisal, Interview, Round

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND, APPEAL_TODO = "appraisal", "appeal"
DAYS_TO_APPEAL = 10
DECIDE = "performance.appraisal.decide_appeal"


@action(
    "performance.appraisal.hold_interview", title=_("Record an interview"), unit=of_appraisal, subject=about_appraisal
)
def hold_interview(
    *,
    appraisal: Appraisal,
    successes: str,
    to_improve: str,
    next_steps: str,
    training: str = "",
    own_view: str = "",
    help_wanted: str = "",
    career: str = "",
    held_on: date | None = None,
    by: User,
) -> Interview:
    """Record the talk about a result; the person is asked to confirm or to object. Refused about oneself, untrained."""
    fresh(appraisal)
    if appraisal.person_id == by.person_id:
        refuse(_("Nobody interviews himself."))
    only_trained(by, appraisal.round)
    on = held_on or local_today()
    if on > local_today():
        raise Problem(_("An interview is recorded after it was held."), field="held_on", code="future")
    move(appraisal, Appraisal.State.INTERVIEWED)
    made = Interview.objects.create(
        appraisal=appraisal, held_on=on, successes=successes.strip(), to_improve=to_improve.strip(),
        training=training.strip(), own_view=own_view.strip(), help_wanted=help_wanted.strip(), career=career.strip(),
        next_steps=next_steps.strip(), interviewer=by,
    )  # fmt: skip
    user = getattr(appraisal.person, "user", None)
    if user is not None:
        open_todo(
            kind=TODO_KIND,
            subject=about_appraisal(appraisal),
            title_zh=f"确认考核结果：{appraisal.round.period}",
            title_en=f"Confirm your appraisal: {appraisal.round.period}",
            url=appraisal.get_absolute_url(),
            user=user,
            due_at=timezone.now() + timedelta(days=DAYS_TO_APPEAL),
        )
    return made


def _own(appraisal: Appraisal, by: User) -> Appraisal:
    fresh(appraisal)
    if appraisal.person_id != by.person_id:
        refuse(_("Only the person himself can do this."))
    return appraisal


@action("performance.appraisal.confirm_result", title=_("Confirm one's result"), everyone=True, subject=about_appraisal)
def confirm_result(*, appraisal: Appraisal, by: User) -> Appraisal:
    """Accept one's result."""
    _own(appraisal, by)
    move(appraisal, Appraisal.State.CONFIRMED)
    Interview.objects.filter(appraisal=appraisal).update(confirmed_at=timezone.now())
    close_todos(kind=TODO_KIND, subject=about_appraisal(appraisal), by=by)
    return appraisal


@action("performance.appraisal.file_appeal", title=_("Object to one's result"), everyone=True, subject=about_appraisal)
def file_appeal(*, appraisal: Appraisal, text: str, by: User) -> Appeal:
    """Object to one's result, with words, within ten days of the interview."""
    _own(appraisal, by)
    if not text.strip():
        raise Problem(_("Say what you object to, with facts."), field="text", code="empty")
    held = appraisal.interview.held_on if hasattr(appraisal, "interview") else local_today()
    if local_today() > held + timedelta(days=DAYS_TO_APPEAL):
        raise Problem(_("The ten days for objections are over."), code="late")
    move(appraisal, Appraisal.State.APPEALED)
    made = Appeal.objects.create(appraisal=appraisal, text=text.strip(), filed_at=timezone.now())
    close_todos(kind=TODO_KIND, subject=about_appraisal(appraisal), by=by)
    open_todo(
        kind=APPEAL_TODO,
        subject=about_appraisal(appraisal),
        title_zh=f"处理考核申诉：{appraisal.person}",
        title_en=f"Decide an appeal: {appraisal.person}",
        url=appraisal.get_absolute_url(),
        right=DECIDE,
        unit_id=appraisal.unit_id,
        not_for=by,
    )
    return made


@action(DECIDE, title=_("Decide an appeal"), unit=of_appraisal, subject=about_appraisal)
def decide_appeal(*, appraisal: Appraisal, upheld: bool, answer: str, grade: str = "", by: User) -> Appeal:
    """Answer an objection; upheld, the grade changes. Refused to the person, and to who interviewed or graded him.

    Raises Problem without an answer, or when an upheld objection brings no other grade.
    """
    fresh(appraisal)
    graders = set(appraisal.changes.values_list("by", flat=True)) | {appraisal.interview.interviewer_id}
    if by.person_id == appraisal.person_id or by.pk in graders:
        refuse(_("An appeal is decided by somebody who neither graded nor interviewed."))
    if not answer.strip():
        raise Problem(_("Answer the objection."), field="answer", code="empty")
    if upheld:
        put_grade(appraisal, grade, answer[:300], by)
    move(appraisal, Appraisal.State.FINAL)
    appeal: Appeal = appraisal.appeal
    appeal.decided_by, appeal.decided_at, appeal.upheld, appeal.answer = by, timezone.now(), upheld, answer.strip()
    appeal.save(update_fields=["decided_by", "decided_at", "upheld", "answer"])
    close_todos(kind=APPEAL_TODO, subject=about_appraisal(appraisal), by=by)
    return appeal


@action("performance.appraisal.close_round", title=_("Close an appraisal round"), unit=of_round, subject=about_round)
def close_round(*, round: Round, by: User) -> Round:
    """Make every result final. Raises Problem: interviews missing, appeals open, days for objections not over."""
    fresh_round(round)
    rows = round.appraisals
    if rows.filter(state__in=[Appraisal.State.SCORED, Appraisal.State.CALIBRATED]).exists():
        raise Problem(_("Interviews are missing. Hold them first."), code="interviews")
    if rows.filter(state=Appraisal.State.APPEALED).exists():
        raise Problem(_("Appeals are open. Decide them first."), code="appeals")
    recent = local_today() - timedelta(days=DAYS_TO_APPEAL)
    if rows.filter(state=Appraisal.State.INTERVIEWED, interview__held_on__gte=recent).exists():
        raise Problem(_("People may still confirm or object; wait ten days after the interview."), code="may_object")
    move_round(round, Round.State.CLOSED)
    final = rows.exclude(state=Appraisal.State.FINAL).update(state=Appraisal.State.FINAL)
    note_change(after={"state": round.state, "final": final})
    return round
