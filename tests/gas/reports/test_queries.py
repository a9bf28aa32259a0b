"""Figures of reports, counted by hand on a small company, and their agreement with the rows behind them."""

from __future__ import annotations

import datetime as dt

import pytest

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.actions import cancel_bill, reduce_bill, write_off
from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.readings.models import BookEntry, Reading
from mainstay.gas.reports import queries
from mainstay.gas.reports.rules import AGE, AGES, age_of
from tests.gas.billing.make import compute, make_run, make_tariff
from tests.gas.make import make_account, make_book, make_reading, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, pay

pytestmark = pytest.mark.django_db
PERIOD = 202610


@pytest.fixture
def company() -> tuple[Unit, Unit]:
    """Two branches: three accounts in the first (one without a reading), one in the second; all bills released."""
    plan, first, second = make_tariff(), make_unit("甲所"), make_unit("乙所")
    for unit, volumes in ((first, (20_000, 10_000, None)), (second, (5_000,))):
        book = make_book(unit)
        for volume in volumes:
            account = make_account(plan=plan, book=book, unit=unit)
            if volume is not None:
                make_reading(account, PERIOD, volume_l=volume)
        compute(make_run(unit, PERIOD, [book]))
    return first, second


def test_reading_rate(company: tuple[Unit, Unit]) -> None:
    first, second = company
    found = queries.reading_by_unit(None, PERIOD)
    assert found == {first.pk: queries.Read(3, 2, 0, 0), second.pk: queries.Read(1, 1, 0, 0)}
    assert queries.reading_by_unit([second.pk], PERIOD) == {second.pk: queries.Read(1, 1, 0, 0)}
    assert queries.Read.together(queries.reading_by_unit(None, PERIOD).values()) == queries.Read(4, 3, 0, 0)


def test_only_who_stands_in_a_book_that_is_due_is_to_read(company: tuple[Unit, Unit]) -> None:
    first, second = company
    assert queries.Read(accounts=10, read=8, estimated=3).really == 5
    BookEntry.objects.filter(account__in=Reading.objects.filter(book__unit=first).values("account")[:1]).delete()
    make_account(book=make_book(second, cycle="odd"), unit=second)  # October is even
    found = queries.reading_by_unit(None, PERIOD)
    assert found == {first.pk: queries.Read(2, 1, 0, 0), second.pk: queries.Read(1, 1, 0, 0)}


def test_collection_rate_follows_payment_and_cancellation(company: tuple[Unit, Unit]) -> None:
    first, second = company
    assert queries.collected_by_unit(None, PERIOD) == {
        first.pk: queries.Collected(2, 6_000, 6_000), second.pk: queries.Collected(1, 1_000, 1_000),
    }  # fmt: skip
    one = OpenItem.objects.filter(account__unit=first).order_by("-open_fen").first()
    assert one is not None
    clerk = make_clerk(first)
    pay(one.account, 4_000, clerk, make_shift(clerk, make_till(first)))
    assert queries.collected_by_unit(None, PERIOD)[first.pk] == queries.Collected(2, 6_000, 2_000)
    bill = OpenItem.objects.get(account__unit=second).account.bills.get()
    cancel_bill(bill=bill, reason="wrong", by=make_user("gas.billing.cancel_bill"))
    assert queries.collected_by_unit([second.pk], PERIOD)[second.pk] == queries.Collected(0, 0, 0)
    assert queries.collected_by_period(None, [202609, PERIOD]) == {
        202609: queries.Collected(), PERIOD: queries.Collected(2, 6_000, 2_000),
    }  # fmt: skip


def test_late_fees_are_no_gas_and_bad_debt_does_not_better_the_rate(company: tuple[Unit, Unit]) -> None:
    first, second = company
    bill = Bill.objects.get(account__unit=first, amount_fen=4_000)
    fee = make_bill(bill.account, PERIOD, 500, seq=1, kind=Bill.Kind.LATE_FEE)
    assert queries.collected_by_unit(None, PERIOD)[first.pk] == queries.Collected(2, 6_000, 6_000)
    write_off(bill=bill, reason="gone", by=make_user("gas.billing.write_off"))
    found = queries.collected_by_unit(None, PERIOD)[first.pk]
    assert (found, found.collected_fen) == (queries.Collected(2, 6_000, 2_000, 4_000), 0)
    assert OpenItem.objects.filter(account=fee.account).count() == 1
    reduce_bill(
        bill=Bill.objects.get(account__unit=second), amount_fen=300, reason="mercy",
        by=make_user("gas.billing.reduce_bill"),
    )  # fmt: skip
    assert queries.collected_by_unit(None, PERIOD)[second.pk] == queries.Collected(1, 700, 700)


@pytest.mark.parametrize("days", [-1, 0, 1, 30, 31, 200, 365, 366])
def test_ageing_says_what_the_rule_says_and_its_rows_add_up(company: tuple[Unit, Unit], days: int) -> None:
    first, _second = company
    day = dt.date(2026, 11, 16) + dt.timedelta(days=days)
    key = age_of(dt.date(2026, 11, 16), day).key
    assert queries.ageing_by_unit([first.pk], day) == {first.pk: {key: (2, 6_000)}}
    everywhere = queries.ageing_by_unit(None, day).values()
    assert sum(ages[key][1] for ages in everywhere) == 7_000 and all(set(ages) == {key} for ages in everywhere)
    for age in AGES:
        rows = queries.of_age(queries.arrears([first.pk]), age, day)
        assert sum(row.open_fen for row in rows) == (6_000 if age == AGE[key] else 0)


def test_bills_of_a_run_not_released_are_nobodys_debt() -> None:
    account = make_account(plan=make_tariff(), book=make_book(make_unit()))
    make_reading(account, PERIOD, volume_l=20_000)
    compute(make_run(account.unit, PERIOD, [account.book_entry.book]), state="computed")
    assert OpenItem.objects.count() == 1
    assert (queries.ageing_by_unit(None, dt.date(2027, 1, 1)), queries.top_debtors(None)) == ({}, [])
    assert queries.collected_by_unit(None, PERIOD) == {}
    assert queries.latest_period(None) is None


def test_greatest_debtors_come_first(company: tuple[Unit, Unit]) -> None:
    found = queries.top_debtors(None, limit=2)
    assert [(one.items, one.open_fen, one.oldest_due_on) for one in found] == [
        (1, 4_000, dt.date(2026, 11, 16)), (1, 2_000, dt.date(2026, 11, 16)),
    ]  # fmt: skip
    assert [one.open_fen for one in queries.top_debtors([company[1].pk])] == [1_000]
