"""A whole column at once, where all its cells have the usual form.

Each way here gives just what reading cell by cell would give, or nothing: then the cells are read one by one, which
also tells what is wrong with which of them. A test holds both ways to the same answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from mainstay.kit.errors import Problem
from mainstay.kit.sheets.columns import EXACT, LONGEST_TEXT, SHORT, SURE, UNITS, Column, Kind, NoValue

_Values = list[Any]


def whole_column(column: Column, cells: Sequence[Any]) -> _Values | None:
    """Values of a column's cells; None where a cell is not of the usual form, or must be filled in and is not."""
    kinds = set(map(type, cells))
    if len(kinds) != 1 or NoValue in kinds:
        return None if cells else []
    kind = kinds.pop()
    if column.parse is None and column.kind in UNITS:
        found = _digits(cells, UNITS[column.kind]) if kind is str else _floats(cells, UNITS[column.kind], kind)
    elif column.parse is None and column.kind == Kind.TEXT:
        found = _texts(cells) if kind is str else _numbers_as_text(cells, kind)
    else:
        found = _few(column.parser(), cells)
    needed = column.required and not column.blank
    return None if found is None or (needed and None in found) else found


def _digits(cells: Sequence[str], units: int) -> _Values | None:
    together = "".join(cells)
    if not (together.isascii() and together.isdigit()) or max(map(len, cells)) >= SHORT:
        return None
    return [int(cell) * units if cell else None for cell in cells]


def _floats(cells: Sequence[float], units: int, kind: type) -> _Values | None:
    """Numbers that are the very floats nearest to a whole count of units (as in `columns`, cell by cell)."""
    if kind is not float or not (_are_numbers(cells) and min(cells) >= 0 and max(cells) < SURE):
        return None
    counts = [round(cell * units) for cell in cells]
    return counts if [count / units for count in counts] == list(cells) else None


def _are_numbers(cells: Sequence[float]) -> bool:
    """Whether none is NaN, which is neither below nor above anything and so slips past the least and the greatest."""
    return not math.isnan(sum(cells))


def _texts(cells: Sequence[str]) -> _Values | None:
    stripped = list(map(str.strip, cells))
    if max(map(len, stripped)) > LONGEST_TEXT or "'" in {text[:1] for text in stripped}:
        return None
    return stripped if all(stripped) else [text or None for text in stripped]


def _numbers_as_text(cells: Sequence[float], kind: type) -> _Values | None:
    if kind is not float or not (_are_numbers(cells) and min(cells) > -EXACT and max(cells) < EXACT):
        return None
    whole = list(map(int, cells))
    return list(map(str, whole)) if whole == list(cells) else None


def _few(read: Callable[[Any], Any], cells: Sequence[Any]) -> _Values | None:
    """Days, periods, words of a choice: few different ones in many cells, each read once."""
    try:
        known = {cell: None if is_blank(cell) else read(cell) for cell in set(cells)}
    except Problem:
        return None
    return list(map(known.__getitem__, cells))


def is_blank(cell: Any) -> bool:
    """Whether nothing stands in a cell."""
    return cell is None or cell == "" or (cell.__class__ is str and cell.isspace())
