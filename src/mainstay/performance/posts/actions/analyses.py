"""Job analyses: begun with participants, answered by them, finished with findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.posts.models import AnalysisAnswer, JobAnalysis
from mainstay.performance.posts.states import ANALYSIS

if TYPE_CHECKING:
    from datetime import date

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person, Post

TODO_KIND = "job_analysis"


def subject_of(analysis: JobAnalysis) -> str:
    """The subject of audit rows and to-dos."""
    return f"posts.jobanalysis:{analysis.pk}"


def _unit(analysis: JobAnalysis, **_facts: Any) -> int:
    return int(analysis.post.unit_id)


@action("performance.posts.start_analysis", title=_("Start a job analysis"), unit=lambda post, **_facts: post.unit_id)
def start_analysis(
    *, post: Post, method: str, participants: Sequence[Person], question: str = "", due_on: date | None = None, by: User
) -> JobAnalysis:
    """Begin to study a post by a method; each participant is asked to answer. Problem without a participant."""
    if not participants:
        raise Problem(_("Choose at least one participant: those who do the work are heard."), field="participants")
    analysis = JobAnalysis.objects.create(
        post=post, method=method, question=question.strip(), started_by=by, started_on=local_today()
    )
    AnalysisAnswer.objects.bulk_create(AnalysisAnswer(analysis=analysis, person=one) for one in participants)
    due = timezone.make_aware(datetime.combine(due_on, time(18))) if due_on else None
    for person in participants:
        user = getattr(person, "user", None)
        if user is not None:
            open_todo(
                kind=TODO_KIND,
                subject=subject_of(analysis),
                title_zh=f"回答岗位分析：{post.name_zh}",
                title_en=f"Answer the job analysis: {post.name_en or post.name_zh}",
                url=reverse("posts:analysis_detail", args=[analysis.pk]),
                user=user,
                due_at=due,
            )
    note_change(after={"post": post.code, "method": method, "participants": len(participants)})
    return analysis


@action(
    "performance.posts.answer_analysis",
    title=_("Answer a job analysis"),
    everyone=True,
    subject=lambda analysis, **_facts: subject_of(analysis),
)
def answer_analysis(*, analysis: JobAnalysis, text: str, by: User) -> AnalysisAnswer:
    """Give one's answer; it is kept as given. Refused to people who were not asked."""
    mine = AnalysisAnswer.objects.filter(analysis=analysis, person=by.person_id).first()
    if mine is None:
        refuse(_("You were not asked in this analysis."))
    if analysis.state != JobAnalysis.State.OPEN:
        raise Problem(_("This analysis is finished. Tell its owner what is missing."), code="finished")
    if mine.at is not None:
        raise Problem(_("You have answered already; answers are kept as given."), code="answered")
    if not text.strip():
        raise Problem(_("Write what you do."), field="text", code="empty")
    mine.text, mine.at = text.strip(), timezone.now()
    mine.save(update_fields=["text", "at"])
    Todo.objects.filter(kind=TODO_KIND, subject=subject_of(analysis), user=by, done_at=None).update(
        done_at=mine.at, done_by=by
    )
    note_change(after={"answered": True})
    return mine


@action(
    "performance.posts.finish_analysis",
    title=_("Finish a job analysis"),
    unit=_unit,
    subject=lambda analysis, **_facts: subject_of(analysis),
)
def finish_analysis(*, analysis: JobAnalysis, findings: str, by: User) -> JobAnalysis:
    """Write down what was found. Problem without findings, or when nobody has answered."""
    lock("posts.analysis", analysis.pk)
    analysis.refresh_from_db()
    ANALYSIS.require(analysis.state, JobAnalysis.State.FINISHED)
    if not findings.strip():
        raise Problem(_("Write what was found."), field="findings", code="empty")
    if not analysis.answers.exclude(at=None).exists():
        raise Problem(_("Nobody has answered yet. Wait for an answer, or remind the participants."), code="no_answers")
    analysis.state, analysis.findings, analysis.finished_on = (
        JobAnalysis.State.FINISHED,
        findings.strip(),
        local_today(),
    )
    analysis.save(update_fields=["state", "findings", "finished_on"])
    close_todos(kind=TODO_KIND, subject=subject_of(analysis), by=by)
    note_change(after={"state": "finished"})
    return analysis
