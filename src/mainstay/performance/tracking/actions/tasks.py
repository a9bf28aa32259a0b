"""Actions and work plans: opened, finished by the owner, checked by another."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.tracking.models import Action, WorkPlan
from mainstay.performance.tracking.states import TASK, WORK_PLAN

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.evidence.models import Attachment
    from mainstay.core.organisation.models import Person, Unit
    from mainstay.performance.plans.models import Period, Target
    from mainstay.performance.tracking.models import RolloutGoal, Session

TODO_KIND = "action"


def _unit(task: Action | None = None, unit: Unit | None = None, plan: WorkPlan | None = None, **_f: Any) -> int | None:
    if task is not None:
        return task.unit_id
    return plan.unit_id if plan else unit.pk if unit else None


def _user_id(person: Person) -> int | None:
    user = getattr(person, "user", None)
    return user.pk if user else None


def _about(task: Action, **_facts: Any) -> str:
    return subject_of(task)


def subject_of(task: Action) -> str:
    """The subject under which audit rows and to-dos of an action are found."""
    return f"tracking.action:{task.pk}"


@action("performance.tracking.create_action", title=_("Open an action"), unit=_unit)
def create_action(
    *,
    title: str,
    result: str,
    unit: Unit,
    owner: Person,
    checker: Person,
    due_on: date,
    kind: str = Action.Kind.MEASURE,
    steps: str = "",
    target: Target | None = None,
    work_plan: WorkPlan | None = None,
    session: Session | None = None,
    goal: RolloutGoal | None = None,
    by: User,
) -> Action:
    """Open an action: one owner, a checker who is somebody else, a day. The owner gets a to-do. Raises Problem."""
    if owner.pk == checker.pk:
        raise Problem(_("The checker must be somebody else than the owner."), field="checker", code="own_checker")
    if not title.strip() or not result.strip():
        raise Problem(_("Say what is done and which result is promised."), field="title", code="empty")
    task = Action.objects.create(
        title=title.strip(), result=result.strip(), steps=steps.strip(), unit=unit, owner=owner, checker=checker,
        due_on=due_on, kind=kind, target=target, work_plan=work_plan, session=session, goal=goal, opened_by=by,
        opened_at=timezone.now(),
    )  # fmt: skip
    _ask(task, owner, zh="完成行动措施", en="Finish the action")
    note_change(after={"owner": owner.staff_no, "checker": checker.staff_no, "due_on": due_on.isoformat()})
    return task


def _ask(task: Action, person: Person, *, zh: str, en: str) -> None:
    user = getattr(person, "user", None)
    if user is not None:
        open_todo(
            kind=TODO_KIND,
            subject=subject_of(task),
            title_zh=f"{zh}：{task.title}",
            title_en=f"{en}: {task.title}",
            url=reverse("tracking:action_detail", args=[task.pk]),
            user=user,
            due_at=timezone.make_aware(datetime.combine(task.due_on, time(23, 59))),
        )


@action(
    "performance.tracking.finish_action",
    title=_("Report an action as done"),
    unit=_unit,
    owner=lambda task, **_facts: _user_id(task.owner),
    subject=_about,
)
def finish_action(*, task: Action, outcome: str, evidence: Attachment | None = None, by: User) -> Action:
    """Say what came of an action; the checker gets a to-do. Raises Problem."""
    _to(task, Action.State.DONE, by)
    if not outcome.strip():
        raise Problem(_("Say what came of it."), field="outcome", code="empty")
    task.outcome, task.evidence, task.done_at = outcome.strip()[:300], evidence, timezone.now()
    task.save()
    _ask(task, task.checker, zh="检查行动措施", en="Check the action")
    return task


@action(
    "performance.tracking.check_action",
    title=_("Check an action that is done"),
    unit=_unit,
    owner=lambda task, **_facts: _user_id(task.checker),
    subject=_about,
)
def check_action(*, task: Action, good: bool, verdict: str = "", by: User) -> Action:
    """Accept what was done, or give it back with a reason. Never by the owner. Raises Problem."""
    if by.person_id == task.owner_id:
        raise Problem(_("Nobody checks the own action."), code="own_action")
    if not good and not verdict.strip():
        raise Problem(_("Say what is missing."), field="verdict", code="no_reason")
    _to(task, Action.State.VERIFIED if good else Action.State.OPEN, by)
    task.verdict, task.checked_at = verdict.strip()[:300], timezone.now()
    task.save()
    if not good:
        _ask(task, task.owner, zh="补做行动措施", en="Complete the action")
    return task


@action("performance.tracking.fail_action", title=_("Give an action up as failed"), unit=_unit, subject=_about)
def fail_action(*, task: Action, reason: str, by: User) -> Action:
    """Note that an action will not bring its result, with the reason. Raises Problem."""
    if not reason.strip():
        raise Problem(_("Say why it failed: the next one learns from it."), field="reason", code="no_reason")
    _to(task, Action.State.FAILED, by)
    task.verdict, task.checked_at = reason.strip()[:300], timezone.now()
    task.save()
    return task


def _to(task: Action, state: str, by: User) -> None:
    lock("tracking.action", task.pk)
    task.refresh_from_db()
    TASK.require(task.state, state)
    note_change(before={"state": task.state}, after={"state": state})
    close_todos(kind=TODO_KIND, subject=subject_of(task), by=by)
    task.state = state


@action("performance.tracking.write_work_plan", title=_("Write a work plan"), unit=_unit)
def write_work_plan(*, unit: Unit, period: Period, summary: str, by: User) -> WorkPlan:
    """Write or rewrite a department's work plan of a period; an approved one goes back to draft. Raises Problem."""
    if not summary.strip():
        raise Problem(_("Say what matters in this period."), field="summary", code="empty")
    plan = WorkPlan.objects.filter(unit=unit, period=period).first() or WorkPlan(unit=unit, period=period)
    plan.summary, plan.state, plan.written_by, plan.approved_by = summary.strip(), WorkPlan.State.DRAFT, by, None
    plan.save()
    note_change(after={"unit": unit.code, "period": period.code})
    return plan


@action("performance.tracking.approve_work_plan", title=_("Approve a work plan"), unit=_unit)
def approve_work_plan(*, plan: WorkPlan, by: User) -> WorkPlan:
    """Approve a work plan that somebody else wrote, once it has actions. Raises Problem."""
    WORK_PLAN.require(plan.state, WorkPlan.State.APPROVED)
    if plan.written_by_id == by.pk:
        raise Problem(_("Somebody else must approve the plan."), code="own_plan")
    if not plan.actions.exists():
        raise Problem(_("A work plan needs at least one action with owner and day."), code="empty")
    plan.state, plan.approved_by = WorkPlan.State.APPROVED, by
    plan.save(update_fields=["state", "approved_by"])
    note_change(after={"state": "approved"})
    return plan
