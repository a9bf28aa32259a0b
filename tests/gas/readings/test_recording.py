"""Readings through their actions: recorded, questioned, decided, estimated, imported."""

from __future__ import annotations

import io
from datetime import date

import pytest
import time_machine

from mainstay.core.audit.models import Entry
from mainstay.core.door import Refused
from mainstay.core.events import providers
from mainstay.core.sheets.actions import check_sheet, commit_sheet, read_again
from mainstay.core.sheets.models import SheetImport
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings import actions
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.gas.readings.queries import progress_of, questioned_visible_to, round_of
from mainstay.gas.readings.rules import Doubt
from mainstay.kit.errors import Problem
from tests.gas import make
from tests.gas.make import make_accounts, make_book, make_plan, make_reading, make_unit, make_user

pytestmark = pytest.mark.django_db
RIGHTS = [
    f"gas.readings.{verb}"
    for verb in (
        "record_reading", "import_readings", "accept_reading", "correct_reading", "set_aside_reading",
        "estimate_reading", "estimate_book", "view_readings", "create_book", "place_account", "change_book",
    )
]  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2026-11-26 12:00+08:00", tick=False):
        yield


def make_account(**facts: object) -> Account:
    """Opened a month before its history begins."""
    return make.make_account(**{"opened_on": date(2025, 12, 28), **facts})


def meter_of(account: Account) -> Installation:
    return account.installations.get(until_on=None)


def history(account: Account, months: int = 10) -> None:
    for month in range(1, months + 1):
        make_reading(account, 202600 + month, volume_l=20_000)


def record(account: Account, index_l: int, **facts: object) -> Reading:
    facts = {"taken_on": date(2026, 11, 24), "by": make_user(*RIGHTS), **facts}
    return actions.record_reading(installation=meter_of(account), index_l=index_l, **facts)


def test_a_good_reading_is_accepted_and_audited() -> None:
    account = make_account(first_index_l=100_000)
    history(account)
    reading = record(account, 325_000)
    assert (reading.period, reading.state, reading.volume_l) == (202611, Reading.State.ACCEPTED, 25_000)
    assert (reading.previous_on, reading.previous_index_l) == (date(2026, 10, 28), 300_000)
    entry = Entry.objects.get(action="gas.readings.record_reading")
    assert entry.subject == f"customers.account:{account.pk}"
    assert entry.unit_id == account.unit_id


def test_the_same_reading_again_is_already_there() -> None:
    account = make_account()
    assert record(account, 5_000).pk == record(account, 5_000).pk
    assert Reading.objects.count() == 1


def test_a_jump_is_questioned_and_can_be_accepted() -> None:
    account = make_account()
    history(account)
    reading = record(account, 500_000)
    assert (reading.state, reading.doubts) == (Reading.State.QUESTIONED, int(Doubt.JUMP))
    user = make_user(*RIGHTS)
    assert list(questioned_visible_to(user)) == [reading]
    accepted = actions.accept_reading(reading=reading, reason="新增壁挂炉", by=user)
    assert accepted.state == Reading.State.ACCEPTED
    assert not questioned_visible_to(user).exists()


def test_a_correction_stays_beside_the_wrong_reading() -> None:
    account = make_account()
    history(account)
    wrong = record(account, 520_000)
    user = make_user(*RIGHTS)
    right = actions.correct_reading(
        reading=wrong, index_l=220_000, taken_on=date(2026, 11, 24), reason="看错一位", by=user
    )
    wrong.refresh_from_db()
    assert (wrong.state, wrong.index_l) == (Reading.State.SET_ASIDE, 520_000)
    assert (right.seq, right.state, right.volume_l) == (1, Reading.State.ACCEPTED, 20_000)


def test_a_second_reading_of_a_period_waits_for_a_choice() -> None:
    account = make_account()
    first = record(account, 10_000)
    second = record(account, 12_000, taken_on=date(2026, 11, 25))
    assert second.state == Reading.State.QUESTIONED
    assert second.doubts & Doubt.SECOND
    user = make_user(*RIGHTS)
    actions.accept_reading(reading=second, reason="以第二次为准", by=user)
    first.refresh_from_db()
    assert first.state == Reading.State.SET_ASIDE


