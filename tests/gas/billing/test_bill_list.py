"""The list of bills: filters find every bill whichever index they take, and nobody sees more than his branch."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mainstay.gas.billing.models import Bill, RunChunk
from tests.core.make import make_user
from tests.gas.make import make_account, make_unit
from tests.gas.payments.make import make_bill, make_run
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db
LIST = "/billing/bills/"


def _bills(unit: Any, query: str = "", scope: str = "subtree") -> list[str]:
    user = make_user(rights={"gas.billing.view_bill": (scope, None)}, unit=unit)
    html = signed_in(user).get(LIST + query).content.decode()
    return re.findall(r">(\d+-\d{6}-\d+)</a>", html)


def test_periods_with_and_without_a_run() -> None:
    unit, other = make_unit(), make_unit("城西营业所")
    mine, theirs = make_account(unit=unit), make_account(unit=other)
    by = make_user()
    run, elsewhere = make_run(unit, by, period=202609), make_run(other, by, period=202610)
    RunChunk.objects.create(run=run, book=mine.book_entry.book)
    RunChunk.objects.create(run=elsewhere, book=theirs.book_entry.book)
    of_run = make_bill(mine, 202609, 10_00, run=run)
    single = make_bill(mine, 202610, 10_00)
    hidden = make_bill(theirs, 202610, 10_00, run=elsewhere)
    assert _bills(unit, "?period=202609") == [of_run.bill_no]
    assert _bills(unit, "?period=202610") == [single.bill_no]
    assert _bills(unit, "?period=202611") == []
    assert _bills(unit) == [single.bill_no, of_run.bill_no]
    assert set(_bills(unit, "?period=202610", "all")) == {single.bill_no, hidden.bill_no}


def test_kinds() -> None:
    unit = make_unit()
    account = make_account(unit=unit)
    regular, reversal = make_bill(account, 202610, 10_00), make_bill(account, 202610, -10_00, seq=1)
    assert _bills(unit, f"?kind={Bill.Kind.REVERSAL.value}") == [reversal.bill_no]
    assert _bills(unit, f"?kind={Bill.Kind.REGULAR.value}") == [regular.bill_no]


def test_several_branches_in_order() -> None:
    parent = make_unit("总公司")
    units = [make_unit(f"第{number}营业所", parent=parent) for number in range(2)]
    numbers = [make_bill(make_account(unit=unit), 202610, 10_00).bill_no for unit in units for _twice in range(2)]
    assert _bills(parent) == sorted(numbers, reverse=True)
