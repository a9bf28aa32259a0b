"""A round from the first rating to the paid bonus, with the numbers worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from mainstay.core.access.models import User
from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.appraisal import actions, queries
from mainstay.performance.appraisal.batch import score_round
from mainstay.performance.appraisal.models import Appraisal, Consequence, GradeScheme, Rating, RatingTask, Round
from mainstay.performance.plans.actions import sign_contract
from mainstay.performance.posts.models import Qualification, Training
from mainstay.performance.tracking.models import Action
from tests.core.make import make_unit, make_user
from tests.performance.appraisal import make
from tests.performance.make import make_contract, make_employee, make_signed, make_target, make_year, person_of
from tests.performance.posts.make import make_description

pytestmark = pytest.mark.django_db
RIGHTS = """
    start_round assign_raters add_cross_raters begin_calibration estimate_severity change_grade finish_calibration
    hold_interview decide_appeal close_round create_pool approve_pool propose_consequences approve_consequences
    put_into_effect set_post_factor view_appraisal view_severity view_reward
"""


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def officer(unit: Any) -> User:
    rights: dict[str, Any] = {f"performance.appraisal.{name}": ("subtree", None) for name in RIGHTS.split()}
    return make_user(rights=rights, unit=unit)


class Year:
    """Three people with signed contracts (weights 60/40), two superiors, an officer and a second one."""

    def __init__(self) -> None:
        self.unit = make_unit()
        self.hr, self.head = officer(self.unit), officer(self.unit)
        self.bosses = [make_employee(self.unit, name) for name in ("王一", "王二")]
        self.people = [make_employee(self.unit, name) for name in ("李甲", "李乙", "李丙")]
        self.contracts = [
            make_signed(unit=self.unit, superior=boss, employee=person)
            for boss, person in zip([self.bosses[0], self.bosses[0], self.bosses[1]], self.people, strict=True)
        ]
        # 0.6 × 90 + 0.4 × 110 = 98.00; 90.00; 0.6 × 50 + 0.4 × 80 = 62.00
        for contract, values in zip(self.contracts, ((90, 110), (90, 90), (50, 80)), strict=True):
            make.make_result(contract, *values)
        self.round = make.make_round(self.unit)
        make.make_criteria()
        for user in (self.hr, self.head, *self.bosses):
            make.train(user, self.round)

    def appraisal(self, number: int) -> Appraisal:
        return self.round.appraisals.get(person=person_of(self.people[number]))

    def rated(self) -> None:
        actions.assign_raters(round=self.round, by=self.hr)
        levels = {"A1": 4, "A2": 3, "P1": 4}
        for task in RatingTask.objects.filter(round=self.round, given_at=None):
            actions.give_ratings(task=task, levels=levels, by=task.rater.user)

    def talked(self) -> None:
        self.rated()
        make.calibrating(self.round, by=self.hr)
        actions.finish_calibration(round=self.round, by=self.hr)
        for number in range(3):
            actions.hold_interview(
                appraisal=self.appraisal(number), successes="好", to_improve="无", next_steps="继续", by=self.hr
            )

    def closed(self) -> None:
        self.talked()
        for number, person in enumerate(self.people):
            actions.confirm_result(appraisal=self.appraisal(number), by=person)
        actions.close_round(round=self.round, by=self.hr)


def lacking(year: Year, number: int) -> Qualification:
    """A qualification that somebody's post asks for and he does not hold."""
    post = year.appraisal(number).post
    assert post is not None
    return make_description(post, state="approved").requirements.get().qualification


