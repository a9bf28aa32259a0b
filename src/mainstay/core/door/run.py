"""How an act passes the door: right, scope, rank, second person, transaction, audit row, events."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import arguments, record, refusals, rights
from mainstay.core.door.context import current_request
from mainstay.core.door.errors import ApprovalFiled, Refused
from mainstay.core.door.spec import ActionSpec, WhenFourEyes, action_spec, register_action
from mainstay.core.door.together import Together, gathering, may_gather, subject_of
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.audit.models import Entry
    from mainstay.core.workflow.models import Approval
    from mainstay.kit.sqlkit.trips import Statement

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Act:
    """One act under way: who, where, how much, and what the audit row will say."""

    spec: ActionSpec
    by: User
    unit_id: int | None
    amount_fen: int | None
    subject: str
    approver: User | None = None
    before: Any = None
    after: Any = None
    reason: str = ""
    last: list[Statement] = field(default_factory=list)
    undo: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[Act | None] = ContextVar("mainstay_act", default=None)
_approved: ContextVar[Approval | None] = ContextVar("mainstay_approved", default=None)


def action(
    name: str,
    *,
    title: Any,
    unit: Callable[..., int | None] | None = None,
    owner: Callable[..., int | None] | None = None,
    amount: Callable[..., int] | None = None,
    subject: Callable[..., str] | None = None,
    four_eyes: WhenFourEyes = "never",
    everyone: bool = False,
    together: Together | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a keyword-only function with `by=` as the act `name` (see ActionSpec for the parameters).

    The declared function raises Refused (on record) or ApprovalFiled (nothing changed yet) besides its own Problems.
    Called inside another act it is part of that act: the outer right covers it, and its own audit row is still written.
    """

    def declare(function: Callable[P, R]) -> Callable[P, R]:
        spec = ActionSpec(name, title, function, unit, owner, amount, subject, four_eyes, everyone, together)
        register_action(spec)

        @functools.wraps(function)
        def through_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                raise TypeError(f"{name} takes keyword arguments only")
            result: R = _pass(spec, dict(kwargs))
            return result

        through_the_door.spec = spec  # type: ignore[attr-defined]
        return through_the_door

    return declare


def act_under_way() -> tuple[str, int] | None:
    """Name and actor's number of the act under way, for log lines; None outside of one."""
    act = _current.get()
    return (act.spec.name, act.by.pk) if act else None


def note_change(*, subject: str = "", before: Any = None, after: Any = None, reason: str = "") -> None:
    """Tell the audit row of the act under way what changed; JSON-able values, no personal data in clear."""
    act = _current.get()
    if act is None:
        raise RuntimeError("note_change is called inside an action")
    act.subject = subject or act.subject
    act.before = before if before is not None else act.before
    act.after = after if after is not None else act.after
    act.reason = reason or act.reason


def write_last(statements: Sequence[Statement]) -> None:
    """Let statements travel with the audit row of the act under way: one journey to the database less.

    They run when the act's function has returned, so nothing in it can see their effect; an act that reads what it
    wrote uses `round_trip`. Their failure undoes the act as ever.
    """
    act = _current.get()
    if act is None:
        raise RuntimeError("write_last is called inside an action")
    act.last += statements


def undo_with(undo: Callable[[], None]) -> None:
    """Undo something outside the database should the act under way, or the one it is part of, be undone.

    It is called when the transaction of that act has been rolled back, the latest first.
    """
    act = _current.get()
    if act is None:
        raise RuntimeError("undo_with is called inside an action")
    act.undo.append(undo)


def refuse(reason: Any) -> NoReturn:
    """Refuse the act under way for a reason its right alone does not tell; nothing of it stays but the record."""
    act = _current.get()
    if act is None:
        raise RuntimeError("refuse is called inside an action")
    raise Refused(act.spec.name, reason)


def run_approved(approval: Approval, approver: User) -> Any:
    """Run a filed act for its requester with `approver` as the second person (called by workflow.actions)."""
    spec = action_spec(approval.action)
    kwargs = {**arguments.from_json(approval.arguments), "by": approval.requested_by}
    approval.decided_by = approver
    approved, outer = _approved.set(approval), _current.set(None)  # the requester's right is looked at again
    try:
        return _pass(spec, kwargs)
    finally:
        _current.reset(outer)
        _approved.reset(approved)


