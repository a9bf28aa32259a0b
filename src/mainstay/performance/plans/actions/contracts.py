"""Contracts: drafted, negotiated, signed by both sides, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User as Login
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.models import Contract, ContractVersion, Target
from mainstay.performance.plans.queries_content import content_of
from mainstay.performance.plans.rules import Values, check_rule, digest_of
from mainstay.performance.plans.rules.shares import check_weights
from mainstay.performance.plans.states import CONTRACT

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person, Unit
    from mainstay.performance.plans.models import Indicator, Period

SERIES = "performance_contract"
TODO_KIND = "contract"
EDIT = "performance.plans.edit_contract"


def _unit(contract: Contract | None = None, unit: Unit | None = None, **_facts: Any) -> int | None:
    return contract.unit_id if contract else unit.pk if unit else None


def _about(contract: Contract, **_facts: Any) -> str:
    return subject_of(contract)


def subject_of(contract: Contract) -> str:
    """The subject under which audit rows, to-dos and papers of a contract are found."""
    return f"plans.contract:{contract.pk}"


@action("performance.plans.create_contract", title=_("Draft a performance contract"), unit=_unit)
def create_contract(
    *, period: Period, unit: Unit, person: Person, party_a: Person, kind: str = Contract.Kind.PERSON, by: User
) -> Contract:
    """Draft a contract of a period: `person` (party B) answers to `party_a`. Raises Problem: one person, one exists."""
    if person.pk == party_a.pk:
        raise Problem(_("Party A and party B must be two people."), field="party_a", code="one_party")
    if not period.is_open:
        raise Problem(_("This period is closed: no contract can begin in it."), field="period", code="closed")
    same = Contract.objects.filter(period=period, unit=unit)
    same = same.filter(kind=kind, person=person) if kind == Contract.Kind.PERSON else same.filter(
        kind__in=[Contract.Kind.UNIT, Contract.Kind.COMPANY]
    )  # fmt: skip
    if (other := same.first()) is not None:
        text = _("There is a contract of this period already: %(number)s.") % {"number": other.number}
        raise Problem(text, field="person", code="exists")
    year = period.from_on.year
    number = f"HY{year}-{next_number(SERIES, year):05d}"
    contract = Contract.objects.create(
        number=number, kind=kind, period=period, unit=unit, party_a=party_a, person=person
    )
    note_change(after={"number": number, "period": period.code, "kind": kind})
    return contract


@action("performance.plans.edit_contract", title=_("Set a target of a contract"), unit=_unit, subject=_about)
def save_target(
    *,
    contract: Contract,
    indicator: Indicator,
    weight_bp: int,
    target_e4: int,
    threshold_e4: int | None = None,
    challenge_e4: int | None = None,
    base_e4: int | None = None,
    rule: dict[str, Any] | None = None,
    duty: str = "",
    target: Target | None = None,
    by: User,
) -> Target:
    """Add a target to a contract that is not signed, or change one: values in 1/10000 of the unit, weight in bp.

    A signature given before is void then, because it was for other words. Raises Problem.
    """
    _lock_open(contract)
    if not 0 < weight_bp <= 10_000:  # noqa: PLR2004  # 100 %
        raise Problem(_("A weight lies above 0 % and at most at 100 %."), field="weight", code="bad_weight")
    taken = contract.targets.filter(indicator=indicator).exclude(pk=target.pk if target else 0)
    if taken.exists():
        raise Problem(_("The contract has a target with this indicator already."), field="indicator", code="taken")
    scoring = rule or indicator.rule
    check_rule(scoring, Values(target_e4, indicator.direction, threshold_e4, challenge_e4, base_e4))
    last = contract.targets.aggregate(last=Max("position"))["last"] or 0
    found = target or Target(contract=contract, position=last + 1)
    found.indicator, found.weight_bp, found.rule, found.duty = indicator, weight_bp, scoring, duty.strip()
    found.target_e4, found.threshold_e4, found.challenge_e4, found.base_e4 = (
        target_e4, threshold_e4, challenge_e4, base_e4,
    )  # fmt: skip
    found.save()
    _unsign(contract)
    note_change(after={"indicator": indicator.code, "weight_bp": weight_bp, "target_e4": target_e4})
    return found


@action("performance.plans.remove_target", title=_("Remove a target"), unit=_unit, subject=_about)
def remove_target(*, contract: Contract, target: Target, by: User) -> Contract:
    """Take a target out of a contract that is not signed. Raises Problem."""
    _lock_open(contract)
    note_change(before={"indicator": target.indicator.code, "weight_bp": target.weight_bp})
    target.delete()
    _unsign(contract)
    return contract


@action("performance.plans.discard_contract", title=_("Discard a draft contract"), unit=_unit, subject=_about)
def discard_contract(*, contract: Contract, by: User) -> str:
    """Delete a contract that nobody has signed; returns its number. Raises Problem."""
    _lock_open(contract)
    if contract.signed_a_at or contract.signed_b_at:
        raise Problem(_("One side has signed: send it back to draft first."), code="signed")
    number = contract.number
    note_change(before={"number": number})
    close_todos(kind=TODO_KIND, subject=subject_of(contract), by=by)
    contract.delete()
    return number


@action("performance.plans.offer_contract", title=_("Offer a contract to both sides"), unit=_unit, subject=_about)
def offer_contract(*, contract: Contract, by: User) -> Contract:
    """Bring a draft to the table: from now on both sides may sign it or send it back. Raises Problem."""
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    CONTRACT.require(contract.state, Contract.State.NEGOTIATING)
    _check_whole(contract)
    contract.state = Contract.State.NEGOTIATING
    contract.save(update_fields=["state"])
    _ask_to_sign(contract)
    note_change(before={"state": "draft"}, after={"state": "negotiating"})
    return contract


@action("performance.plans.return_contract", title=_("Send a contract back to draft"), everyone=True, subject=_about)
def return_contract(*, contract: Contract, reason: str, by: User) -> Contract:
    """One side asks for changes instead of signing. Raises Problem; refused to anybody but the two sides."""
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    side_of(contract, by)
    CONTRACT.require(contract.state, Contract.State.DRAFT)
    _unsign(contract)
    contract.state = Contract.State.DRAFT
    contract.save(update_fields=["state"])
    close_todos(kind=TODO_KIND, subject=subject_of(contract), by=by)
    note_change(before={"state": "negotiating"}, after={"state": "draft"}, reason=reason)
    return contract


@action("performance.plans.sign_contract", title=_("Sign a contract"), everyone=True, subject=_about)
def sign_contract(*, contract: Contract, seen: str = "", by: User) -> Contract:
    """Sign for one's own side. The second signature puts the contract in force and freezes it with a hash.

    `seen` is the hash of what the signer had on screen; another content is not signed. Raises Problem.
    """
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    side = side_of(contract, by)
    CONTRACT.require(contract.state, Contract.State.SIGNED)
    if getattr(contract, f"signed_{side}_at"):
        raise Problem(_("Your side has signed already; the other one is asked to."), code="signed")
    _check_whole(contract)
    content = content_of(contract)
    digest = digest_of(content)
    if seen and seen != digest:
        raise Problem(_("The contract was changed while you read it. Read it again, then sign."), code="changed")
    setattr(contract, f"signed_{side}_by", by)
    setattr(contract, f"signed_{side}_at", timezone.now())
    close_todos_of(contract, by)
    if contract.signed_a_at and contract.signed_b_at:
        contract.state, contract.digest = Contract.State.SIGNED, digest
    contract.save()
    if contract.state == Contract.State.SIGNED:
        keep_version(contract, content, reason="")
    note_change(after={"side": side, "digest": digest, "state": contract.state})
    return contract


@action("performance.plans.close_contract", title=_("Close a contract"), unit=_unit, subject=_about)
def close_contract(*, contract: Contract, reason: str, by: User) -> Contract:
    """End a signed contract; it stays readable and its result counts. Raises Problem."""
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    CONTRACT.require(contract.state, Contract.State.CLOSED)
    before = contract.state
    contract.state, contract.closed_at = Contract.State.CLOSED, timezone.now()
    contract.save(update_fields=["state", "closed_at"])
    note_change(before={"state": before}, after={"state": "closed"}, reason=reason)
    return contract


def side_of(contract: Contract, by: User) -> str:
    """Return "a" or "b", the side the actor signs for; anybody else is refused, and it is on record."""
    if by.person_id == contract.party_a_id:
        return "a"
    if by.person_id == contract.person_id:
        return "b"
    refuse(_("Only the two sides of a contract sign or change it."))
    return None


def keep_version(contract: Contract, content: dict[str, Any], *, reason: str) -> ContractVersion:
    """Write down word for word what both sides agreed to, with its hash."""
    if not (contract.signed_a_by and contract.signed_a_at and contract.signed_b_by and contract.signed_b_at):
        raise ValueError(f"{contract} is not signed by both sides")
    return ContractVersion.objects.create(
        contract=contract, version=contract.version, content=content, digest=contract.digest, reason=reason,
        agreed_a_by=contract.signed_a_by, agreed_a_at=contract.signed_a_at,
        agreed_b_by=contract.signed_b_by, agreed_b_at=contract.signed_b_at,
    )  # fmt: skip


def close_todos_of(contract: Contract, user: User) -> None:
    """Close the actor's own to-do about a contract."""
    from mainstay.core.todos.models import Todo

    mine = Todo.objects.filter(kind=TODO_KIND, subject=subject_of(contract), user=user, done_at=None)
    mine.update(done_at=timezone.now(), done_by=user)