def test_a_round_from_ratings_to_bonus() -> None:
    year = Year()
    assert actions.assign_raters(round=year.round, by=year.hr) == 3
    assert actions.assign_raters(round=year.round, by=year.hr) == 0, "asking again asks nobody twice"
    assert actions.add_cross_raters(round=year.round, share=100, by=year.hr) == 3
    first = RatingTask.objects.filter(round=year.round, rater=person_of(year.bosses[0])).first()
    assert first is not None
    with pytest.raises(Problem, match="1 and 5 need"):
        actions.give_ratings(task=first, levels={"A1": 5, "A2": 3, "P1": 3}, by=year.bosses[0])
    with pytest.raises(Problem, match="level from 1 to 5"):
        actions.give_ratings(task=first, levels={"A1": 3}, by=year.bosses[0])
    with pytest.raises(Refused):
        actions.give_ratings(task=first, levels={}, by=year.hr)
    year.rated()
    assert not Todo.objects.filter(kind="rating", done_at=None).exists()

    make.calibrating(year.round, by=year.hr)
    assert [year.appraisal(n).result_e2 for n in range(3)] == [9_800, 9_000, 6_200]
    assert [year.appraisal(n).grade for n in range(3)] == ["A", "B", "D"], "no ratios among three"
    assert [year.appraisal(n).ability_e2 for n in range(3)] == [350, 350, 350]
    assert [year.appraisal(n).box for n in range(3)] == [9, 8, 7], "high potential (4.00), results 98, 90, 62"

    with pytest.raises(Problem, match="why"):
        actions.change_grade(appraisal=year.appraisal(1), grade="A", reason=" ", by=year.head)
    actions.change_grade(appraisal=year.appraisal(1), grade="A", reason="接手两个项目", by=year.head)
    assert (year.appraisal(1).grade_rule, year.appraisal(1).grade) == ("B", "A")
    actions.finish_calibration(round=year.round, by=year.hr)
    for number in range(3):
        actions.hold_interview(
            appraisal=year.appraisal(number), successes="好", to_improve="无", next_steps="继续", by=year.head
        )
    with pytest.raises(Problem, match="may still"):
        actions.close_round(round=year.round, by=year.hr)
    actions.confirm_result(appraisal=year.appraisal(0), by=year.people[0])
    actions.confirm_result(appraisal=year.appraisal(1), by=year.people[1])
    actions.file_appeal(appraisal=year.appraisal(2), text="二季度停工不归我", by=year.people[2])
    with pytest.raises(Problem, match="Appeals"):
        actions.close_round(round=year.round, by=year.hr)
    with pytest.raises(Refused, match="neither graded"):
        actions.decide_appeal(appraisal=year.appraisal(2), upheld=True, grade="C", answer="属实", by=year.head)
    actions.decide_appeal(appraisal=year.appraisal(2), upheld=True, grade="C", answer="停工属实", by=year.hr)
    actions.close_round(round=year.round, by=year.hr)
    assert [(year.appraisal(n).grade, year.appraisal(n).state) for n in range(3)] == [
        ("A", "final"), ("A", "final"), ("C", "final"),
    ]  # fmt: skip


def test_the_bonus_is_divided_to_the_fen_and_approved_by_another() -> None:
    year = Year()
    year.closed()
    post = year.appraisal(0).post
    assert post is not None
    actions.set_post_factor(post=post, factor_bp=12_000, notice="通知2号", from_on=date(2026, 1, 1), by=year.hr)
    pool = actions.create_pool(round=year.round, unit=year.unit, pool_fen=1_000_000, by=year.hr)
    shares = [year.appraisal(n).consequences.get(kind="bonus").amount_fen for n in range(3)]
    assert shares == [436_202, 333_828, 229_970]
    with pytest.raises(Problem, match="another pool"):
        actions.create_pool(round=year.round, unit=year.unit, pool_fen=5, by=year.hr)
    with pytest.raises(Refused, match="second person"):
        actions.approve_pool(pool=pool, by=year.hr)
    actions.approve_pool(pool=pool, by=year.head)
    pool.refresh_from_db()
    assert pool.state == "approved"
    assert set(pool.shares.values_list("state", flat=True)) == {"approved"}

    # A: pay +2, promotion, career; B: pay +1; D: training, improvement
    assert actions.propose_consequences(round=year.round, by=year.hr) == 6
    assert actions.propose_consequences(round=year.round, by=year.hr) == 0
    with pytest.raises(Refused, match="second person"):
        actions.approve_consequences(round=year.round, by=year.hr)
    assert actions.approve_consequences(round=year.round, by=year.head) == 6
    gap = lacking(year, 2)
    assert actions.put_into_effect(round=year.round, on=local_today(), by=year.hr) == 9
    [training] = Training.objects.filter(person=person_of(year.people[2]))
    assert (training.qualification, training.state) == (gap, "planned"), "what he lacks for his post"
    [task] = Action.objects.filter(owner=person_of(year.people[2]))
    assert (task.kind, task.checker, task.result) == ("improvement", year.contracts[2].party_a, "无")
    assert set(Consequence.objects.values_list("state", flat=True)) == {"effective"}
    assert year.appraisal(0).consequences.get(kind="pay_step").steps == 2


