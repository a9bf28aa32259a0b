"""Price changes inside a reading period: by reading, by day, by day with normalised tiers, by an actual reading."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mainstay.gas.tariffs.rules import Plan, Rating, TariffError
from tests.gas.tariffs.plans import charge, period, plan

OLD = [{"upto": 100, "price": 2}, {"price": 3}]
NEW = [{"upto": 100, "price": "2.5"}, {"price": 4}]
# 30 days, of which 20 before the change on 1 October
SPAN = period("2024-09-11", "2024-10-11")
CHANGE = date(2024, 10, 1)


def changed(method: str | None = None, **more: Any) -> Plan:
    named = {"price_change_method": method} if method else {}
    return plan({"tiers": OLD, **more}, {"effective": "2024-10-01", "tiers": NEW, **named, **more})


def split(rating: Rating) -> list[tuple[str, float, int | None, int]]:
    """(start of the part, m³, tier, fen) of each gas line."""
    return [
        (line.from_on.isoformat(), line.volume_l / 1000, line.tier, line.amount_fen)
        for line in rating.lines
        if line.kind == "gas"
    ]


def test_by_reading_gives_the_whole_period_the_price_of_its_last_day() -> None:
    assert split(charge(changed("by_reading"), 50, when=SPAN)) == [("2024-09-11", 50, 1, 12_500)]
    # A reading on the day itself closes a period that was used before it.
    before = charge(changed("by_reading"), 50, when=period("2024-09-01", "2024-10-01"))
    assert before.amount_fen == 10_000
    after = charge(changed("by_reading"), 50, when=period("2024-09-01", "2024-10-02"))
    assert after.amount_fen == 12_500


def test_by_day_floors_the_first_part() -> None:
    # floor(50 × 20 / 30) = 33 at the old price, 17 at the new
    expected = [("2024-09-11", 33, 1, 6_600), ("2024-10-01", 17, 1, 4_250)]
    assert split(charge(changed("by_day"), 50, when=SPAN)) == expected
    assert split(charge(changed(), 50, when=SPAN)) == expected


def test_the_counter_runs_through_the_change() -> None:
    rating = charge(changed("by_day"), 60, before=70, when=SPAN)
    # 40 + 20: the old part fills tier 1 to 100 and ten of tier 2; the new part goes on in tier 2
    assert split(rating) == [
        ("2024-09-11", 30, 1, 6_000),
        ("2024-09-11", 10, 2, 3_000),
        ("2024-10-01", 20, 2, 8_000),
    ]
    assert rating.counters.year_l == 130_000


def test_by_day_uses_the_volume_step_of_the_tariff() -> None:
    rating = charge(changed("by_day", volume_step="0.1"), 50, when=SPAN)
    assert [volume for _, volume, _, _ in split(rating)] == [33.3, 16.7]


def test_by_day_normalised_finds_the_tier_on_the_scaled_volume() -> None:
    rating = charge(changed("by_day_normalised"), 150, when=SPAN)
    # V1 = 100, scaled to 150: two thirds of it in tier 1; V2 = 50, scaled to 150: likewise
    assert [(start, tier) for start, _, tier, _ in split(rating)] == [
        ("2024-09-11", 1), ("2024-09-11", 2), ("2024-10-01", 1), ("2024-10-01", 2),
    ]  # fmt: skip
    assert [line.volume_l for line in rating.lines] == [66_667, 33_333, 33_333, 16_667]
    assert rating.counters.year_l == 150_000
    # By day alone, the first part would not leave tier 1.
    plain = charge(changed("by_day"), 150, when=SPAN)
    assert [tier for _, _, tier, _ in split(plain)] == [1, 2]


def test_a_reading_on_the_date_wins() -> None:
    for method in ("by_actual_reading", "by_day", "by_reading", "by_day_normalised"):
        rating = charge(changed(method), 50, when=SPAN, readings={CHANGE: 12_345})
        assert split(rating) == [("2024-09-11", 12.345, 1, 2_469), ("2024-10-01", 37.655, 1, 9_414)]


def test_without_a_reading_the_actual_method_falls_back_to_days() -> None:
    assert charge(changed("by_actual_reading"), 50, when=SPAN) == charge(changed("by_day"), 50, when=SPAN)


def test_a_reading_near_the_change_improves_the_split_by_day() -> None:
    rating = charge(changed("by_day"), 50, when=SPAN, readings={date(2024, 9, 26): 45_000})
    # 45 until 26 September, then 5 in 15 days of which 5 before the change: floor(5 × 5 / 15) = 1
    assert [volume for _, volume, _, _ in split(rating)] == [46, 4]


@pytest.mark.parametrize(
    "readings",
    [
        {CHANGE: 50_001},
        {date(2024, 9, 11): 1},
        {date(2024, 11, 1): 1},
        {CHANGE: 40_000, date(2024, 10, 5): 30_000},
    ],
)
def test_contradicting_readings_are_refused(readings: dict[date, int]) -> None:
    with pytest.raises(TariffError) as caught:
        charge(changed(), 50, when=SPAN, readings=readings)
    assert caught.value.field == "reading_at_change"


def test_a_season_inside_the_period_is_a_price_change() -> None:
    seasons = [
        {"name": "summer", "from": "04-01", "to": "10-31", "prices": [2]},
        {"name": "winter", "from": "11-01", "to": "03-31", "prices": [3]},
    ]
    two_years = charge(plan({"seasons": seasons}), 730, when=period("2021-04-01", "2023-04-01"))
    assert [(line.season, line.volume_l // 1000) for line in two_years.lines] == [
        ("summer", 214), ("winter", 151), ("summer", 214), ("winter", 151),
    ]  # fmt: skip
    by_reading = plan({"seasons": seasons, "price_change_method": "by_reading"})
    assert charge(by_reading, 10, when=period("2021-10-20", "2021-11-20")).amount_fen == 3_000


def test_several_changes_split_without_losing_volume() -> None:
    steps = plan(
        {"tiers": OLD},
        {"effective": "2024-09-15", "tiers": NEW},
        {"effective": "2024-09-20", "tiers": OLD},
        {"effective": "2024-10-01", "tiers": NEW},
    )
    rating = charge(steps, 7, when=SPAN)
    assert [line.from_on.day for line in rating.lines] == [15, 20, 1]  # four days of 7 m³ in 30 give floor 0
    assert sum(line.volume_l for line in rating.lines) == 7_000


def test_fixed_fees_and_free_volumes_are_shared_by_days() -> None:
    rating = charge(changed("by_day", base_fee=30, low_income={"free_volume_per_month": 3}), 50, when=SPAN,
                    low_income=True)  # fmt: skip
    assert [(line.kind, line.volume_l, line.amount_fen) for line in rating.lines] == [
        ("free", 2_000, 0), ("gas", 31_000, 6_200), ("base_fee", 0, 2_000),
        ("free", 1_000, 0), ("gas", 16_000, 4_000), ("base_fee", 0, 1_000),
    ]  # fmt: skip


def test_a_minimum_counts_over_the_whole_period() -> None:
    rating = charge(changed("by_day", minimum=200), 50, when=SPAN)
    assert rating.amount_fen == 20_000
    assert rating.lines[-1].kind == "minimum"


def test_giving_back_over_a_change_mirrors_charging() -> None:
    there = charge(changed("by_day"), 60, before=70, when=SPAN)
    back = charge(changed("by_day"), -60, before=130, when=SPAN)
    assert back.amount_fen == -there.amount_fen
    assert back.vat_fen == -there.vat_fen
    assert back.counters.year_l == 70_000


def test_the_split_is_among_the_facts() -> None:
    parts = [fact.as_dict() for fact in charge(changed(), 50, when=SPAN).facts if fact.code == "part"]
    assert [(part["from"], part["to"], part["volume_l"]) for part in parts] == [
        ("2024-09-11", "2024-10-01", 33_000),
        ("2024-10-01", "2024-10-11", 17_000),
    ]


def test_a_case_can_override_the_method() -> None:
    assert charge(changed("by_reading"), 50, when=SPAN, method="by_day").amount_fen == 10_850