@pytest.mark.parametrize(
    ("index", "day"),
    [(-1, date(2026, 11, 24)), (100_000_000, date(2026, 11, 24)), (5, date(2026, 11, 27)), (5, date(2023, 1, 1))],
)
def test_what_is_no_reading_is_refused(index: int, day: date) -> None:
    with pytest.raises(Problem):
        record(make_account(), index, taken_on=day)
    assert not Reading.objects.exists()


def test_an_estimate_is_replaced_by_an_actual_reading_or_settled_later() -> None:
    account = make_account()
    history(account)
    user = make_user(*RIGHTS)
    estimate = actions.estimate_reading(
        installation=meter_of(account), taken_on=date(2026, 11, 24), period=202611, reason="无人在家", by=user
    )
    assert (estimate.source, estimate.state) == (Reading.Source.ESTIMATE, Reading.State.ACCEPTED)
    assert estimate.volume_l > 0
    actual = record(account, 203_000, taken_on=date(2026, 11, 26))
    estimate.refresh_from_db()
    assert (estimate.state, actual.state) == (Reading.State.SET_ASIDE, Reading.State.ACCEPTED)


def test_too_high_an_estimate_is_given_back() -> None:
    account = make_account()
    history(account, 9)
    make_reading(account, 202610, volume_l=50_000, source=Reading.Source.ESTIMATE)
    reading = record(account, 200_000)
    assert (reading.volume_l, reading.state) == (-30_000, Reading.State.ACCEPTED)
    assert reading.doubts == Doubt.OVER_ESTIMATE


def test_a_billed_period_is_not_decided_again() -> None:
    account = make_account()
    reading = record(account, 10_000)

    def billed(**_facts: object) -> list[int]:
        return [account.pk]

    held = providers._providers.setdefault("billed_accounts", [])
    held.append(billed)
    try:
        with pytest.raises(Problem):
            actions.set_aside_reading(reading=reading, reason="重抄", by=make_user(*RIGHTS))
    finally:
        held.remove(billed)
    reading.refresh_from_db()
    assert reading.state == Reading.State.ACCEPTED


def test_a_later_reading_follows_an_earlier_correction() -> None:
    account = make_account()
    make_reading(account, 202610, index_l=20_000)
    later = make_reading(account, 202611, index_l=50_000, taken_on=date(2026, 11, 20))
    first = Reading.objects.get(account=account, period=202610)
    actions.correct_reading(
        reading=first, index_l=30_000, taken_on=first.taken_on, reason="更正", by=make_user(*RIGHTS)
    )
    later.refresh_from_db()
    assert (later.previous_index_l, later.volume_l) == (30_000, 20_000)


def test_the_rest_of_a_book_is_estimated() -> None:
    book, plan = make_book(), make_plan()
    accounts = make_accounts(4, book=book, plan=plan)
    for account in accounts[:3]:
        history(account)
    record(accounts[0], 215_000)
    user = make_user(*RIGHTS)
    found = actions.estimate_book(book=book, taken_on=date(2026, 11, 24), period=202611, reason="停电", by=user)
    assert found.new == 2  # one was read, one has no history
    assert progress_of([book.pk], 202611)[book.pk].read == 3
    assert [row["account"] for row in round_of(book, 202611, only_open=True)] == [accounts[3]]


def test_who_left_a_book_is_not_counted_with_those_who_stand_in_it() -> None:
    book = make_book()
    accounts = make_accounts(3, book=book)
    for account in accounts[:2]:
        make_reading(account, 202611, index_l=20_000, taken_on=date(2026, 11, 1))
    BookEntry.objects.get(account=accounts[0]).delete()
    done = progress_of([book.pk], 202611)[book.pk]
    assert (done.accounts, done.read, done.open) == (2, 1, 1)


def test_another_branch_is_refused_and_on_record() -> None:
    here, there = make_unit(), make_unit("城西营业所")
    account = make_account(unit=there)
    user = make_user(*RIGHTS, unit=here, scope="subtree")
    with pytest.raises(Refused):
        record(account, 5_000, by=user)
    assert not Reading.objects.exists()


def sheet(*lines: str, head: str = "户号,表号,止码,抄表日期,备注", encoding: str = "utf-8-sig") -> io.BytesIO:
    return io.BytesIO("\r\n".join([head, *lines]).encode(encoding))


