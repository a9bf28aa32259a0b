"""Accounts and bills over the API."""

from __future__ import annotations

import pytest

from mainstay.gas.billing.actions import bill_account
from tests.api.make import ALL, make_caller
from tests.core.make import make_user as make_person
from tests.gas.make import make_account, make_accounts, make_book, make_reading, make_unit
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db


def test_accounts_page_by_page() -> None:
    unit = make_unit()
    numbers = sorted(make_account(unit=unit).account_no for _one in range(5))
    make_account()
    caller = make_caller(*ALL, unit=unit)
    first = caller.get("/accounts/", limit=3).json()
    second = caller.get("/accounts/", limit=3, after=first["next"]).json()
    assert [one["account_no"] for one in first["items"] + second["items"]] == numbers
    assert second["next"] is None


def test_an_account_is_masked() -> None:
    account = make_account(name="欧阳明", phone="13800138000")
    shown = make_caller(*ALL).get(f"/accounts/{account.account_no}").json()
    assert shown["name"] == "欧**" and shown["phone"] == "138****8000"
    assert "***" in shown["address"]
    assert (shown["category"], shown["state"], shown["branch"]) == ("residential", "active", account.unit.code)


def test_search_finds_within_the_branch() -> None:
    unit = make_unit()
    mine, _other = make_account(unit=unit, name="王小明"), make_account(name="王小明")
    caller = make_caller(*ALL, unit=unit)
    for text in ("王小明", mine.account_no, "wxm"):
        found = caller.get("/accounts/", search=text).json()
        assert [one["account_no"] for one in found["items"]] == [mine.account_no], text
    assert caller.get("/accounts/", search="nobody").json() == {"items": [], "next": None}


def test_a_bill_explains_itself_and_prints() -> None:
    account = make_account()
    make_reading(account, 202610, volume_l=40_000)
    bill = bill_account(account=account, period=202610, by=make_person(kind="system", person=None))
    caller = make_caller(*ALL, language="zh-CN")
    shown = caller.get(f"/bills/{bill.bill_no}").json()
    assert shown["amount"] == shown["open"] == f"{bill.amount_fen / 100:.2f}"
    assert sum(round(float(line["amount"]) * 100) for line in shown["lines"]) == bill.amount_fen
    assert shown["lines"][0]["price"] == "2.6100" and shown["volume_m3"] == "40"
    paper = caller.get(f"/bills/{bill.bill_no}/pdf")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    assert bill.bill_no in paper["Content-Disposition"]


def test_bills_of_an_account_and_of_a_book() -> None:
    book = make_book()
    accounts = make_accounts(3, book=book)
    for account in accounts:
        for period in (202608, 202609, 202610):
            make_bill(account, period, 10_00)
    caller = make_caller(*ALL)
    number = accounts[0].account_no
    first = caller.get("/bills/", account_no=number, limit=2).json()
    second = caller.get("/bills/", account_no=number, limit=2, after=first["next"]).json()
    assert [one["period"] for one in first["items"] + second["items"]] == [202610, 202609, 202608]
    assert second["next"] is None
    first = caller.get("/bills/", book=book.code, period=202609, limit=2).json()
    second = caller.get("/bills/", book=book.code, period=202609, limit=2, after=first["next"]).json()
    shown = [one["account_no"] for one in first["items"] + second["items"]]
    assert shown == sorted(one.account_no for one in accounts)
    assert [one["period"] for one in caller.get("/bills/", account_no=number, period=202608).json()["items"]] == [
        202608
    ]


def test_too_wide_and_no_such_bill() -> None:
    account = make_account()
    caller = make_caller(*ALL)
    assert caller.get("/bills/").json()["error"]["code"] == "too_wide"
    assert caller.get("/readings/", period=202610).json()["error"]["code"] == "too_wide"
    for number in ("x", f"{account.account_no}-202610-0", f"{account.account_no}-202610-9999", "nobody-202610-0"):
        assert caller.get(f"/bills/{number}").status_code == 404
