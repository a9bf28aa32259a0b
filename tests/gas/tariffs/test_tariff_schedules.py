"""Schedules and their keys: what the set-based engine builds on."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.gas.tariffs.rules import TariffError, expressible, persons_cap, schedule, situation_key
from tests.gas.tariffs.plans import PUBLISHED, changzhou, chongqing, hunan, plan

DAY = date(2024, 7, 1)


def test_a_schedule_is_the_tiers_of_the_year() -> None:
    found = schedule(PUBLISHED.find("Beijing").versions[0], on=DAY)
    assert found is not None
    assert [tuple(band) for band in found.tiers] == [
        (0, 350_000, 26_100, 1), (350_000, 500_000, 28_300, 2), (500_000, None, 42_300, 3),
    ]  # fmt: skip
    assert (found.allowance_l, found.base_fee_fen, found.minimum_fen, found.vat_bp) == (0, 0, 0, 900)
    assert (found.rounding, found.version_on, found.season) == ("half_up", date(2018, 7, 10), None)
    assert hash(found)


def test_free_volume_per_month_is_an_allowance_and_per_year_a_band() -> None:
    month = schedule(hunan().versions[0], on=DAY, low_income=True, period_months=2)
    assert month is not None
    assert month.allowance_l == 8_000
    year = schedule(changzhou().versions[0], on=DAY, low_income=True, months_in_year=6)
    assert year is not None
    assert [tuple(band) for band in year.tiers[:2]] == [(0, 60_000, 0, 0), (60_000, 200_000, 27_000, 1)]


def test_the_day_chooses_the_season() -> None:
    version = chongqing().versions[0]
    names = [found.season for month in (3, 4, 10, 11) if (found := schedule(version, on=date(2024, month, 1)))]
    assert names == ["peak", "off-peak", "off-peak", "peak"]


def test_persons_cap_is_the_last_that_matters() -> None:
    assert persons_cap(PUBLISHED.find("Beijing").versions[0]) == 1
    assert persons_cap(PUBLISHED.find("上海").versions[0]) == 5
    assert persons_cap(changzhou().versions[0]) == 99
    rule = {"from_persons": 4, "raise_bounds_by": [5], "per": "person", "max_persons": 6}
    capped = plan({"bounds": [10], "prices": [1, 2], "household": rule}).versions[0]
    assert persons_cap(capped) == 6
    assert schedule(capped, on=DAY, persons=9) == schedule(capped, on=DAY, persons=6)
    assert schedule(capped, on=DAY, persons=5) != schedule(capped, on=DAY, persons=6)


def test_keys_forget_what_makes_no_difference() -> None:
    version = PUBLISHED.find("上海").versions[0]
    usual = situation_key(version)
    assert situation_key(version, persons=4, low_income=True, heating=True, period_months=2) == usual
    assert situation_key(version, persons=7) == situation_key(version, persons=5) != usual
    monthly = hunan().versions[0]
    assert situation_key(monthly, period_months=2) != situation_key(monthly, period_months=1)


@pytest.mark.parametrize(
    "extra",
    [
        {"vat": {"rate": 9, "added": True}},
        {"energy": {"calorific_value": 39}},
        {"rounding": {"total": {"mode": "floor", "to": 1}}},
        {"rounding": {"lines": {"mode": "ceiling"}}},
        {"base_fee": {"amount": 1, "per": "day"}},
    ],
)
def test_what_a_schedule_cannot_hold_has_none(extra: dict[str, object]) -> None:
    version = plan({"tiers": [{"price": 2}], **extra}).versions[0]
    assert not expressible(version)
    assert schedule(version, on=DAY) is None


def test_a_plan_without_local_prices_has_no_schedule_but_an_error() -> None:
    with pytest.raises(TariffError) as caught:
        schedule(PUBLISHED.find("常州").versions[0], on=DAY)
    assert caught.value.code == "tariff.incomplete"
