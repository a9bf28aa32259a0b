"""Settling by sets moves on every item what `rules.settle` moves, on random accounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from mainstay.core.checks import registered, run
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import batch_settle
from mainstay.gas.payments.actions.money import settle_set
from mainstay.gas.payments.models import Advance, Allocation
from tests.gas.make import make_accounts, make_book, make_plan
from tests.gas.payments.make import make_bills

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)


def standing() -> dict[str, list[Any]]:
    """Everything a settlement writes."""
    return {
        "items": sorted(OpenItem.objects.values_list("account_id", "period", "seq", "due_on", "open_fen", "run_id")),
        "advances": sorted(Advance.objects.filter(balance_fen__gt=0).values_list("account_id", "balance_fen")),
        "allocations": sorted(
            Allocation.objects.values_list("account_id", "period", "seq", "no", "amount_fen", "business_on")
        ),
        "postings": sorted(
            Posting.objects.filter(document=4).values_list(
                "account_id", "document_no", "line", "unit_id", "debit", "credit", "amount_fen", "business_on"
            )
        ),
    }


def both(account_ids: list[int]) -> tuple[dict[str, list[Any]], dict[str, list[Any]], list[int]]:
    """What both ways leave behind, and the accounts that sets leave to the rule; the second way is kept."""
    with transaction.atomic():
        settle_set(account_ids, business_on=DAY, by_id=0)
        alone = standing()
        transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        _touched, odd = batch_settle.settle_by_sets(cursor, account_ids, DAY)
        settle_set(odd, business_on=DAY, by_id=0)
    return alone, standing(), odd


def items_of(dice: random.Random, account: Account) -> Iterator[dict[str, Any]]:
    """Some bills, credits on them and by themselves, in months whose due dates need not be in order."""
    for number in range(dice.randint(1, 4)):
        period = 202606 + number
        due_on = date(2026, 8, 1) + timedelta(days=dice.randint(0, 90))
        bills = dice.randint(1, 3)
        for seq in range(bills):
            amount = dice.choice([100, 250, 400, 1_000, -100, -250, -400, -1_000])
            later = timedelta(days=dice.choice([0, 0, 40]))
            refers_seq = dice.randrange(seq) if seq and dice.random() < 0.7 else seq
            yield {"account": account, "period": period, "amount_fen": amount, "seq": seq, "due_on": due_on + later,
                   "refers_seq": refers_seq}  # fmt: skip
    if dice.random() < 0.4:  # becomes an advance first
        yield {"account": account, "period": 202512, "amount_fen": -dice.choice([50, 300, 2_000])}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_sets_settle_as_the_rule_does(seed: int) -> None:
    dice, plan, book = random.Random(seed), make_plan(), make_book()
    accounts = make_accounts(120, plan=plan, book=book)
    make_bills(facts for account in accounts for facts in items_of(dice, account))
    ids = [account.pk for account in accounts]
    alone, by_sets, odd = both(ids)
    assert alone == by_sets
    assert len(odd) < len(accounts) // 2
    again, still, _odd = both(ids)
    assert again == still == by_sets  # nothing is left to settle
    found = run([registered()["ledger"]])
    assert not [finding for one in found for finding in one.findings]
