"""The life of accounts over the API: applied for, closed, transferred, within what a token may do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mainstay.core.workflow.models import Approval
from mainstay.gas.accounts.actions import sign_contract
from mainstay.gas.accounts.models import Case
from mainstay.gas.payments.actions import open_shift, refund_deposit, take_deposit
from mainstay.kit.dates import local_today
from tests.api.make import ALL, Caller, make_caller
from tests.gas.make import make_account, make_customer, make_unit, make_user
from tests.gas.payments.make import make_till

pytestmark = pytest.mark.django_db
LIFE = (
    *ALL, "gas.accounts.view_case", "gas.accounts.file_application", "gas.accounts.begin_leaving",
    "gas.accounts.finish_closing", "gas.accounts.finish_transfer", "gas.accounts.withdraw_case",
    "gas.accounts.view_contract", "gas.customers.suspend_account", "gas.customers.restore_account",
    "gas.billing.bill_account",
)  # fmt: skip


def application(unit: Any, **facts: Any) -> dict[str, Any]:
    """What an applicant's program sends."""
    return {
        "branch": unit.code, "name": "欧阳明", "phone": "13800138000", "address": "海棠花园3栋501", "reference": "W-1",
        **facts,
    }  # fmt: skip


def leaving(account: Any, kind: str, index: str = "30", **facts: Any) -> dict[str, Any]:
    """Last readings of an account whose meter hangs since its opening."""
    meter = account.installations.get().meter.meter_no
    return {
        "account_no": account.account_no, "kind": kind, "on": local_today(), "indexes": {meter: index},
        "reason": "房屋买卖", **facts,
    }  # fmt: skip


def test_an_application_is_filed_once_whatever_is_sent_again() -> None:
    unit = make_unit()
    caller = make_caller(*LIFE, unit=unit)
    first = caller.post("/cases/applications", application(unit))
    again = caller.post("/cases/applications", application(unit))
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    told = first.json()
    assert (told["kind"], told["state"], told["applicant"], told["account_no"]) == ("opening", "begun", "欧**", None)
    assert Case.objects.get().facts["name"] == "欧阳明"
    assert caller.post("/cases/applications", application(unit, reference="W-2")).status_code == 201
    gone = caller.post(f"/cases/{told['number']}/withdraw", {"reason": "不装了"}).json()
    assert gone["state"] == "withdrawn"
    assert [one["number"] for one in caller.get("/cases/", state="withdrawn").json()["items"]] == [told["number"]]


def test_an_account_is_closed_when_its_money_is_settled() -> None:
    account = make_account(opened_on=local_today() - timedelta(days=40))
    caller = make_caller(*LIFE)
    begun = caller.post("/cases/leavings", leaving(account, "closing"))
    told = begun.json()
    assert begun.status_code == 201 and told["meters"][0]["last_index_m3"] == "30"
    assert [one["amount"] for one in told["bills"]] == ["78.30"]
    assert [(one["key"], one["may_stay"]) for one in told["obstacles"]] == [("debt", True)]
    assert caller.post("/cases/leavings", leaving(account, "closing")).json()["error"]["code"] in {
        "under_way", "no_meter"
    }  # fmt: skip
    early = caller.post(f"/cases/{told['number']}/close", {})
    assert (early.status_code, early.json()["error"]["code"]) == (422, "debt")
    paid = {"account_no": account.account_no, "amount": "78.30", "tender": "qr", "serial": "S-1"}
    assert caller.post("/payments/", paid).status_code == 201
    done = caller.post(f"/cases/{told['number']}/close", {}).json()
    assert (done["state"], done["obstacles"]) == ("done", [])
    assert caller.get(f"/accounts/{account.account_no}").json()["state"] == "closed"


def test_leaving_with_debts_waits_for_a_second_person() -> None:
    account = make_account(opened_on=local_today() - timedelta(days=40))
    caller = make_caller(*LIFE)
    number = caller.post("/cases/leavings", leaving(account, "closing")).json()["number"]
    waits = caller.post(f"/cases/{number}/close", {"despite": ["debt"]})
    assert waits.status_code == 202 and waits.json()["approval"] == Approval.objects.get().pk
    assert caller.get(f"/cases/{number}").json()["state"] == "begun"


