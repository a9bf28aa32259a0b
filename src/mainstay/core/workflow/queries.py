"""Which approvals a user may decide, and which are his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from mainstay.core.door import rights
from mainstay.core.door.arguments import from_json
from mainstay.core.door.spec import action_spec
from mainstay.core.todos.queries import waiting_for
from mainstay.core.workflow.models import Approval

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "approval"


def visible_to(user: User) -> QuerySet[Approval]:
    """Return the approvals a user sees: his own requests, those he may decide, and those his units' acts asked for."""
    match = Q(requested_by=user.pk) | Q(decided_by=user.pk)
    for unit_ids, _limit_fen, names in rights.by_reach(user):
        reached = Q(action__in=names)
        match |= reached if unit_ids is None else reached & Q(unit_id__in=unit_ids)
    return Approval.objects.filter(match)


def may_decide(user: User, approval: Approval) -> bool:
    """Tell whether a user may decide: the same right, reaching the act, with a sufficient limit, and not his own."""
    if user.pk == approval.requested_by_id or not user.is_active:
        return False
    held = rights.reaching(user, approval.action, unit_id=approval.unit_id, owner_id=None)
    amount = None if approval.amount_fen is None else abs(approval.amount_fen)
    return any(one.limit_fen is None or amount is None or amount <= one.limit_fen for one in held)


def arguments_shown(approval: Approval) -> list[tuple[str, str]]:
    """Return what the act was asked to do as (name, value) texts; rows are shown by their own names."""
    shown = []
    for name, value in from_json(approval.arguments).items():
        text = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
        shown.append((name, text if value is not None else "–"))
    return shown


def title_of(approval: Approval) -> str:
    """Return the translated title of the act that waits."""
    try:
        return str(action_spec(approval.action).title)
    except KeyError:
        return approval.action


def waiting_for_decision(user: User) -> int:
    """Return how many requests wait for this user, counted to a hundred."""
    return waiting_for(user).filter(kind=TODO_KIND).order_by()[:100].count()