def test_nobody_appraises_without_policy_and_training() -> None:
    year = Year()
    actions.assign_raters(round=year.round, by=year.hr)
    task = RatingTask.objects.filter(round=year.round).first()
    assert task is not None
    rater, levels = task.rater.user, {"A1": 3, "A2": 3, "P1": 3}
    rater.person.qualifications.all().delete()
    with pytest.raises(Refused, match="training"):
        actions.give_ratings(task=task, levels=levels, by=rater)
    make.train(rater, year.round)
    stranger = make_user()
    assert "acknowledge" in str(queries.bar_to_appraise(stranger, year.round))
    expired = rater.person.qualifications.get()
    expired.until_on = local_today() - timedelta(days=1)
    expired.save()
    with pytest.raises(Refused, match="training"):
        actions.give_ratings(task=task, levels=levels, by=rater)
    assert not Rating.objects.exists()


def test_an_appraisal_is_reproducible_from_rows_alone() -> None:
    year = Year()
    year.rated()
    make.calibrating(year.round, by=year.hr)
    fields = ("person", "contract_digest", "result_e2", "caps", "ability_e2", "potential_e2", "box", "grade")
    before = list(year.round.appraisals.order_by("person").values_list(*fields))
    Appraisal.objects.all().delete()
    score_round(Round.objects.get(pk=year.round.pk))
    assert list(year.round.appraisals.order_by("person").values_list(*fields)) == before


def test_only_signed_contracts_and_verified_values_count() -> None:
    year = Year()
    target = year.contracts[0].targets.order_by("id").first()
    assert target is not None
    target.actuals.update(state="reported", verified_by=None, verified_at=None)
    year.rated()
    make.calibrating(year.round, by=year.hr)
    assert year.appraisal(0).result_e2 is None
    with pytest.raises(Problem, match="李甲"):
        actions.finish_calibration(round=year.round, by=year.hr)
    assert set(year.round.appraisals.values_list("contract_digest", flat=True)) == {
        contract.digest for contract in year.contracts
    }


def test_a_veto_caps_the_grade_whatever_people_want() -> None:
    year = Year()
    veto = {"kind": "ratio", "cap": 120, "veto": {"grade": "C"}}
    other = make_employee(year.unit, "李丁")
    contract = make_contract(unit=year.unit, superior=year.bosses[0], employee=other, weights=(), state="negotiating")
    make_target(contract, rule=veto)
    for side in (contract.party_a, contract.person):
        sign_contract(contract=contract, by=side.user)
    make.make_result(contract, 110, veto=True)
    year.rated()
    make.calibrating(year.round, by=year.hr)
    found = year.round.appraisals.get(person=person_of(other))
    assert (found.result_e2, found.caps, found.grade) == (11_000, ["C"], "C")
    with pytest.raises(Problem, match="veto"):
        actions.change_grade(appraisal=found, grade="B", reason="他很好", by=year.head)


def test_a_person_sees_his_result_after_the_talk_and_grades_nobody_alone() -> None:
    year = Year()
    year.rated()
    make.calibrating(year.round, by=year.hr)
    mine = year.appraisal(0)
    assert not Appraisal.objects.visible_to(year.people[0]).exists()
    assert Appraisal.objects.visible_to(year.hr).count() == 3
    with pytest.raises(Refused):
        actions.change_grade(appraisal=mine, grade="B", reason="x", by=year.people[0])
    actions.finish_calibration(round=year.round, by=year.hr)
    actions.hold_interview(appraisal=mine, successes="好", to_improve="无", next_steps="继续", by=year.hr)
    assert list(Appraisal.objects.visible_to(year.people[0])) == [mine]
    with pytest.raises(Refused, match="himself"):
        actions.confirm_result(appraisal=mine, by=year.people[1])


