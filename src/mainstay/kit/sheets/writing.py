"""Writing sheets: exports, templates for imports, and an import handed back with its errors marked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sheets.columns import Column
from mainstay.kit.sheets.reading import RowError, Sheet
from mainstay.kit.volume import m3

if TYPE_CHECKING:  # loaded where a workbook is written: most processes never do, and it takes six megabytes
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MOST_ROWS = 1_048_575
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
    "remove_timezone": True,
}
# How a value of each kind is shown: number format, width, divisor from our whole units to what people read.
_FORMATS: dict[str, tuple[str, int, int]] = {
    "text": ("@", 18, 0),
    "int": ("#,##0", 10, 1),
    "money_fen": ("#,##0.00", 14, 100),
    "price_e4": ("0.0000", 10, 10_000),
    "volume_l": ("#,##0.###", 12, 1000),
    "percent_bp": ("0.00%", 9, 10_000),
    "date": ("yyyy-mm-dd", 12, 0),
    "instant": ("yyyy-mm-dd hh:mm", 17, 0),
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_HEADER = {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
_RED = {"bg_color": "#FBD5D5", "num_format": "@"}


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column of an export. Values come in our units (fen, litres, 1/10000 yuan, basis points, aware instants)."""

    title: Any
    kind: str = "text"
    width: int | None = None


def write_xlsx(
    target: str | Path | BinaryIO,
    title: Any,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
    *,
    totals: Sequence[Any] | None = None,
) -> int:
    """Write rows as a workbook in constant memory; returns how many.

    The header is the first row, so an export can be imported again. Texts stay texts whatever they begin with.
    `totals` is a last row in bold with a value (or None) for each column. Raises Problem beyond Excel's rows.
    """
    with _workbook(target) as book:
        sheet = book.add_worksheet(_sheet_name(str(title)))
        header = book.add_format(_HEADER)
        for index, column in enumerate(columns):
            number_format, width, _divisor = _FORMATS[column.kind]
            sheet.set_column(index, index, column.width or width, book.add_format({"num_format": number_format}))
            sheet.write_string(0, index, str(column.title), header)
        sheet.freeze_panes(1, 0)
        count = _write_rows(sheet, _writers(sheet, columns), rows)
        if totals is not None:
            bold = [book.add_format({"bold": True, "top": 1, "num_format": _FORMATS[c.kind][0]}) for c in columns]
            _write_rows(sheet, _writers(sheet, columns, bold), [totals], start=count + 1)
    return count


def write_template(target: str | Path | BinaryIO, title: Any, columns: Sequence[Column]) -> None:
    """An empty sheet to fill in: titles in the language of the moment, required ones marked, one line of examples."""
    heads = [OutColumn(f"{column.title}{'*' if column.required else ''}") for column in columns]
    examples = [[column.example for column in columns]] if any(column.example for column in columns) else []
    write_xlsx(target, title, heads, examples)


def write_errors(
    sheet: Sheet, target: str | Path | BinaryIO, extra: Mapping[int, Sequence[RowError]] | None = None
) -> int:
    """The imported sheet back, all of it, with a last column that says what is wrong and the cells marked red.

    `extra` adds errors by row number that were found after reading (an unknown account). Returns the rows with errors.
    """
    found = {row.number: [*row.errors, *(extra or {}).get(row.number, ())] for row in sheet.rows}
    with _workbook(target) as book:
        page = book.add_worksheet(_sheet_name(_("Errors")))
        plain, red, header = book.add_format({"num_format": "@"}), book.add_format(_RED), book.add_format(_HEADER)
        width = max(len(sheet.header), max(map(len, map(sheet.cells, sheet.numbers)), default=0))
        page.set_column(0, width - 1, 16)
        page.set_column(width, width, 60)
        for index, title in enumerate([*sheet.header, *[""] * (width - len(sheet.header)), _("Errors")]):
            page.write_string(0, index, title, header)
        page.freeze_panes(1, 0)
        for line, row in enumerate(sheet.rows, 1):
            errors = found[row.number]
            marked = {sheet.positions.get(error.column) for error in errors}
            for index, cell in enumerate(sheet.cells(row.number)):
                _write_raw(page, line, index, cell, red if index in marked else plain)
            if errors:
                page.write_string(line, width, _joined(sheet, errors), red)
    return sum(1 for errors in found.values() if errors)


