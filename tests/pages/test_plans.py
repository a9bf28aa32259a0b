"""The pages of plans and budgets."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.performance.plans.queries import VIEW
from tests.pages.battery import Page, battery
from tests.performance import make


def contract(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_contract(unit=unit).pk}


def signed(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_signed(unit=unit).pk}


def no_pk(maker: Any) -> Any:
    return lambda unit: maker(unit) and {}


TestContracts = battery(
    Page("plans:contract_list", None, no_pk(contract), extra=(VIEW,)),
    Page("plans:contract_detail", None, signed, extra=(VIEW,)),
)
