"""Runs: plan with reasons, dry run, run as jobs, one bad account, release."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from mainstay.core.audit.models import Entry
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.worker import work
from mainstay.gas.billing import actions
from mainstay.gas.billing.batch import dry_run
from mainstay.gas.billing.batch.run import _fitting
from mainstay.gas.billing.models import Bill, BillingRun, ChargeLine, OpenItem, RunChunk, RunException
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import batch as ledger
from mainstay.gas.ledger.chart import VAT
from mainstay.gas.ledger.models import Posting
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.tariffs.models import Terms, Version
from mainstay.kit.errors import Problem
from tests.gas.billing.make import DEAR, bill_period, compute, make_run, make_tariff, owed
from tests.gas.make import make_account, make_accounts, make_book, make_installation, make_reading, make_unit, make_user
from tests.pages.battery import signed_in

ALL = ("plan_run", "start_dry_run", "start_run", "release_run", "abandon_run")


@pytest.mark.django_db
def test_plan_says_who_is_left_out_and_why() -> None:
    unit, plan = make_unit(), make_tariff()
    book = make_book(unit)
    good, unread, doubtful, closed, lost, billed = make_accounts(6, plan=plan, book=book)
    for account in (good, closed, lost, billed):
        make_reading(account, 202610, volume_l=20_000)
    make_reading(doubtful, 202610, state=Reading.State.QUESTIONED)
    closed.state = "closed"
    closed.save()
    Terms.objects.filter(account=lost).delete()
    actions.bill_account(account=billed, period=202610, by=make_user("gas.billing.bill_account"))
    user = make_user("gas.billing.plan_run")
    run = actions.plan_run(period=202610, unit=unit, by=user)
    reasons = dict(RunException.objects.filter(run=run).values_list("account_id", "reason"))
    assert reasons == {
        unread.pk: "no_reading", doubtful.pk: "questioned", closed.pk: "not_active", lost.pk: "no_terms",
        billed.pk: "already",
    }  # fmt: skip
    assert (run.planned_accounts, run.excluded_accounts) == (1, 5)
    compute(run)
    assert list(Bill.objects.filter(run=run).values_list("account_id", flat=True)) == [good.pk]
    assert run.excluded_accounts == 5
    with pytest.raises(Problem):
        actions.plan_run(period=202611, unit=make_unit("空"), by=user)


@pytest.mark.django_db
def test_an_account_that_left_with_its_final_bill_is_left_out_of_neither_plan_nor_run() -> None:
    unit, plan = make_unit(), make_tariff()
    book = make_book(unit)
    good, left, unbilled = make_accounts(3, plan=plan, book=book)
    for account in (good, left, unbilled):
        make_reading(account, 202610, volume_l=20_000)
    actions.bill_account(account=left, period=202610, by=make_user("gas.billing.bill_account"))
    for account in (left, unbilled):
        account.book_entry.delete()
        account.state = "closed"
        account.save()
    run = actions.plan_run(period=202610, unit=unit, by=make_user("gas.billing.plan_run"))
    assert (run.planned_accounts, run.excluded_accounts) == (1, 0)
    compute(run)
    # What was read and never billed is still told, though no plan could count it.
    assert list(RunException.objects.filter(run=run).values_list("account_id", "reason")) == [
        (unbilled.pk, "not_active")
    ]
    assert (run.bills, run.excluded_accounts) == (1, 1)


@pytest.mark.django_db
def test_a_run_over_chosen_books_leaves_the_others_for_later() -> None:
    unit, user = make_unit(), make_user("gas.billing.plan_run", "gas.billing.view_run")
    one, other, elsewhere = make_book(unit), make_book(unit), make_book(make_unit("城西"))
    make_reading(make_account(plan=make_tariff(), book=one), 202610, volume_l=20_000)
    typed = {"period": "2026-10", "unit": unit.pk, "issued_on": "2026-11-01", "due_on": "2026-11-16"}
    page = signed_in(user).post(reverse("billing:run_plan"), {**typed, "books": f"{one.code}，{elsewhere.code}"})
    assert "books" in page.context["form"].errors and not BillingRun.objects.exists()
    signed_in(user).post(reverse("billing:run_plan"), {**typed, "books": one.code})
    run = BillingRun.objects.get()
    assert (list(run.chunks.values_list("book", flat=True)), run.planned_accounts) == ([one.pk], 1)
    rest = actions.plan_run(period=202610, unit=unit, books=[other], by=user)
    assert list(rest.chunks.values_list("book", flat=True)) == [other.pk]


@pytest.mark.django_db
def test_dry_run_writes_no_bill_and_tells_the_greatest_change() -> None:
    plan, book = make_tariff(), make_book(make_unit())
    account = make_account(plan=plan, book=book)
    make_reading(account, 202610, volume_l=10_000)
    first = bill_period(account, 202610)
    make_reading(account, 202611, volume_l=50_000)
    run = make_run(account.unit, 202611, [book])
    assert RunChunk.objects.get(run=run).last_period_amount_fen == first.amount_fen == 2_000
    dry_run(run)
    run.refresh_from_db()
    # 20 m³ at 2, 25 at 3, 5 at 4 yuan
    assert run.top_changes == [[account.pk, 2_000, 13_500]]
    assert RunChunk.objects.get(run=run).dry_amount_fen == 13_500
    assert not Bill.objects.filter(period=202611).exists()


@pytest.mark.django_db
def test_one_bad_account_never_stops_the_book() -> None:
    plan, book = make_tariff(), make_book(make_unit())
    accounts = make_accounts(9, plan=plan, book=book)
    for number, account in enumerate(accounts):
        make_reading(account, 202610, index_l=12_000 + number)
    _refuse_bills_of(accounts[4].pk)
    run = compute(make_run(accounts[0].unit, 202610, [book]))
    billed = set(Bill.objects.filter(run=run).values_list("account_id", flat=True))
    assert billed == {account.pk for account in accounts} - {accounts[4].pk}
    bad = RunException.objects.get(run=run)
    assert (bad.account_id, bad.reason) == (accounts[4].pk, "failed")
    assert "this one is bad" in bad.detail
    assert RunChunk.objects.get(run=run).bills == 8


@pytest.mark.django_db
def test_one_bad_account_never_stops_the_other_books_of_its_transaction() -> None:
    unit, plan = make_unit(), make_tariff()
    books = [make_book(unit) for _n in range(3)]
    accounts = [make_account(plan=plan, book=book, unit=unit) for book in books for _n in range(2)]
    for number, account in enumerate(accounts):
        make_reading(account, 202610, index_l=12_000 + number)
    _refuse_bills_of(accounts[2].pk)
    run = compute(make_run(unit, 202610, books))
    billed = set(Bill.objects.filter(run=run).values_list("account_id", flat=True))
    assert billed == {account.pk for account in accounts} - {accounts[2].pk}
    assert list(RunException.objects.filter(run=run).values_list("account_id", "reason")) == [
        (accounts[2].pk, "failed")
    ]
    assert list(RunChunk.objects.filter(run=run).order_by("pk").values_list("bills", flat=True)) == [2, 1, 2]
    assert run.amount_fen == sum(RunChunk.objects.filter(run=run).values_list("amount_fen", flat=True)) > 0


@pytest.mark.django_db
def test_read_in_two_books_an_account_is_billed_once() -> None:
    """Its two rows meet in one transaction; the books are then billed one after the other."""
    plan, unit = make_tariff(), make_unit()
    first, second = make_book(unit), make_book(unit)
    moved, other = make_account(plan=plan, book=first, unit=unit), make_account(plan=plan, book=second, unit=unit)
    make_reading(moved, 202610, volume_l=10_000)
    make_reading(other, 202610, volume_l=10_000)
    Reading.objects.create(**_reading_elsewhere(moved, second))
    run = compute(make_run(unit, 202610, [first, second]))
    assert list(RunChunk.objects.filter(run=run).order_by("pk").values_list("bills", flat=True)) == [1, 1]
    assert RunException.objects.get(run=run).reason == "already"


def _reading_elsewhere(account: Account, book: Book) -> dict[str, Any]:
    """A reading of another meter of an account, taken in another book."""
    there = Reading.objects.get(account=account, period=202610)
    names = ("period", "taken_on", "index_l", "previous_on", "previous_index_l", "volume_l", "source", "recorded_at")
    meter = make_installation(account)
    return {name: getattr(there, name) for name in names} | {
        "account": account, "installation": meter, "book": book, "state": Reading.State.ACCEPTED,
    }  # fmt: skip


def test_a_transaction_takes_books_of_one_cycle_up_to_a_number_of_accounts() -> None:
    rows = [(11, 1, "monthly", 400), (12, 2, "monthly", 500), (13, 3, "monthly", 300), (14, 4, "odd", 1)]
    assert _fitting(rows, 1_000) == {1: 11, 2: 12}
    assert _fitting(rows, 9_000) == {1: 11, 2: 12, 3: 13}
    assert _fitting(rows, 100) == {1: 11}


def _refuse_bills_of(account_id: int) -> None:
    """Make the database itself refuse one account's bill, which fails the whole INSERT it is part of."""
    head = f"BEFORE INSERT ON billing_bill FOR EACH ROW WHEN (NEW.account_id = {account_id})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"CREATE TRIGGER bad_one {head} BEGIN SELECT RAISE(ABORT, 'this one is bad'); END")
            return
        cursor.execute(
            "CREATE FUNCTION bad_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'this one is bad' USING ERRCODE = 'check_violation'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER bad_one {head} EXECUTE FUNCTION bad_one()")


