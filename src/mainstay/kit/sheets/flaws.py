"""Cells of a workbook that have no value to be read: errors like #N/A, and formulas whose result was not saved.

The reader of workbooks gives both as empty cells, and an empty cell may mean something: nothing owed, not read yet. So
the parts of the workbook are looked through for them, and the cells are put back into its tables as what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mainstay.kit.sheets.columns import NoValue

Flaws = dict[tuple[int, int], NoValue]
"""Row and column, both from 0."""

_MOST = 100_000
_CELL = rb"<(?:\w+:)?c\s"
_ERROR = re.compile(_CELL + rb"""([^>]*\bt=["']e["'][^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<""", re.DOTALL)
_FORMULA = re.compile(
    _CELL + rb"([^>]*[^>/])>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"
)
_TEXT = re.compile(rb"""\bt=["']str["']""")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_SHEET = re.compile(r"""<(?:\w+:)?sheet\s[^>]*\b\w+:id=["']([^"']+)["']""")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(r"""\b(Id|Target)=["']([^"']+)["']""")


def flaws_of(part: bytes) -> Flaws:
    """What has no value in the part of one sheet. Raises Problem where it is too much, or nobody can tell where."""
    flaws: Flaws = {}
    for attributes, value in _found(part):
        place = _place(attributes)
        if place is None or len(flaws) >= _MOST:
            raise value.problem()
        flaws[place] = value
    return flaws


def _found(part: bytes) -> Iterator[tuple[bytes, NoValue]]:
    if b't="e"' in part or b"t='e'" in part:
        for cell in _ERROR.finditer(part):
            yield cell[1], NoValue(cell[2].decode("utf-8", "replace")[:20])
    if b"<f" in part or b":f" in part:
        for cell in _FORMULA.finditer(part):
            if not _TEXT.search(cell[1]):  # a formula may well give an empty text
                yield cell[1], NoValue("=")


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _PLACE.search(attributes)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return int(found[2]) - 1, column - 1


def in_order(workbook: bytes, relations: bytes, parts: Mapping[str, Flaws]) -> list[Flaws]:
    """The flaws of each sheet in the workbook's own order, found by the names of their parts."""
    pairs = (dict(_ATTRIBUTE.findall(one)) for one in _RELATION.findall(relations.decode("utf-8", "replace")))
    targets = {one.get("Id"): one.get("Target", "").rpartition("/")[2].lower() for one in pairs}
    by_name = {name.rpartition("/")[2].lower(): found for name, found in parts.items()}
    order = _SHEET.findall(workbook.decode("utf-8", "replace"))
    return [by_name.get(targets.get(one, ""), {}) for one in order]


def put_back(table: list[list[Any]], flaws: Flaws) -> None:
    """Put the cells without a value into a table of raw cells, which may be too short for them."""
    width = len(table[0]) if table else 0
    for (row, column), cell in flaws.items():
        while len(table) <= row:
            table.append([""] * width)
        cells = table[row]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = cell


def among(flaws: Sequence[Flaws], number: int) -> Flaws:
    """Those of a sheet by its number; none when the workbook names fewer sheets than its reader."""
    return flaws[number] if number < len(flaws) else {}