def test_nested_raters_are_told_to_be_not_separable_and_links_help() -> None:
    unit = make_unit()
    hr = officer(unit)
    bosses = [make_employee(unit, f"主管{n}") for n in range(4)]
    people = [make_employee(unit, f"员工{n}") for n in range(24)]
    one = make.make_round(unit)
    for number, person in enumerate(people):
        make.rate(one, bosses[number % 4], person, 3 + number % 2, 2 + number % 3, 3)
    (run, _potential) = actions.estimate_severity(round=one, by=hr)
    assert not run.separable and run.proposed
    assert set(run.raters.values_list("severity_e4", flat=True)) == {None}
    actions.add_cross_raters(round=one, share=100, by=hr)
    tasks = RatingTask.objects.filter(round=one, own=False)
    assert tasks.count() == 24
    for task in tasks:
        own = RatingTask.objects.get(round=one, ratee=task.ratee, own=True)
        strict = bosses.index(task.rater.user) - bosses.index(own.rater.user)
        for rating in own.ratings.all():
            level = min(max(rating.level - (1 if strict > 0 else -1), 2), 4)
            Rating.objects.create(task=task, criterion=rating.criterion, level=level, at=rating.at)
        RatingTask.objects.filter(pk=task.pk).update(given_at=own.given_at)
    (run, _potential) = actions.estimate_severity(round=one, by=hr)
    assert run.separable and run.connected
    by_rater = {row.person.user: row.severity_e4 for row in run.raters.select_related("person__user")}
    assert by_rater[bosses[3]] > by_rater[bosses[0]]


def test_the_database_keeps_what_was_given() -> None:
    year = Year()
    year.closed()
    mine = year.appraisal(0)
    for change in (
        lambda: Rating.objects.update(level=4),
        lambda: Rating.objects.all().delete(),
        lambda: Appraisal.objects.filter(pk=mine.pk).update(result_e2=1),
        lambda: Appraisal.objects.filter(pk=mine.pk).update(state="scored"),
        lambda: GradeScheme.objects.update(fewest=30),
        lambda: mine.interview.__class__.objects.update(successes="别的"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_database_refuses_a_pool_that_is_not_whole() -> None:
    year = Year()
    year.closed()
    pool = actions.create_pool(round=year.round, unit=year.unit, pool_fen=1_000_000, by=year.hr)
    with pytest.raises(IntegrityError), transaction.atomic():
        pool.__class__.objects.filter(pk=pool.pk).update(pool_fen=1_000_001, state="approved", approved_by=year.head)
    with pytest.raises(IntegrityError), transaction.atomic():
        pool.shares.update(amount_fen=1)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"fewest": 5}, "below 20"),
        ({"bands": [{"grade": "A", "from_e2": 9000}]}, "begin at 0"),
        ({"bands": [{"grade": "A", "from_e2": 0, "consequences": ["party"]}]}, "party"),
        ({"result_low_e2": 9900}, "lower cut"),
        ({"from_on": date(2020, 1, 1)}, "this day"),
    ],
)
def test_schemes_that_are_refused(facts: dict[str, Any], word: str) -> None:
    make.make_scheme()
    by = make_user(rights={"performance.appraisal.set_scheme": ("all", None)})
    given = {"from_on": date(2027, 1, 1), "notice": "通知", "bands": make.BANDS, **facts}
    with pytest.raises(Problem, match=word):
        actions.set_scheme(**given, by=by)


def test_rounds_begin_once_and_with_a_policy_in_force() -> None:
    unit = make_unit()
    hr, one = officer(unit), make.make_round(make_unit())
    given: dict[str, Any] = {"period": make_year()["2026"], "unit": unit, "training": one.training}
    draft = make.make_publication(unit)
    with pytest.raises(Problem, match="published"):
        actions.start_round(**given, policy=draft, by=hr)
    actions.start_round(**given, policy=one.policy, by=hr)
    with pytest.raises(Problem, match="already"):
        actions.start_round(**given, policy=one.policy, by=hr)
