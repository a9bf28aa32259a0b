"""Deciding what waits for a second person, and joint signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.door.run import run_approved
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.core.workflow.announce import subject_of
from mainstay.core.workflow.models import Approval, Signoff
from mainstay.core.workflow.queries import TODO_KIND, may_decide, title_of
from mainstay.core.workflow.states import APPROVAL
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def _approval_subject(approval: Approval, **_facts: Any) -> str:
    return subject_of(approval)


@action("core.workflow.approve", title=_("Approve a request"), everyone=True, subject=_approval_subject)
def approve(*, approval: Approval, note: str = "", by: User) -> Any:
    """Run the act that waits, in the name of the one who asked, with `by` as the second person; returns its result.

    Open to everybody who could have done the act alone: the same right, reaching it, within his limit, and not the one
    who asked. When the act itself raises a Problem nothing is changed and the request goes on waiting.
    """
    waiting = _claim(approval, Approval.State.APPROVED)
    if not may_decide(by, waiting):
        refuse(_("You cannot decide this: it needs the same right, within your limit, and another person."))
    result = run_approved(waiting, by)
    _decide(waiting, Approval.State.APPROVED, note, by)
    if isinstance(result, Model):
        waiting.result = f"{result._meta.label_lower}:{result.pk}"[:80]
        waiting.save(update_fields=["result"])
    return result


@action("core.workflow.reject", title=_("Reject a request"), everyone=True, subject=_approval_subject)
def reject(*, approval: Approval, note: str, by: User) -> Approval:
    """Turn a request down with a reason; the one who asked is told."""
    waiting = _claim(approval, Approval.State.REJECTED)
    if not may_decide(by, waiting):
        refuse(_("You cannot decide this: it needs the same right, within your limit, and another person."))
    if not note.strip():
        raise Problem(_("Say why, so that the other person knows what to change."), field="note", code="no_reason")
    _decide(waiting, Approval.State.REJECTED, note, by)
    return waiting


@action("core.workflow.withdraw", title=_("Withdraw one's request"), everyone=True, subject=_approval_subject)
def withdraw(*, approval: Approval, by: User) -> Approval:
    """Take back one's own request while it waits."""
    waiting = _claim(approval, Approval.State.WITHDRAWN)
    if waiting.requested_by_id != by.pk:
        refuse(_("Only the person who asked can withdraw this."))
    _decide(waiting, Approval.State.WITHDRAWN, "", by)
    return waiting


def _claim(approval: Approval, target: str) -> Approval:
    """Lock the request and make sure it still waits: two people deciding at once decide once."""
    lock("approval", approval.pk)
    waiting = Approval.objects.select_related("requested_by__person").get(pk=approval.pk)
    if waiting.state != Approval.State.WAITING:
        text = _("This request is decided already: %(state)s.") % {"state": waiting.get_state_display()}
        raise Problem(text, code="decided")
    APPROVAL.require(waiting.state, target)
    return waiting


def _decide(approval: Approval, state: str, note: str, by: User) -> None:
    approval.state, approval.decided_by, approval.decided_at = state, by, timezone.now()
    approval.note = (note or approval.note)[:200]
    approval.save(update_fields=["state", "decided_by", "decided_at", "note"])
    note_change(before={"state": "waiting"}, after={"state": state, "action": approval.action}, reason=note)
    close_todos(kind=TODO_KIND, subject=subject_of(approval), by=by)
    if state == Approval.State.REJECTED:
        _tell_requester(approval)


def _tell_requester(approval: Approval) -> None:
    from django.urls import reverse
    from django.utils.translation import gettext, override

    texts = {}
    for language in ("zh-hans", "en"):
        with override(language):
            what = {"title": title_of(approval), "note": approval.note}
            texts[language] = gettext("Rejected: %(title)s – %(note)s") % what
    open_todo(
        kind="approval_rejected",
        subject=subject_of(approval),
        title_zh=texts["zh-hans"],
        title_en=texts["en"],
        url=reverse("workflow:approval_detail", args=[approval.pk]),
        user=approval.requested_by,
    )


def request_signoffs(*, subject: str, seats: Sequence[str]) -> list[Signoff]:
    """Open the seats of a joint signature (会签) for a subject; called by the act that issues the paper.

    Seats that exist stay as they are.
    """
    for seat in seats:
        Signoff.objects.get_or_create(subject=subject, seat=seat)
    return list(Signoff.objects.filter(subject=subject).order_by("pk"))


def sign_seat(*, subject: str, seat: str, by: User) -> Signoff:
    """Sign one seat; called by an act that knows who may sit there. Raises Problem for a seat or person used twice."""
    lock(f"signoff:{subject}", 0)
    signoff = Signoff.objects.filter(subject=subject, seat=seat).first()
    if signoff is None:
        raise Problem(_("This paper has no such seat."), field="seat", code="no_seat")
    if signoff.signed_by_id is not None:
        raise Problem(_("This seat is signed already."), field="seat", code="seat_taken")
    if Signoff.objects.filter(subject=subject, signed_by=by).exists():
        raise Problem(_("You have signed this paper already; nobody signs twice."), code="signed_twice")
    signoff.signed_by, signoff.signed_at = by, timezone.now()
    signoff.save(update_fields=["signed_by", "signed_at"])
    return signoff


def require_signed(*, subject: str) -> None:
    """Raise Problem unless every seat is signed: nothing is issued before the last signature."""
    open_seats = list(Signoff.objects.filter(subject=subject, signed_by=None).values_list("seat", flat=True))
    if open_seats or not Signoff.objects.filter(subject=subject).exists():
        text = _("Signatures are still missing: %(seats)s") % {"seats": "、".join(open_seats) or "–"}
        raise Problem(text, code="not_signed")
