"""Reading a sheet: find its header, read its rows by columns, tell for each row what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from mainstay.kit.collector import collector_at_rest
from mainstay.kit.errors import Problem
from mainstay.kit.sheets.bulk import is_blank, whole_column
from mainstay.kit.sheets.columns import Column, NoValue, plain_title
from mainstay.kit.sheets.files import Table, tables_of

LIMIT_ROWS = 100_000
LIMIT_BYTES = 20_000_000
_HEADER_WITHIN = 20


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in a row: the column's key ("" when it is the row as a whole) and a translated message."""

    column: str
    message: Any


@dataclass(slots=True)
class Row:
    """A row that is not empty: its number in the sheet (as the program shows it), values by key, errors."""

    number: int
    values: dict[str, Any]
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read. `positions` says where each found column stands.

    Kept by columns: `read[key][n]` is the value in the row `numbers[n]`, `faults` the errors by row number. `rows` are
    the same one by one, made when somebody asks: work on whole columns does without them. `table` is the file's own
    rows, from its first on; whoever keeps a sheet for its values only leaves them out. `notes` are what a check found
    out and a later one of the same rows may begin with: true when they were written.
    """

    columns: tuple[Column, ...]
    positions: dict[str, int]
    header: list[str]
    numbers: list[int]
    read: dict[str, list[Any]]
    faults: dict[int, list[RowError]]
    table: Table
    notes: dict[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def rows(self) -> list[Row]:
        """All rows that are not empty, in order."""
        return self.some(range(len(self.numbers)))

    def some(self, places: Iterable[int]) -> list[Row]:
        """The rows at these places (0 is the first one)."""
        numbers, faults, columns = self.numbers, self.faults, list(self.read.items())
        return [
            Row(numbers[n], {key: values[n] for key, values in columns}, faults.get(numbers[n]) or []) for n in places
        ]

    def cells(self, number: int) -> list[Any]:
        """The cells of a row as they came."""
        return self.table[number - 1]

    @property
    def good(self) -> list[Row]:
        """Rows without an error."""
        return [row for row in self.rows if not row.errors]

    @property
    def bad(self) -> list[Row]:
        """Rows with an error."""
        return [row for row in self.rows if row.errors]


def read_sheet(
    file: BinaryIO,
    *,
    columns: Sequence[Column],
    limit_rows: int = LIMIT_ROWS,
    limit_bytes: int = LIMIT_BYTES,
) -> Sheet:
    """Read an .xlsx or .csv file (told apart by content) into rows.

    A file that cannot be the sheet asked for raises Problem: too large, encrypted, broken, other encoding, columns
    missing or doubled, too many rows. What is wrong in single cells stands in the rows' `errors`.
    """
    with collector_at_rest():
        return _read_first_fitting(file, columns, limit_rows, limit_bytes)


def _read_first_fitting(file: BinaryIO, columns: Sequence[Column], limit_rows: int, limit_bytes: int) -> Sheet:
    best: tuple[int, Table] | None = None
    for table in tables_of(file, limit_rows=limit_rows + _HEADER_WITHIN, limit_bytes=limit_bytes):
        index = _header_index(table, columns)
        if not _missing(table, index, columns):
            return _read(table, index, columns, limit_rows)
        best = best or (index, table)
    if best is None or not best[1]:
        raise Problem(_("The sheet is empty."), code="empty")
    raise _wrong_sheet(best[1], best[0], columns)


def _names(columns: Sequence[Column]) -> dict[str, str]:
    return {name: column.key for column in columns for name in column.names}


def _header_index(table: Table, columns: Sequence[Column]) -> int:
    """Index of the row among the first ones that has most of the titles."""
    names = _names(columns)
    hits = [len({names.get(plain_title(str(cell))) for cell in row} - {None}) for row in table[:_HEADER_WITHIN]]
    return hits.index(max(hits)) if hits else 0


def _missing(table: Table, index: int, columns: Sequence[Column]) -> list[Column]:
    present = {plain_title(str(cell)) for cell in table[index]} if table else set()
    return [column for column in columns if column.required and not column.names & present]


def _wrong_sheet(table: Table, index: int, columns: Sequence[Column]) -> Problem:
    missing = _missing(table, index, columns)
    titles = ", ".join(column.title for column in missing)
    if len(missing) == sum(column.required for column in columns):
        text = _("This is another sheet: its header has none of the columns %(titles)s. Start from the template.")
    else:
        text = _("The sheet lacks the columns: %(titles)s. Add them to the header, or start from the template.")
    return Problem(text % {"titles": titles}, code="missing_columns")


def _positions(header: list[Any], columns: Sequence[Column]) -> dict[str, int]:
    names, positions = _names(columns), dict[str, int]()
    for position, cell in enumerate(header):
        key = names.get(plain_title(str(cell)))
        if key in positions:
            raise Problem(
                _("The header has the column “%(title)s” twice: delete one of them.") % {"title": str(cell).strip()},
                code="double_column",
            )
        if key:
            positions[key] = position
    return positions


def _read(table: Table, index: int, columns: Sequence[Column], limit_rows: int) -> Sheet:
    header = [str(cell).strip() for cell in table[index]]
    positions = _positions(header, columns)
    rows = table[index + 1 :]
    if all(map(any, rows)):  # whatever a filled row holds is true, but for the number 0
        numbers = list(range(index + 2, len(table) + 1))
    else:
        numbers = [number for number, row in enumerate(rows, index + 2) if _filled(row)]
        rows = [table[number - 1] for number in numbers]
    if len(numbers) > limit_rows:
        raise Problem(
            _("The sheet has more than %(limit)s rows: split it into several.") % {"limit": f"{limit_rows:,}"},
            code="too_many_rows",
        )
    errors: dict[int, list[RowError]] = {}
    read = {
        column.key: _column(column, _cells(rows, positions[column.key]), numbers, errors)
        for column in columns
        if column.key in positions
    }
    for column in columns:
        read.setdefault(column.key, [None] * len(numbers))
    return Sheet(tuple(columns), positions, header, numbers, read, errors, table)


def _cells(rows: Table, position: int) -> list[Any]:
    """One column of raw cells; what a short row lacks is empty."""
    try:
        return list(map(itemgetter(position), rows))
    except IndexError:
        return [row[position] if position < len(row) else "" for row in rows]


def _filled(row: list[Any]) -> bool:
    return any(row) or any(cell is not None and cell != "" for cell in row)


def _column(column: Column, cells: list[Any], numbers: list[int], errors: dict[int, list[RowError]]) -> list[Any]:
    """Values of one column; a cell that cannot be read is None and leaves an error under its row's number."""
    whole = whole_column(column, cells)
    if whole is not None:
        return whole
    read, required, values = column.parser(), column.required and not column.blank, list[Any]()
    keep = values.append
    for number, cell in zip(numbers, cells, strict=True):
        try:
            if isinstance(cell, NoValue):
                raise cell.problem()
            if is_blank(cell):
                if required:
                    raise Problem(_("This cell must be filled in."), code="required")
                keep(None)
            else:
                keep(read(cell))
        except Problem as problem:
            keep(None)
            errors.setdefault(number, []).append(RowError(column.key, problem.message))
    return values