@pytest.mark.django_db
def test_a_fault_of_the_program_stops_the_run_instead_of_blaming_every_account(monkeypatch: Any) -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, 202610, index_l=12_000)
    monkeypatch.setattr("mainstay.gas.billing.batch.post.ITEMS", "INSERT INTO no_such_table SELECT 1")
    with pytest.raises(DatabaseError):
        compute(make_run(account.unit, 202610, [account.book_entry.book]))
    assert not RunException.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_run_that_loses_a_bill_is_refused_by_its_own_check(monkeypatch: Any) -> None:
    """The guards of the tables trust a run, so its own count has to find what they would have found."""
    from mainstay.gas.billing.batch import post

    account = make_account(plan=make_tariff())
    make_reading(account, 202610, index_l=12_000)
    monkeypatch.setattr(post, "_BILLS", post._BILLS + " AND w.account_id < 0")
    run = compute(make_run(account.unit, 202610, [account.book_entry.book]))
    assert (run.bills, Bill.objects.count(), ChargeLine.objects.count(), OpenItem.objects.count()) == (0, 0, 0, 0)
    assert "0 bills of 1" in RunException.objects.get(run=run).detail
    with pytest.raises(IntegrityError), transaction.atomic():  # nobody else is trusted, on this connection either
        ChargeLine.objects.create(
            account=account, period=202610, seq=0, line=1, tier=0, volume_l=0, price_e4=0, amount_fen=0, vat_fen=0,
            version=Version.objects.first(),
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_run_posts_to_no_account_that_the_chart_lacks(monkeypatch: Any) -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, 202610, index_l=12_000)
    monkeypatch.setattr(ledger, "_POST", ledger._POST.replace(f"THEN {VAT}", "THEN 9999"))
    monkeypatch.setattr(ledger, "_CHART", ledger._CHART.replace(str(VAT), "9999"))
    with pytest.raises(RuntimeError, match="chart of accounts"):
        compute(make_run(account.unit, 202610, [account.book_entry.book]))
    assert not Bill.objects.exists() and not Posting.objects.exists() and not RunException.objects.exists()


