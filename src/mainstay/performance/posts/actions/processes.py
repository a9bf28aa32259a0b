"""Work processes: drafted step by step, approved by a second person, published, superseded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.publications.actions import edit_publication, publish
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.posts.batch import tell_owners
from mainstay.performance.posts.models import ProcessStep, WorkProcess
from mainstay.performance.posts.rules import steps_problem
from mainstay.performance.posts.states import PROCESS

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Post, Unit


def _of_process(process: WorkProcess, **_facts: Any) -> int:
    return int(process.unit_id)


def _of_step(step: ProcessStep, **_facts: Any) -> int:
    return int(step.process.unit_id)


def subject_of(process: WorkProcess) -> str:
    """The subject of audit rows."""
    return f"posts.workprocess:{process.pk}"


def _about(process: WorkProcess, **_facts: Any) -> str:
    return subject_of(process)


@action("performance.posts.draft_process", title=_("Draft a work process"), unit=lambda unit, **_facts: unit.pk)
def draft_process(
    *, code: str, name_zh: str, unit: Unit, name_en: str = "", purpose: str = "", by: User
) -> WorkProcess:
    """Begin a process, or the next version of the one with this code, steps copied. Problem: a draft is there."""
    code = code.strip().upper()
    lock(f"posts.process:{code}", 0)
    versions = WorkProcess.objects.filter(code=code)
    if versions.filter(state__in=["draft", "approved"]).exists():
        raise Problem(_("There is a draft of this process already. Go on with that one."), field="code", code="draft")
    old = versions.filter(state=WorkProcess.State.PUBLISHED).first()
    if old and old.unit_id != unit.pk:
        raise Problem(_("This code belongs to a process of another unit. Choose another."), field="code", code="taken")
    last = versions.aggregate(n=Max("version"))["n"] or 0
    new = WorkProcess.objects.create(
        code=code, version=last + 1, name_zh=name_zh.strip(), name_en=name_en.strip(), unit=unit,
        purpose=purpose.strip(), written_by=by,
    )  # fmt: skip
    for step in old.steps.all() if old else ():
        step.pk, step.process = None, new
        step.save(force_insert=True)
    note_change(after={"code": code, "version": new.version})
    return new


def _open(process: WorkProcess) -> WorkProcess:
    lock(f"posts.process:{process.code}", 0)
    process.refresh_from_db()
    if process.state != WorkProcess.State.DRAFT:
        raise Problem(_("This version is no draft any more. Draft the next version."), code="not_draft")
    return process


@action("performance.posts.edit_process", title=_("Edit a work process"), unit=_of_process, subject=_about)
def edit_process(*, process: WorkProcess, name_zh: str, name_en: str = "", purpose: str = "", by: User) -> WorkProcess:
    """Change name and purpose of a draft."""
    _open(process)
    process.name_zh, process.name_en, process.purpose = name_zh.strip(), name_en.strip(), purpose.strip()
    process.save(update_fields=["name_zh", "name_en", "purpose"])
    note_change(after={"name": process.name_zh})
    return process


@action("performance.posts.save_step", title=_("Write a step of a process"), unit=_of_process, subject=_about)
def save_step(
    *,
    process: WorkProcess,
    name_zh: str,
    post: Post | None = None,
    outside: str = "",
    name_en: str = "",
    input: str = "",  # the field's name in the trade
    output: str = "",
    form: str = "",
    limit_hours: int | None = None,
    next_to: Sequence[dict[str, Any]] = (),
    step: ProcessStep | None = None,
    by: User,
) -> ProcessStep:
    """Add a step to a draft or change one. Problem unless exactly one of post and outside is given."""
    _open(process)
    if (post is None) == (not outside.strip()):
        raise Problem(_("Choose the post that does this step, or say who does it outside the company."), field="post")
    if step is None:
        last = process.steps.aggregate(n=Max("position"))["n"] or 0
        step = ProcessStep(process=process, position=last + 1)
    step.name_zh, step.name_en, step.post, step.outside = name_zh.strip(), name_en.strip(), post, outside.strip()
    step.input, step.output, step.form = input.strip(), output.strip(), form.strip()
    step.limit_hours, step.next_to = limit_hours, list(next_to)
    step.save()
    note_change(after={"step": step.position, "post": post.code if post else None})
    return step


@action("performance.posts.remove_step", title=_("Remove a step of a process"), unit=_of_step)
def remove_step(*, step: ProcessStep, by: User) -> WorkProcess:
    """Take a step out of a draft; later ones move up, and ways lead where they led before."""
    process, gone = _open(step.process), step.position
    note_change(subject=subject_of(process), before={"step": gone, "name": step.name_zh})
    step.delete()
    for row in process.steps.order_by("position"):
        row.position -= row.position > gone
        ways = [way for way in row.next_to if way["to"] != gone]
        row.next_to = [{**way, "to": way["to"] - (way["to"] > gone)} for way in ways]
        row.save(update_fields=["position", "next_to"])
    return process


@action("performance.posts.approve_process", title=_("Approve a work process"), unit=_of_process, subject=_about)
def approve_process(*, process: WorkProcess, by: User) -> WorkProcess:
    """Agree to a draft as a second person. Problem: no steps, or a way that leads nowhere."""
    _to(process, WorkProcess.State.APPROVED)
    if process.written_by_id == by.pk:
        refuse(_("A second person approves what you wrote."))
    steps = list(process.steps.all())
    ways = {one.position: [way["to"] for way in one.next_to] for one in steps}
    if problem := steps_problem([one.position for one in steps], ways):
        raise Problem(problem, code="steps")
    process.approved_by = by
    process.save(update_fields=["state", "approved_by"])
    return process


@action(
    "performance.posts.reopen_process", title=_("Take a work process back to draft"), unit=_of_process, subject=_about
)
def reopen_process(*, process: WorkProcess, reason: str, by: User) -> WorkProcess:
    """Change once more what is approved and not yet published."""
    _to(process, WorkProcess.State.DRAFT)
    process.approved_by = None
    process.save(update_fields=["state", "approved_by"])
    note_change(reason=reason)
    return process


@action("performance.posts.publish_process", title=_("Publish a work process"), unit=_of_process, subject=_about)
def publish_process(*, process: WorkProcess, by: User) -> WorkProcess:
    """Put a process into force; descriptions of the posts in it and in the version before turn stale."""
    _to(process, WorkProcess.State.PUBLISHED)
    older = WorkProcess.objects.filter(code=process.code, state=WorkProcess.State.PUBLISHED)
    touched = set(ProcessStep.objects.filter(process__in=older, post__isnull=False).values_list("post", flat=True))
    older.update(state=WorkProcess.State.SUPERSEDED)
    steps = list(process.steps.select_related("post"))
    touched |= {one.post_id for one in steps if one.post_id}
    text = edit_publication(
        code=f"WP-{process.code}",
        title_zh=f"工作流程：{process.name_zh}",
        title_en=f"Work process: {process.name_en or process.name_zh}",
        body="\n\n".join([process.purpose, *(f"## {one.position}. {one.name_zh}\n\n{one.lane}" for one in steps)]),
        unit=process.unit,
        kind="rule",
        by=by,
    )
    process.publication = publish(publication=text, by=by)
    process.save(update_fields=["state", "publication"])
    tell_owners(touched)
    return process


def _to(process: WorkProcess, state: str) -> None:
    lock(f"posts.process:{process.code}", 0)
    process.refresh_from_db()
    PROCESS.require(process.state, state)
    note_change(before={"state": process.state}, after={"state": state})
    process.state = state
