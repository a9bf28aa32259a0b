"""Small builders of 4R data for tests: straight into the tables, with sensible values for what a test does not say."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person, Unit
from mainstay.performance.plans.actions import sign_contract
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.plans.rules.calendar import tree_of
from tests.core.make import hold, make_post, make_unit, make_user

E4 = 10_000
RATIO = {"kind": "ratio", "cap": 120}
_next = count(1)


def make_year(year: int = 2026, *, weeks: bool = False) -> dict[str, Period]:
    """The periods of a year by code, found again when they are there."""
    found: dict[str, Period] = {}
    for span in tree_of(year, weeks=weeks):
        found[span.code], _new = Period.objects.get_or_create(
            code=span.code,
            defaults={
                "kind": span.kind,
                "from_on": span.from_on,
                "until_on": span.until_on,
                "parent": found.get(span.parent),
            },
        )
    return found


def make_indicator(name: str = "收费率", **facts: Any) -> Indicator:
    """An indicator with an unused code, scored by ratio."""
    number = next(_next)
    given = {"code": f"I{number:04d}", "formula_zh": "实收/应收", "unit_zh": "%", "name_en": f"Indicator {number}"}
    return Indicator.objects.create(**{**given, "name_zh": name, "rule": RATIO, **facts})


def make_employee(unit: Unit, name: str = "员工") -> User:
    """A user whose person holds a post in a unit."""
    user = make_user()
    person = user.person
    assert person is not None
    person.name = name
    person.save(update_fields=["name"])
    hold(person, make_post(unit), date(2020, 1, 1))
    return user


def person_of(user: User) -> Person:
    """The person of a user."""
    assert user.person is not None
    return user.person


def make_contract(
    *,
    unit: Unit | None = None,
    superior: User | None = None,
    employee: User | None = None,
    period: Period | None = None,
    weights: tuple[int, ...] = (6000, 4000),
    state: str = Contract.State.DRAFT,
    kind: str = Contract.Kind.PERSON,
) -> Contract:
    """A contract with a target of 100 for each weight; in state negotiating by default nobody has signed."""
    unit = unit or make_unit()
    superior, employee = superior or make_employee(unit, "上级"), employee or make_employee(unit, "下级")
    contract = Contract.objects.create(
        number=f"T{next(_next):06d}",
        kind=kind,
        period=period or make_year()["2026"],
        unit=unit,
        party_a=person_of(superior),
        person=person_of(employee),
        state=state,
    )
    for weight in weights:
        make_target(contract, weight_bp=weight)
    return contract


def make_target(contract: Contract, *, weight_bp: int = 10_000, target: int = 100, **facts: Any) -> Target:
    """A target of `target` units on an indicator of its own."""
    given: dict[str, Any] = {"indicator": facts.pop("indicator", None) or make_indicator(), "rule": RATIO}
    return Target.objects.create(contract=contract, weight_bp=weight_bp, target_e4=target * E4, **{**given, **facts})


def make_signed(**facts: Any) -> Contract:
    """A contract that both sides have signed."""
    contract = make_contract(state=Contract.State.NEGOTIATING, **facts)
    for person in (contract.party_a, contract.person):
        sign_contract(contract=contract, by=person.user)
    contract.refresh_from_db()
    return contract
