"""PostgreSQL weighs large sheets by whole months of their books: small ones are made to go the same way here.

SQLite has one way only, which the same tests hold to the same.
"""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.db import connection, transaction

from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.gas.readings import batch_sheet
from mainstay.gas.readings.batch_sheet import Plain, find_plain, load_sheet, place_rows
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.sheet import COLUMNS
from mainstay.kit.sheets import kept, read_sheet
from tests.gas.make import make_account, make_accounts, make_book, make_installation, make_reading, make_unit, make_user
from tests.gas.readings.test_sheet_sets import PERIOD, RIGHT, TODAY, random_company, sheet_of

Lines = list[tuple[object, ...]]


def by_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every row tell its book, and any filling of a month do."""
    monkeypatch.setattr(batch_sheet, "_SAMPLED", "true")
    monkeypatch.setattr(batch_sheet, "_MOSTLY", 0)


def found_in(lines: Lines, *, keep: bool = True) -> tuple[Plain, list[tuple[object, ...]]]:
    """What is found of a sheet, and what is kept of it for the writing."""
    with transaction.atomic(), connection.cursor() as cursor:
        load_sheet(read_sheet(sheet_of(lines), columns=COLUMNS))
        plain = find_plain(PERIOD, TODAY, place_rows(None), keep=keep)
        cursor.execute(f"SELECT * FROM {batch_sheet.FOUND} ORDER BY number")
        return plain, cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_whole_months_and_single_rows_come_to_the_same(seed: int, later: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    lines, _rows = random_company(random.Random(seed))
    if not later:
        Reading.objects.filter(period__gte=PERIOD).update(state=Reading.State.SET_ASIDE)
    several = make_account(book=make_book(make_unit()))
    make_installation(several)
    lines += [lines[0], (several.account_no, "", 5, TODAY.isoformat()), ("0000", "", 5, TODAY.isoformat())]
    one_by_one, kept_one_by_one = found_in(lines)
    by_months(monkeypatch)
    at_once, kept_at_once = found_in(lines)
    assert at_once == one_by_one and kept_at_once == kept_one_by_one
    assert at_once.count and at_once.rest and len(at_once.doubles) == 1 and len(at_once.lost) == 2
    looked_at, _kept = found_in(lines, keep=False)
    assert looked_at == one_by_one


@pytest.mark.django_db
def test_an_account_moved_to_another_book_after_the_check_is_found_there(monkeypatch: pytest.MonkeyPatch) -> None:
    by_months(monkeypatch)
    monkeypatch.setattr(kept, "LEAST_ROWS", 1)
    unit = make_unit()
    old, new = make_book(unit), make_book(unit)
    accounts = make_accounts(2, book=old)
    for account in accounts:
        make_reading(account, 202508, volume_l=30_000, taken_on=date(2025, 8, 25))
    lines: Lines = [(account.account_no, "", 42, "2025-09-25") for account in accounts]
    by = make_user(RIGHT)
    checked = check_sheet(
        kind="gas.readings", file=sheet_of(lines), name="a.csv", options={"period": str(PERIOD)}, by=by
    )
    accounts[0].book_entry.book = new
    accounts[0].book_entry.save()
    assert commit_sheet(sheet_import=checked, by=by).new_rows == 2
    made = Reading.objects.filter(period=PERIOD, state=Reading.State.ACCEPTED)
    assert dict(made.values_list("account_id", "book_id")) == {accounts[0].pk: new.pk, accounts[1].pk: old.pk}
