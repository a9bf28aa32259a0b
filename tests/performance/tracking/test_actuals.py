"""Actual values: who reports, who verifies, what counts, and what the database refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.events import providers
from mainstay.core.todos.models import Todo
from mainstay.kit.errors import Problem
from mainstay.performance.plans.models import Period
from mainstay.performance.tracking import actions
from mainstay.performance.tracking.models import Actual
from mainstay.performance.tracking.queries import points_of, results_by_contract, results_of
from mainstay.performance.tracking.rules import Reading, Span, elapsed_bp, inside, light, progress_bp, reached
from mainstay.performance.tracking.states import ACTUAL, SESSION, TASK, WORK_PLAN
from tests.core.make import hold, make_post, make_unit, make_user
from tests.performance.make import E4, make_contract, make_indicator, make_signed, make_target, make_year

REPORT, VERIFY = "performance.tracking.report_actual", "performance.tracking.verify_actual"
DISPUTE, FETCH = "performance.tracking.dispute_actual", "performance.tracking.fetch_actuals"
JUNE = date(2026, 6, 30)


def verifier(unit: Any = None) -> Any:
    return make_user(rights={VERIFY: ("all", None), DISPUTE: ("all", None)}, unit=unit)


def reporter() -> Any:
    return make_user(rights={REPORT: ("all", None), FETCH: ("all", None), VERIFY: ("all", None)})


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


@pytest.mark.parametrize("graph", [ACTUAL, TASK, SESSION, WORK_PLAN], ids=lambda graph: graph.key)
def test_the_graphs_are_whole(graph: Any) -> None:
    assert not list(graph.faults())


def test_nothing_counts_twice() -> None:
    year = Span(1, None, date(2026, 1, 1), date(2026, 12, 31))
    spans = {1: year}
    for number in range(1, 5):
        spans[1 + number] = Span(1 + number, 1, date(2026, 3 * number - 2, 1), date(2026, 3 * number, 28))
        for month in range(3):
            pk = 10 * number + month
            spans[pk] = Span(pk, 1 + number, date(2026, 3 * number - 2 + month, 1), date(2026, 3 * number, 28))
    readings = {2: Reading(30, True), 10: Reading(99, True), 20: Reading(5, False), 21: Reading(6, True, veto=True)}
    children = inside(spans.values())
    found = reached(1, children, readings, "sum")
    assert (found.value_e4, found.verified, found.veto) == (41, False, True)
    assert reached(1, children, readings, "last").value_e4 == 6
    assert reached(3, children, readings, "mean").value_e4 == 6  # 5.5, halves away from zero
    assert reached(1, children, {}, "sum").value_e4 is None
    assert elapsed_bp(year, date(2025, 1, 1)) == 0 and elapsed_bp(year, date(2027, 1, 1)) == 10_000
    assert [light(*one) for one in ((None, 1), (50, 50), (46, 50), (44, 50))] == [
        "unknown",
        "ahead",
        "on_track",
        "behind",
    ]
    assert progress_bp([]) == 0 and progress_bp(["verified", "done", "open", "failed"]) == 3_750


@pytest.mark.django_db
class TestActuals:
    def test_reported_verified_scored(self) -> None:
        contract, periods = make_signed(), make_year()
        first, second = contract.targets.select_related("indicator", "contract__period")
        one, other = reporter(), verifier()
        for number, value in ((1, 30), (2, 20)):
            actions.report_actual(target=first, period=periods[f"2026Q{number}"], value_e4=value * E4, by=one)
        facts: dict[str, Any] = {"target": first, "value_e4": 1, "by": one}
        assert problem_of(actions.report_actual, **facts, period=periods["2026Q1"]).code == "exists"
        assert problem_of(actions.report_actual, **facts, period=make_year(2027)["2027"]).code == "outside"
        assert Todo.objects.filter(kind="actual", done_at=None, not_for=one).count() == 2
        actual = Actual.objects.get(period=periods["2026Q1"])
        with pytest.raises(Refused):
            actions.verify_actual(actual=actual, by=one)
        actions.verify_actual(actual=actual, by=other)
        assert Todo.objects.filter(kind="actual", done_at=None).count() == 1
        results = results_of([first, second], today=JUNE)
        assert [result.actual_e4 for result in results] == [50 * E4, None]
        assert (results[0].points_e2, results[0].attained_bp, results[0].light) == (5_000, 5_000, "ahead")
        assert points_of(results) is None
        assert results_of([first], verified_only=True, today=JUNE)[0].actual_e4 == 30 * E4
        actions.report_actual(target=second, period=periods["2026"], value_e4=90 * E4, by=one)
        assert points_of(results_by_contract([contract], today=JUNE)[contract.pk]) == 6_600  # 60 % of 50, 40 % of 90

    def test_a_disputed_value_is_reported_anew(self) -> None:
        contract, quarter = make_signed(), make_year()["2026Q1"]
        target = contract.targets.all()[0]
        one, other = reporter(), verifier()
        actual = actions.report_actual(target=target, period=quarter, value_e4=1, by=one)
        assert problem_of(actions.dispute_actual, actual=actual, reason=" ", by=other).field == "reason"
        actions.dispute_actual(actual=actual, reason="附件与数字不符", by=other)
        again = actions.report_actual(target=target, period=quarter, value_e4=2, by=one)
        assert again.replaces == actual
        assert results_of([target], today=JUNE)[0].actual_e4 == 2

    def test_the_employee_reports_the_own_contract_only(self) -> None:
        contract, other, quarter = make_signed(), make_signed(), make_year()["2026Q1"]
        worker = contract.person.user
        from tests.core.make import grant, make_role

        grant(make_role({REPORT: ("own", None)}), contract.unit, user=worker)
        actions.report_actual(target=contract.targets.all()[0], period=quarter, value_e4=1, by=worker)
        with pytest.raises(Refused):
            actions.report_actual(target=other.targets.all()[0], period=quarter, value_e4=1, by=worker)
        assert Entry.objects.filter(action=REPORT, outcome="refused").count() == 1

    def test_the_verifying_post_verifies(self) -> None:
        unit = make_unit()
        post = make_post(unit, "财务")
        contract = make_contract(weights=(), state="negotiating")
        target = make_target(contract, indicator=make_indicator(verifier=post))
        from mainstay.performance.plans.actions import sign_contract

        for person in (contract.party_a, contract.person):
            sign_contract(contract=contract, by=person.user)
        contract.refresh_from_db()
        target.contract = contract
        actual = actions.report_actual(target=target, period=make_year()["2026Q1"], value_e4=1, by=reporter())
        stranger, holder = verifier(), verifier()
        hold(holder.person, post)
        with pytest.raises(Refused):
            actions.verify_actual(actual=actual, by=stranger)
        assert actions.verify_actual(actual=actual, by=holder).state == "verified"

    def test_only_signed_contracts_and_open_periods(self) -> None:
        contract, quarter = make_contract(), make_year()["2026Q1"]
        facts: dict[str, Any] = {"period": quarter, "value_e4": 1, "by": reporter()}
        draft = contract.targets.all()[0]
        assert problem_of(actions.report_actual, **facts, target=draft).code == "not_in_force"
        signed = make_signed().targets.all()
        actual = actions.report_actual(**facts, target=signed[0])
        Period.objects.filter(pk=quarter.pk).update(state="closed")
        assert problem_of(actions.report_actual, **facts, target=signed[1]).code == "closed"
        assert problem_of(actions.verify_actual, actual=actual, by=verifier()).code == "closed"

    def test_the_database_keeps_reports(self) -> None:
        contract, quarter = make_signed(), make_year()["2026Q1"]
        first, second = contract.targets.all()
        one = reporter()
        actual = actions.report_actual(target=first, period=quarter, value_e4=1, by=one)
        for change in ("value_e4 = 2", f"state = 'verified', verified_by_id = {one.pk}", "state = 'verified'"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"UPDATE tracking_actual SET {change} WHERE id = %s", [actual.pk])
        facts = {"period": quarter, "value_e4": 1, "reported_by": one, "reported_at": actual.reported_at}
        with pytest.raises(IntegrityError), transaction.atomic():
            Actual.objects.create(**facts, target=first)
        Period.objects.filter(pk=quarter.pk).update(state="closed")
        with pytest.raises(IntegrityError), transaction.atomic():
            Actual.objects.create(**facts, target=second)
        with pytest.raises(IntegrityError), transaction.atomic():
            Actual.objects.filter(pk=actual.pk).update(state="disputed", verified_by=verifier())

    def test_a_level_needs_a_reason(self) -> None:
        contract = make_contract(weights=(), state="negotiating")
        rule = {"kind": "level", "levels": [{"name": "差", "points": 0}, {"name": "好", "points": 100}]}
        target = make_target(contract, target=2, rule=rule)
        contract.targets.update(rule=rule)
        from mainstay.performance.plans.actions import sign_contract

        for person in (contract.party_a, contract.person):
            sign_contract(contract=contract, by=person.user)
        target.refresh_from_db()
        facts: dict[str, Any] = {"target": target, "period": make_year()["2026"], "value_e4": 2 * E4, "by": reporter()}
        assert problem_of(actions.report_actual, **facts).field == "note"
        actions.report_actual(**facts, note="业主满意度调查")

    def test_values_of_other_parts(self, asked: list[dict[str, Any]]) -> None:
        contract = make_contract(weights=(), state="negotiating")
        target = make_target(contract, indicator=make_indicator(provider="test_rate"))
        from mainstay.performance.plans.actions import sign_contract

        for person in (contract.party_a, contract.person):
            sign_contract(contract=contract, by=person.user)
        quarter, by = make_year()["2026Q1"], reporter()
        assert actions.fetch_actuals(period=quarter, by=by) == 1
        assert actions.fetch_actuals(period=quarter, by=by) == 0
        actual = Actual.objects.get(target=target)
        assert (actual.value_e4, actual.provider, actual.state) == (965_000, "test_rate", "reported")
        assert asked == [{"unit": contract.unit, "from_on": date(2026, 1, 1), "until_on": date(2026, 3, 31)}]


@pytest.fixture
def asked() -> Iterator[list[dict[str, Any]]]:
    """A part that answers an indicator, and what it was asked."""
    calls: list[dict[str, Any]] = []

    @providers.provide("indicator_value")
    def rate(*, name: str, **facts: Any) -> int | None:
        if name != "test_rate":
            return None
        calls.append(facts)
        return 965_000

    yield calls
    providers._providers["indicator_value"].remove(rate)