def upload(file: io.BytesIO, by: object) -> SheetImport:
    return check_sheet(kind="gas.readings", file=file, name="抄表.csv", options={"period": "202611"}, by=by)


def test_an_error_stands_at_its_column_and_a_row_without_index_is_counted_apart() -> None:
    book, user = make_book(), make_user(*RIGHTS)
    early, deep, unread = (make_account(book=book).account_no for _each in range(3))
    found = upload(sheet(f"{early},,5,2027-05-01,", f"{deep},,-4,2026-11-24,", f"{unread},,,2026-11-24,"), user)
    assert (found.rows, found.bad_rows, found.new_rows, found.preview["skipped"]) == (3, 2, 0, 1)
    _sheet, checked = read_again(found, user)
    assert {row: one.column for row, (one,) in checked.errors.items()} == {2: "taken_on", 3: "index"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_is_imported_once(encoding: str) -> None:
    book, user = make_book(), make_user(*RIGHTS)
    one, two = make_accounts(2, book=book)
    lines = (f"{one.account_no},,12.5,2026-11-24,", f",{meter_of(two).meter.meter_no},30,2026/11/24,=cmd()")
    found = upload(sheet(*lines, encoding=encoding), user)
    assert (found.rows, found.bad_rows, found.new_rows) == (2, 0, 2)
    assert not Reading.objects.exists()
    commit_sheet(sheet_import=found, by=user)
    assert Reading.objects.get(account=one).volume_l == 12_500
    assert Reading.objects.get(account=two).note == "=cmd()"
    again = upload(sheet(*lines, encoding=encoding), user)
    assert (again.new_rows, again.preview["already"]) == (0, 2)
    commit_sheet(sheet_import=again, by=user)
    commit_sheet(sheet_import=again, by=user)
    assert Reading.objects.count() == 2


def test_rows_with_errors_come_back_and_nothing_is_half_imported() -> None:
    book, user = make_book(), make_user(*RIGHTS)
    good = make_account(book=book)
    lines = [
        f"{good.account_no},,12,2026-11-24,",
        "0000000000,,12,2026-11-24,",
        f"{good.account_no},,13,2026-11-24,",
        f"{make_account(book=book).account_no},,-5,2026-11-24,",
        f"{make_account(book=book).account_no},,5,2026-12-24,",
        f"{make_account(book=book).account_no},,五,2026-11-24,",
        ",,5,2026-11-24,",
    ]
    found = upload(sheet(*lines), user)
    assert (found.rows, found.bad_rows, found.new_rows) == (7, 6, 1)
    _sheet, checked = read_again(found, user)
    assert set(checked.errors) == {3, 4, 5, 6, 8}
    with pytest.raises(Problem, match="6"):
        commit_sheet(sheet_import=found, by=user)
    assert not Reading.objects.exists()
    commit_sheet(sheet_import=found, skip_bad=True, by=user)
    assert Reading.objects.get().account == good


def test_only_own_units_can_be_imported() -> None:
    here = make_unit()
    book = make_book(here)
    user = make_user(*RIGHTS, unit=here, scope="subtree")
    mine, other = make_account(book=book), make_account()
    found = upload(sheet(f"{mine.account_no},,1,2026-11-24,", f"{other.account_no},,1,2026-11-24,"), user)
    assert (found.bad_rows, found.unit_id) == (1, here.pk)
    with pytest.raises(Refused):
        check_sheet(
            kind="gas.readings", file=sheet("1,,1,2026-11-24,"), name="x", options={}, by=make_user("gas.other")
        )


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\x00\xff" * 5_000, b"name,price\r\n1,2\r\n", b"PK\x03\x04 broken", "户号,止码".encode("utf-16")],
)
def test_garbage_is_refused_in_words(garbage: bytes) -> None:
    with pytest.raises(Problem):
        upload(io.BytesIO(garbage), make_user(*RIGHTS))
    assert not SheetImport.objects.exists()


def test_book_of_another_branch_is_refused() -> None:
    account, user = make_account(), make_user(*RIGHTS)
    with pytest.raises(Problem):
        actions.place_account(account=account, book=make_book(), by=user)
    book = actions.create_book(code="X1", name="一册", unit=account.unit, reader=user, cycle="odd", by=user)
    assert actions.place_account(account=account, book=book, by=user).sequence == 10
    assert Book.objects.get(code="X1").reader == user
