"""Foreign forms, on fictional tariffs: bands with base fees, daily blocks, energy, tax after, floor rounding."""

from __future__ import annotations

import pytest

from mainstay.gas.tariffs.rules import Period, TariffError, schedule
from tests.gas.tariffs.plans import charge, gas, kinds, period, plan

SAKURA = {  # bands with base fee, tax inside, floored to the yen
    "bands": [
        {"upto": 20, "price": "145.31", "base_fee": 759},
        {"upto": 80, "price": "130.46", "base_fee": 1056},
        {"price": "128.26", "base_fee": 1232},
    ],
    "vat": 10,
    "rounding": {"lines": {"mode": "floor", "to": "0.01"}, "total": {"mode": "floor", "to": 1}},
    "normal_days": {"from": 25, "to": 35, "month": 30},
    "price_change_method": "by_day_normalised",
}
HANGANG = {  # energy in MJ, tax after, floored to ten won
    "tiers": [{"price": "20.8854"}],
    "energy": {"unit": "MJ", "coefficient": "0.9986", "calorific_value": "42.843"},
    "base_fee": 1250,
    "vat": {"rate": 10, "added": True},
    "rounding": {"total": {"mode": "floor", "to": 10}},
}
ALBION = {  # kWh at pence with decimals, standing charge per day, tax after
    "tiers": [{"price": "5.483"}],
    "energy": {"unit": "kWh", "coefficient": "1.02264", "calorific_value": "39.5", "divisor": "3.6", "decimals": 2,
               "price_per": 100},
    "base_fee": {"amount": "0.29", "per": "day"},
    "vat": {"rate": 5, "added": True},
}  # fmt: skip


def test_band_price_holds_for_all_units() -> None:
    # 20 m³: 759 + 2906.20 = 3665.20; 21 m³: 1056 + 21 × 130.46 = 3795.66; 81 m³: 1232 + 10389.06
    for m3, yen in ((0, 759), (20, 3_665), (21, 3_795), (80, 11_492), (81, 11_621)):
        assert charge(plan(SAKURA), m3).amount_fen == yen * 100
    assert kinds(charge(plan(SAKURA), 20)) == [("gas", 290_620), ("base_fee", 75_900), ("rounding", -20)]


def test_floor_works_on_the_exact_total() -> None:
    # 0.7 × 1.4285 = 0.99995 is shown as 1.00, and yet the total is floored to 0.
    form = {"bands": [{"price": "1.4285"}], "rounding": {"total": {"mode": "floor", "to": 1}}}
    assert kinds(charge(plan(form), 0.7)) == [("gas", 100), ("rounding", -100)]
    # 0.7 × 1.4286 = 1.00002 is floored to 1.
    form["bands"] = [{"price": "1.4286"}]
    assert charge(plan(form), 0.7).amount_fen == 100


def test_short_and_long_periods_share_the_base_fee_and_scale_the_band() -> None:
    # 12 days: 1056 × 12 / 30 = 422.40; the band is found on 10 × 30 / 12 = 25; 10 × 130.46 = 1304.60
    short = charge(plan(SAKURA), 10, when=period("2024-01-01", "2024-01-13"))
    assert kinds(short) == [("gas", 130_460), ("base_fee", 42_240)]
    # 40 days: 25 × 30 / 40 = 18.75 is the first band; 759 × 40 / 30 = 1012
    long = charge(plan(SAKURA), 25, when=period("2024-01-01", "2024-02-10"))
    assert kinds(long) == [("gas", 363_275), ("base_fee", 101_200), ("rounding", -75)]


def test_bands_under_a_price_change_use_the_scaled_volume() -> None:
    dearer = {**SAKURA, "effective": "2024-01-16", "bands": [{"upto": 20, "price": 200, "base_fee": 800},
                                                            {"price": 150, "base_fee": 1100}]}  # fmt: skip
    rating = charge(plan(SAKURA, dearer), 30, when=period("2024-01-01", "2024-01-31"))
    # Both halves of 15 scale to 30: the second band, half of its base fee each; each part is floored to the yen.
    assert gas(rating) == [(2, 15, 195_690), (2, 15, 225_000)]
    assert rating.amount_fen == (1956 + 528) * 100 + (2250 + 550) * 100


