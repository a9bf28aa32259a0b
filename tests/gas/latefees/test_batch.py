"""The set-based reckoning gives the rules' fen for every bill, posts each once, and keeps the books."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch, rules
from mainstay.gas.latefees.models import LateFeeRule
from mainstay.gas.latefees.queries import fees_of
from mainstay.gas.payments.models import Allocation
from mainstay.kit.dates import local_today
from tests.gas.latefees.make import broken, make_late, make_rule
from tests.gas.make import make_account, make_plan, make_unit, make_user
from tests.gas.payments.make import make_bill, pay

pytestmark = pytest.mark.django_db


def everything(days: int = 0, path: str = "") -> batch.Scope:
    on = local_today() + timedelta(days=days)
    return batch.Scope(on, on, 0, 10**12, path, since=on - timedelta(days=999))


def by_rules(account: Account, on: date) -> dict[tuple[int, int], int]:
    """Fee by bill after the rules alone."""
    found = {}
    for bill in Bill.objects.filter(account=account, kind=Bill.Kind.REGULAR):
        rule = LateFeeRule.objects.filter(category=account.category, from_on__lte=bill.due_on).latest("from_on")
        paid = Allocation.objects.filter(account=account, period=bill.period, seq=bill.seq)
        parts = tuple(paid.values_list("business_on", "amount_fen"))
        owed = rules.Owed(bill.amount_fen, bill.due_on, parts, bill.volume_l)
        late = rules.late_fee(rule.terms, owed, on)
        if rules.to_post(rule.terms, late.fee_fen, 0):
            found[bill.period, bill.seq] = late.fee_fen
    return found


def test_sets_and_rules_agree_to_the_fen() -> None:
    """Bills of all ages and classes, paid in parts on many days, under terms that changed."""
    chance, today = random.Random(7), local_today()
    make_rule(ppm=3_000, grace_days=5, min_fee_fen=40)
    make_rule(from_on=today - timedelta(days=60), ppm=1_777, grace_days=3, counts_from="grace", cap_bp=500)
    make_rule("commercial", ppm=10_000, min_volume_l=20_001)
    make_rule("industrial", ppm=9_999)
    unit, plan = make_unit(), make_plan()
    accounts = [
        make_account(unit=unit, plan=plan, category=chance.choice(["residential", "commercial", "industrial"]))
        for _number in range(14)
    ]
    for account in accounts:
        for month in range(1, 5):
            due_on = today - timedelta(days=chance.randint(-20, 150))
            amount = chance.randint(1, 90_000)
            bill = make_bill(account, 202600 + month, amount, due_on=due_on)
            left = amount
            for number in range(chance.randint(0, 3)):
                part = chance.randint(0, left)
                Allocation.objects.create(
                    account=account, period=bill.period, seq=0, no=number + 1, amount_fen=part,
                    business_on=due_on + timedelta(days=chance.randint(-9, 120)),
                )  # fmt: skip
                left -= part
            OpenItem.objects.filter(account=account, period=bill.period).update(open_fen=max(left, 1))
    wanted = {account.pk: by_rules(account, today) for account in accounts}
    assert sum(map(len, wanted.values())) > 10
    for account in accounts:
        assert {(one.period, one.seq): one.new_fen for one in fees_of(account, today) if one.new_fen} == wanted[
            account.pk
        ]
    batch.post_part(everything(), make_user().pk)
    fees = Bill.objects.filter(kind=Bill.Kind.LATE_FEE)
    posted = {account.pk: {(one.period, one.refers_seq): one.amount_fen for one in fees.filter(account=account)}
              for account in accounts}  # fmt: skip
    # A bill paid in full is a candidate only when money came for it through a payment; here all are left open.
    assert posted == wanted


def test_a_run_posts_once_only_grows_by_the_days_and_balances() -> None:
    make_rule()
    account = make_late(10)
    by = make_user()
    assert batch.post_part(everything(), by.pk) == (1, 300)
    assert batch.post_part(everything(), by.pk) == (0, 0)
    assert batch.post_part(everything(5), by.pk) == (1, 150)
    fees = list(Bill.objects.filter(account=account, kind=Bill.Kind.LATE_FEE).order_by("seq"))
    assert [(one.seq, one.refers_seq, one.amount_fen, one.days) for one in fees] == [(1, 0, 300, 10), (2, 0, 150, 5)]
    assert [one.year_after_l for one in fees] == [20_000, 20_000]
    assert not broken()


def test_a_bill_paid_late_over_another_channel_owes_its_fee_at_the_month_end() -> None:
    make_rule()
    account = make_late(10)
    pay(account, 10_000, make_user("gas.payments.take_payment"), None)
    assert not OpenItem.objects.filter(account=account).exists()
    assert batch.post_part(everything(20), make_user().pk) == (1, 300)
    assert OpenItem.objects.get(account=account).open_fen == 300


def test_an_advance_pays_the_fee_at_once() -> None:
    make_rule()
    account = make_late(10)
    pay(account, 10_500, make_user("gas.payments.take_payment"), None)
    batch.post_part(everything(), make_user().pk)
    assert not OpenItem.objects.filter(account=account).exists()
    assert not broken()


def test_a_branch_posts_only_its_own() -> None:
    make_rule()
    mine, other = make_unit("城东"), make_unit("城西")
    make_late(account=make_account(unit=mine))
    make_late(account=make_account(unit=other))
    batch.post_part(everything(path=mine.path), make_user().pk)
    assert set(Bill.objects.filter(kind=Bill.Kind.LATE_FEE).values_list("unit", flat=True)) == {mine.pk}
    assert [len(list(batch.parts(path))) for path in (mine.path, "", f"{mine.path}999.")] == [1, 1, 0]


def test_late_fees_never_change_a_bill() -> None:
    make_rule()
    account = make_late()
    before = list(Bill.objects.filter(account=account).values())
    with connection.execute_wrapper(_no_update_of_bills):
        batch.post_part(everything(), make_user().pk)
    assert list(Bill.objects.filter(account=account, kind=1).values()) == before


def _no_update_of_bills(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
    assert "UPDATE" not in sql.upper() or "billing_bill" not in sql
    return execute(sql, params, many, context)