def _pass(spec: ActionSpec, kwargs: dict[str, Any]) -> Any:
    by = kwargs["by"]
    facts = {key: value for key, value in kwargs.items() if key != "by"}
    act = Act(
        spec,
        by,
        spec.unit(**facts) if spec.unit else None,
        spec.amount(**facts) if spec.amount else None,
        spec.subject(**facts)[:80] if spec.subject else "",
        reason=str(facts.get("reason") or "")[:200],
    )
    outer = _current.get()
    if outer is None:
        refusals.flush()
        act.approver = _check(act, facts)
    else:
        act.approver = outer.approver
    token = _current.set(act)
    try:
        result = _run(act, kwargs)
    except BaseException as error:
        for undo in reversed(act.undo):
            undo()
        if outer is None and isinstance(error, Refused) and not error.recorded:
            _record_refusal(act, error)
        raise
    finally:
        _current.reset(token)
    if outer is not None:
        outer.undo += act.undo
    return result


def _run(act: Act, kwargs: dict[str, Any]) -> Any:
    if act.spec.together is not None and may_gather():
        made = gathering(act.spec.name, act.spec.together).join(kwargs, _facts(act, "done"))
        if made is not None:
            return made.result
    with transaction.atomic():
        result = act.spec.run(**kwargs)
        act.subject = act.subject or subject_of(result)
        record.write(_facts(act, "done"), act.last)
        return result


def _check(act: Act, facts: dict[str, Any]) -> User | None:
    """Return the approver when the act runs with one; raise Refused or ApprovalFiled otherwise unless it may run."""
    approval = _approved.get()
    if approval is not None and approval.action != act.spec.name:
        approval = None
    if act.spec.everyone:
        _check_everyone(act)
        return None
    owner_id = act.spec.owner(**facts) if act.spec.owner else None
    held = rights.reaching(act.by, act.spec.name, unit_id=act.unit_id, owner_id=owner_id)
    if not held:
        _refuse(act, _no_right(act))
    if approval is not None:
        return approval.decided_by
    over = act.amount_fen is not None and not any(
        one.limit_fen is None or abs(act.amount_fen) <= one.limit_fen for one in held
    )
    second = act.spec.needs_second(facts)
    if second == "always" or (over and second == "above_limit"):
        _file(act, facts)
    if over:
        limit = max(one.limit_fen or 0 for one in held)
        text = _("%(amount)s yuan is above your limit of %(limit)s yuan; ask your supervisor to do it.")
        _refuse(act, text % {"amount": yuan(abs(act.amount_fen or 0)), "limit": yuan(limit)})
    return None


def _check_everyone(act: Act) -> None:
    if not act.by.is_active:
        _refuse(act, _("This user is locked and can do nothing."))


def _no_right(act: Act) -> Any:
    if act.spec.name in rights.rights_of(act.by):
        return _("“%(title)s” is not in your hands for this unit.") % {"title": act.spec.title}
    return _("You have no right to “%(title)s”. Your security administrator can grant it.") % {"title": act.spec.title}


def _refuse(act: Act, reason: Any) -> NoReturn:
    refused = Refused(act.spec.name, reason)
    _record_refusal(act, refused)
    raise refused


def _record_refusal(act: Act, refused: Refused) -> None:
    act.reason = str(refused.reason)[:200]
    act.before = act.after = None
    refusals.record(_entry(act, "refused"))
    refused.recorded = True


def _file(act: Act, facts: dict[str, Any]) -> NoReturn:
    """Let the act wait for a second person. Who asks again for what waits already is led to that request.

    So a form sent twice, or a program that asks until it is answered, does not lead to two refunds when both requests
    are approved. Raises TypeError for arguments the act does not take: nobody could approve them later.
    """
    from mainstay.core.workflow.announce import announce
    from mainstay.core.workflow.models import Approval

    inspect.signature(act.spec.run).bind(**facts, by=act.by)
    what = {"action": act.spec.name, "subject": act.subject, "unit_id": act.unit_id, "requested_by": act.by}
    given = arguments.to_json(facts)
    with transaction.atomic():
        lock("approval.file", act.by.pk)
        for waiting in Approval.objects.filter(state=Approval.State.WAITING, **what):
            if arguments.same(waiting.arguments, given):
                raise ApprovalFiled(waiting)
        approval = Approval.objects.create(
            arguments=given, amount_fen=act.amount_fen, requested_at=timezone.now(), note=act.reason, **what
        )
        announce(approval)
        _entry(act, "filed").save(force_insert=True)
    raise ApprovalFiled(approval)


def _entry(act: Act, outcome: str) -> Entry:
    from mainstay.core.audit.models import Entry

    return Entry(**_facts(act, outcome))


def _facts(act: Act, outcome: str) -> dict[str, Any]:
    request = current_request()
    return {
        "at": timezone.now(),
        "action": act.spec.name,
        "outcome": outcome,
        "by_id": act.by.pk,
        "approver_id": act.approver.pk if act.approver else None,
        "unit_id": act.unit_id,
        "amount_fen": act.amount_fen,
        "subject": act.subject,
        "reason": act.reason[:200],
        "before": act.before,
        "after": act.after,
        "request_id": request.request_id,
        "ip": request.ip,
    }