def _lock_open(contract: Contract) -> None:
    lock("plans.contract", contract.pk)
    contract.refresh_from_db()
    if not contract.is_open:
        text = _("This contract is signed: its targets change only by an amendment that both sides agree to.")
        raise Problem(text, code="frozen")


def _unsign(contract: Contract) -> None:
    if contract.signed_a_at or contract.signed_b_at:
        contract.signed_a_by = contract.signed_a_at = contract.signed_b_by = contract.signed_b_at = None
        contract.save(update_fields=["signed_a_by", "signed_a_at", "signed_b_by", "signed_b_at"])
        _ask_to_sign(contract)


def _check_whole(contract: Contract) -> None:
    targets = list(contract.targets.select_related("indicator"))
    if not targets:
        raise Problem(_("The contract has no targets yet."), code="empty")
    check_weights(target.weight_bp for target in targets)
    for target in targets:
        check_rule(target.rule, target.values)


def _ask_to_sign(contract: Contract) -> None:
    people = (contract.party_a_id, contract.person_id)
    for user in Login.objects.filter(person__in=people, is_active=True):
        open_todo(
            kind=TODO_KIND,
            subject=subject_of(contract),
            title_zh=f"签署绩效合约 {contract.number}",
            title_en=f"Sign performance contract {contract.number}",
            url=reverse("plans:contract_detail", args=[contract.pk]),
            user=user,
        )
