"""Supply against sale, tiers and channels, counted by hand on a small company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.actions import charges
from mainstay.gas.billing.models import Bill
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment
from mainstay.gas.reports import actions, queries, queries_sales
from mainstay.gas.reports.rules import within_month
from mainstay.gas.tariffs.rules.plan import Fee
from mainstay.kit.dates import add_months, first_day, local_today, period_of
from mainstay.kit.errors import Problem
from tests.gas.billing.make import TIERS, bill_period, compute, make_run, make_tariff
from tests.gas.make import make_account, make_book, make_reading, make_unit, make_user
from tests.gas.payments.make import make_clerk, make_shift, make_till, pay

RECORD = "gas.reports.record_supply"


def test_a_volume_is_spread_over_its_days() -> None:
    march = (date(2026, 3, 1), date(2026, 4, 1))
    assert within_month(date(2026, 2, 19), date(2026, 3, 21), 30_000, *march) == 20_000
    assert within_month(date(2026, 3, 5), date(2026, 3, 5), 7, *march) == 7
    assert within_month(date(2026, 4, 1), date(2026, 4, 9), 7, *march) == 0


@given(st.integers(1, 400), st.integers(0, 10**9))
def test_the_parts_of_all_months_add_up_to_the_volume(days: int, volume: int) -> None:
    since = date(2025, 11, 17)
    until = date.fromordinal(since.toordinal() + days)
    months = [add_months(202511, number) for number in range(16)]
    parts = [within_month(since, until, volume, first_day(m), first_day(add_months(m, 1))) for m in months]
    assert sum(parts) == volume


@pytest.fixture
def unit(db: None) -> Unit:
    """A branch with an account billed for two months."""
    unit = make_unit()
    account = make_account(plan=make_tariff(), book=make_book(unit), unit=unit)
    make_reading(account, 202606, volume_l=0, taken_on=date(2026, 7, 1))
    make_reading(account, 202607, volume_l=28_000, taken_on=date(2026, 7, 29))
    bill_period(account, 202607)
    make_reading(account, 202608, volume_l=30_000, taken_on=date(2026, 8, 28))
    bill_period(account, 202608)
    return unit


def test_what_came_in_less_what_was_sold(unit: Unit) -> None:
    by = make_user(RECORD)
    assert queries_sales.balance_by_unit(None, 202607)[unit.pk] == queries_sales.Balance(None, 31_000)
    actions.record_supply(unit=unit, period=202607, volume_l=40_000, by=by)
    actions.record_supply(unit=unit, period=202607, volume_l=33_000, by=by)
    found = queries_sales.balance_by_unit([unit.pk], 202607)[unit.pk]
    assert (found.taken_l, found.sold_l, found.difference_l) == (33_000, 31_000, 2_000)
    with pytest.raises(Problem):
        actions.record_supply(unit=unit, period=add_months(period_of(local_today()), 1), volume_l=1, by=by)


def test_tiers_add_up_to_the_bills(unit: Unit) -> None:
    found = queries_sales.by_tier(None, 202608)
    assert [(one.tier, one.bills, one.volume_l, one.amount_fen) for one in found] == [
        (1, 1, 2_000, 400), (2, 1, 25_000, 7_500), (3, 1, 3_000, 1_200),
    ]  # fmt: skip
    assert queries_sales.by_tier([unit.pk], 202608, "residential") == found
    assert queries_sales.by_tier(None, 202608, "industrial") == queries_sales.by_tier([0], 202608) == []


def test_tiers_with_what_stands_beside_them_come_to_what_was_billed(unit: Unit) -> None:
    def billed() -> int:
        tiers = sum(one.amount_fen for one in queries_sales.by_tier(None, 202608))
        together = tiers + sum(fen for _kind, _count, fen in queries_sales.let_and_charged(None, 202608))
        assert together == queries.collected(None, [202608])[unit.pk, 202608].billed_fen
        return together

    bill, by = Bill.objects.get(period=202608), make_user("gas.billing.adjust_bill", "gas.billing.reduce_bill")
    assert billed() == 9_100
    charges.adjust_bill(bill=bill, amount_fen=-500, reason="x", by=by)
    charges.reduce_bill(bill=bill, amount_fen=300, reason="x", by=by)
    assert queries_sales.let_and_charged([unit.pk], 202608) == [
        (Bill.Kind.ADJUSTMENT, 1, -500), (Bill.Kind.REDUCTION, 1, -300),
    ]  # fmt: skip
    assert queries_sales.let_and_charged([0], 202608) == []
    assert billed() == 8_300


def test_fees_stand_beside_the_tiers(db: None) -> None:
    rule = replace(TIERS, base_fee=Fee(50_000, "period"))
    account = make_account(plan=make_tariff("fee", rule), book=make_book(make_unit()))
    make_reading(account, 202610, volume_l=20_000)
    bill = bill_period(account, 202610)
    found = [(one.tier, one.bills, one.volume_l, one.amount_fen) for one in queries_sales.by_tier(None, 202610)]
    assert found == [(1, 1, 20_000, 4_000), (queries_sales.BESIDE, 1, 0, 500)]
    assert bill.amount_fen == 4_500


def test_bills_not_released_are_in_no_tier(db: None) -> None:
    account = make_account(plan=make_tariff(), book=make_book(make_unit()))
    make_reading(account, 202610)
    compute(make_run(account.unit, 202610, [account.book_entry.book]), state="computed")
    assert queries_sales.by_tier(None, 202610) == []


def test_channels_add_up_to_the_payments(unit: Unit) -> None:
    account = Account.objects.get(unit=unit)
    clerk = make_clerk(unit)
    pay(account, 1_000, clerk, make_shift(clerk, make_till(unit)))
    month = period_of(Payment.objects.get().business_on)
    found = queries_sales.by_channel(None, month)
    assert [(one.channel, one.payments, one.amount_fen) for one in found] == [("counter", 1, 1_000)]
    days = queries_sales.by_channel([unit.pk], month, "counter")
    assert [(one.business_on, one.amount_fen) for one in days] == [(Payment.objects.get().business_on, 1_000)]
