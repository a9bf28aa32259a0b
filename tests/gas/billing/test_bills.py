"""Cancel, rebill, bill one account: chains of bills tell the truth about the tariff year."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.events.providers import answers
from mainstay.gas.billing import actions
from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.errors import Problem
from tests.gas.billing.make import bill_period, make_tariff, owed
from tests.gas.make import make_account, make_reading, make_user

pytestmark = pytest.mark.django_db
PERIODS = (202607, 202608, 202609)
RIGHTS = ("gas.billing.cancel_bill", "gas.billing.rebill", "gas.billing.bill_account")


@pytest.fixture
def clerk() -> object:
    return make_user(*RIGHTS)


def year(volumes: tuple[int, ...] = (20_000, 20_000, 20_000)) -> tuple[Account, list[Bill]]:
    """An account with a bill for each of three months."""
    account = make_account(plan=make_tariff())
    bills = []
    for period, volume in zip(PERIODS, volumes, strict=True):
        make_reading(account, period, volume_l=volume)
        bills.append(bill_period(account, period))
    return account, bills


def annual(volume_l: int) -> int:
    """What a year's volume costs by hand, in fen: 2 yuan to 30 m³, 3 to 55, 4 above."""
    parts = (min(volume_l, 30_000), max(0, min(volume_l, 55_000) - 30_000), max(0, volume_l - 55_000))
    return sum(part * price // 10 for part, price in zip(parts, (2, 3, 4), strict=True))


def last_counter(account: Account) -> int:
    bill = Bill.objects.filter(account=account).latest_first().first()
    assert bill is not None
    return bill.year_after_l


def test_bills_run_through_the_tiers_of_the_year() -> None:
    account, bills = year()
    assert [bill.amount_fen for bill in bills] == [4_000, 5_000, 6_500]
    assert [(bill.year_before_l, bill.year_after_l) for bill in bills] == [
        (0, 20_000), (20_000, 40_000), (40_000, 60_000),
    ]  # fmt: skip
    assert set(owed(account).values()) == {annual(60_000)}


def test_cancelling_an_early_bill_re_tiers_the_later_ones_by_corrections(clerk: object) -> None:
    account, bills = year()
    reversal = actions.cancel_bill(bill=bills[0], reason="wrong meter", by=clerk)
    assert (reversal.kind, reversal.amount_fen, reversal.year_after_l) == (Bill.Kind.REVERSAL, -4_000, 0)
    corrections = list(Bill.objects.filter(account=account, kind=Bill.Kind.CORRECTION).order_by("period"))
    assert [(one.period, one.amount_fen, one.year_after_l) for one in corrections] == [
        (202608, -1_000, 20_000), (202609, -1_500, 40_000),
    ]  # fmt: skip
    assert set(owed(account).values()) == {annual(40_000)}
    entry = Entry.objects.get(action="gas.billing.cancel_bill", outcome="done")
    assert (entry.reason, entry.before["amount_fen"], entry.after["amount_fen"]) == ("wrong meter", 4_000, -4_000)
    with pytest.raises(Problem):
        actions.cancel_bill(bill=bills[0], reason="twice", by=clerk)


def test_cancel_and_rebill_with_equal_inputs_nets_to_zero(clerk: object) -> None:
    account, bills = year()
    made = actions.rebill(bill=bills[1], reason="customer asked", by=clerk)
    assert (made.kind, made.seq, made.refers_seq, made.amount_fen) == (Bill.Kind.REBILL, 2, 0, bills[1].amount_fen)
    assert not Bill.objects.filter(account=account, kind=Bill.Kind.CORRECTION).exists()
    assert set(owed(account).values()) == {annual(60_000)}
    assert last_counter(account) == 60_000
    still_open = OpenItem.objects.filter(account=account, period=bills[1].period).values_list("seq", "open_fen")
    assert list(still_open) == [(made.seq, made.amount_fen)]


def test_rebill_with_a_corrected_reading(clerk: object) -> None:
    account, bills = year()
    Reading.objects.filter(account=account, period=202607).update(state=Reading.State.SET_ASIDE)
    old = Reading.objects.get(account=account, period=202607)
    Reading.objects.create(
        account=account, installation_id=old.installation_id, period=202607, seq=1, book_id=old.book_id,
        taken_on=old.taken_on, previous_on=old.previous_on, previous_index_l=0, index_l=35_000, volume_l=35_000,
        source=1, state=3, recorded_at=old.recorded_at,
    )  # fmt: skip
    made = actions.rebill(bill=bills[0], reason="misread", by=clerk)
    assert (made.volume_l, made.year_after_l, last_counter(account)) == (35_000, 35_000, 75_000)
    assert set(owed(account).values()) == {annual(75_000)}


def test_rebill_with_changed_persons_and_then_back() -> None:
    account, bills = year()
    clerk = make_user(*RIGHTS)
    Terms.objects.filter(account=account).update(persons=5)
    again = actions.rebill(bill=bills[2], reason="five persons", by=clerk)
    assert again.persons == 5
    assert actions.rebill(bill=again, reason="five persons", by=clerk).seq == 4
    assert set(owed(account).values()) == {annual(60_000)}


def test_a_cancelled_period_is_not_billed_and_can_be_billed_again(clerk: object) -> None:
    account, bills = year()
    facts = {"account_id": account.pk, "period": 202608}
    assert answers("is_billed", **facts) == [True]
    actions.cancel_bill(bill=bills[1], reason="wrong", by=clerk)
    assert answers("is_billed", **facts) == [False]
    # The counter reaches the next bill also over a cancelled period.
    actions.cancel_bill(bill=bills[0], reason="wrong", by=clerk)
    actions.cancel_bill(bill=bills[2], reason="wrong", by=clerk)
    assert last_counter(account) == 0
    made = actions.bill_account(account=account, period=202608, by=clerk)
    assert (made.kind, made.year_before_l, made.amount_fen) == (Bill.Kind.REBILL, 0, 4_000)
    assert last_counter(account) == 20_000
    assert set(owed(account).values()) == {4_000}
    with pytest.raises(Problem):
        actions.bill_account(account=account, period=202608, by=clerk)


def test_final_bill_at_the_counter_is_collectable_at_once(clerk: object) -> None:
    account = make_account(plan=make_tariff())
    with pytest.raises(Problem):
        actions.bill_account(account=account, period=202610, by=clerk)
    make_reading(account, 202610, volume_l=31_000)
    bill = actions.bill_account(account=account, period=202610, by=clerk, final=True)
    assert (bill.kind, bill.run_id, bill.amount_fen) == (Bill.Kind.FINAL, None, 6_300)
    assert OpenItem.objects.get(account=account).run_id is None


def test_above_the_limit_a_second_person_is_asked_and_without_right_it_is_refused() -> None:
    account, bills = year()
    with pytest.raises(ApprovalFiled):
        actions.cancel_bill(bill=bills[0], reason="too much", by=make_user(*RIGHTS, limit_fen=3_999))
    with pytest.raises(Refused):
        actions.cancel_bill(bill=bills[0], reason="no right", by=make_user())
    with pytest.raises(Problem):
        actions.cancel_bill(bill=bills[0], reason="  ", by=make_user(*RIGHTS))
    assert Bill.objects.filter(account=account).count() == 3
    assert Entry.objects.filter(action="gas.billing.cancel_bill", outcome="refused").count() == 1


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    volumes=st.lists(st.integers(0, 60), min_size=3, max_size=3),
    cancelled=st.lists(st.integers(0, 2), max_size=3, unique=True),
)
def test_whatever_is_cancelled_the_rest_costs_what_its_volume_costs(volumes: list[int], cancelled: list[int]) -> None:
    """Any cutting of a year sums to the annual amount, and counters come from live bills only."""
    account = make_account(plan=make_tariff(f"t{Account.objects.count()}"))
    clerk, bills = make_user(*RIGHTS), []
    for period, volume in zip(PERIODS, volumes, strict=True):
        make_reading(account, period, volume_l=volume * 1000)
        bills.append(bill_period(account, period))
    for number in cancelled:
        actions.cancel_bill(bill=bills[number], reason="drill", by=clerk)
    live = sum(volume for number, volume in enumerate(volumes) if number not in cancelled) * 1000
    assert last_counter(account) == live
    assert set(owed(account).values()) == {annual(live)}
    for number in reversed(cancelled):
        actions.bill_account(account=account, period=PERIODS[number], by=clerk)
    assert last_counter(account) == sum(volumes) * 1000
    assert set(owed(account).values()) == {annual(sum(volumes) * 1000)}