def test_energy_with_tax_after_and_ten_won_floor() -> None:
    # 30 × 0.9986 × 42.843 = 1283.491 MJ (1283.490594) × 20.8854 = 26806.22; + 1250 = 28056.22; + 10 % = 30861.84
    rating = charge(plan(HANGANG), 30)
    assert rating.lines[0].quantity_m == 1_283_491
    assert rating.amount_fen == 3_086_000
    assert [kind for kind, _ in kinds(rating)] == ["gas", "base_fee", "tax", "rounding"]
    assert rating.vat_fen == 280_562
    assert sum(line.amount_fen for line in rating.lines) == rating.amount_fen


def test_energy_by_the_hundred_units_with_standing_charge_per_day() -> None:
    # 100 × 1.02264 × 39.5 / 3.6 = 1122.06 kWh × 0.05483 = 61.52; 31 × 0.29 = 8.99; 70.51 × 5 % = 3.53
    rating = charge(plan(ALBION), 100)
    assert kinds(rating) == [("gas", 6_152), ("base_fee", 899), ("tax", 353)]
    assert rating.lines[0].volume_l == 100_000
    assert rating.counters.year_l == 1_122_060


def test_the_calorific_value_of_the_period_goes_before_the_tariffs() -> None:
    rating = charge(plan(ALBION), 100, calorific_value_e4=400_000)
    assert rating.lines[0].quantity_m == 1_136_270  # 1136.2666… to two decimals
    open_value = {**ALBION, "energy": {"unit": "kWh"}}
    with pytest.raises(TariffError, match="calorific value"):
        charge(plan(open_value), 1)


def test_daily_blocks_grow_with_the_days() -> None:
    blocks = plan({"blocks": [{"upto_per_day": "0.5", "price": 4}, {"price": 3}]})
    assert gas(charge(blocks, 20)) == [(1, 15.5, 6_200), (2, 4.5, 1_350)]
    ten_days = charge(blocks, 20, when=period("2024-01-01", "2024-01-11"))
    assert gas(ten_days) == [(1, 5, 2_000), (2, 15, 4_500)]
    given = Period(*period("2024-01-01", "2024-02-01")[:2], 1, 40)
    assert gas(charge(blocks, 20, when=given)) == [(1, 20, 8_000)]


def test_giving_back_mirrors_charging_in_every_form() -> None:
    forms = (SAKURA, HANGANG, ALBION, {"blocks": [{"upto_per_day": 1, "price": 2}, {"price": 3}]})
    for form in forms:
        there = charge(plan(form), 45.5)
        used = there.counters.year_l // 1000 + 1
        back = charge(plan(form), -45.5, before=used)
        assert gas(back)[::-1] == [(tier, -volume, -fen) for tier, volume, fen in gas(there)]


def test_set_based_schedules_exist_for_none_of_them() -> None:
    for form in (SAKURA, HANGANG, ALBION):
        version = plan(form).versions[0]
        assert schedule(version, on=version.effective_on) is None


def test_a_contract_price_needs_a_maximum() -> None:
    with pytest.raises(TariffError, match="maximum"):
        charge(plan(SAKURA), 1, contract_price_e4=1)


def test_a_day_may_cost_parts_of_a_penny() -> None:
    # 31 × 0.3166 = 9.8146; 30 × 0.3166 = 9.498, half up
    form = ALBION | {"base_fee": {"amount": "0.3166", "per": "day"}, "vat": {"rate": 0, "added": True}}
    for day, pence in (("2024-06-01", 981), ("2024-05-31", 950)):
        assert kinds(charge(plan(form), 0, when=period("2024-05-01", day))) == [("base_fee", pence)]


def test_each_part_of_a_period_has_its_own_days_at_its_own_fee() -> None:
    old = ALBION | {"base_fee": {"amount": "0.3166", "per": "day"}, "vat": {"rate": 0, "added": True}}
    new = old | {"base_fee": {"amount": "0.3274", "per": "day"}, "effective": "2024-07-01"}
    rating = charge(plan(old, new), 0, when=period("2024-06-16", "2024-07-17"))
    # 15 × 0.3166 = 4.749; 16 × 0.3274 = 5.2384
    assert kinds(rating) == [("base_fee", 475), ("base_fee", 524)]
