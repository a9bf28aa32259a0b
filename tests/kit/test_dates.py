"""Periods and dates out of sheets."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit import dates
from mainstay.kit.errors import Problem

DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2200, 12, 31))
PERIODS = DAYS.map(dates.period_of)


@given(PERIODS, st.integers(-600, 600))
def test_months_add_up(period: int, months: int) -> None:
    later = dates.add_months(period, months)
    assert dates.months_between(period, later) == months
    assert dates.add_months(later, -months) == period
    assert dates.previous_period(dates.next_period(period)) == period


@given(DAYS)
def test_a_day_lies_in_its_period(day: dt.date) -> None:
    period = dates.period_of(day)
    assert dates.first_day(period) <= day <= dates.last_day(period)
    assert dates.last_day(period) + dt.timedelta(days=1) == dates.first_day(dates.next_period(period))


def test_turn_of_the_year() -> None:
    assert (dates.next_period(202612), dates.previous_period(202701)) == (202701, 202612)
    assert dates.months_between(202611, 202701) == 2
    assert dates.last_day(202802) == dt.date(2028, 2, 29)
    with pytest.raises(ValueError, match="no period"):
        dates.next_period(202613)


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d 08:30:00"]))
def test_reads_dates_as_written(day: dt.date, form: str) -> None:
    assert dates.parse_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-1-5", dt.date(2026, 1, 5)), (dt.datetime(2026, 11, 23, 23, 59), dt.date(2026, 11, 23)),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 23)), (46349, dt.date(2026, 11, 23)),
        (46349.75, dt.date(2026, 11, 23)),
        ("46349", dt.date(2026, 11, 23)), (20261123, dt.date(2026, 11, 23)), (20261123.0, dt.date(2026, 11, 23)),
        ("２０２６－１１－２３", dt.date(2026, 11, 23)),
    ],
)  # fmt: skip
def test_reads_cells(value: Any, day: dt.date) -> None:
    assert dates.parse_date(value) == day


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "26-11-23",
        "2026-02-30",
        "2026/11-23",
        "11/23/2026",
        "20261340",
        "2026",
        12.5,
        "0000-01-01",
        math.inf,
        math.nan,
    ],
)
def test_refuses_what_is_no_date(value: Any) -> None:
    with pytest.raises(Problem) as caught:
        dates.parse_date(value, field="day")
    assert (caught.value.code, caught.value.field) == ("not_date", "day")


def test_reads_periods() -> None:
    texts = ["202611", "2026-11", "2026/11", "2026年11月"]
    assert [dates.parse_period(text) for text in texts] == [202611] * 4
    assert dates.parse_period("2026-3") == 202603
    assert [dates.month_text(period) for period in (202603, 202611)] == ["2026-03", "2026-11"]
    for text in ["202613", "2026", "26-11", "", "x"]:
        with pytest.raises(Problem):
            dates.parse_period(text)


def test_today_is_the_companys_today() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 22, 16, 30, tzinfo=dt.UTC)):
        assert dates.local_today() == dt.date(2026, 11, 23)
