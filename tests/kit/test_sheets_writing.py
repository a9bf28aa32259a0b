"""Sheets that go out: exact numbers, harmless texts, and errors in the sheet they came from."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from python_calamine import CalamineWorkbook

from mainstay.kit.errors import Problem
from mainstay.kit.sheets import (
    Column,
    Kind,
    OutColumn,
    RowError,
    read_sheet,
    write_csv,
    write_errors,
    write_template,
    write_xlsx,
    writing,
)

OUT = [
    OutColumn("户号"), OutColumn("张数", "int"), OutColumn("金额", "money_fen"), OutColumn("单价", "price_e4"),
    OutColumn("用气量", "volume_l"), OutColumn("率", "percent_bp"), OutColumn("日期", "date"),
    OutColumn("时间", "instant", 20),
]  # fmt: skip
AT = dt.datetime(2026, 11, 23, 1, 2, 3, tzinfo=dt.UTC)
ROW = ["A1", 3, -123456789, 26100, 12345, 9876, dt.date(2026, 11, 23), AT]
RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://x", "{=1}"]


def cells(stream: io.BytesIO) -> list[list[Any]]:
    stream.seek(0)
    return CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()


def text_of(stream: io.BytesIO, part: str) -> str:
    return zipfile.ZipFile(stream).read(part).decode()


def test_workbook_holds_exact_numbers_dates_and_totals() -> None:
    stream = io.BytesIO()
    count = write_xlsx(
        stream, "账单/2026:11", OUT, iter([ROW, [None] * 8]), totals=["合计", 3, -123456789, *[None] * 5]
    )
    header, first, empty, totals = cells(stream)
    assert count == 2
    assert header == [column.title for column in OUT]
    assert first == [
        "A1",
        3,
        -1234567.89,
        2.61,
        12.345,
        0.9876,
        dt.date(2026, 11, 23),
        dt.datetime(2026, 11, 23, 9, 2, 3),
    ]
    assert empty == [""] * 8
    assert totals[:3] == ["合计", 3, -1234567.89]
    assert 'name="账单 2026 11"' in text_of(stream, "xl/workbook.xml")
    assert 'state="frozen"' in text_of(stream, "xl/worksheets/sheet1.xml")


def test_workbook_goes_to_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write_xlsx(path, "", [OutColumn("a")], [["b"]]) == 1
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python() == [["a"], ["b"]]


def test_texts_never_become_formulas_or_links() -> None:
    stream = io.BytesIO()
    write_xlsx(stream, "x", [OutColumn("=title")], [[text] for text in RISKY])
    assert [row[0] for row in cells(stream)] == ["=title", *RISKY]
    sheet = text_of(stream, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_csv_is_exact_and_harmless() -> None:
    stream = io.BytesIO()
    write_csv(stream, OUT, [ROW, [None] * 8])
    data = stream.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[1] == ["A1", "3", "-1234567.89", "2.6100", "12.345", "98.76%", "2026-11-23", "2026-11-23 09:02:03"]
    assert lines[2] == [""] * 8
    stream = io.BytesIO()
    write_csv(stream, [OutColumn("t")], [[text] for text in RISKY])
    lines = list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))
    assert [line[0][0] for line in lines[1:]] == ["'", "'", "'", "'", "'", "h", "{"]
    stream.seek(0)
    read = read_sheet(stream, columns=[Column("t", "t", "t")])
    assert [row.values["t"] for row in read][:4] == RISKY[:4]


def test_refuses_more_rows_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_MOST_ROWS", 2)
    with pytest.raises(Problem) as caught:
        write_xlsx(io.BytesIO(), "x", [OutColumn("a")], [["b"]] * 3)
    assert caught.value.code == "too_many_rows"


COLUMNS = [
    Column("account_no", "户号", "Account no.", example="10010001"),
    Column("index", "本次指数", "Index", Kind.VOLUME, example="1283"),
    Column("note", "备注", "Note", required=False),
]


def test_errors_come_back_in_the_same_sheet_and_can_be_mended() -> None:
    text = "备注,户号,本次指数,多余\n=bad,1001,x,keep\nok,1002,7,\n,1003,8,me\n"
    sheet = read_sheet(io.BytesIO(text.encode()), columns=COLUMNS)
    stream = io.BytesIO()
    with translation.override("en"):
        assert write_errors(sheet, stream, {4: [RowError("account_no", "unknown"), RowError("", "whole row")]}) == 2
    header, first, second, third = cells(stream)
    assert header == ["备注", "户号", "本次指数", "多余", "Errors"]
    assert first[:4] == ["=bad", "1001", "x", "keep"]
    assert first[4].startswith("Index: Not a volume")
    assert second == ["ok", "1002", "7", "", ""]
    assert third[4] == "Account no.: unknown; whole row"
    assert "FFFBD5D5" in text_of(stream, "xl/styles.xml")
    stream.seek(0)
    again = read_sheet(stream, columns=COLUMNS)
    assert [row.values["account_no"] for row in again] == ["1001", "1002", "1003"]


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "户号*"), ("en", "Account no.*")])
def test_template_reads_as_a_sheet_in_both_languages(language: str, title: str) -> None:
    stream = io.BytesIO()
    with translation.override(language):
        write_template(stream, "t", COLUMNS)
    assert cells(stream)[0][0] == title
    stream.seek(0)
    sheet = read_sheet(stream, columns=COLUMNS)
    assert sheet.good[0].values == {"account_no": "10010001", "index": 1283000, "note": None}
