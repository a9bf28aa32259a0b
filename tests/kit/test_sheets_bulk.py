"""A column read at once is the column read cell by cell."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mainstay.kit.errors import Problem
from mainstay.kit.sheets import Column, Kind
from mainstay.kit.sheets.bulk import is_blank, whole_column

KINDS = [Kind.TEXT, Kind.INT, Kind.MONEY, Kind.VOLUME, Kind.DATE, Kind.PERIOD, Kind.CHOICE]
WORDS = ["", " ", "7", " 7 ", "007", "1,283", "-5", "12.5", "1.2345", "９", "'=1", "'x", "x" * 2001, "2026-11-23",
         "20261123", "2026-11", "2026-02-30", "抄表", "remote", "\u3000", "1" * 10, "²"]  # fmt: skip
CELLS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.lists(st.sampled_from(["7", "12", "1283", ""]), max_size=6),
    st.lists(
        st.sampled_from([0.0, -0.0, 7.0, 12.345, 0.1 + 0.2, -1.0, 1e9, 1e15, 46349.0, math.inf, math.nan]), max_size=6
    ),
    st.lists(st.sampled_from([dt.date(2026, 11, 23), dt.date(2026, 11, 24)]), max_size=6),
    st.lists(st.sampled_from([dt.datetime(2026, 11, 23, 8), dt.datetime(2026, 11, 23)]), max_size=6),
    st.lists(st.sampled_from([None, True, 1.0, "1", "", dt.date(2026, 1, 1)]), max_size=6),
)


def one_by_one(column: Column, cells: list[Any]) -> list[Any] | None:
    """The values of all cells; None when one of them is wrong."""
    read, needed = column.parser(), column.required and not column.blank
    found = []
    for cell in cells:
        if is_blank(cell):
            if needed:
                return None
            found.append(None)
            continue
        try:
            found.append(read(cell))
        except Problem:
            return None
    return found


@example(cells=[0.0, math.nan], kind=Kind.INT, required=False, blank=False, negative=False)
@example(cells=[0.0, math.nan], kind=Kind.TEXT, required=False, blank=False, negative=False)
@example(cells=[0.0, math.nan], kind=Kind.VOLUME, required=False, blank=False, negative=False)
@example(cells=[math.inf], kind=Kind.DATE, required=False, blank=False, negative=False)
@given(CELLS, st.sampled_from(KINDS), st.booleans(), st.booleans(), st.booleans())
def test_at_once_is_one_by_one(cells: list[Any], kind: Kind, required: bool, blank: bool, negative: bool) -> None:
    column = Column(
        "k", "列", "Column", kind, required=required, blank=blank, negative=negative,
        choices={"抄表": 1, "remote": 2},
    )  # fmt: skip
    found = whole_column(column, cells)
    if found is not None:
        assert found == one_by_one(column, cells)
        assert list(map(type, found)) == list(map(type, one_by_one(column, cells) or []))


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        (Kind.TEXT, ["1001", " 1002 ", ""], ["1001", "1002", None]),
        (Kind.TEXT, [1001.0, 1002.0], ["1001", "1002"]),
        (Kind.VOLUME, ["12", "", "7"], [12_000, None, 7_000]),
        (Kind.VOLUME, [12.345, 7.0], [12_345, 7_000]),
        (Kind.MONEY, ["3", "4"], [300, 400]),
        (Kind.DATE, ["2026-11-23", "2026/11/23", ""], [dt.date(2026, 11, 23)] * 2 + [None]),
        (Kind.CHOICE, ["抄表", "", "抄表"], [1, None, 1]),
    ],
)
def test_usual_columns_are_read_at_once(kind: Kind, cells: list[Any], values: list[Any]) -> None:
    assert whole_column(Column("k", "列", "Column", kind, required=False, choices={"抄表": 1}), cells) == values
