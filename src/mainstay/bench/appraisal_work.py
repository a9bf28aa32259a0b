"""The company of `bench appraisal`: people in units of twenty, contracts, verified values, ratings."""

from __future__ import annotations

import random
from datetime import date

from django.db import transaction
from django.utils import timezone

from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.organisation.models import Holding, Person, Post, Unit
from mainstay.core.publications.models import Publication
from mainstay.performance.appraisal.models import Criterion, GradeScheme, Rating, RatingTask, Round
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.posts.models import Qualification
from mainstay.performance.tracking.models import Actual

CREW, E4 = 20, 10_000
DAY = date(2026, 1, 1)
BANDS = [
    {"grade": "A", "from_e2": 9_500, "ratio_bp": 1_000}, {"grade": "B", "from_e2": 8_500, "ratio_bp": 4_000},
    {"grade": "C", "from_e2": 7_500}, {"grade": "D", "from_e2": 6_000}, {"grade": "E", "from_e2": 0},
]  # fmt: skip
RULE = {"kind": "ratio", "cap": 120}


@transaction.atomic
def build(people: int) -> tuple[Round, User]:
    """Make everything straight in the tables; returns the round and somebody who may see all of it."""
    root = Unit.objects.create(code="B", name_zh="公司", path="")
    root.path = f"{root.pk}."
    root.save()
    units = Unit.objects.bulk_create(
        [Unit(code=f"B{n}", name_zh=f"班组{n}", parent=root, path="") for n in range((people + CREW - 1) // CREW)]
    )
    for unit in units:
        unit.path = f"{root.path}{unit.pk}."
    Unit.objects.bulk_update(units, ["path"], batch_size=500)
    posts = Post.objects.bulk_create([Post(code=f"B{n}", name_zh="员工", unit=unit) for n, unit in enumerate(units)])
    staff = Person.objects.bulk_create(
        [Person(staff_no=f"B{n:06d}", name=f"员工{n}") for n in range(people + len(units))], batch_size=500
    )
    workers, bosses = staff[:people], staff[people:]
    Holding.objects.bulk_create(
        [Holding(person=one, post=posts[n // CREW], from_on=DAY) for n, one in enumerate(workers)], batch_size=500
    )
    period = Period.objects.create(code="2026", kind="year", from_on=DAY, until_on=date(2026, 12, 31))
    hr = _officer(root)
    _contracts(period, workers, bosses, units, hr)
    one = _round(period, root, hr)
    _ratings(one, workers, bosses)
    return one, hr


def _officer(root: Unit) -> User:
    user = User.objects.create(username="bench_hr", person=Person.objects.create(staff_no="BHR", name="人事"))
    role = Role.objects.create(code="bench_hr", name_zh="人事")
    names = ("view_appraisal", "view_severity", "view_reward", "change_grade", "finish_calibration")
    RoleRight.objects.bulk_create(
        [RoleRight(role=role, right=f"performance.appraisal.{name}", scope="all") for name in names]
    )
    Grant.objects.create(role=role, user=user, unit=root, from_on=DAY)
    return user


def _contracts(period: Period, workers: list[Person], bosses: list[Person], units: list[Unit], hr: User) -> None:
    other = User.objects.create(username="bench_other", kind=User.Kind.SYSTEM)
    now = timezone.now()
    contracts = Contract.objects.bulk_create(
        [
            Contract(number=f"B{n:07d}", kind="person", period=period, unit=units[n // CREW], person=one,
                     party_a=bosses[n // CREW])
            for n, one in enumerate(workers)
        ],
        batch_size=500,
    )  # fmt: skip
    rates = [
        Indicator.objects.create(code=f"B{n}", name_zh=f"指标{n}", formula_zh="实际/计划", unit_zh="%", rule=RULE)
        for n in range(4)
    ]
    targets = Target.objects.bulk_create(
        [
            Target(contract=one, indicator=rate, position=n + 1, weight_bp=2_500, target_e4=100 * E4, rule=RULE)
            for one in contracts
            for n, rate in enumerate(rates)
        ],
        batch_size=500,
    )
    Contract.objects.update(
        state="signed", digest="b" * 64, signed_a_by=hr, signed_a_at=now, signed_b_by=other, signed_b_at=now
    )
    chance = random.Random(1)  # noqa: S311  # the same company every time
    Actual.objects.bulk_create(
        [
            Actual(target=one, period=period, value_e4=chance.randint(70, 112) * E4, state="verified", reported_by=hr,
                   reported_at=now, verified_by=other, verified_at=now)
            for one in targets
        ],
        batch_size=500,
    )  # fmt: skip


def _round(period: Period, root: Unit, hr: User) -> Round:
    policy = Publication.objects.create(
        kind="rule", code="B", title_zh="制度", body="制度", unit=root, state="published"
    )
    training = Qualification.objects.create(code="B", name_zh="培训", kind="training")
    scheme = GradeScheme.objects.create(from_on=DAY, notice="通知", bands=BANDS)
    for code, axis in (
        ("A1", "ability"),
        ("A2", "ability"),
        ("A3", "ability"),
        ("P1", "potential"),
        ("P2", "potential"),
    ):
        Criterion.objects.create(code=code, name_zh=code, axis=axis)
    return Round.objects.create(
        period=period, unit=root, scheme=scheme, policy=policy, training=training, started_by=hr, state="calibrating"
    )


def _ratings(one: Round, workers: list[Person], bosses: list[Person]) -> None:
    """Everybody by the own superior and one other drawn at random."""
    chance, now = random.Random(2), timezone.now()  # noqa: S311
    severity = {boss.pk: chance.gauss(0, 0.5) for boss in bosses}
    merit = {worker.pk: chance.gauss(0, 0.6) for worker in workers}
    tasks = []
    for n, worker in enumerate(workers):
        own = bosses[n // CREW]
        second = chance.choice([boss for boss in bosses if boss.pk != own.pk])
        tasks += [
            RatingTask(round=one, rater=boss, ratee=worker, own=boss.pk == own.pk, given_at=now)
            for boss in (own, second)
        ]
    tasks = RatingTask.objects.bulk_create(tasks, batch_size=500)
    criteria = list(Criterion.objects.all())
    rows = []
    for task in tasks:
        base = 3 + merit[task.ratee_id] - severity[task.rater_id]
        for criterion in criteria:
            level = min(max(round(base + chance.gauss(0, 0.6)), 1), 5)
            rows.append(
                Rating(task=task, criterion=criterion, level=level, incident="事例" if level in {1, 5} else "", at=now)
            )
    Rating.objects.bulk_create(rows, batch_size=500)
