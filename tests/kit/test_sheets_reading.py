"""Sheets that come in: good ones are read fast, bad ones get an answer that says what to do."""

from __future__ import annotations

import datetime as dt
import gc
import io
import os
import zipfile
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation

from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, Kind, read_sheet
from mainstay.kit.sheets.columns import NoValue
from mainstay.kit.sheets.files import tables_of

COLUMNS = [
    Column("account_no", "户号", "Account no.", aliases=("用户编号",)),
    Column("index", "本次指数", "Index", Kind.VOLUME),
    Column("day", "抄表日期", "Read on", Kind.DATE),
    Column("amount", "金额", "Amount", Kind.MONEY, required=False, negative=True),
    Column("source", "来源", "Source", Kind.CHOICE, required=False, choices={"抄表": "reader", "Remote": "remote"}),
    Column("persons", "人口", "Persons", Kind.INT, required=False),
    Column("period", "账期", "Period", Kind.PERIOD, required=False),
]
GOOD = "户号,本次指数,抄表日期,金额\n1001,12.345,2026-11-23,-1.50\n1002,13,2026/11/24,\n"


def csv_file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def xlsx_file(*rows: list[Any], before: list[list[Any]] | None = None, **options: Any) -> io.BytesIO:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd", **options}) as book:
        if before is not None:
            page = book.add_worksheet("other")
            for line, row in enumerate(before):
                page.write_row(line, 0, row)
        page = book.add_worksheet("data")
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
    stream.seek(0)
    return stream


def refused(file: io.BytesIO, code: str, **limits: int) -> Problem:
    with pytest.raises(Problem) as caught:
        read_sheet(file, columns=COLUMNS, **limits)
    assert caught.value.code == code
    return caught.value


def test_reads_values_by_column() -> None:
    sheet = read_sheet(csv_file(GOOD), columns=COLUMNS)
    assert [row.number for row in sheet] == [2, 3]
    assert sheet.rows[0].values == {
        "account_no": "1001", "index": 12345, "day": dt.date(2026, 11, 23), "amount": -150,
        "source": None, "persons": None, "period": None,
    }  # fmt: skip
    assert sheet.rows[1].values["amount"] is None
    assert (len(sheet.good), sheet.bad, len(sheet)) == (2, [], 2)
    assert gc.isenabled()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_reads_any_usual_csv(encoding: str, separator: str) -> None:
    sheet = read_sheet(csv_file(GOOD.replace(",", separator), encoding), columns=COLUMNS)
    assert [row.values["account_no"] for row in sheet.good] == ["1001", "1002"]


def test_finds_titles_in_either_language_any_order_below_a_heading() -> None:
    text = "读数表,,,\n,,,\nREAD ON：, Amount（元）,* Index (m³),用户编号\n20261123,7,5,A1\n,,,\n20261124,8,6,A2\n"
    sheet = read_sheet(csv_file(text), columns=COLUMNS)
    assert [(row.number, row.values["account_no"], row.values["index"]) for row in sheet] == [
        (4, "A1", 5000),
        (6, "A2", 6000),
    ]


def test_reads_workbooks_and_passes_over_other_sheets() -> None:
    file = xlsx_file(
        ["户号", "本次指数", "抄表日期", "金额", "人口", "账期", "来源"],
        [1001, 12.345, dt.date(2026, 11, 23), 0.1 + 0.2, 3, dt.date(2026, 11, 1), "抄表"],
        ["1002", "1,283", 46349, 12.3, "4", "2026-11", "remote"],
        before=[["something", "else"], [1, 2]],
    )
    first, second = read_sheet(file, columns=COLUMNS).good
    assert list(first.values.values()) == ["1001", 12345, dt.date(2026, 11, 23), 30, "reader", 3, 202611]
    assert list(second.values.values()) == ["1002", 1283000, dt.date(2026, 11, 23), 1230, "remote", 4, 202611]


def test_collects_what_is_wrong_per_row() -> None:
    text = GOOD + ",x,2026-02-30,1.234\n1004,-5,soon,\n"
    sheet = read_sheet(csv_file(text), columns=COLUMNS)
    bad, worse = sheet.bad
    assert (bad.number, [error.column for error in bad.errors]) == (4, ["account_no", "index", "day", "amount"])
    assert [error.column for error in worse.errors] == ["index", "day"]
    assert worse.values["index"] is None
    assert len(sheet.good) == 2


