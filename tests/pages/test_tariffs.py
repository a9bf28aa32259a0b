"""The pages of tariffs and billing terms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.gas.tariffs.models import Version
from mainstay.gas.tariffs.queries import VIEW_PLAN, VIEW_TERMS
from mainstay.kit.dates import local_today
from tests.gas.make import BEIJING_RESIDENTIAL, make_account, make_plan
from tests.pages.battery import Page, Rows, battery

COMPANY: dict[str, Any] = {"by_unit": False, "scope": "all"}


def plan(_unit: Unit) -> dict[str, Any]:
    return {"pk": make_plan().pk}


def future(_unit: Unit) -> dict[str, Any]:
    day = local_today() + timedelta(days=30)
    made = Version.objects.create(plan=make_plan(), effective_on=day, notice="新价", data=BEIJING_RESIDENTIAL)
    return {"pk": made.pk}


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit).pk}


TestTariffs = battery(
    Page("tariffs:plan_list", VIEW_PLAN, Rows(plan), **COMPANY),
    Page("tariffs:plan_detail", VIEW_PLAN, plan, **COMPANY),
    Page("tariffs:plan_sample", VIEW_PLAN, plan, **COMPANY),
    Page("tariffs:plan_create", "gas.tariffs.create_plan", **COMPANY),
    Page("tariffs:plan_change", "gas.tariffs.change_plan", plan, **COMPANY),
    Page("tariffs:library_load", "gas.tariffs.load_library", **COMPANY),
    Page("tariffs:version_upload", "gas.tariffs.add_versions", plan, **COMPANY),
    Page("tariffs:version_new", "gas.tariffs.add_versions", plan, **COMPANY),
    Page("tariffs:version_change", "gas.tariffs.change_version", future, **COMPANY),
    Page("tariffs:version_withdraw", "gas.tariffs.withdraw_version", future, **COMPANY),
    Page("tariffs:account_terms", VIEW_TERMS, account, extra=("gas.customers.view_account",)),
    Page("tariffs:terms_set", "gas.tariffs.set_terms", account),
)