@pytest.mark.django_db
def test_an_absurd_volume_is_an_exception_and_no_floating_point() -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, 202610, index_l=7 * 10**17)
    run = compute(make_run(account.unit, 202610, [account.book_entry.book]))
    bad = RunException.objects.get(run=run)
    assert (run.bills, bad.reason, bad.detail) == (0, "failed", f"{7 * 10**17} l")


@pytest.mark.django_db(transaction=True)
def test_run_as_jobs_then_release() -> None:
    unit, plan = make_unit(), make_tariff()
    books = [make_book(unit) for _n in range(3)]
    accounts = [make_account(plan=plan, book=book) for book in books for _n in range(2)]
    for account in accounts:
        make_reading(account, 202610, volume_l=31_000)
    user = make_user(*(f"gas.billing.{name}" for name in ALL), unit=unit)
    run = actions.plan_run(period=202610, unit=unit, by=user)
    with pytest.raises(Problem):
        actions.release_run(run=run, by=user)
    actions.start_run(run=run, by=user)
    assert work(stop=threading.Event(), once=True) >= 2
    run.refresh_from_db()
    assert (run.state, run.bills, run.amount_fen) == ("computed", 6, 6 * 6_300)
    assert Job.objects.filter(kind="gas.billing.run", state="done", done=6, total=6).count() == 2
    actions.release_run(run=run, by=user)
    run.refresh_from_db()
    assert run.state == BillingRun.State.RELEASED
    entry = Entry.objects.get(action="gas.billing.release_run", outcome="done")
    assert entry.after["amount_fen"] == entry.amount_fen == 6 * 6_300
    assert OpenItem.objects.filter(run_id=run.pk).count() == 6
    for account in accounts:
        assert set(owed(account).values()) == {6_300}


