"""Terms along time."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.tariffs.rules_terms import Span, overlay

DAY = date(2026, 1, 1)


def on(spans: list[Span], day: date) -> Any:
    """What holds on a day."""
    found = [one for one in spans if one.from_on <= day and (one.until_on is None or day < one.until_on)]
    return dict(found[0].values) if found else None


days = st.integers(0, 60).map(lambda n: DAY + timedelta(days=n))


@given(cuts=st.sets(days, min_size=1, max_size=5), start=days, length=st.none() | st.integers(1, 40))
def test_an_overlay_changes_its_days_and_no_other(cuts: set[date], start: date, length: int | None) -> None:
    edges = sorted(cuts)
    spans = [
        Span(begin, end, {"persons": number, "low": False})
        for number, (begin, end) in enumerate(zip(edges, [*edges[1:], None], strict=True))
    ]
    end = None if length is None else start + timedelta(days=length)
    laid = overlay(spans, start, end, {"low": True})
    for number in range(120):
        day = DAY + timedelta(days=number)
        before, after = on(spans, day), on(laid, day)
        inside = start <= day and (end is None or day < end)
        assert after == ({**before, "low": True} if before and inside else before)
    assert all(a.until_on is not None and a.until_on <= b.from_on for a, b in pairwise(laid))


def test_neighbours_that_say_the_same_become_one() -> None:
    spans = [Span(DAY, None, {"low": False})]
    laid = overlay(spans, DAY + timedelta(days=5), DAY + timedelta(days=9), {"low": True})
    assert [dict(one.values)["low"] for one in laid] == [False, True, False]
    assert overlay(laid, DAY + timedelta(days=5), DAY + timedelta(days=9), {"low": False}) == spans
