"""The pages of plans and budgets."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.performance.plans.models import (
    Amendment,
    BudgetAccount,
    BudgetEntry,
    BudgetLine,
    Charter,
    Contract,
    ContractTemplate,
    Contribution,
)
from mainstay.performance.plans.queries import VIEW
from mainstay.performance.plans.queries_budget import VIEW_BUDGET
from tests.core.make import make_publication, make_unit, make_user
from tests.pages.battery import Page, Rows, battery
from tests.performance import make

ACT = "performance.plans."
_next = count(1)


def contract(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_contract(unit=unit).pk}


def offered(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_contract(unit=unit, state="negotiating").pk}


def signed(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_signed(unit=unit).pk}


def target(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_contract(unit=unit).targets.all()[0].pk}


def amendment(unit: Unit) -> dict[str, Any]:
    one = make.make_signed(unit=unit)
    changes = [{"target": one.targets.all()[0].pk, "field": "target_e4", "before": 1, "after": 2, "moved_bp": 3}]
    facts = {"quarter": "2026Q1", "reason": "停工", "proposed_at": timezone.now(), "proposed_by": make_user()}
    return {"pk": Amendment.objects.create(contract=one, changes=changes, **facts).pk}


def contribution(unit: Unit) -> dict[str, Any]:
    child, parent = (make.make_contract(unit=unit).targets.all()[0] for _n in range(2))
    return {"pk": Contribution.objects.create(child=child, parent=parent).pk}


def unit_contract(unit: Unit) -> dict[str, Any]:
    found = Contract.objects.filter(unit=unit, kind="unit").first() or make.make_contract(unit=unit, kind="unit")
    for target in found.targets.all():
        Contribution.objects.create(child=make.make_contract(unit=unit).targets.all()[0], parent=target)
    return {"pk": found.pk}


def carried(unit: Unit) -> dict[str, Any]:
    return {"pk": Contract.objects.get(**unit_contract(unit)).targets.all()[0].pk}


def branch(unit: Unit) -> dict[str, Any]:
    """A unit with its own contract and a person's, in the tree."""
    below = make_unit("班组", parent=unit)
    make.make_contract(unit=below, kind="unit")
    make.make_contract(unit=below)
    return {}


def people(unit: Unit) -> dict[str, Any]:
    made = make.make_contract(unit=unit)
    return {"period": made.period_id, "unit": unit.pk}


def period(_unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_year()["2026Q1"].pk}


def indicator(_unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_indicator().pk}


def line(unit: Unit) -> dict[str, Any]:
    number = next(_next)
    account = BudgetAccount.objects.create(code=f"A{number}", name_zh="维修费")
    year = make.make_year()["2026"]
    return {"pk": BudgetLine.objects.create(unit=unit, account=account, period=year, amount_fen=100_00).pk}


def commitment(unit: Unit) -> dict[str, Any]:
    facts = {"kind": "commit", "amount_fen": 1, "business_on": date(2026, 1, 2), "text": "合同"}
    made = BudgetEntry.objects.create(line_id=line(unit)["pk"], by=make_user(), at=timezone.now(), **facts)
    return {"pk": made.pk}


def spent(unit: Unit) -> dict[str, Any]:
    entry = BudgetEntry.objects.get(pk=commitment(unit)["pk"])
    return {"pk": entry.line_id}


def account(unit: Unit) -> dict[str, Any]:
    line(unit)
    return {}


def charter(unit: Unit, **facts: Any) -> dict[str, Any]:
    year = make.make_year(2001 + next(_next) % 90)
    made = make.make_signed(unit=unit, kind="company", period=next(iter(year.values())))
    one = Charter.objects.create(period=made.period, contract=made, preamble_zh="一\n二", **facts)
    return {"pk": one.pk}


def published(unit: Unit) -> dict[str, Any]:
    text = make_publication(unit, state="published", published_at=timezone.now())
    return charter(unit, state="published", publication=text)


def approved(unit: Unit) -> dict[str, Any]:
    return charter(unit, state="approved")


def template(_unit: Unit) -> dict[str, Any]:
    ContractTemplate.objects.create(code=f"T{next(_next)}", name_zh="模板", lines=[])
    return {}


