"""The pages of the life of accounts."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from mainstay.core.evidence.actions import store_file
from mainstay.core.organisation.models import Unit
from mainstay.gas.accounts.actions import begin_leaving, file_application, sign_contract
from mainstay.gas.accounts.models import Case, MeterDifference, Relief
from mainstay.gas.accounts.queries import VIEW, VIEW_CONTRACT, VIEW_RELIEF
from mainstay.kit.dates import local_today
from tests.core.make import make_unit, make_user
from tests.gas.bank.make import system
from tests.gas.make import make_account
from tests.pages.battery import Page, Rows, battery, signed_in

OF_ACCOUNT = "gas.customers.view_account"
ACTS = (
    "gas.accounts.finish_closing", "gas.accounts.finish_transfer", "gas.accounts.open_from_application",
    "gas.accounts.withdraw_case", "gas.payments.take_payment",
)  # fmt: skip


def account(unit: Unit) -> dict[str, Any]:
    return {"pk": make_account(unit=unit).pk}


def case(unit: Unit, kind: str = "closing") -> dict[str, Any]:
    one = make_account(unit=unit)
    facts = {"indexes": {one.installations.get().pk: 0}, "reason": "拆迁", "on": local_today()}
    return {"pk": begin_leaving(account=one, kind=kind, **facts, by=system()).pk}


def transfer(unit: Unit) -> dict[str, Any]:
    return case(unit, "transfer")


def application(unit: Unit) -> dict[str, Any]:
    facts = {"name": "周明", "kind": "person", "phone": "", "id_no": "", "address": "海棠花园3栋501"}
    made: Case = file_application(unit=unit, **facts, category="residential", wished_on=None, by=system())
    return {"pk": made.pk}


def relief(unit: Unit) -> dict[str, Any]:
    one, today = make_account(unit=unit), local_today()
    proof = store_file(file=BytesIO(b"%PDF-1.4"), name="proof.pdf", subject="test", by=system())
    made = Relief.objects.create(
        account=one, kind="low_income", certificate_no=f"DB{one.pk}", proof=proof, from_on=today, until_on=today,
        granted_by=system(), granted_at=timezone.now(),
    )  # fmt: skip
    return {"pk": made.pk}


def contract(unit: Unit) -> dict[str, Any]:
    one, today = make_account(unit=unit), local_today()
    one.customer.kind = "firm"
    one.customer.save()
    facts = {"signatory": "王强", "signed_on": today, "from_on": today, "until_on": today + timedelta(days=9)}
    return {"pk": sign_contract(account=one, **facts, by=system()).pk}


DATED = ("gas.accounts.grant_relief", "gas.accounts.end_relief", "gas.accounts.end_contract")


def difference(unit: Unit) -> dict[str, Any]:
    MeterDifference.objects.create(
        account=make_account(unit=unit), period=202610, master_l=9000, subs_l=8000, outcome="reported",
        at=timezone.now(),
    )  # fmt: skip
    return {}


TestAccounts = battery(
    Page("accounts:difference_list", VIEW, difference),
    Page("accounts:masters_settle", "gas.accounts.settle_masters", by_unit=False),
    Page("accounts:difference_set", "gas.customers.set_difference", account),
    Page("accounts:relief_list", VIEW_RELIEF, Rows(relief)),
    Page("accounts:relief_detail", VIEW_RELIEF, relief, extra=DATED),
    Page("accounts:relief_end", "gas.accounts.end_relief", relief),
    Page("accounts:relief_grant", "gas.accounts.grant_relief", account),
    Page("accounts:contract_list", VIEW_CONTRACT, Rows(contract)),
    Page("accounts:contract_detail", VIEW_CONTRACT, contract, extra=DATED),
    Page("accounts:contract_end", "gas.accounts.end_contract", contract),
    Page("accounts:contract_sign", "gas.accounts.sign_contract", account),
    Page("accounts:case_list", VIEW, Rows(case)),
    Page("accounts:case_detail", VIEW, case, extra=ACTS),
    Page("accounts:case_withdraw", "gas.accounts.withdraw_case", case),
    Page("accounts:closing_finish", "gas.accounts.finish_closing", case),
    Page("accounts:transfer_finish", "gas.accounts.finish_transfer", transfer),
    Page("accounts:application_create", "gas.accounts.file_application", by_unit=False),
    Page("accounts:application_open", "gas.accounts.open_from_application", application, extra=(VIEW,)),
    Page("accounts:account_cases", VIEW, account),
    Page("accounts:closing_begin", "gas.accounts.begin_leaving", account),
    Page("accounts:transfer_begin", "gas.accounts.begin_leaving", account),
    Page("accounts:deposit", "gas.payments.view_payment", account),
)


@pytest.mark.django_db
def test_who_works_for_one_branch_need_not_choose_it() -> None:
    company = make_unit()
    branch = make_unit(parent=company)
    crew, other = make_unit(parent=branch), make_unit(parent=company)
    for at, offered, chosen in ((branch, [branch, crew], branch.pk), (company, [company, branch, crew, other], None)):
        rights = {"gas.accounts.file_application": ("subtree", None)}
        page = signed_in(make_user(rights=rights, unit=at)).get(reverse("accounts:application_create"))
        field = page.context["form"]["unit"]
        assert (field.initial, list(field.field.queryset)) == (chosen, offered)
        assert [value for value, _name in field.field.choices if value] == [one.pk for one in offered]
