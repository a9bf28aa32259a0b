"""API: performance contracts drafted and offered by other systems. Signing is for people, with their own log-in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Path, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.core.organisation.models import Person, Unit
from mainstay.kit.api import READ, WRITE, Incoming, Number, Text
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.plans.actions import create_contract, offer_contract, save_target
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.plans.models.contracts import VIEW_RIGHT
from mainstay.performance.plans.queries import contracts_for, targets_of
from mainstay.performance.plans.rules.amounts import number_text, parse_number

prefix = "/performance-contracts"
router = Router()
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,30}$")]
Value = Annotated[str, Field(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$", examples=["96.5"])]
Weight = Annotated[str, Field(pattern=r"^[0-9]{1,3}(\.[0-9]{1,2})?$", examples=["60"])]


class PerformanceTargetOut(Schema):
    """A target as it stands in a contract: values in the indicator's unit, weight in per cent."""

    indicator: str
    weight: str
    threshold: str | None
    target: str
    challenge: str | None


class PerformanceContractOut(Schema):
    """A performance contract: who promises what to whom. Signed, it changes only by an amendment both agree to."""

    number: str
    state: str
    kind: str
    period: str
    unit: str
    party_a: str = Field(description=_n("Staff number of party A."))
    person: str = Field(description=_n("Staff number of party B."))
    signed_at: dt.datetime | None
    targets: list[PerformanceTargetOut]


class PerformanceTargetIn(Incoming):
    """A target of a contract that is not signed; the scoring rule is the indicator's."""

    weight: Weight = Field(description=_n("In per cent; the weights of a contract sum to exactly 100."))
    target: Value
    threshold: Value | None = None
    challenge: Value | None = None
    duty: Annotated[Text, Field(max_length=200)] = ""


class NewPerformanceTarget(PerformanceTargetIn):
    """A target and its indicator."""

    indicator: Code


class PerformanceContractIn(Incoming):
    """A draft with its targets."""

    period: Code
    unit: Code
    kind: Literal["company", "unit", "person"] = "person"
    party_a: Number = Field(description=_n("Staff number of party A."))
    person: Number = Field(description=_n("Staff number of party B."))
    targets: list[NewPerformanceTarget] = Field(default=[], max_length=30)


def _plain(value: int | None, decimals: int = 4) -> str | None:
    return None if value is None else number_text(value, decimals=decimals).replace(",", "")


def _out(one: Contract) -> PerformanceContractOut:
    return PerformanceContractOut(
        number=one.number, state=one.state, kind=one.kind, period=one.period.code, unit=one.unit.code,
        party_a=one.party_a.staff_no, person=one.person.staff_no,
        signed_at=max(one.signed_a_at, one.signed_b_at) if one.signed_a_at and one.signed_b_at else None,
        targets=[_target(target) for target in targets_of(one)],
    )  # fmt: skip


def _target(one: Target) -> PerformanceTargetOut:
    return PerformanceTargetOut(
        indicator=one.indicator.code,
        weight=_plain(one.weight_bp, 2) or "0",
        threshold=_plain(one.threshold_e4),
        target=_plain(one.target_e4) or "0",
        challenge=_plain(one.challenge_e4),
    )


def _contract_or_404(request: ApiRequest, number: str) -> Contract:
    if not allowed(request.user, VIEW_RIGHT):
        raise Refused(VIEW_RIGHT, _("This token has no right to see this."))
    found = contracts_for(request.user).filter(number=number).first()
    if found is None:
        raise Problem(_("There is no contract %(number)s.") % {"number": number}, code="not_found")
    return found


def _named(rows: Any, name: str, field: str, value: str) -> Any:
    found = rows.filter(**{name: value}).first()
    if found is None:
        text = _("“%(value)s” is not known here. Check it, or enter it first.") % {"value": value}
        raise Problem(text, field=field, code="unknown")
    return found


def _values(given: PerformanceTargetIn) -> dict[str, Any]:
    """What `save_target` takes of what was sent."""
    numbers = {name: getattr(given, name) for name in ("target", "threshold", "challenge")}
    values = {f"{name}_e4": None if one is None else parse_number(one, field=name) for name, one in numbers.items()}
    return {**values, "weight_bp": parse_number(given.weight, decimals=2, field="weight"), "duty": given.duty}


def _indicator(code: str) -> Indicator:
    found: Indicator = _named(Indicator.objects.current(local_today()), "code", "indicator", code)
    return found


@router.get(
    "/{number}", response={200: PerformanceContractOut, **READ}, summary=_n("One performance contract with its targets")
)
def get_performance_contract(request: ApiRequest, number: Annotated[Number, Path()]) -> PerformanceContractOut:
    """What it promises; what was reached is told by the targets."""
    return _out(_contract_or_404(request, number))


@router.post("/", response={201: PerformanceContractOut, **WRITE}, summary=_n("Draft a performance contract"))
def post_performance_contract(request: ApiRequest, contract: PerformanceContractIn) -> Any:
    """A draft with its targets, all or nothing. A second one of the same person and period is refused by name."""
    facts: dict[str, Any] = {
        "period": _named(Period.objects.all(), "code", "period", contract.period),
        "unit": _named(Unit.objects.filter(closed_on=None), "code", "unit", contract.unit),
        "party_a": _named(Person.objects.all(), "staff_no", "party_a", contract.party_a),
        "person": _named(Person.objects.all(), "staff_no", "person", contract.person),
    }
    with transaction.atomic():
        made = create_contract(**facts, kind=contract.kind, by=request.user)
        for one in contract.targets:
            save_target(contract=made, indicator=_indicator(one.indicator), **_values(one), by=request.user)
    return Status(201, _out(made))


@router.put(
    "/{number}/targets/{indicator}",
    response={200: PerformanceContractOut, **WRITE},
    summary=_n("Set a target of a contract that is not signed"),
)
def put_performance_target(
    request: ApiRequest,
    number: Annotated[Number, Path()],
    indicator: Annotated[Code, Path()],
    target: PerformanceTargetIn,
) -> PerformanceContractOut:
    """New, or changed to what is sent; a signature that one side has given is void then."""
    contract = _contract_or_404(request, number)
    wanted = _indicator(indicator)
    known = contract.targets.filter(indicator=wanted).first()
    save_target(contract=contract, indicator=wanted, target=known, **_values(target), by=request.user)
    return _out(_contract_or_404(request, number))


@router.post(
    "/{number}/offer", response={200: PerformanceContractOut, **WRITE}, summary=_n("Offer a contract to both sides")
)
def offer_performance_contract(request: ApiRequest, number: Annotated[Number, Path()]) -> PerformanceContractOut:
    """Both sides get a to-do and may sign it or send it back."""
    contract = _contract_or_404(request, number)
    if contract.state != Contract.State.NEGOTIATING:
        offer_contract(contract=contract, by=request.user)
    return _out(_contract_or_404(request, number))
