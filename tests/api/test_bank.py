"""The bank link over the API."""

from __future__ import annotations

from base64 import b64encode

import pytest

from mainstay.gas.bank.actions import cut_day, take_payments
from mainstay.gas.bank.library import layouts
from mainstay.gas.bank.models import Bank, Statement
from mainstay.gas.bank.queries import our_payments
from mainstay.gas.bank.rules.statements import write_statement
from mainstay.kit.dates import local_today
from tests.api.make import make_caller
from tests.gas.bank.make import make_bank, make_debtor, pay, system
from tests.gas.make import make_unit

pytestmark = pytest.mark.django_db
RIGHTS = ("gas.bank.view_day", "gas.bank.view_journal", "gas.bank.reconcile")


def a_cut_day(bank: Bank) -> str:
    """A bank's day with one payment; returns its serial."""
    call = pay(bank, make_debtor(unit=bank.unit))
    take_payments(bank=bank, calls=[call], by=system())
    cut_day(bank=bank, business_on=local_today(), by=system())
    return call.message.serial


def test_a_day_its_messages_and_its_file() -> None:
    bank = make_bank(make_unit())
    serial, caller = a_cut_day(bank), make_caller(*RIGHTS, unit=bank.unit)
    board = caller.get("/bank/days", bank=bank.code).json()
    assert [(one["payments"], one["stands"], one["open"]) for one in board] == [(0, "0.00", True), (1, "52.20", False)]
    day = local_today().isoformat()
    [entry] = caller.get("/bank/entries", bank=bank.code, business_on=day, serial=serial).json()
    assert (entry["answer"], entry["amount"], entry["kind"]) == ("00", "52.20", "pay")
    assert caller.get("/bank/entries", bank=bank.code, business_on=day, account_no="404").json() == []
    raw = write_statement(layouts()["iso8583"]["statement"], local_today(), our_payments(bank, local_today()))
    body = {"bank": bank.code, "business_on": day, "name": "day.txt", "content": b64encode(raw).decode()}
    first, again = caller.post("/bank/statements", body), caller.post("/bank/statements", body)
    assert first.status_code == 200 and first.json()["matched"] == 1
    assert again.json() == first.json()
    assert Statement.objects.count() == 1


@pytest.mark.parametrize(("content", "code"), [("&&&", "bad_base64"), ("", "bad_file"), ("MXwx", "bad_file")])
def test_a_file_that_cannot_be_read(content: str, code: str) -> None:
    bank = make_bank(make_unit())
    a_cut_day(bank)
    body = {"bank": bank.code, "business_on": local_today().isoformat(), "name": "x", "content": content}
    answer = make_caller(*RIGHTS).post("/bank/statements", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


def test_another_branch_s_bank_does_not_exist() -> None:
    bank, caller = make_bank(make_unit()), make_caller(*RIGHTS, unit=make_unit("城西"))
    assert caller.get("/bank/days", bank=bank.code).status_code == 404
    assert make_caller("gas.payments.view_payment").get("/bank/days", bank=bank.code).status_code == 403