@pytest.mark.django_db
def test_two_meters_add_up_and_zero_volume_charges_nothing() -> None:
    plan, book = make_tariff(), make_book(make_unit())
    double, idle = make_account(plan=plan, book=book), make_account(plan=plan, book=book)
    first = double.installations.get()
    second = make_installation(double)
    make_reading(double, 202610, volume_l=20_000, installation=first)
    make_reading(double, 202610, volume_l=15_000, installation=second)
    make_reading(idle, 202610, volume_l=0)
    compute(make_run(double.unit, 202610, [book]))
    bill = Bill.objects.get(account=double)
    assert (bill.volume_l, bill.amount_fen, len(bill.readings)) == (35_000, 7_500, 2)
    nothing = Bill.objects.get(account=idle)
    assert (nothing.amount_fen, nothing.year_after_l) == (0, 0)
    assert not ChargeLine.objects.filter(account=idle).exists()
    assert not OpenItem.objects.filter(account=idle).exists()


@pytest.mark.django_db
def test_a_second_run_over_the_same_books_bills_nobody_twice() -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, 202610)
    bill_period(account, 202610)
    again = compute(make_run(account.unit, 202610, [account.book_entry.book]))
    assert (again.bills, Bill.objects.count()) == (0, 1)
    assert RunException.objects.get(run=again).reason == "already"


@pytest.mark.django_db
def test_abandon_needs_a_reason_and_a_planned_run() -> None:
    account = make_account(plan=make_tariff())
    run = make_run(account.unit, 202610, [account.book_entry.book])
    user = make_user("gas.billing.abandon_run")
    with pytest.raises(Problem):
        actions.abandon_run(run=run, reason=" ", by=user)
    assert actions.abandon_run(run=run, reason="wrong month", by=user).state == "abandoned"
    with pytest.raises(Problem):
        actions.abandon_run(run=run, reason="again", by=user)


@pytest.mark.django_db
def test_a_reading_of_the_day_on_which_the_account_was_opened_is_billed() -> None:
    """Opened, or taken over, and read on the same day: terms, plan and price begin on that very day."""
    plan = make_tariff()
    book = make_book(make_unit())
    opened_on = date(2026, 10, 20)
    still, used, left = make_accounts(3, plan=plan, book=book, opened_on=opened_on)
    for account, volume in ((still, 0), (used, 3_000)):
        make_reading(account, 202610, volume_l=volume, taken_on=opened_on)
    make_reading(left, 202610, volume_l=3_000, taken_on=opened_on)
    Terms.objects.filter(account=left).update(from_on=date(2026, 10, 21))  # no plan on the day of use
    run = make_run(book.unit, 202610, [book])
    assert (run.planned_accounts, run.excluded_accounts) == (2, 1)
    compute(run)
    assert dict(Bill.objects.filter(run=run).values_list("account_id", "amount_fen")) == {still.pk: 0, used.pk: 600}
    assert list(RunException.objects.filter(run=run).values_list("account_id", "reason")) == [(left.pk, "no_terms")]


@pytest.mark.django_db
def test_terms_that_end_on_the_day_of_a_reading_hold_for_the_days_before_it() -> None:
    cheap, dear = make_tariff(), make_tariff("dear", DEAR)
    account = make_account(plan=cheap, opened_on=date(2026, 10, 1))
    make_reading(account, 202610, volume_l=5_000, taken_on=date(2026, 10, 20))
    Terms.objects.filter(account=account).update(until_on=date(2026, 10, 20))
    Terms.objects.create(account=account, from_on=date(2026, 10, 20), plan=dear, persons=3)
    assert bill_period(account, 202610).amount_fen == 1_000
