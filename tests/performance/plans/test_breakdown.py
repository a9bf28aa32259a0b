"""Targets broken down, contracts for many, the sheet, the charter, budgets: through the door and in the database."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.publications.models import Publication
from mainstay.core.publications.queries import counts_by_unit
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.core.todos.models import Todo
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.performance.plans import actions, papers
from mainstay.performance.plans.models import BudgetEntry, BudgetLine, Contract, Contribution
from mainstay.performance.plans.queries_budget import forecast_of, open_commitments
from mainstay.performance.plans.queries_parts import made_of, rolled_up
from mainstay.performance.plans.queries_tree import lines_of, people_of, tree_of
from mainstay.performance.plans.rules.budget import Standing, beyond_fen, forecast_fen
from mainstay.performance.tracking.models import Actual
from tests.core.make import hold, make_post, make_unit, make_user
from tests.performance.make import (
    E4,
    make_contract,
    make_employee,
    make_indicator,
    make_signed,
    make_target,
    make_year,
    person_of,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


def officer(*verbs: str, unit: Any = None, scope: str = "all") -> Any:
    return make_user(rights={f"performance.plans.{verb}": (scope, None) for verb in verbs}, unit=unit)


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


def test_contributions_and_coverage() -> None:
    by = officer("contribute", "withdraw_contribution")
    money = {"unit_zh": "万元"}
    parent = make_target(make_contract(weights=()), target=100, indicator=make_indicator("收入", **money))
    children = [
        make_target(make_contract(weights=()), target=size, indicator=make_indicator("收入", **money))
        for size in (60, 50)
    ]
    actions.contribute(child=children[0], parent=parent, by=by)
    actions.contribute(child=children[1], parent=parent, share_bp=5_000, by=by)
    covered = lines_of([parent.contract_id])[0]
    assert (covered.parts, covered.hue, covered.coverage.uncovered_bp) == (2, "red", 1_500)
    actions.contribute(child=children[1], parent=parent, share_bp=10_000, by=by)
    assert lines_of([parent.contract_id])[0].coverage.over_bp == 1_000
    facts: dict[str, Any] = {"child": children[1], "by": by}
    assert problem_of(actions.contribute, **facts, parent=children[1]).code == "circle"
    assert problem_of(actions.contribute, child=parent, parent=children[0], by=by).field == "parent"
    other = make_target(make_contract(weights=()), indicator=make_indicator("收入", **money))
    assert problem_of(actions.contribute, **facts, parent=other, share_bp=1).code == "shares"
    rate = make_target(make_contract(weights=()), indicator=make_indicator("收费率", combine="last"))
    assert problem_of(actions.contribute, child=children[0], parent=rate, share_bp=1, by=by).code == "covers"
    short = make_target(make_contract(weights=(), period=make_year()["2026Q1"]), indicator=make_indicator(**money))
    assert problem_of(actions.contribute, **facts, parent=short).code == "period"
    actions.withdraw_contribution(contribution=Contribution.objects.get(child=children[1]), by=by)
    assert lines_of([children[1].contract_id])[0].carries == 0


def test_parts_roll_up_by_their_shares_beside_the_own_value() -> None:
    """60 of 60 and half of 30 reached, of a target of 100: 60 + 15 = 75; the unit itself reports 80."""
    by = officer("contribute", "view_contract")
    unit = make_unit()
    money: dict[str, Any] = {"indicator": make_indicator("收入", unit_zh="万元")}
    parent = make_target(make_contract(unit=unit, kind="unit", weights=()), target=100, **money)
    below = make_unit("班组", parent=unit)
    children = [
        make_target(
            make_contract(unit=below, weights=()), target=size, indicator=make_indicator("收入", unit_zh="万元")
        )
        for size in (60, 50, 10)
    ]
    for child, share in zip(children, (10_000, 5_000, 10_000), strict=True):
        actions.contribute(child=child, parent=parent, share_bp=share, by=by)
    assert rolled_up([parent])[parent.pk].parts_e4 is None, "nobody has a value yet"
    for target, value in ((children[0], 60), (children[1], 30), (parent, 80)):
        Actual.objects.create(target=target, period=make_year()["2026"], value_e4=value * E4, reported_by=by,
                              reported_at=timezone.now())  # fmt: skip
    found = rolled_up([parent])[parent.pk]
    assert (found.parts_e4, found.parts_bp, found.known, found.parts) == (75 * E4, 7_500, 2, 3)
    assert (found.own_e4, found.own_bp) == (80 * E4, 8_000)
    made = made_of(parent, by, limit=2)
    assert [share.covers_bp for share in made.shares] == [6_000, 2_500] and made.hidden == 1
    assert (made.coverage.covered_bp, made.coverage.uncovered_bp) == (9_500, 500)
    stranger = made_of(parent, make_employee(unit))
    assert (stranger.shares, stranger.hidden, stranger.rolled.parts_e4) == ([], 3, 75 * E4)


def test_the_tree_shows_what_one_may_see(django_assert_max_num_queries: Any) -> None:
    company, other = make_unit("公司"), make_unit("别的公司")
    section = make_unit("客服部", parent=company)
    year = make_year()["2026"]
    top = make_contract(unit=company, kind="company", period=year)
    make_contract(unit=section, kind="unit", period=year)
    worker = make_contract(unit=section, period=year)
    make_contract(unit=other, kind="unit", period=year)
    manager = officer("view_contract", unit=company, scope="subtree")
    with django_assert_max_num_queries(9):
        [root] = tree_of(manager, year)
    assert root.contract and root.contract.pk == top.pk and root.uncovered == 2
    assert [(one.unit, one.people) for one in root.below] == [(section, 1)]
    with django_assert_max_num_queries(9):
        rows = people_of(manager, year, section.pk)
    assert [(contract, len(lines)) for contract, lines in rows] == [(worker, 2)]


def test_a_template_makes_drafts_for_a_filter_of_people() -> None:
    company = make_unit("公司")
    section = make_unit("客服部", parent=company)
    year = make_year()["2026"]
    chief, head = make_employee(company, "总经理"), make_employee(section, "部长")
    make_contract(unit=company, kind="company", superior=make_employee(company), employee=chief, period=year)
    make_contract(unit=section, kind="unit", superior=chief, employee=head, period=year)
    people = [make_user().person for _number in range(3)]
    for person in people:
        hold(person, make_post(section, "客服管家"))
    by = officer("save_template", "apply_template")
    model = make_contract()
    template = actions.save_template(contract=model, code="gj", name_zh="管家", by=by)
    facts: dict[str, Any] = {"template": template, "period": year, "unit": company, "by": by}
    assert problem_of(actions.apply_template, **facts, post_name="不存在").code == "nobody"
    assert actions.apply_template(**facts, post_name="管家") == {"made": 3, "had": 0, "headless": 0}
    assert actions.apply_template(**facts, post_name="管家") == {"made": 0, "had": 3, "headless": 0}
    drafts = Contract.objects.filter(person__in=people).prefetch_related("targets")
    assert {draft.party_a for draft in drafts} == {head.person}
    assert all(draft.state == "draft" and draft.targets.count() == 2 for draft in drafts)
    everybody = actions.apply_template(**facts)
    assert everybody["headless"] == 1, "nobody stands above the general manager"
    actions.offer_contract(contract=drafts[0], by=officer("offer_contract"))


def sheet_of(*rows: tuple[Any, ...]) -> BytesIO:
    heads = [OutColumn(title) for title in ("工号", "指标编号", "权重", "门槛值", "目标值", "挑战值")]
    file = BytesIO()
    write_xlsx(file, "目标", heads, [[None if cell is None else str(cell) for cell in row] for row in rows])
    file.seek(0)
    return file


def test_targets_from_a_sheet(client: Client) -> None:
    unit = make_unit()
    by = officer("import_targets", "edit_contract", "view_contract", unit=unit, scope="all")
    draft, frozen = make_contract(unit=unit, weights=()), make_signed(unit=unit)
    rate, level = make_indicator(), make_indicator()
    kind: dict[str, Any] = {"kind": "performance.targets", "options": {"period": "2026"}, "by": by}
    number = draft.person.staff_no
    bad = check_sheet(
        **kind, name="目标.xlsx",
        file=sheet_of(
            (frozen.person.staff_no, rate.code, 40, None, 95, None), ("没有", rate.code, 1, None, 1, None),
            (number, "没有", 40, None, 95, None), (number, rate.code, 40, "x", 95, None),
        ),
    )  # fmt: skip
    assert (bad.rows, bad.bad_rows) == (4, 4)
    good = check_sheet(
        **kind, name="目标.xlsx",
        file=sheet_of((number, rate.code, 60, 90, 95, 98), (number, level.code.lower(), 40, None, "4.5", None)),
    )  # fmt: skip
    assert (good.bad_rows, good.new_rows) == (0, 2)
    commit_sheet(sheet_import=good, by=by)
    values = draft.targets.order_by("position").values_list("weight_bp", "threshold_e4", "target_e4", "challenge_e4")
    assert list(values) == [(6_000, 90 * E4, 95 * E4, 98 * E4), (4_000, None, 45_000, None)]
    client.force_login(by)
    exported = b"".join(client.get(reverse("plans:target_list"), {"export": "xlsx", "q": number}).streaming_content)
    again = check_sheet(**kind, name="again.xlsx", file=BytesIO(exported))
    assert (again.rows, again.bad_rows, again.new_rows) == (2, 0, 0), again.preview


def test_a_charter_reaches_everybody() -> None:
    company = make_unit("公司")
    contract = make_contract(unit=company, kind="company", state="negotiating")
    by = make_user(
        rights={
            f"performance.plans.{verb}": ("all", None)
            for verb in ("draft_charter", "approve_charter", "publish_charter")
        }
    )
    other = make_contract()
    facts: dict[str, Any] = {"preamble_zh": "今年……", "preamble_en": "This year", "by": by}
    assert problem_of(actions.draft_charter, **facts, contract=other).code == "not_company"
    charter = actions.draft_charter(**facts, contract=contract)
    assert problem_of(actions.approve_charter, charter=charter, by=by).code == "not_signed"
    for person in (contract.party_a, contract.person):
        actions.sign_contract(contract=contract, by=person.user)
    charter.refresh_from_db()
    actions.approve_charter(charter=charter, by=by)
    assert problem_of(actions.draft_charter, **facts, contract=contract, charter=charter).code == "approved"
    soon = local_today() + timedelta(days=7)
    actions.publish_charter(charter=charter, acknowledge_by=soon, by=by)
    text = Publication.objects.get(code="CHARTER-2026")
    assert "收费率" in text.body and "Targets of the year" in text.body and charter.state == "published"
    assert [(one.expected, one.acknowledged) for one in counts_by_unit(text)] == [(2, 0)]
    assert Todo.objects.filter(kind="publication", done_at=None).count() == 2
    for language in ("zh-hans", "en"):
        with override(language):
            assert render_pdf("charter", papers.charter_data(charter, by))[:5] == b"%PDF-"
            assert render_pdf("performance_contract", papers.contract_data(contract, by))[:5] == b"%PDF-"


def test_budget_arithmetic() -> None:
    assert beyond_fen(100, 100) == 0 and beyond_fen(100, 130) == 30 and beyond_fen(0, 100, released_fen=100) == 0
    assert Standing(1_000, 0, 300, 450).used_bp == 7_500 and Standing(0, 0, 0, 1).used_bp == 10_000
    assert forecast_fen(300, 100, 2_500) == 1_200 and forecast_fen(300, 100, 0) == 400
    assert forecast_fen(10, 990, 9_000) == 1_000


def line_of(by: Any, *, amount_fen: int = 1_000_00, **facts: Any) -> BudgetLine:
    unit = make_unit()
    code = f"A{BudgetLine.objects.count()}"
    account = actions.save_budget_account(code=code, name_zh="维修费", **facts, by=by)
    return actions.set_budget(unit=unit, account=account, period=make_year()["2026"], amount_fen=amount_fen, by=by)


BUDGET = ("save_budget_account", "set_budget", "commit_money", "spend_money", "release_commitment")


def test_an_overrun_waits_for_a_second_person_before_it_happens() -> None:
    by, boss = officer(*BUDGET), officer(*BUDGET)
    line = line_of(by)
    facts: dict[str, Any] = {"line": line, "on": DAY, "by": by}
    bound = actions.commit_money(**facts, amount_fen=800_00, text="电梯维保合同")
    with pytest.raises(ApprovalFiled):
        actions.spend_money(**facts, amount_fen=300_00, text="水泵抢修")
    line.refresh_from_db()
    assert (line.committed_fen, line.actual_fen, line.free_fen) == (800_00, 0, 200_00), "nothing has happened yet"
    approve(approval=Approval.objects.get(), by=boss)
    line.refresh_from_db()
    assert (line.actual_fen, line.allowance_fen, line.free_fen) == (300_00, 100_00, 0)
    assert BudgetEntry.objects.get(text="水泵抢修").beyond
    actions.spend_money(**facts, amount_fen=780_00, text="电梯维保", commitment=bound)
    line.refresh_from_db()
    assert (line.committed_fen, line.actual_fen, line.free_fen) == (0, 1_080_00, 20_00)
    assert open_commitments(line) == []
    released = problem_of(actions.release_commitment, commitment=bound, on=DAY, reason="x", by=by)
    assert released.code == "released"
    assert problem_of(actions.set_budget, unit=line.unit, account=line.account, period=line.period, amount_fen=1, by=by)
    assert forecast_of(line, date(2026, 12, 31)) == 1_080_00


def test_hard_accounts_refuse_and_income_has_no_limit() -> None:
    by = officer(*BUDGET)
    hard = line_of(by, hard=True)
    assert problem_of(actions.spend_money, line=hard, amount_fen=1_000_01, text="x", on=DAY, by=by).code == "beyond"
    assert problem_of(actions.spend_money, line=hard, amount_fen=0, text="x", on=DAY, by=by).field == "amount"
    assert problem_of(actions.commit_money, line=hard, amount_fen=1, text=" ", on=DAY, by=by).field == "text"
    income = line_of(by, income=True)
    actions.spend_money(line=income, amount_fen=9_000_00, text="物业费", on=DAY, by=by)
    entry = actions.commit_money(line=hard, amount_fen=1, text="x", on=DAY, by=by)
    actions.release_commitment(commitment=entry, on=DAY, reason="取消", by=by)
    hard.refresh_from_db()
    assert hard.committed_fen == 0
    with pytest.raises(Refused):
        actions.commit_money(line=hard, amount_fen=1, text="x", on=DAY, by=make_user())


def test_the_database_keeps_the_budget() -> None:
    by = officer(*BUDGET)
    line = line_of(by)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(actual_fen=F("amount_fen") + 1)
    entry = actions.commit_money(line=line, amount_fen=5, text="x", on=DAY, by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetEntry.objects.filter(pk=entry.pk).update(amount_fen=6)


def test_what_stands_behind_a_target_goes_on_after_signing() -> None:
    contract = make_signed()
    target = contract.targets.all()[0]
    by = officer("write_backing")
    actions.write_backing(target=target, measures="入户催缴", by=by)
    actions.write_backing(target=target, measures="入户催缴\n律师函", risks="投诉", by=by)
    target.backing.refresh_from_db()
    assert target.backing.risks == "投诉"
    assert "入户催缴" in papers.contract_data(contract, person_of(contract.person.user).user)["targets"][0]["measures"]