def test_cell_by_cell() -> None:
    file = xlsx_file(
        ["户号", "本次指数", "抄表日期", "人口", "来源"],
        [12345678901234567, 1, "2026-11-23"],
        ["x" * 2001, 1, "2026-11-23"],
        ["'=1+1", 1.0005, "2026-11-23"],
        [True, 1, "2026-11-23", 2.5],
        ["a", 1, "2026-11-23", -1, "guess"],
        ["b", -0.5, "2026-11-23", "9" * 19],
        ["   ", 1, True],
    )
    rows = read_sheet(file, columns=COLUMNS).rows
    wrong = [[error.column for error in row.errors] for row in rows]
    assert wrong == [
        ["account_no"], ["account_no"], ["index"], ["persons"], ["source", "persons"], ["index", "persons"],
        ["account_no", "day"],
    ]  # fmt: skip
    assert rows[2].values["account_no"] == "=1+1"
    with translation.override("en"):
        assert "dropped digits" in str(rows[0].errors[0].message)
        assert "抄表, Remote" in str(rows[4].errors[0].message)


def test_names_missing_and_double_columns() -> None:
    with translation.override("en"):
        assert "Index, Read on" in str(refused(csv_file("户号,金额\n1,2\n"), "missing_columns"))
        assert "another sheet" in str(refused(csv_file("a,b\n1,2\n"), "missing_columns"))
        assert "“Account no.” twice" in str(
            refused(csv_file("户号,Account no.,Index,Read on\n1,1,1,1\n"), "double_column")
        )
    with translation.override("zh-hans"):
        assert str(refused(csv_file("户号,金额\n1,2\n"), "missing_columns")).startswith(
            "表格缺少这些列：本次指数, 抄表日期。"
        )
        assert str(refused(csv_file(""), "empty")) == "表格是空的，请选择填好的文件。"


def test_refuses_files_that_are_no_sheets() -> None:
    refused(io.BytesIO(os.urandom(2000) + b"\0"), "encoding")
    refused(io.BytesIO(b"\xff" * 500), "encoding")
    refused(io.BytesIO(b"PK\x03\x04" + os.urandom(500)), "broken")
    refused(io.BytesIO(xlsx_file(["户号"]).getvalue()[:-700]), "broken")
    refused(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "old_format")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    refused(io.BytesIO(locked), "encrypted")
    refused(csv_file("户号,本次指数,抄表日期\n" + "x" * 200_000 + ",1,1\n"), "broken")


def test_refuses_fifty_megabytes_of_garbage_at_once() -> None:
    refused(io.BytesIO(b"garbage," * 6_250_000), "too_large")


def test_refuses_too_many_rows() -> None:
    text = "户号,本次指数,抄表日期\n" + "1,1,2026-11-23\n" * 50
    assert len(read_sheet(csv_file(text), columns=COLUMNS, limit_rows=50)) == 50
    refused(csv_file(text), "too_many_rows", limit_rows=49)
    refused(csv_file(text), "too_many_rows", limit_rows=10)


def parts_of(file: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    stream.seek(0)
    return stream


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="XFD1048576"><v>1</v></c>', "too_wide"),
        (b'<c r="DA3"><v>1</v></c>', "too_wide"),
        (b'<c r="A900000"><v>1</v></c>', "too_many_rows"),
        (b"<c\tr='A3'><v>1</v></c>", "broken"),
        (b"<c r='XFD3'><v>1</v></c>", "broken"),
        (b'<c\nr="XFD3"><v>1</v></c>', "broken"),
        (b'<c\r\nr="A3"><v>1</v></c>', "broken"),
        (b'<c r ="XFD3"><v>1</v></c><!--?><-->', "broken"),
        (b"<c r='A3' t='str'><v>" + b"x" * 40_000 + b"</v></c>", "broken"),
    ],
)
def test_refuses_sheets_made_to_eat_memory(cell: bytes, code: str) -> None:
    parts = parts_of(xlsx_file(["户号", "本次指数", "抄表日期"], ["1", 2, "2026-11-23"]))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", b'<row r="3">' + cell + b"</row></sheetData>")
    refused(packed(parts), code)


