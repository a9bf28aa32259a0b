"""Contracts through the door and in the database: signed by both, frozen, amended within limits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.kit.errors import Problem
from mainstay.performance.plans import actions
from mainstay.performance.plans.models import Contract, ContractVersion, Target
from mainstay.performance.plans.queries_content import content_of
from mainstay.performance.plans.rules import digest_of
from mainstay.performance.plans.states import AMENDMENT, CHARTER, CONTRACT, PERIOD
from tests.core.make import make_unit, make_user
from tests.performance.make import (
    E4,
    make_contract,
    make_employee,
    make_indicator,
    make_signed,
    make_target,
    make_year,
    person_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db
WRITE = ("create_contract", "edit_contract", "remove_target", "discard_contract", "offer_contract", "close_contract")


@pytest.fixture
def officer() -> Any:
    return make_user(rights={f"performance.plans.{verb}": ("all", None) for verb in WRITE})


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


def refused_by_the_database(statement: str, *values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("graph", [PERIOD, CONTRACT, AMENDMENT, CHARTER], ids=lambda graph: graph.key)
def test_the_graphs_are_whole(graph: Any) -> None:
    assert not list(graph.faults())


def test_from_draft_to_signed(officer: Any) -> None:
    unit = make_unit()
    boss, worker = make_employee(unit, "经理"), make_employee(unit, "主管")
    facts: dict[str, Any] = {"period": make_year()["2026"], "unit": unit, "person": person_of(worker), "by": officer}
    assert problem_of(actions.create_contract, **facts, party_a=person_of(worker)).field == "party_a"
    contract = actions.create_contract(**facts, party_a=person_of(boss))
    assert contract.number == "HY2026-00001"
    assert problem_of(actions.create_contract, **facts, party_a=person_of(boss)).code == "exists"
    assert problem_of(actions.offer_contract, contract=contract, by=officer).code == "empty"
    target: dict[str, Any] = {"contract": contract, "target_e4": 95 * E4, "by": officer}
    first = actions.save_target(**target, indicator=make_indicator(), weight_bp=7_000)
    assert problem_of(actions.save_target, **target, indicator=first.indicator, weight_bp=3_000).code == "taken"
    assert problem_of(actions.offer_contract, contract=contract, by=officer).code == "weights"
    second = actions.save_target(**target, indicator=make_indicator(), weight_bp=3_000)
    assert second.position == 2
    actions.offer_contract(contract=contract, by=officer)
    assert Todo.objects.filter(done_at=None, kind="contract").count() == 2
    with pytest.raises(Refused):
        actions.sign_contract(contract=contract, by=officer)
    digest = digest_of(content_of(contract))
    assert problem_of(actions.sign_contract, contract=contract, seen="other", by=boss).code == "changed"
    actions.sign_contract(contract=contract, seen=digest, by=boss)
    assert problem_of(actions.sign_contract, contract=contract, by=boss).code == "signed"
    assert contract.state == "negotiating"
    actions.sign_contract(contract=contract, seen=digest, by=worker)
    contract.refresh_from_db()
    assert (contract.state, contract.digest) == ("signed", digest)
    version = ContractVersion.objects.get(contract=contract)
    assert digest_of(version.content) == digest and version.agreed_b_by == worker
    assert not Todo.objects.filter(done_at=None, kind="contract").exists()
    assert Entry.objects.filter(action="performance.plans.sign_contract", outcome="refused", by=officer).exists()


def test_a_change_voids_the_first_signature(officer: Any) -> None:
    contract = make_contract(state="negotiating")
    actions.sign_contract(contract=contract, by=contract.person.user)
    target = contract.targets.all()[0]
    actions.save_target(
        contract=contract, indicator=target.indicator, weight_bp=6_000, target_e4=1, target=target, by=officer
    )
    contract.refresh_from_db()
    assert contract.signed_b_at is None and contract.signed_b_by is None
    assert Todo.objects.filter(user=contract.person.user, kind="contract", done_at=None).count() == 1
    actions.return_contract(contract=contract, reason="目标过高", by=contract.person.user)
    assert contract.state == "draft"
    actions.remove_target(contract=contract, target=target, by=officer)
    assert actions.discard_contract(contract=contract, by=officer) and not Contract.objects.exists()


def test_signing_freezes_the_actions(officer: Any) -> None:
    contract = make_signed()
    target = contract.targets.all()[0]
    facts: dict[str, Any] = {"contract": contract, "by": officer}
    assert (
        problem_of(actions.save_target, **facts, indicator=make_indicator(), weight_bp=1, target_e4=1).code == "frozen"
    )
    assert problem_of(actions.remove_target, **facts, target=target).code == "frozen"
    assert problem_of(actions.discard_contract, **facts).code == "frozen"
    actions.close_contract(**facts, reason="离职")
    assert contract.state == "closed" and not contract.is_in_force


def test_signing_freezes_the_database() -> None:
    contract = make_signed()
    target = contract.targets.all()[0]
    for statement in (
        "UPDATE plans_target SET target_e4 = 1 WHERE id = %s",
        "UPDATE plans_target SET weight_bp = 1 WHERE id = %s",
        "DELETE FROM plans_target WHERE id = %s",
    ):
        refused_by_the_database(statement, target.pk)
    for change in ("digest = 'x'", "version = 9", "state = 'draft'", f"person_id = {contract.party_a_id}"):
        refused_by_the_database(f"UPDATE plans_contract SET {change} WHERE id = %s", contract.pk)
    refused_by_the_database("DELETE FROM plans_contract WHERE id = %s", contract.pk)
    refused_by_the_database("UPDATE plans_contractversion SET digest = 'x' WHERE contract_id = %s", contract.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_target(contract, weight_bp=1)
    other = make_contract()
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=target.pk).update(contract=other)


def test_the_database_knows_the_sum_of_weights() -> None:
    contract = make_contract(weights=(6_000, 3_999), state="negotiating")
    contract.state, contract.digest = Contract.State.SIGNED, "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        contract.save()  # neither signed by both nor 100 %
    assert problem_of(actions.sign_contract, contract=contract, by=contract.person.user).code == "weights"


def change(target: Target, after: int, field: str = "target_e4") -> dict[str, Any]:
    return {"target": target.pk, "field": field, "after": after}


def test_an_amendment_needs_both_and_keeps_to_the_limit() -> None:
    contract = make_signed()
    boss, worker = contract.party_a.user, contract.person.user
    first, second = contract.targets.all()
    facts: dict[str, Any] = {"contract": contract, "reason": "春节停工", "by": worker}
    assert problem_of(actions.propose_amendment, **facts, changes=[change(first, 89 * E4)]).code == "above_limit"
    assert problem_of(actions.propose_amendment, **facts, changes=[change(first, 100 * E4)]).code == "nothing"
    assert problem_of(actions.propose_amendment, **facts, changes=[change(first, 6_500, "weight_bp")]).code == "weights"
    asked = actions.propose_amendment(**facts, changes=[change(first, 94 * E4)])
    assert problem_of(actions.propose_amendment, **facts, changes=[change(second, 99 * E4)]).code == "waiting"
    with pytest.raises(Refused):
        actions.agree_amendment(amendment=asked, by=worker)
    with pytest.raises(Refused):
        actions.agree_amendment(amendment=asked, by=make_user())
    before = contract.digest
    amended = actions.agree_amendment(amendment=asked, by=boss)
    first.refresh_from_db()
    assert (amended.state, amended.version, first.target_e4) == ("amended", 2, 94 * E4)
    assert amended.digest != before and contract.versions.count() == 2
    # 6 % are used: of 94 not more than 4 % are left this quarter.
    assert problem_of(actions.propose_amendment, **facts, changes=[change(first, 90 * E4)]).code == "above_limit"
    again = actions.propose_amendment(**facts, changes=[change(first, 91 * E4)])
    actions.reject_amendment(amendment=again, reason="不同意", by=boss)
    first.refresh_from_db()
    assert first.target_e4 == 94 * E4 and not Todo.objects.filter(kind="amendment", done_at=None).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=first.pk).update(target_e4=1)


def test_weights_and_thresholds_are_amended_on_the_page(client: Client) -> None:
    contract = make_signed(weights=(5_000, 5_000))
    first, second = contract.targets.all()
    assert first.threshold_e4 is None, "what was never agreed has no field"
    client.force_login(contract.person.user)
    fields = {f"t{first.pk}_target_e4": "95", f"t{first.pk}_weight_bp": "54", f"t{second.pk}_target_e4": "100",
              f"t{second.pk}_weight_bp": "46", "reason": "任务调整"}  # fmt: skip
    address = reverse("plans:contract_amend", args=[contract.pk])
    page = client.get(address).content.decode()
    assert all(f'name="{name}"' in page for name in fields) and "threshold" not in page
    assert client.post(address, fields).status_code == 302
    [asked] = contract.amendments.all()
    moved = {(one["target"], one["field"]): (one["after"], one["moved_bp"]) for one in asked.changes}
    assert moved == {
        (first.pk, "target_e4"): (95 * E4, 500),
        (first.pk, "weight_bp"): (5_400, 400),
        (second.pk, "weight_bp"): (4_600, 400),
    }
    assert "54 %" in client.get(contract.get_absolute_url()).content.decode()


def test_the_company_sets_the_limit() -> None:
    chief = make_user(rights={"performance.plans.set_terms": ("all", None)})
    assert problem_of(
        actions.set_terms, from_on=date(2026, 1, 1), amend_limit_bp=500, notice=" ", by=chief
    ).field == "notice"  # fmt: skip
    actions.set_terms(from_on=date(2020, 1, 1), amend_limit_bp=500, notice="绩效〔2020〕1号", by=chief)
    contract = make_signed()
    first = contract.targets.all()[0]
    facts: dict[str, Any] = {"contract": contract, "reason": "调整", "by": contract.person.user}
    assert problem_of(actions.propose_amendment, **facts, changes=[change(first, 94 * E4)]).code == "above_limit"


def test_who_sees_a_contract() -> None:
    unit, other = make_unit(), make_unit("别处")
    contract = make_signed(unit=unit)
    manager = make_user(rights={"performance.plans.view_contract": ("subtree", None)}, unit=unit)
    stranger = make_user(rights={"performance.plans.view_contract": ("subtree", None)}, unit=other)
    seen = [
        Contract.objects.visible_to(user).exists() for user in (contract.person.user, manager, stranger, make_user())
    ]
    assert seen == [True, True, False, False]


def test_periods_close_from_the_inside() -> None:
    by = make_user(
        rights={f"performance.plans.{verb}": ("all", None) for verb in (
            "create_year", "begin_closing", "reopen_period", "close_period",
        )}
    )  # fmt: skip
    actions.create_year(year=2031, by=by)
    actions.create_year(year=2031, by=by)
    periods = make_year(2031, weeks=True)
    month, quarter = periods["2031-01"], periods["2031Q1"]
    actions.begin_closing(period=month, by=by)
    actions.reopen_period(period=month, reason="漏报", by=by)
    assert problem_of(actions.close_period, period=month, by=by).code == "wrong_state"
    actions.begin_closing(period=month, by=by)
    actions.close_period(period=month, by=by)
    assert set(month.children.values_list("state", flat=True)) == {"closed"}
    actions.begin_closing(period=quarter, by=by)
    assert problem_of(actions.close_period, period=quarter, by=by).code == "children_open"
    refused_by_the_database("UPDATE plans_period SET state = 'open' WHERE id = %s", month.pk)


def test_an_indicator_in_use_keeps_its_meaning() -> None:
    by = make_user(rights={f"performance.plans.{v}": ("all", None) for v in ("save_indicator", "retire_indicator")})
    facts: dict[str, Any] = {"name_zh": "收费率", "formula_zh": "实收/应收", "unit_zh": "%", "by": by}
    assert problem_of(actions.save_indicator, **facts, code="收").field == "code"
    assert problem_of(actions.save_indicator, **facts, code="SFL", rule={"kind": "x"}).field == "rule"
    one = actions.save_indicator(**facts, code="sfl")
    assert one.code == "SFL" and one.rule == {"kind": "ratio", "cap": 120}
    make_target(make_contract(weights=()), indicator=one)
    assert problem_of(actions.save_indicator, **facts, code="SFL", direction="less", indicator=one).code == "in_use"
    actions.save_indicator(**{**facts, "name_zh": "物业费收费率"}, code="SFL", indicator=one)
    actions.retire_indicator(indicator=one, reason="改口径", by=by)
    assert one.retired_on is not None
