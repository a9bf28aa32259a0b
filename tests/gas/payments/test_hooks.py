"""Advances pay bills by themselves: single bills at once, those of a run when it is released."""

from __future__ import annotations

import pytest
from django.db import connection

from mainstay.gas.ledger.batch import differences
from mainstay.gas.payments.hooks import open_shifts, settle_released, settle_single_bills
from mainstay.gas.payments.models import Advance
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_book
from tests.gas.payments.make import make_bill, make_clerk, make_run, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db


def test_single_bills_settle_at_once_and_those_of_a_run_on_release() -> None:
    book = make_book()
    accounts = [make_account(book=book) for _time in range(4)]
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(book.unit))
    run = make_run(book.unit, clerk)
    for account, advance in zip(accounts, (5_000, 100, 0, 5_000), strict=True):
        if advance:
            pay(account, advance, clerk, shift)
    for account in accounts[:3]:
        make_bill(account, 202610, 3_000, run=run)
    make_bill(accounts[3], 202610, 3_000)
    with connection.cursor() as cursor:
        settle_single_bills(cursor, "billing_bill")
    assert [sum(open_fen(account).values()) for account in accounts] == [3_000, 3_000, 3_000, 0]
    run.state = "released"
    run.save()
    for _time in range(2):
        settle_released(run)
        assert [sum(open_fen(account).values()) for account in accounts] == [0, 2_900, 3_000, 0]
    left = [Advance.objects.filter(pk=account.pk).values_list("balance_fen", flat=True).first() for account in accounts]
    assert left == [2_000, 0, None, 2_000]
    assert not any(differences(kind) for kind in ("receivable", "advance", "allocation", "orphan"))


def test_open_shifts_are_named() -> None:
    clerk = make_clerk()
    till = make_till(make_account().unit)
    make_shift(clerk, till)
    assert open_shifts(unit_id=till.unit_id, business_on=local_today()) == [till.code]
