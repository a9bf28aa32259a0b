"""A description on its way: to the incumbents, back, into force."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.publications.actions import edit_publication, publish
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.posts.actions.descriptions import subject_of
from mainstay.performance.posts.batch import STALE_TODO
from mainstay.performance.posts.models import Consultation, PostDescription
from mainstay.performance.posts.queries import bases, incumbents, paper_text
from mainstay.performance.posts.rules import duties_problem
from mainstay.performance.posts.states import DESCRIPTION

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "post_description"
DAYS_TO_ANSWER, DAYS_TO_READ = 7, 14


def _unit(description: PostDescription, **_facts: Any) -> int:
    return int(description.post.unit_id)


def _about(description: PostDescription, **_facts: Any) -> str:
    return subject_of(description)


def _to(description: PostDescription, state: str) -> None:
    lock("posts.description", description.post_id)
    description.refresh_from_db()
    DESCRIPTION.require(description.state, state)
    note_change(before={"state": description.state}, after={"state": state})
    description.state = state


@action("performance.posts.consult_description", title=_("Consult the incumbents"), unit=_unit, subject=_about)
def consult_description(*, description: PostDescription, answer_by: date | None = None, by: User) -> PostDescription:
    """Send a draft to the holders of the post. Problem: duties are not whole, purpose missing, day over."""
    _to(description, PostDescription.State.CONSULTED)
    if problem := duties_problem(list(description.duties.values_list("weight_bp", flat=True))):
        raise Problem(problem, code="duties")
    if not description.purpose:
        raise Problem(_("Write the purpose of the post first."), field="purpose", code="purpose")
    until = answer_by or local_today() + timedelta(days=DAYS_TO_ANSWER)
    if until < local_today():
        raise Problem(_("The day for answers is over. Choose a later one."), field="answer_by", code="past")
    description.round += 1
    description.answer_by = until
    description.save(update_fields=["state", "round", "answer_by"])
    for person in incumbents(description.post, local_today()).select_related("user"):
        user = getattr(person, "user", None)
        if user is not None:
            open_todo(
                kind=TODO_KIND,
                subject=subject_of(description),
                title_zh=f"对职务说明书提意见：{description.post.name_zh}",
                title_en=f"Comment on the job description: {description.post.name_en or description.post.name_zh}",
                url=reverse("posts:description_detail", args=[description.pk]),
                user=user,
                due_at=timezone.make_aware(datetime.combine(until, time(18))),
            )
    return description


@action("performance.posts.answer_consultation", title=_("Answer a consultation"), everyone=True, subject=_about)
def answer_consultation(*, description: PostDescription, agrees: bool, comment: str = "", by: User) -> Consultation:
    """Agree with a draft of one's own post, or object with words. Kept as given; once a round."""
    if not by.person_id or not incumbents(description.post, local_today()).filter(pk=by.person_id).exists():
        refuse(_("You do not hold this post."))
    lock("posts.description", description.post_id)
    description.refresh_from_db()
    if description.state != PostDescription.State.CONSULTED:
        raise Problem(_("This description is not in consultation."), code="not_consulted")
    if not agrees and not comment.strip():
        raise Problem(_("Say what should be different."), field="comment", code="no_comment")
    if description.consultations.filter(round=description.round, person=by.person_id).exists():
        raise Problem(_("You have answered already; answers are kept as given."), code="answered")
    given = Consultation.objects.create(
        description=description,
        round=description.round,
        person=by.person,  # type: ignore[misc]  # checked above
        agrees=agrees,
        comment=comment.strip(),
        at=timezone.now(),
    )
    mine = Todo.objects.filter(kind=TODO_KIND, subject=subject_of(description), user=by, done_at=None)
    mine.update(done_at=given.at, done_by=by)
    note_change(after={"round": description.round, "agrees": agrees})
    return given


@action("performance.posts.revise_description", title=_("Revise a job description"), unit=_unit, subject=_about)
def revise_description(*, description: PostDescription, reason: str, by: User) -> PostDescription:
    """Take a description back from consultation; the answers stay, a new round follows."""
    _to(description, PostDescription.State.DRAFT)
    description.save(update_fields=["state"])
    close_todos(kind=TODO_KIND, subject=subject_of(description), by=by)
    note_change(reason=reason)
    return description


@action("performance.posts.approve_description", title=_("Approve a job description"), unit=_unit, subject=_about)
def approve_description(*, description: PostDescription, reply: str = "", by: User) -> PostDescription:
    """Put a description into force: it is published to its unit, the version before is superseded.

    Problem: incumbents may still answer, an objection has no reply; refused to the one who wrote it.
    """
    _to(description, PostDescription.State.APPROVED)
    if description.owner_id == by.pk:
        refuse(_("A second person approves what you wrote."))
    _all_heard(description, reply)
    today = local_today()
    description.post.descriptions.filter(state=PostDescription.State.APPROVED).update(
        state=PostDescription.State.SUPERSEDED
    )
    description.basis = bases([description.post_id])[description.post_id].as_json()
    description.approved_by, description.approved_on, description.reply = by, today, reply.strip()
    post = description.post
    text = edit_publication(
        code=f"JD-{post.code}",
        title_zh=f"职务说明书：{post.name_zh}",
        title_en=f"Job description: {post.name_en or post.name_zh}",
        body=paper_text(description),
        unit=post.unit,
        kind="duty",
        acknowledge_by=today + timedelta(days=DAYS_TO_READ),
        by=by,
    )
    description.publication = publish(publication=text, by=by)
    description.save(update_fields=["state", "basis", "approved_by", "approved_on", "reply", "publication"])
    for older in post.descriptions.all():
        close_todos(kind=STALE_TODO, subject=subject_of(older), by=by)
    close_todos(kind=TODO_KIND, subject=subject_of(description), by=by)
    return description


def _all_heard(description: PostDescription, reply: str) -> None:
    answered = description.consultations.filter(round=description.round)
    waiting = incumbents(description.post, local_today()).exclude(pk__in=answered.values("person"))
    if description.answer_by and description.answer_by >= local_today() and waiting.exists():
        names = ", ".join(str(one) for one in waiting[:6])
        text = _("These incumbents may still answer until %(day)s: %(names)s.")
        raise Problem(text % {"day": description.answer_by, "names": names}, code="waiting")
    if answered.filter(agrees=False).exists() and not reply.strip():
        raise Problem(_("There are objections. Reply to them before you approve."), field="reply", code="reply")