def csv_lines(columns: Sequence[OutColumn], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Lines of a CSV file (UTF-8 with the mark that Excel needs), one by one, for streaming answers.

    Texts that a program could take for a formula get an apostrophe in front; our own reader takes it off again.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_harmless(str(column.title)) for column in columns])
    yield b"\xef\xbb\xbf" + _taken(buffer)
    shown = [_SHOWN.get(column.kind, _shown_text) for column in columns]
    for row in rows:
        writer.writerow(["" if value is None else show(value) for show, value in zip(shown, row, strict=True)])
        yield _taken(buffer)


def write_csv(target: BinaryIO, columns: Sequence[OutColumn], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as CSV into a binary stream."""
    for line in csv_lines(columns, rows):
        target.write(line)


def _workbook(target: str | Path | BinaryIO) -> Workbook:
    from xlsxwriter import Workbook

    return Workbook(str(target) if isinstance(target, Path) else target, _OPTIONS)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:31] or "Sheet"


Write = Callable[[int, int, Any], Any]


def _writers(sheet: Worksheet, columns: Sequence[OutColumn], formats: Sequence[Format] | None = None) -> list[Write]:
    return [_writer(sheet, column.kind, formats[index] if formats else None) for index, column in enumerate(columns)]


def _writer(sheet: Worksheet, kind: str, form: Format | None) -> Write:
    divisor = _FORMATS[kind][2]
    if divisor:
        return lambda line, index, value: sheet.write_number(line, index, value / divisor, form)
    if kind == "date":
        # The line of sums has a word where the others have their day.
        return lambda line, index, value: (
            sheet.write_string(line, index, value, form)
            if isinstance(value, str)
            else sheet.write_datetime(line, index, value, form)
        )
    if kind == "instant":
        return lambda line, index, value: sheet.write_datetime(line, index, _local(value), form)
    return lambda line, index, value: sheet.write_string(line, index, str(value), form)


def _write_rows(sheet: Worksheet, writers: list[Write], rows: Iterable[Sequence[Any]], *, start: int = 1) -> int:
    count = 0
    for line, row in enumerate(rows, start):
        if line > _MOST_ROWS:
            raise Problem(
                _("More rows than a sheet can hold: narrow the filter, or export as CSV."), code="too_many_rows"
            )
        for index, (write, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                write(line, index, value)
        count += 1
    return count


def _write_raw(page: Worksheet, line: int, index: int, cell: Any, form: Format) -> None:
    """A cell as it came: numbers as numbers, everything else as text."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        page.write_number(line, index, cell, form)
    elif cell is not None:
        page.write_string(line, index, cell.isoformat() if isinstance(cell, dt.date) else str(cell), form)


def _joined(sheet: Sheet, errors: Sequence[RowError]) -> str:
    titles = {column.key: column.title for column in sheet.columns}
    return "; ".join(f"{titles[e.column]}: {e.message}" if e.column in titles else str(e.message) for e in errors)


def _local(instant: dt.datetime) -> dt.datetime:
    return timezone.localtime(instant).replace(tzinfo=None) if timezone.is_aware(instant) else instant


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def _shown_text(value: Any) -> str:
    return _harmless(str(value))


def _scaled(value: int, divisor: int, decimals: int) -> str:
    whole, rest = divmod(abs(value), divisor)
    return f"{'-' if value < 0 else ''}{whole}.{rest:0{decimals}d}"


_SHOWN: dict[str, Callable[[Any], str]] = {
    "int": str,
    "money_fen": lambda fen: yuan(fen, thousands=False),
    "price_e4": lambda price: _scaled(price, 10_000, 4),
    "volume_l": lambda litres: m3(litres, thousands=False),
    "percent_bp": lambda points: f"{_scaled(points, 100, 2)}%",
    "date": lambda day: day.isoformat(),
    "instant": lambda at: _local(at).strftime("%Y-%m-%d %H:%M:%S"),
}


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data
