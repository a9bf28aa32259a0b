"""Small builders of appraisal data: straight into the tables."""

from __future__ import annotations

import threading
from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.jobs.worker import work
from mainstay.core.organisation.models import Unit
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.performance.appraisal.actions import begin_calibration
from mainstay.performance.appraisal.models import (
    Appraisal,
    BonusPool,
    Consequence,
    Criterion,
    GradeScheme,
    Rating,
    RatingTask,
    Round,
)
from mainstay.performance.plans.models import Contract
from mainstay.performance.posts.models import HeldQualification, Qualification
from mainstay.performance.tracking.models import Actual
from tests.core.make import make_publication, make_unit, make_user
from tests.performance.make import E4, make_employee, make_signed, make_year, person_of

_next = count(1)
BANDS = [
    {"grade": "A", "from_e2": 9500, "ratio_bp": 1000, "pay_steps": 2, "consequences": ["promotion", "career"]},
    {"grade": "B", "from_e2": 8500, "ratio_bp": 4000, "pay_steps": 1, "consequences": []},
    {"grade": "C", "from_e2": 7500, "ratio_bp": None, "pay_steps": 0, "consequences": []},
    {"grade": "D", "from_e2": 6000, "ratio_bp": None, "pay_steps": 0, "consequences": ["training", "improvement"]},
    {"grade": "E", "from_e2": 0, "ratio_bp": None, "pay_steps": -1, "consequences": ["post_change"]},
]


def make_scheme(**facts: Any) -> GradeScheme:
    """Grades A to E from 2020 on."""
    found = GradeScheme.objects.filter(from_on=date(2020, 1, 1)).first()
    return found or GradeScheme.objects.create(
        **{"from_on": date(2020, 1, 1), "notice": "通知1号", "bands": BANDS, **facts}
    )


def make_criteria() -> list[Criterion]:
    """Two criteria of ability, one of potential."""
    names = [("A1", "ability", "专业能力"), ("A2", "ability", "协作"), ("P1", "potential", "学习能力")]
    return [
        Criterion.objects.get_or_create(code=code, defaults={"axis": axis, "name_zh": name})[0]
        for code, axis, name in names
    ]


def make_round(unit: Unit | None = None, **facts: Any) -> Round:
    """A round of 2026 with a published policy and its training."""
    unit = unit or make_unit()
    policy = facts.pop("policy", None) or make_publication(unit, state=Publication.State.PUBLISHED)
    training = facts.pop("training", None) or Qualification.objects.create(
        code=f"TR{next(_next)}", name_zh="绩效管理培训", kind="training"
    )
    given = {"period": make_year()["2026"], "scheme": make_scheme(), "started_by": make_user()}
    return Round.objects.create(unit=unit, policy=policy, training=training, **{**given, **facts})


def train(user: User, one: Round) -> User:
    """Let a user acknowledge the policy and hold the training: he may appraise."""
    Acknowledgement.objects.get_or_create(publication=one.policy, user=user, defaults={"at": timezone.now()})
    HeldQualification.objects.get_or_create(
        person=user.person, qualification=one.training, defaults={"from_on": date(2020, 1, 1), "proof": "证书"}
    )
    return user


def make_result(contract: Contract, *values: int, **facts: Any) -> list[Actual]:
    """Verified values of the contract's targets for its whole period, in units."""
    reporter, verifier = make_user(), make_user()
    return [
        Actual.objects.create(
            target=target, period=contract.period, value_e4=value * E4, state=Actual.State.VERIFIED,
            reported_by=reporter, reported_at=timezone.now(), verified_by=verifier, verified_at=timezone.now(), **facts,
        )
        for target, value in zip(contract.targets.order_by("id"), values, strict=True)
    ]  # fmt: skip


def rate(one: Round, rater: User, ratee: User, *levels: int, own: bool = True) -> RatingTask:
    """A task with ratings on all criteria."""
    task = RatingTask.objects.create(
        round=one, rater=person_of(rater), ratee=person_of(ratee), own=own, given_at=timezone.now()
    )
    for criterion, level in zip(make_criteria(), levels, strict=True):
        Rating.objects.create(
            task=task, criterion=criterion, level=level, incident="事例" if level in (1, 5) else "", at=timezone.now()
        )
    return task


def make_appraisal(
    unit: Unit | None = None, *, state: str = "scored", one: Round | None = None, **facts: Any
) -> Appraisal:
    """Somebody's appraisal with a signed contract, in a round of the unit."""
    unit = unit or make_unit()
    one = one or Round.objects.filter(unit=unit).first() or make_round(unit)
    employee = facts.pop("employee", None) or make_employee(unit, "员工")
    contract = make_signed(unit=unit, period=one.period, employee=employee, superior=make_employee(unit, "上级"))
    given = {
        "contract": contract, "contract_version": contract.version, "contract_digest": contract.digest,
        "result_e2": 9000, "grade": "B", "grade_rule": "B", "ability_e2": 350, "potential_e2": 300, "box": 5,
    }  # fmt: skip
    return Appraisal.objects.create(round=one, person=person_of(employee), unit=unit, state=state, **{**given, **facts})


def make_pool(unit: Unit, people: int = 1) -> BonusPool:
    """A pool of 100 yuan a head, divided."""
    one = Round.objects.filter(unit=unit).first() or make_round(unit)
    if one.state != "closed":
        Round.objects.filter(pk=one.pk).update(state="closed")
    by = make_user()
    pool, _new = BonusPool.objects.get_or_create(
        round=one, unit=unit, defaults={"pool_fen": 10_000 * people, "proposed_by": by}
    )
    for _each in range(people):
        appraisal = make_appraisal(unit, one=one, state="final")
        Consequence.objects.create(
            appraisal=appraisal, kind="bonus", amount_fen=10_000, weight=1, pool=pool, proposed_by=by
        )
    return pool


def do_jobs() -> None:
    """Be the worker until nothing waits."""
    work(stop=threading.Event(), once=True)


def calibrating(one: Round, by: User) -> Round:
    """Begin calibration and let the job score everybody."""
    begin_calibration(round=one, by=by)
    do_jobs()
    one.refresh_from_db()
    return one
