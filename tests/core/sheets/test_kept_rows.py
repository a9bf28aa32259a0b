"""Rows kept from the check to the commit: used once, for the same content only, as they were read."""

from __future__ import annotations

import io
from typing import Any

import pytest

from mainstay.core.sheets import actions
from mainstay.core.sheets.actions import check_sheet, commit_sheet
from mainstay.gas.readings.models import Reading
from mainstay.kit.sheets import RowError, Sheet, kept, read_sheet
from mainstay.kit.sheets.columns import Column
from tests.gas.make import make_account, make_book, make_unit, make_user

COLUMNS = (Column("number", "号", "Number"),)


def sheet_of(*numbers: str) -> Sheet:
    return read_sheet(io.BytesIO("\n".join(["号", *numbers]).encode()), columns=COLUMNS)


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEAST_ROWS", 1)
    kept.keep("", "", sheet_of())


def test_only_the_same_content_of_the_same_kind_gives_the_rows_and_only_once() -> None:
    sheet = sheet_of("1", "2")
    for digest, kind in (("other", "k"), ("one", "other")):
        kept.keep("one", "k", sheet)
        assert kept.take(digest, kind) is None
    kept.keep("one", "k", sheet)
    assert kept.take("one", "k") == (sheet, None)
    assert kept.take("one", "k") is None


def test_rows_are_not_kept_for_long_and_small_sheets_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("one", "k", sheet_of("1"))
    monkeypatch.setattr(kept.time, "monotonic", lambda: float("inf"))
    assert kept.take("one", "k") is None
    monkeypatch.undo()
    monkeypatch.setattr(kept, "LEAST_ROWS", 3)
    kept.keep("one", "k", sheet_of("1", "2"))
    assert kept.take("one", "k") is None


def test_what_a_check_adds_to_rows_is_not_kept() -> None:
    sheet = sheet_of("1", "2")
    as_read = kept.fresh(sheet)
    sheet.rows[0].errors.append(RowError("number", "wrong"))
    assert [row.errors for row in as_read] == [[], []]


@pytest.mark.django_db
def test_a_commit_reads_the_file_again_only_where_its_rows_are_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    book = make_book(make_unit())
    by = make_user("gas.readings.import_readings")
    reads: list[Any] = []
    read = actions._read
    monkeypatch.setattr(actions, "_read", lambda spec, file: reads.append(spec.kind) or read(spec, file))
    for period, at_hand in (("2026-09", True), ("2026-10", False)):
        account = make_account(book=book)
        content = f"户号,止码,抄表日期\n{account.account_no},7,{period}-20\n不存在,7,{period}-20\n".encode()
        asked = {"period": period.replace("-", "")}
        found = check_sheet(kind="gas.readings", file=io.BytesIO(content), name="a.csv", options=asked, by=by)
        if not at_hand:
            kept.keep("another", "gas.readings", sheet_of("1"))
        reads.clear()
        done = commit_sheet(sheet_import=found, skip_bad=True, by=by)
        assert (len(reads), done.bad_rows) == (0 if at_hand else 1, 1)
        assert list(Reading.objects.filter(account=account).values_list("index_l", flat=True)) == [7_000]