def test_refuses_a_zip_bomb_without_unpacking_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.kit.sheets.files.LIMIT_UNPACKED", 2_000_000)
    parts = parts_of(xlsx_file(["户号"])) | {"xl/media/a.bin": b"\0" * 5_000_000}
    refused(packed(parts), "too_large")


def test_cells_without_a_value_are_errors_and_not_empty() -> None:
    """An empty amount means that nothing is owed; #N/A and a formula that was never worked out mean nothing."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("other").write_formula("A1", "=NA()", None, "#N/A")
        page = book.add_worksheet("data")
        for line, row in enumerate(
            [["户号", "本次指数", "抄表日期", "金额", "备注"], ["1", 5, "2026-11-23", "1.00"], ["2", 5, "2026-11-23"],
             ["", 5, "2026-11-23"], ["4", 5, "2026-11-23"]]
        ):  # fmt: skip
            page.write_row(line, 0, row)
        page.write_formula("B2", "=VLOOKUP(A2,x,2)", None, "#N/A")
        page.write_formula("D3", "=A3+1", None, "")
        page.write_formula("A4", "=1/0", None, "#DIV/0!")
        page.write_formula("E5", "=NA()", None, "#N/A")  # in a column that nobody reads
    stream.seek(0)
    with translation.override("en"):
        sheet = read_sheet(stream, columns=COLUMNS)
        errors = [[(error.column, str(error.message)) for error in row.errors] for row in sheet.rows]
    assert [[column for column, _text in row] for row in errors] == [["index"], ["amount"], ["account_no"], []]
    assert "#N/A" in errors[0][0][1]
    assert "formula" in errors[1][0][1]
    assert sheet.cells(2)[1] == "#N/A"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (b'<c r="B3" s="1" t="e"><f>VLOOKUP(A3,x,2)</f><v>#N/A</v></c>', "error"),
        (b'<c t="e" r="B3"><v>#DIV/0!</v></c>', "error"),
        (b'<c r="B3"><f>1+1</f><v></v></c>', "no_result"),
        (b'<c r="B3"><f>1+1</f><v/></c>', "no_result"),
        (b'<c r="B3"><f t="shared" si="0"/></c>', "no_result"),
        (b'<c r="B3"><f>1+1</f><v>2</v></c>', None),
        (b'<c r="B3" t="str"><f>IF(1,"","x")</f><v></v></c>', None),
    ],
)
def test_how_programs_write_cells_without_a_value(cell: bytes, code: str | None) -> None:
    parts = parts_of(xlsx_file(["户号", "本次指数", "抄表日期"], ["1", 2, "2026-11-23"]))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", b'<row r="3">' + cell + b"</row></sheetData>")
    found = next(tables_of(packed(parts), limit_rows=100, limit_bytes=1_000_000))
    values = [one for row in found for one in row if isinstance(one, NoValue)]
    assert [one.problem().code for one in values] == ([code] if code else [])
    if code:
        assert found[2][1] is values[0]


def test_endless_cells_without_a_value_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mainstay.kit.sheets.flaws._MOST", 2)
    parts = parts_of(xlsx_file(["户号", "本次指数", "抄表日期"], ["1", 2, "2026-11-23"]))
    name = "xl/worksheets/sheet1.xml"
    cells = b"".join(b'<c r="%c3" t="e"><v>#N/A</v></c>' % letter for letter in b"ABC")
    parts[name] = parts[name].replace(b"</sheetData>", b'<row r="3">' + cells + b"</row></sheetData>")
    refused(packed(parts), "error")


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    lost = GOOD + '1003,"14,2026-11-24,\n1004,15,2026-11-24,\n1005,16,2026-11-24,\n'
    refused(csv_file(lost), "broken")
    refused(csv_file(lost + "1006,17,2026-11-24," * 20_000), "broken")
    for end in ("", "\n", "\r\n", "\r"):
        assert len(read_sheet(csv_file(GOOD.rstrip() + end), columns=COLUMNS)) == 2
        assert len(read_sheet(csv_file(GOOD + '1003,"14",2026-11-24,""' + end), columns=COLUMNS)) == 3
