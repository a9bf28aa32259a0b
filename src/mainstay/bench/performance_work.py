"""The company of `bench performance`: that of `bench appraisal`, with contracts of units, shares, actions and notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.bench import appraisal_work
from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.organisation.models import Unit
from mainstay.kit.dates import local_today
from mainstay.performance.appraisal.models import Appraisal, Round
from mainstay.performance.plans.models import Contract, Contribution, Indicator, Target
from mainstay.performance.tracking.models import Action, Actual, CoachingNote

E4, BP = 10_000, 10_000
VIEWS = ("plans.view_contract", "plans.withdraw_contribution", "tracking.view_action", "tracking.view_session",
         "tracking.view_coaching", "tracking.write_work_plan")  # fmt: skip


@dataclass(frozen=True)
class Built:
    """What the pages are opened with."""

    round: Round
    officer: User
    worker: User
    unit: Unit
    unit_contract: Contract
    company_contract: Contract

    @property
    def unit_target(self) -> Target:
        """The first target of the unit."""
        return self.unit_contract.targets.all()[0]

    @property
    def company_target(self) -> Target:
        """The first target of the company."""
        return self.company_contract.targets.all()[0]


@transaction.atomic
def build(people: int) -> Built:
    """Make everything straight in the tables: every person's targets carry the unit's, every unit's the company's."""
    one, officer = appraisal_work.build(people)
    role = Role.objects.get(code="bench_hr")
    RoleRight.objects.bulk_create([RoleRight(role=role, right=f"performance.{name}", scope="all") for name in VIEWS])
    top = one.unit
    units = list(Unit.objects.filter(parent=top).order_by("pk"))
    own = list(Contract.objects.filter(kind="person").order_by("pk"))
    heads = {contract.unit_id: contract.party_a for contract in own}
    assert officer.person is not None  # noqa: S101  # it was just made with one
    leading = [
        Contract(number=f"U{n:07d}", kind="unit", period=one.period, unit=unit, person=heads[unit.pk],
                 party_a=officer.person)
        for n, unit in enumerate(units)
    ]  # fmt: skip
    company = Contract(number="C1", kind="company", period=one.period, unit=top, person=officer.person,
                       party_a=heads[units[0].pk])  # fmt: skip
    leading = Contract.objects.bulk_create([company, *leading], batch_size=500)
    _targets(leading, own)
    worker = User.objects.create(username="bench_worker", person=own[0].person)
    plain = Role.objects.create(code="bench_worker", name_zh="员工")
    Grant.objects.create(role=plain, user=worker, unit=units[0], from_on=appraisal_work.DAY)
    _sign(leading, officer)
    _tasks(own, officer)
    return Built(one, officer, worker, units[0], leading[1], leading[0])


def _targets(leading: list[Contract], own: list[Contract]) -> None:
    rates = list(Indicator.objects.order_by("pk"))
    targets = Target.objects.bulk_create(
        [
            Target(contract=contract, indicator=rate, position=n + 1, weight_bp=BP // len(rates), target_e4=100 * E4,
                   rule=appraisal_work.RULE)
            for contract in leading
            for n, rate in enumerate(rates)
        ],
        batch_size=500,
    )  # fmt: skip
    above = {(one.contract.unit_id, one.indicator_id): one for one in targets}
    top = leading[0].unit_id
    share = BP // max(len(own) // (len(leading) - 1), 1)
    below = Target.objects.filter(contract__in=[one.pk for one in own]).values_list("pk", "contract__unit", "indicator")
    links = [
        Contribution(child_id=pk, parent=above[unit, rate], share_bp=BP, covers_bp=share) for pk, unit, rate in below
    ]
    links += [
        Contribution(child=one, parent=above[top, one.indicator_id], share_bp=BP, covers_bp=max(BP // len(leading), 1))
        for one in targets
        if one.contract.unit_id != top
    ]
    Contribution.objects.bulk_create(links, batch_size=500)


def _sign(leading: list[Contract], officer: User) -> None:
    other, now = User.objects.get(username="bench_other"), timezone.now()
    rows = Target.objects.filter(contract__in=[one.pk for one in leading]).select_related("contract")
    Contract.objects.filter(pk__in=[one.pk for one in leading]).update(
        state="signed", digest="c" * 64, signed_a_by=officer, signed_a_at=now, signed_b_by=other, signed_b_at=now
    )
    Actual.objects.bulk_create(
        [
            Actual(target=one, period_id=one.contract.period_id, value_e4=96 * E4, state="verified",
                   reported_by=officer, reported_at=now, verified_by=other, verified_at=now)
            for one in rows
        ],
        batch_size=500,
    )  # fmt: skip


def _tasks(own: list[Contract], officer: User) -> None:
    """An action for everybody, and coaching notes of the worker."""
    today, now = local_today(), timezone.now()
    Action.objects.bulk_create(
        [
            Action(title=f"措施{n}", result="完成", unit_id=one.unit_id, owner_id=one.person_id,
                   checker_id=one.party_a_id, due_on=today + timedelta(days=n % 60), opened_by=officer, opened_at=now)
            for n, one in enumerate(own)
        ],
        batch_size=500,
    )  # fmt: skip
    CoachingNote.objects.bulk_create(
        [
            CoachingNote(person_id=own[0].person_id, unit_id=own[0].unit_id, text="辅导", by=officer, at=now)
            for _number in range(20)
        ]
    )


def plain_scoring(built: Built) -> None:
    """The limit of the scoring: read what it reads, write rows of its size, compute nothing; undone afterwards."""
    one = built.round
    rows = Contract.objects.filter(period=one.period, kind="person")
    contracts = list(rows.values_list("pk", "person", "unit", "digest"))
    list(Target.objects.filter(contract__in=rows).values_list())
    list(Actual.objects.filter(target__contract__in=rows).values_list())
    try:
        with transaction.atomic():
            Appraisal.objects.bulk_create(
                [
                    Appraisal(round=one, person_id=person, unit_id=unit, contract_id=pk, contract_version=1,
                              contract_digest=digest, result_e2=0)
                    for pk, person, unit, digest in contracts
                ],
                batch_size=500,
            )  # fmt: skip
            raise _Undo
    except _Undo:
        return


class _Undo(Exception):
    """Takes the rows of the limit back."""
