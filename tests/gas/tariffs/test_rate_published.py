"""The published tariffs, every city, against amounts worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.gas.tariffs.rules import TariffError
from tests.gas.tariffs.plans import PUBLISHED, changzhou, charge, chongqing, gas, hunan, period

# city/plan, volume m³, year volume before, amount in fen, worked out on paper
HAND = [
    ("Beijing/residential", 0, 0, 0),
    ("Beijing/residential", 1, 0, 261),
    ("Beijing/residential", 350, 0, 91_350),  # 350 × 2.61: the bound itself is tier 1
    ("Beijing/residential", 351, 0, 91_633),  # + 1 × 2.83
    ("Beijing/residential", 500, 0, 133_800),  # 913.50 + 150 × 2.83
    ("Beijing/residential", 501, 0, 134_223),
    ("Beijing/residential", 1, 350, 283),
    ("Beijing/residential", 1, 349, 261),
    ("Beijing/residential", 400, 200, 123_900),  # 391.50 + 424.50 + 423.00
    ("北京/institution", 1000, 9999, 263_000),
    ("Shanghai", 310, 0, 93_000),
    ("上海/居民", 600, 0, 195_900),  # 930 + 210 × 3.30 + 80 × 4.20
    ("Shanghai/institution", 100, 0, 30_500),
    ("Guangzhou", 401, 0, 144_038),  # 320 × 3.45 + 80 × 4.14 + 5.18
    ("广州/non-residential", 100, 0, 43_600),
    ("广州/非居民", 100, 0, 43_600),
    ("Yantai", 421, 0, 145_437),  # 300 × 3.28 + 120 × 3.88 + 4.77
]


@pytest.mark.parametrize(("address", "m3", "before", "fen"), HAND)
def test_amounts_worked_out_by_hand(address: str, m3: int, before: int, fen: int) -> None:
    rating = charge(address, m3, before=before)
    assert rating.amount_fen == fen
    assert rating.counters.year_l == (before + m3) * 1000
    assert rating.amount_fen == sum(line.amount_fen for line in rating.lines)
    assert rating.vat_fen == sum(line.vat_fen for line in rating.lines)


def test_vat_is_nine_per_cent_inside_each_line() -> None:
    rating = charge("Beijing", 351)
    # 913.50 × 9 / 109 = 75.4266, 2.83 × 9 / 109 = 0.2337
    assert [line.vat_fen for line in rating.lines] == [7_543, 23]
    assert rating.net_fen == 91_633 - 7_566


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        (4, [(1, 310, 93_000), (2, 210, 69_300), (3, 180, 75_600)]),
        (5, [(1, 460, 138_000), (2, 210, 69_300), (3, 30, 12_600)]),
        (9, [(1, 460, 138_000), (2, 210, 69_300), (3, 30, 12_600)]),
    ],
)
def test_shanghai_raises_both_bounds_once_from_five_persons(persons: int, expected: list[object]) -> None:
    assert gas(charge("上海", 700, persons=persons)) == expected


def test_changzhou_raises_bounds_for_each_person_over_four() -> None:
    # six persons: 400 + 2 × 100 = 600 and 1000 + 2 × 200 = 1400
    assert gas(charge(changzhou(), 1500, persons=6)) == [(1, 600, 162_000), (2, 800, 259_200), (3, 100, 40_500)]
    assert gas(charge(changzhou(), 1500, persons=4)) == [(1, 400, 108_000), (2, 600, 194_400), (3, 500, 202_500)]


def test_changzhou_low_income_has_120_free_a_year() -> None:
    # The free volume is the first band of the year and counts in it; bounds stay where they were published.
    assert gas(charge(changzhou(), 100, low_income=True)) == [(0, 100, 0)]
    first = charge(changzhou(), 450, low_income=True)
    assert gas(first) == [(0, 120, 0), (1, 280, 75_600), (2, 50, 16_200)]
    assert gas(charge(changzhou(), 30, before=100, low_income=True)) == [(0, 20, 0), (1, 10, 2_700)]


def test_hunan_raises_the_first_bound_and_empties_the_second_tier() -> None:
    # five persons: 450/600; nine persons: 390 + 5 × 60 = 690 lifts over the second bound
    assert gas(charge(hunan(), 700, persons=5)) == [(1, 450, 112_500), (2, 150, 45_000), (3, 100, 37_500)]
    assert gas(charge(hunan(), 700, persons=9)) == [(1, 690, 172_500), (3, 10, 3_750)]


def test_hunan_low_income_has_four_free_a_month_that_do_not_count() -> None:
    rating = charge(hunan(), 30, low_income=True)
    assert [(line.kind, line.volume_l, line.amount_fen) for line in rating.lines] == [
        ("free", 4_000, 0),
        ("gas", 26_000, 6_500),
    ]
    assert rating.counters.year_l == 26_000
    two_months = charge(hunan(), 30, when=period("2024-01-10", "2024-03-11"), low_income=True)
    assert two_months.amount_fen == 22 * 250
    assert charge(hunan(), 3, low_income=True).amount_fen == 0


@pytest.mark.parametrize(
    ("when", "fen"),
    [
        (period("2024-07-01", "2024-08-01"), 500 * 196 + 160 * 213 + 40 * 248),
        (period("2024-12-01", "2025-01-01"), 500 * 213 + 160 * 230 + 40 * 265),
    ],
)
def test_chongqing_in_both_seasons(when: object, fen: int) -> None:
    assert charge(chongqing(), 700, when=when).amount_fen == fen  # type: ignore[arg-type]


def test_chongqing_season_days_belong_to_their_season() -> None:
    for day, price in (("2024-10-31", 201), ("2024-11-01", 218), ("2025-03-31", 218), ("2025-04-01", 201)):
        first = date.fromisoformat(day)
        when = period(day, date.fromordinal(first.toordinal() + 1).isoformat())
        assert charge("重庆/institution", 10, when=when).amount_fen == 10 * price


def test_chongqing_low_income_pays_one_price_in_every_tier_and_season() -> None:
    # Needs no local bounds, because there is one price.
    winter = charge("Chongqing", 900, when=period("2024-12-01", "2025-01-01"), low_income=True)
    assert gas(winter) == [(1, 900, 176_400)]


@pytest.mark.parametrize(
    ("address", "key"),
    [("Chongqing", "bounds"), ("Changzhou", "prices"), ("Hunan", "base_price")],
)
def test_what_the_notice_leaves_open_is_asked_for(address: str, key: str) -> None:
    with pytest.raises(TariffError) as caught:
        charge(address, 10)
    assert caught.value.code == "tariff.incomplete"
    assert caught.value.field == key
    assert key in caught.value.en
    assert key in caught.value.zh


def test_guangzhou_contract_below_the_maximum_only() -> None:
    below = charge("广州/非居民", 100, contract_price_e4=40_000)
    assert below.amount_fen == 40_000
    assert charge("广州/非居民", 100, contract_price_e4=43_600).amount_fen == 43_600
    with pytest.raises(TariffError, match=r"maximum 4\.36"):
        charge("广州/非居民", 100, contract_price_e4=43_601)
    with pytest.raises(TariffError, match="fixed"):
        charge("Beijing", 100, contract_price_e4=20_000)


def test_before_the_first_version_there_are_no_prices() -> None:
    with pytest.raises(TariffError) as caught:
        charge("Beijing", 10, when=period("2018-01-01", "2018-02-01"))
    assert caught.value.code == "tariff.not_in_force"


def test_every_published_plan_is_here() -> None:
    assert len(PUBLISHED) == 11
    assert {plan.city_zh for plan in PUBLISHED.values()} == {"北京", "上海", "广州", "烟台", "重庆", "常州", "湖南"}