COMPANY: dict[str, Any] = {"by_unit": False, "scope": "all"}

TestContracts = battery(
    Page("plans:contract_list", None, Rows(contract), extra=(VIEW,)),
    Page("plans:contract_detail", None, signed, extra=(VIEW,)),
    Page("plans:contract_create", f"{ACT}create_contract"),
    Page("plans:contract_offer", f"{ACT}offer_contract", contract, extra=(VIEW,)),
    Page("plans:contract_discard", f"{ACT}discard_contract", contract, extra=(VIEW,)),
    Page("plans:contract_return", None, offered, extra=(VIEW,)),
    Page("plans:contract_sign", None, offered, extra=(VIEW,)),
    Page("plans:contract_close", f"{ACT}close_contract", signed, extra=(VIEW,)),
    Page("plans:contract_amend", None, signed, extra=(VIEW,)),
    Page("plans:amendment_agree", None, amendment, extra=(VIEW,)),
    Page("plans:amendment_reject", None, amendment, extra=(VIEW,)),
    Page("plans:template_save", f"{ACT}save_template", contract, extra=(VIEW,)),
    Page("plans:template_apply", f"{ACT}apply_template", template, **COMPANY),
)

TestTargets = battery(
    Page("plans:target_list", VIEW, Rows(target)),
    Page("plans:target_create", f"{ACT}edit_contract", contract, extra=(VIEW,)),
    Page("plans:target_change", f"{ACT}edit_contract", target, extra=(VIEW,)),
    Page("plans:target_remove", f"{ACT}remove_target", target, extra=(VIEW,)),
    Page("plans:target_backing", f"{ACT}write_backing", target, extra=(VIEW,)),
    Page("plans:target_contribute", f"{ACT}contribute", target, extra=(VIEW,)),
    Page("plans:contribution_withdraw", f"{ACT}withdraw_contribution", contribution, extra=(VIEW,)),
    Page("plans:tree", VIEW, branch),
    Page("plans:tree_people", VIEW, people, by_unit=False),
    Page("plans:tree_reached", VIEW, unit_contract),
    Page("plans:target_parts", VIEW, carried),
)

TestPeriods = battery(
    Page("plans:period_list", f"{ACT}begin_closing", Rows(period), **COMPANY),
    Page("plans:period_detail", f"{ACT}begin_closing", period, **COMPANY),
    Page("plans:year_create", f"{ACT}create_year", **COMPANY),
    Page("plans:terms_set", f"{ACT}set_terms", **COMPANY),
    Page("plans:period_begin", f"{ACT}begin_closing", period, **COMPANY),
    Page("plans:period_reopen", f"{ACT}reopen_period", period, **COMPANY),
    Page("plans:period_close", f"{ACT}close_period", period, **COMPANY),
    Page("plans:indicator_list", f"{ACT}save_indicator", Rows(indicator), **COMPANY),
    Page("plans:indicator_detail", f"{ACT}save_indicator", indicator, **COMPANY),
    Page("plans:indicator_create", f"{ACT}save_indicator", **COMPANY),
    Page("plans:indicator_change", f"{ACT}save_indicator", indicator, **COMPANY),
    Page("plans:indicator_retire", f"{ACT}retire_indicator", indicator, **COMPANY),
)

TestMoney = battery(
    Page("plans:budget_list", VIEW_BUDGET, Rows(line)),
    Page("plans:budget_detail", VIEW_BUDGET, spent),
    Page("plans:budget_set", f"{ACT}set_budget"),
    Page("plans:budget_commit", f"{ACT}commit_money", line),
    Page("plans:budget_spend", f"{ACT}spend_money", line),
    Page("plans:commitment_release", f"{ACT}release_commitment", commitment),
    Page("plans:account_list", f"{ACT}save_budget_account", account, **COMPANY),
    Page("plans:account_create", f"{ACT}save_budget_account", **COMPANY),
    Page("plans:charter_list", f"{ACT}view_charter", Rows(charter)),
    Page("plans:charter_detail", f"{ACT}view_charter", published),
    Page("plans:charter_create", f"{ACT}draft_charter"),
    Page("plans:charter_approve", f"{ACT}approve_charter", charter),
    Page("plans:charter_publish", f"{ACT}publish_charter", approved),
)
