"""When rounds are due and what becomes of them."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.inspection.patrols.rules import Window, state_of_point, state_of_round, windows

FIRST, LAST = date(2026, 2, 26), date(2026, 3, 11)


def test_daily_rounds_come_every_day_over_the_end_of_a_month() -> None:
    found = list(windows("daily", 1, 1, date(2026, 2, 27), date(2026, 3, 2)))
    assert [one.first.day for one in found] == [27, 28, 1, 2]
    assert all(one.first == one.last for one in found)


def test_weekly_and_monthly_rounds_begin_on_their_day_and_last_their_days() -> None:
    assert list(windows("weekly", 1, 3, FIRST, LAST)) == [
        Window(date(2026, 3, 2), date(2026, 3, 4)),
        Window(date(2026, 3, 9), date(2026, 3, 11)),
    ]
    assert list(windows("monthly", 28, 5, FIRST, LAST)) == [Window(date(2026, 2, 28), date(2026, 3, 4))]
    assert list(windows("daily", 1, 1, LAST, FIRST)) == []


@pytest.mark.parametrize(
    ("inspected_on", "today", "state"),
    [
        (None, date(2026, 3, 4), "open"),
        (None, date(2026, 3, 5), "missed"),
        (date(2026, 3, 4), date(2026, 3, 9), "done"),
        (date(2026, 3, 5), date(2026, 3, 9), "late"),
    ],
)
def test_a_point_is_missed_once_its_window_is_over(inspected_on: date | None, today: date, state: str) -> None:
    assert state_of_point(inspected_on, date(2026, 3, 4), today) == state


def test_the_worst_point_names_the_round() -> None:
    assert state_of_round(["done", "late", "missed"]) == "missed"
    assert state_of_round(["done", "open"]) == "open"
    assert state_of_round(["done", "late"]) == "late"
    assert state_of_round(["done"]) == "done"