def test_an_account_is_transferred_with_its_meter() -> None:
    account = make_account(opened_on=local_today() - timedelta(days=40))
    caller = make_caller(*LIFE)
    number = caller.post("/cases/leavings", leaving(account, "transfer", "0")).json()["number"]
    body = {"customer": {"name": "吴芳", "phone": "13900139000"}, "persons": 2, "balance": "refund"}
    told = caller.post(f"/cases/{number}/transfer", body).json()
    new = caller.get(f"/accounts/{told['new_account_no']}").json()
    assert (told["state"], new["state"], new["name"]) == ("done", "active", "吴*")


def test_an_account_rests_and_goes_on() -> None:
    account, caller = make_account(), make_caller(*LIFE)
    body = {"account_no": account.account_no, "reason": "出国"}
    told = caller.post("/cases/suspensions", {**body, "until_on": local_today() + timedelta(days=90)}).json()
    assert (told["kind"], told["state"]) == ("suspension", "done")
    assert caller.post("/cases/restorations", body).json()["kind"] == "restoration"


def test_what_a_token_may_not_do() -> None:
    unit = make_unit()
    account = make_account(unit=unit)
    reader = make_caller("gas.customers.view_account", "gas.accounts.view_case", unit=unit)
    assert reader.post("/cases/applications", application(unit)).status_code == 403
    assert reader.post("/cases/leavings", leaving(account, "closing")).status_code == 403
    assert make_caller(unit=unit).get("/cases/").status_code == 403
    elsewhere = make_caller(*LIFE, unit=make_unit())
    number = make_caller(*LIFE, unit=unit).post("/cases/applications", application(unit)).json()["number"]
    assert elsewhere.get("/cases/").json() == {"items": [], "next": None}
    for answer in (
        elsewhere.get(f"/cases/{number}"),
        elsewhere.post(f"/cases/{number}/withdraw", {"reason": "x"}),
        elsewhere.post("/cases/applications", application(unit)),
        elsewhere.post("/cases/leavings", leaving(account, "closing")),
        elsewhere.get(f"/deposits/{account.account_no}"),
    ):
        assert answer.status_code == 404
    wrong = make_caller(*LIFE).post("/cases/leavings", {**leaving(account, "closing"), "indexes": {"X1": "1"}})
    assert wrong.json()["error"]["field"] == "indexes"


def test_cases_page_by_page() -> None:
    unit = make_unit()
    caller = make_caller(*LIFE, unit=unit)
    for n in range(3):
        caller.post("/cases/applications", application(unit, reference=f"W-{n}"))
    first = caller.get("/cases/", limit=2).json()
    rest = caller.get("/cases/", limit=2, after=first["next"]).json()
    numbers = [one["number"] for one in first["items"] + rest["items"]]
    assert numbers == sorted(numbers, reverse=True) and len(set(numbers)) == 3
    assert rest["next"] is None


def test_contracts_and_deposits_of_a_firm() -> None:
    account, clerk = make_account(category="commercial"), make_user(
        "gas.accounts.sign_contract", "gas.payments.take_deposit", "gas.payments.refund_deposit",
        "gas.payments.refund_advance", "gas.payments.open_shift",
    )  # fmt: skip
    type(account).objects.filter(pk=account.pk).update(customer=make_customer("海棠酒店", kind="firm"))
    account.refresh_from_db()
    sign_contract(
        account=account, from_on=date(2026, 1, 1), until_on=date(2028, 12, 31), signatory="吴芳", deposit_fen=500_000,
        signed_on=date(2025, 12, 20), number="GY-2026-0001", by=clerk,
    )  # fmt: skip
    shift = open_shift(till=make_till(account.unit), float_fen=0, by=clerk)
    take_deposit(account=account, amount_fen=500_000, tender=1, serial="d1", shift=shift, by=clerk)
    refund_deposit(account=account, amount_fen=200_000, tender=1, serial="d2", reason="减量", by=clerk)
    caller: Caller = make_caller(*LIFE)
    [told] = caller.get("/contracts/", account_no=account.account_no).json()["items"]
    assert (told["contract_no"], told["state"], told["price"], told["deposit_agreed"]) == (
        "GY-2026-0001", "held", None, "5000.00",
    )  # fmt: skip
    held = caller.get(f"/deposits/{account.account_no}").json()
    assert held["held"] == "3000.00"
    assert [(one["kind"], one["amount"]) for one in held["moves"]] == [("refunded", "-2000.00"), ("taken", "5000.00")]
