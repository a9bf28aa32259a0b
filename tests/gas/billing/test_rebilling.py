"""Bills of a book or tariff made again together: the result is as if they had been billed right the first time."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.core.audit.models import Entry
from mainstay.core.checks import registered, run
from mainstay.core.door import ApprovalFiled
from mainstay.core.jobs.models import Job
from mainstay.core.workflow.actions import approve
from mainstay.gas.billing import actions, batch_rebilling
from mainstay.gas.billing.actions.rebillings import COUNT_JOB, WORK_JOB
from mainstay.gas.billing.models import Bill, BillingRun, OpenItem, Rebilling, RebillingRow
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Advance
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.errors import Problem
from tests.gas.billing.make import DEAR, bill_period, compute, make_run, make_tariff, owed
from tests.gas.make import make_account, make_book, make_reading, make_user
from tests.gas.payments.make import pay

pytestmark = pytest.mark.django_db
PERIODS = (202607, 202608, 202609)
RIGHTS = ("gas.billing.plan_rebilling", "gas.billing.begin_rebilling", "gas.billing.drop_rebilling")


def silent(_done: int, _total: int) -> None:
    """No progress to tell."""


def annual(volume_l: int, more: int = 0) -> int:
    """What a year's volume costs by hand, in fen: 2 yuan to 30 m³, 3 to 55, 4 above; `more` is in tenths of a yuan."""
    parts = (min(volume_l, 30_000), max(0, min(volume_l, 55_000) - 30_000), max(0, volume_l - 55_000))
    return sum(part * (price + more) // 100 for part, price in zip(parts, (20, 30, 40), strict=True))


def read_and_billed(account: Account, *volumes: int) -> Account:
    """Bills for the months in a row."""
    for period, volume in zip(PERIODS, volumes, strict=False):
        make_reading(account, period, volume_l=volume)
        bill_period(account, period)
    return account


def planned(
    account: Account, by: object, first: int = PERIODS[0], last: int = PERIODS[-1], **more: object
) -> Rebilling:
    """A rebilling of the account's book, counted."""
    more = {"books": [account.book_entry.book], **more}
    one = actions.plan_rebilling(
        unit=account.unit, from_period=first, to_period=last, reason="wrong book", by=by, **more
    )  # fmt: skip
    batch_rebilling.count(one, silent)
    one.refresh_from_db()
    return one


def begun(one: Rebilling, by: object) -> Rebilling:
    """Begin with a second person's agreement, and work it off."""
    with pytest.raises(ApprovalFiled) as filed:
        actions.begin_rebilling(run=one, by=by)
    approve(approval=filed.value.approval, by=make_user(*RIGHTS))
    return worked(one, by)


def worked(one: Rebilling, by: object) -> Rebilling:
    one.refresh_from_db()
    batch_rebilling.work(one, silent)
    return actions.complete_rebilling(run=one, by=by)


def read_again(account: Account, period: int, volume_l: int) -> None:
    """Put another reading in the place of one."""
    old = Reading.objects.get(account=account, period=period, state=Reading.State.ACCEPTED)
    Reading.objects.filter(pk=old.pk).update(state=Reading.State.SET_ASIDE)
    Reading.objects.create(
        account=account, installation_id=old.installation_id, period=period, seq=old.seq + 1, book_id=old.book_id,
        taken_on=old.taken_on, previous_on=old.previous_on, previous_index_l=old.previous_index_l,
        index_l=old.previous_index_l + volume_l, volume_l=volume_l, source=1, state=3, recorded_at=old.recorded_at,
    )  # fmt: skip


def sound() -> bool:
    """Bills, chains and ledger hold together."""
    found = run([registered()["bills"], registered()["ledger"]])
    assert not [finding for one in found for finding in one.findings]
    return True


def test_a_misread_month_is_billed_again_and_the_months_after_it_are_re_tiered() -> None:
    plan, book, by = make_tariff(), make_book(), make_user(*RIGHTS)
    accounts = [read_and_billed(make_account(plan=plan, book=book), 20_000, 20_000, 20_000) for _number in range(3)]
    for account in accounts:
        read_again(account, 202607, 35_000)
    one = planned(accounts[0], by, last=202607)
    assert (one.state, one.accounts, one.bills) == ("proposed", 3, 3)
    assert (one.old_fen, one.new_fen, one.change_fen) == (12_000, 22_500, 3 * (annual(75_000) - annual(60_000)))
    assert Bill.objects.count() == 9  # nothing is billed before it is begun
    done = begun(one, by)
    assert (done.state, done.bills, done.change_fen) == ("done", 3, one.change_fen)
    for account in accounts:
        assert set(owed(account).values()) == {annual(75_000)}
        assert Bill.objects.filter(account=account).latest_first().first().year_after_l == 75_000
    assert sound()


def test_a_wrong_tariff_plan_is_put_right_together_with_its_bills() -> None:
    wrong, right, by = make_tariff(), make_tariff("dear", DEAR), make_user(*RIGHTS)
    account = read_and_billed(make_account(plan=wrong), 20_000, 20_000, 20_000)
    one = planned(account, by, version=wrong.versions.get(), plan=right)
    assert one.change_fen == annual(60_000, 5) - annual(60_000)
    assert Terms.objects.get(account=account).plan_id == wrong.pk
    begun(one, by)
    assert set(owed(account).values()) == {annual(60_000, 5)}
    first = Reading.objects.filter(account=account).order_by("previous_on").first()
    on_right = Terms.objects.filter(account=account, plan=right)
    assert [(terms.from_on, terms.until_on) for terms in on_right] == [(first.previous_on, None)]
    assert sound()


def test_what_is_paid_stays_paid_and_what_is_left_over_is_a_credit() -> None:
    account, by = read_and_billed(make_account(plan=make_tariff()), 20_000, 20_000, 20_000), make_user(*RIGHTS)
    pay(account, annual(60_000), make_user("gas.payments.take_payment"), None)
    read_again(account, 202609, 5_000)
    one = planned(account, by, first=202609)
    assert (one.paid_fen, one.change_fen) == (6_500, annual(45_000) - annual(60_000))
    begun(one, by)
    left = sum(OpenItem.objects.filter(account=account).values_list("open_fen", flat=True))
    advance = sum(Advance.objects.filter(account=account).values_list("balance_fen", flat=True))
    assert left - advance == annual(45_000) - annual(60_000)
    assert sound()


def test_a_wrong_book_is_cancelled_read_anew_and_billed_again() -> None:
    account, by = read_and_billed(make_account(plan=make_tariff()), 20_000, 20_000, 20_000), make_user(*RIGHTS)
    begun(planned(account, by, mode="cancel"), by)
    assert set(owed(account).values()) == {0}
    assert not Bill.objects.filter(account=account).latest_first().first().year_after_l
    empty = planned(account, by, mode="cancel")  # what is cancelled is not cancelled twice
    assert (empty.accounts, empty.bills) == (0, 0)
    actions.drop_rebilling(run=empty, reason="nothing to do", by=by)
    read_again(account, 202608, 1_000)
    begun(planned(account, by, mode="bill"), by)
    assert set(owed(account).values()) == {annual(41_000)}
    assert sound()


def test_bills_that_customers_do_not_see_yet_stay_with_their_run() -> None:
    account, by = make_account(plan=make_tariff()), make_user(*RIGHTS)
    make_reading(account, 202607, volume_l=20_000)
    computed = compute(make_run(account.unit, 202607, [account.book_entry.book]), "computed")
    read_again(account, 202607, 35_000)
    begun(planned(account, by, books=None, run=computed), by)
    computed.refresh_from_db()
    assert (computed.bills, computed.amount_fen, computed.volume_l) == (1, 7_500, 35_000)
    assert set(OpenItem.objects.filter(account=account).values_list("run_id", flat=True)) == {computed.pk}
    BillingRun.objects.filter(pk=computed.pk).update(state="released")
    assert set(owed(account).values()) == {7_500}
    assert sound()


def test_one_that_cannot_be_billed_is_named_and_does_not_hold_up_the_others() -> None:
    plan, book, by = make_tariff(), make_book(), make_user(*RIGHTS)
    good, bad = (read_and_billed(make_account(plan=plan, book=book), 20_000) for _number in range(2))
    Reading.objects.filter(account=bad).update(state=Reading.State.QUESTIONED)
    one = planned(good, by)
    begun(one, by)
    assert (owed(good)["open"], owed(bad)["open"]) == (4_000, 4_000)
    row = RebillingRow.objects.get(rebilling=one, account=bad)
    assert row.state == "failed"
    assert row.detail
    assert Bill.objects.filter(account=good).count() == 3
    assert Bill.objects.filter(account=bad).count() == 1


def test_killed_and_started_again_nothing_is_reversed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, book, by = make_tariff(), make_book(), make_user(*RIGHTS)
    accounts = [read_and_billed(make_account(plan=plan, book=book), 20_000) for _number in range(3)]
    one = planned(accounts[0], by)
    monkeypatch.setattr(batch_rebilling, "AT_ONCE", 1)
    Rebilling.objects.filter(pk=one.pk).update(state="working")

    def killed(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch_rebilling.work(one, killed)
    assert not batch_rebilling.finish(one)
    assert Bill.objects.filter(kind=Bill.Kind.REVERSAL).count() == 2
    worked(one, by)
    worked(one, by)
    assert Bill.objects.filter(kind=Bill.Kind.REVERSAL).count() == 3
    assert sound()


def test_an_account_that_the_database_refuses_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plan, book, by = make_tariff(), make_book(), make_user(*RIGHTS)
    good, bad = (read_and_billed(make_account(plan=plan, book=book), 20_000) for _number in range(2))
    one = planned(good, by)
    post = batch_rebilling.post

    def refusing(again: object, ids: list[int], after: str) -> tuple[int, ...]:
        left = post(again, ids, after)
        if bad.pk in ids:
            raise DatabaseError("refused")
        return left

    monkeypatch.setattr(batch_rebilling, "post", refusing)
    Rebilling.objects.filter(pk=one.pk).update(state="working")
    done = worked(one, by)
    assert (done.state, done.accounts) == ("done", 1)
    assert RebillingRow.objects.get(account=bad).state == "failed"


def test_what_may_not_be_planned() -> None:
    account, by = read_and_billed(make_account(plan=make_tariff()), 20_000), make_user(*RIGHTS)
    wrong = (
        {"reason": " "}, {"books": None}, {"from_period": 202608, "to_period": 202607},
        {"from_period": 202601, "to_period": 202602}, {"mode": "cancel", "plan": make_tariff("other")},
    )  # fmt: skip
    usual = {
        "unit": account.unit, "from_period": 202607, "to_period": 202607, "reason": "r",
        "books": list(Book.objects.all()),
    }  # fmt: skip
    for change in wrong:
        with pytest.raises(Problem):
            actions.plan_rebilling(**{**usual, **change}, by=by)
    one = actions.plan_rebilling(**usual, by=by)
    with pytest.raises(Problem):  # one at a time
        actions.plan_rebilling(**usual, by=by)
    actions.drop_rebilling(run=one, reason="not needed", by=by)
    assert set(Job.objects.values_list("kind", flat=True)) == {COUNT_JOB}
    assert WORK_JOB != COUNT_JOB
    assert Entry.objects.filter(action="gas.billing.plan_rebilling", outcome="refused").exists() is False


def test_the_statements_do_not_follow_the_number_of_accounts() -> None:
    assert _statements(6) == _statements(1)


def _statements(count: int) -> int:
    """How many statements it takes to count a rebilling of so many accounts."""
    plan, book = make_tariff(f"t{count}"), make_book()
    one = make_account(plan=plan, book=book)
    accounts = [one, *(make_account(plan=plan, book=book) for _number in range(count - 1))]
    for account in accounts:
        make_reading(account, 202607)
    compute(make_run(one.unit, 202607, [book]))
    made = planned(one, make_user(*RIGHTS))
    with CaptureQueriesContext(connection) as asked:
        batch_rebilling.count(made, silent)
    return len(asked)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    wrong=st.lists(st.integers(0, 60), min_size=3, max_size=3),
    right=st.lists(st.integers(0, 60), min_size=3, max_size=3),
    chosen=st.sets(st.integers(0, 2), min_size=1),
)
def test_the_result_is_as_if_billed_right_the_first_time(wrong: list[int], right: list[int], chosen: set[int]) -> None:
    """Whatever was wrong in whichever months, after the rebilling every month costs what it would have cost."""
    plan, by = make_tariff(f"t{Account.objects.count()}"), make_user(*RIGHTS)
    account = read_and_billed(make_account(plan=plan), *(volume * 1000 for volume in wrong))
    first, last = min(chosen), max(chosen)
    said = [right[month] if first <= month <= last else wrong[month] for month in range(3)]
    for month in range(first, last + 1):
        read_again(account, PERIODS[month], said[month] * 1000)
    begun(planned(account, by, first=PERIODS[first], last=PERIODS[last]), by)
    twin = read_and_billed(make_account(plan=plan), *(volume * 1000 for volume in said))
    for period in PERIODS:
        assert _net(account, period) == _net(twin, period), period
    assert set(owed(account).values()) == {annual(sum(said) * 1000)}
    assert sound()


def _net(account: Account, period: int) -> tuple[int, int, int]:
    """Amount, VAT and counter of a month."""
    bills = list(Bill.objects.filter(account=account, period=period).order_by("seq"))
    return sum(one.amount_fen for one in bills), sum(one.vat_fen for one in bills), bills[-1].year_after_l
