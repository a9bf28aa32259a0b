"""Charts that a strict page may carry, and progress for terminals, pipes and nobody."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from mainstay.kit.progress import Bar, Lines, Silent, progress
from mainstay.kit.svg import bars, sparkline, stacked

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.lists(st.integers(-(10**12), 10**12), max_size=24)


def boxes(chart: str) -> list[dict[str, float]]:
    root = ElementTree.fromstring(chart)
    return [{key: float(box.get(key, "")) for key in ("x", "y", "width", "height")} for box in root.iter(f"{SVG}rect")]


@given(VALUES, VALUES)
def test_charts_stay_inside_their_frame(first: list[int], second: list[int]) -> None:
    size = min(len(first), len(second))
    labels = [f"<{number}>" for number in range(size)]
    chart = stacked('a "title" & <b>', labels, [("one", first[:size]), ("two", second[:size])])
    for box in boxes(chart):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 480.01
        assert box["y"] >= -0.01
        assert box["y"] + box["height"] <= 142.02
    assert not re.search(r"style=|<script|<style|\son\w+=", chart)
    ElementTree.fromstring(sparkline("x", first))


def test_bars_are_in_proportion_and_told_in_words() -> None:
    chart = bars("收费率", ["1月", "2月", "3月"], [100, 50, -50], show=lambda value: f"{value} 元")
    tall, half, below = boxes(chart)
    assert tall["height"] == pytest.approx(2 * half["height"], abs=0.02)
    assert half["height"] == pytest.approx(below["height"], abs=0.02)
    assert below["y"] == pytest.approx(tall["y"] + tall["height"], abs=0.02)
    root = ElementTree.fromstring(chart)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == root.get("aria-label") == "收费率"
    assert root.findtext(f"{SVG}desc") == "1月: 100 元; 2月: 50 元; 3月: -50 元"


def test_pieces_of_a_bar_stand_on_each_other() -> None:
    low, high = boxes(stacked("t", ["a"], [("x", [1]), ("y", [3])]))
    assert high["y"] + high["height"] == pytest.approx(low["y"], abs=0.02)
    assert low["y"] + low["height"] == pytest.approx(142, abs=0.02)


def test_spark_line_spans_its_values() -> None:
    root = ElementTree.fromstring(sparkline("t", [1, 5, 3]))
    points = [tuple(map(float, point.split(","))) for point in root.find(f"{SVG}polyline").get("points").split()]
    assert points == [(3, 25), (60, 3), (117, 14)]
    assert "1, 5, 3" in root.findtext(f"{SVG}desc")


def test_lines_for_pipes() -> None:
    stream = io.StringIO()
    with Lines("Billing", stream, every_s=3600) as shown:
        for done in range(0, 1001, 100):
            shown.update(done, 1000, "book 7")
    assert stream.getvalue().splitlines() == ["Billing: 0/1,000 (0 %) book 7", "Billing: 1,000/1,000 (100 %) book 7"]


def test_bar_for_terminals() -> None:
    stream = io.StringIO()
    with Bar("Billing", Console(file=stream, force_terminal=True, width=120)) as shown:
        shown.update(500, 1000, "book 7")
        shown.update(1000, 1000)
    assert "1000/1000" in stream.getvalue()


def test_chooses_what_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(progress("x", quiet=True)) is Silent
    monkeypatch.setattr("sys.stderr", io.StringIO())
    assert type(progress("x")) is Lines
    with progress("x", quiet=True) as shown:
        shown.update(1, 2)
