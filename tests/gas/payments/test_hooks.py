"""Advances pay bills by themselves: single bills at once, those of a run when it is released."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.db import connection

from mainstay.gas.billing.models import OpenItem
from mainstay.gas.ledger.batch import differences
from mainstay.gas.payments import rules
from mainstay.gas.payments.actions.money import settle_set
from mainstay.gas.payments.hooks import open_shifts, settle_released, settle_single_bills
from mainstay.gas.payments.models import Advance
from mainstay.gas.payments.rules import Item
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_accounts, make_book
from tests.gas.payments.make import make_bill, make_clerk, make_run, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db


def test_single_bills_settle_at_once_and_those_of_a_run_on_release() -> None:
    book = make_book()
    accounts = make_accounts(4, book=book)
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


def test_sets_settle_as_the_rules_say() -> None:
    """Accounts with bills, reversals and advances by chance: the database ends where the rules end."""
    chance, book = random.Random(20), make_book()
    clerk = make_clerk()
    shift = make_shift(clerk, make_till(book.unit))
    wanted: dict[int, dict[tuple[int, int], int]] = {}
    for _time in range(25):
        account = make_account(book=book)
        advance = chance.choice((0, 0, 1_500))
        if advance:
            pay(account, advance, clerk, shift)
        items = []
        for period in (202608, 202609, 202610)[: chance.randint(1, 3)]:
            due_on = dt.date(2026, chance.randint(8, 12), 1)
            for seq in range(chance.randint(1, 3)):
                amount = chance.randint(1, 3_000) * (-1 if seq == 1 else 1)
                make_bill(account, period, amount, seq=seq, due_on=due_on)
                items.append(Item(period, seq, due_on, amount, refers_seq=0 if seq == 1 else None))
        settled = rules.settle(items, advance)
        left = {item.key: item.open_fen for item in items}
        for move in settled.netted + settled.from_advance:
            left[move.item.key] -= move.amount_fen
        wanted[account.pk] = {key: amount for key, amount in left.items() if amount}
    settle_set(list(wanted), business_on=local_today(), by_id=0)
    rows = OpenItem.objects.filter(account__in=wanted).values_list("account", "period", "seq", "open_fen")
    found: dict[int, dict[tuple[int, int], int]] = {pk: {} for pk in wanted}
    for pk, period, seq, amount in rows:
        found[pk][period, seq] = amount
    assert found == wanted
    assert not any(differences(kind) for kind in ("receivable", "advance", "allocation", "orphan"))


def test_open_shifts_are_named() -> None:
    clerk = make_clerk()
    till = make_till(make_account().unit)
    make_shift(clerk, till)
    assert open_shifts(unit_id=till.unit_id, business_on=local_today()) == [till.code]
