"""Amendments: one side asks with a reason, the other agrees, within the limit of the quarter."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User as Login
from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.actions.contracts import keep_version, side_of, subject_of
from mainstay.performance.plans.models import Amendment, Contract, Target, Terms
from mainstay.performance.plans.queries_content import content_of
from mainstay.performance.plans.rules import check_rule, digest_of
from mainstay.performance.plans.rules.amending import check_move
from mainstay.performance.plans.rules.shares import check_weights
from mainstay.performance.plans.states import AMENDMENT, CONTRACT

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "amendment"
FIELDS = ("target_e4", "threshold_e4", "challenge_e4", "weight_bp")
DEFAULT_LIMIT_BP = 1000


def quarter_of(day: date) -> str:
    """The quarter a day lies in: "2026Q4"."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def limit_on(day: date) -> int:
    """How far a target may be moved a quarter, in basis points: the terms in force on a day, 10 % without any."""
    found = Terms.objects.filter(from_on__lte=day).order_by("-from_on").values_list("amend_limit_bp", flat=True)
    first = found.first()
    return DEFAULT_LIMIT_BP if first is None else first


def _about(contract: Contract | None = None, amendment: Amendment | None = None, **_facts: Any) -> str:
    found = contract or (amendment.contract if amendment else None)
    return subject_of(found) if found else ""


@action("performance.plans.propose_amendment", title=_("Ask to amend a contract"), everyone=True, subject=_about)
def propose_amendment(*, contract: Contract, changes: list[dict[str, Any]], reason: str, by: User) -> Amendment:
    """Ask the other side to change signed targets: `changes` are {"target": id, "field", "after"}.

    `field` is one of target_e4, threshold_e4, challenge_e4 (1/10000 of the unit) and weight_bp. Raises Problem: not in
    force, no reason, nothing changed, above the quarter's limit, weights that do not sum to 100 %.
    """
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    side_of(contract, by)
    if not contract.is_in_force:
        raise Problem(_("Only a signed contract is amended; this one can still be changed freely."), code="not_signed")
    if not reason.strip():
        raise Problem(_("Say why the contract must be amended."), field="reason", code="no_reason")
    if contract.amendments.filter(state=Amendment.State.PROPOSED).exists():
        raise Problem(_("There is an amendment that waits for an answer already."), code="waiting")
    amendment = Amendment.objects.create(
        contract=contract, quarter=quarter_of(local_today()), reason=reason.strip()[:200],
        changes=_checked(contract, changes), proposed_by=by, proposed_at=timezone.now(),
    )  # fmt: skip
    _tell_other_side(amendment, by)
    note_change(after={"changes": amendment.changes}, reason=reason)
    return amendment


@action("performance.plans.agree_amendment", title=_("Agree to an amendment"), everyone=True, subject=_about)
def agree_amendment(*, amendment: Amendment, by: User) -> Contract:
    """The other side agrees: the targets change, the contract gets its next version with a new hash. Raises Problem."""
    contract = _lock_waiting(amendment, by, Amendment.State.AGREED)
    changes = [{key: one[key] for key in ("target", "field", "after")} for one in amendment.changes]
    if _checked(contract, changes) != amendment.changes:
        raise Problem(_("The targets have changed since this was asked for. Reject it and ask again."), code="changed")
    CONTRACT.require(contract.state, Contract.State.AMENDING)
    contract.state = Contract.State.AMENDING
    contract.save(update_fields=["state"])
    for target, fields in _by_target(contract, amendment.changes):
        for field, after in fields.items():
            setattr(target, field, after)
        target.save(update_fields=list(fields))
    _decide(amendment, Amendment.State.AGREED, by)
    contract.version += 1
    content = content_of(contract)
    contract.state, contract.digest = Contract.State.AMENDED, digest_of(content)
    contract.save(update_fields=["state", "digest", "version"])
    keep_version(contract, content, reason=amendment.reason)
    note_change(after={"version": contract.version, "digest": contract.digest}, reason=amendment.reason)
    return contract


@action("performance.plans.reject_amendment", title=_("Reject an amendment"), everyone=True, subject=_about)
def reject_amendment(*, amendment: Amendment, reason: str, by: User) -> Amendment:
    """The other side says no: nothing changes. Raises Problem."""
    _lock_waiting(amendment, by, Amendment.State.REJECTED)
    _decide(amendment, Amendment.State.REJECTED, by)
    note_change(after={"state": "rejected"}, reason=reason)
    return amendment


def _lock_waiting(amendment: Amendment, by: User, to: str) -> Contract:
    lock("plans.contract", amendment.contract_id)
    amendment.refresh_from_db()
    contract = Contract.objects.get(pk=amendment.contract_id)
    AMENDMENT.require(amendment.state, to)
    side_of(contract, by)
    if amendment.proposed_by_id == by.pk:
        refuse(_("The other side must answer this."))
    return contract


def _decide(amendment: Amendment, state: str, by: User) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, by, timezone.now()
    amendment.save(update_fields=["state", "decided_by", "decided_at"])
    close_todos(kind=TODO_KIND, subject=f"plans.amendment:{amendment.pk}", by=by)


def _checked(contract: Contract, changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes with what each value was and how far it moves, once all of them are allowed."""
    targets = {target.pk: target for target in contract.targets.select_related("indicator")}
    limit, used = limit_on(local_today()), _used(contract)
    checked = []
    for change in changes:
        target, field = targets.get(change["target"]), change["field"]
        if target is None or field not in FIELDS:
            raise Problem(_("This is no value of the contract's targets."), field="target", code="unknown")
        before, after = getattr(target, field), change["after"]
        if before == after:
            continue
        if before is None or after is None:
            raise Problem(_("A value that was agreed is changed, neither added nor taken out."), code="added")
        # A weight moves by percentage points of the whole contract, a value by per cent of itself.
        low, high = (10_000, 10_000 + after - before) if field == "weight_bp" else (before, after)
        moved = check_move(low, high, used[target.pk, field], limit, str(target.indicator))
        checked.append({"target": target.pk, "field": field, "before": before, "after": after, "moved_bp": moved})
        setattr(target, field, after)
    if not checked:
        raise Problem(_("Nothing would change."), code="nothing")
    check_weights(target.weight_bp for target in targets.values())
    for target in targets.values():
        check_rule(target.rule, target.values)
    return checked


def _used(contract: Contract) -> dict[tuple[int, str], list[int]]:
    used: dict[tuple[int, str], list[int]] = defaultdict(list)
    agreed = contract.amendments.filter(state=Amendment.State.AGREED, quarter=quarter_of(local_today()))
    for changes in agreed.values_list("changes", flat=True):
        for one in changes:
            used[one["target"], one["field"]].append(one["moved_bp"])
    return used


def _by_target(contract: Contract, changes: list[dict[str, Any]]) -> list[tuple[Target, dict[str, int]]]:
    grouped: dict[int, dict[str, int]] = defaultdict(dict)
    for one in changes:
        grouped[one["target"]][one["field"]] = one["after"]
    return [(target, grouped[target.pk]) for target in contract.targets.filter(pk__in=grouped)]


def _tell_other_side(amendment: Amendment, by: User) -> None:
    contract = amendment.contract
    other = contract.person_id if by.person_id == contract.party_a_id else contract.party_a_id
    for user in Login.objects.filter(person=other, is_active=True):
        open_todo(
            kind=TODO_KIND,
            subject=f"plans.amendment:{amendment.pk}",
            title_zh=f"答复合约变更 {contract.number}",
            title_en=f"Answer the amendment of contract {contract.number}",
            url=reverse("plans:contract_detail", args=[contract.pk]),
            user=user,
        )
