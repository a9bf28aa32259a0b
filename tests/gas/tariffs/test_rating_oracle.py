"""`rate` against a second implementation that shares nothing with it: fractions, one litre or m³ after another."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest

from mainstay.gas.tariffs.rules import Counters, Period, Situation, rate, schedule
from tests.gas.tariffs.plans import plan

SEED = 20240701
# Raised bounds, free volumes and seasons as plain tables: what the oracle reads.
Tiers = list[tuple[Fraction | None, Fraction]]


def half_up(fen: Fraction) -> int:
    exact = Decimal(fen.numerator) / Decimal(fen.denominator)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def tiers_for(data: dict[str, Any], persons: int, months: int) -> Tiers:
    bounds = [Fraction(bound) for bound in data.get("bounds", [])]
    rule = data.get("household")
    if rule and persons >= rule["from_persons"]:
        times = persons - rule["from_persons"] + 1 if rule["per"] == "person" else 1
        bounds = [bound + times * more for bound, more in zip(bounds, rule["raise_bounds_by"], strict=True)]
    highest = Fraction(0)
    for index, bound in enumerate(bounds):
        highest = max(highest, bound)
        bounds[index] = Fraction(half_up(highest * 1000 * months / 12), 1000)
    return list(zip([*bounds, None], [Fraction(price) for price in data["prices"]], strict=True))


def count_up(tiers: Tiers, before: Fraction, volume: Fraction, step: Fraction) -> int:
    """Fen for a volume, walked in steps: each step belongs to the tier in which it ends."""
    used: dict[int, int] = {}
    reaches = [None if bound is None else int((bound - before) / step) for bound, _ in tiers]
    for walked in range(1, int(volume / step) + 1):
        tier = next(n for n, reach in enumerate(reaches) if reach is None or walked <= reach)
        used[tier] = used.get(tier, 0) + 1
    return sum(half_up(steps * step * tiers[tier][1] * 100) for tier, steps in used.items())


def made_up(source: random.Random, decimals: int) -> dict[str, Any]:
    count = source.randint(0, 3)
    bounds = sorted(source.sample(range(1, 60), count))
    data: dict[str, Any] = {
        "prices": [str(Decimal(source.randint(0, 9 * 10**decimals)).scaleb(-decimals)) for _ in range(count + 1)]
    }
    if bounds:
        data["bounds"] = bounds
        data["household"] = {
            "from_persons": source.randint(2, 6),
            "raise_bounds_by": [source.randint(0, 40) for _ in bounds],
            "per": source.choice(["person", "household"]),
        }
    return data


@pytest.mark.slow
def test_whole_cubic_metres_in_thousands_of_random_cases() -> None:
    source = random.Random(SEED)
    for _ in range(2_000):
        data = made_up(source, source.choice([2, 4]))
        persons = source.randint(1, 9)
        volume, before = source.randint(0, 120), source.randint(0, 80)
        expected = count_up(tiers_for(data, persons, 12), Fraction(before), Fraction(volume), Fraction(1))
        rating = rate(
            plan(data), Period(date(2024, 1, 1), date(2024, 2, 1)), volume * 1000, Counters(before * 1000),
            Situation(persons=persons),
        )  # fmt: skip
        assert rating.amount_fen == expected, (data, persons, volume, before)


def test_litre_by_litre_with_part_years() -> None:
    source = random.Random(SEED + 1)
    for _ in range(120):
        data = made_up(source, 4)
        months, persons = source.randint(1, 12), source.randint(1, 9)
        volume, before = source.randint(0, 2_000), source.randint(0, 40_000)
        tiers = tiers_for(data, persons, months)
        expected = count_up(tiers, Fraction(before, 1000), Fraction(volume, 1000), Fraction(1, 1000))
        rating = rate(
            plan(data), Period(date(2024, 1, 1), date(2024, 2, 1)), volume, Counters(before),
            Situation(persons=persons, months_in_year=months),
        )  # fmt: skip
        assert rating.amount_fen == expected, (data, persons, months, volume, before)


def test_price_changes_by_day_in_random_cases() -> None:
    source = random.Random(SEED + 2)
    start = date(2024, 3, 1)
    for _ in range(1_000):
        old, new = made_up(source, 2), made_up(source, 2)
        days = source.randint(2, 90)
        gone = source.randint(1, days - 1)
        volume, before = source.randint(0, 120), source.randint(0, 80)
        first = int(Fraction(volume * gone, days))
        expected = count_up(tiers_for(old, 3, 12), Fraction(before), Fraction(first), Fraction(1))
        expected += count_up(tiers_for(new, 3, 12), Fraction(before + first), Fraction(volume - first), Fraction(1))
        changed = plan(old, {**new, "effective": (start + timedelta(days=gone)).isoformat()})
        period = Period(start, start + timedelta(days=days))
        rating = rate(changed, period, volume * 1000, Counters(before * 1000))
        assert rating.amount_fen == expected, (old, new, days, gone, volume, before)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["half_up", "carry"])
def test_the_formula_for_sets_equals_rate(mode: str) -> None:
    """What SQL does with a schedule, written out here, gives the amounts of `rate`."""
    source = random.Random(SEED + 3)
    for _ in range(2_000):
        extra = {"low_income": {"free_volume_per_month": 4, "free_volume_per_year": 20}, "base_fee": 3, "minimum": 12}
        tariff = plan({**made_up(source, 4), **extra, "rounding": mode})
        persons, low_income, months = source.randint(1, 9), source.random() < 0.5, source.randint(1, 3)
        volume, before = source.randint(0, 120_000), source.randint(0, 80_000)
        found = schedule(
            tariff.versions[0], on=date(2024, 1, 31), persons=persons, low_income=low_income, period_months=months
        )
        assert found is not None
        after = before + max(0, volume - found.allowance_l)
        total = found.base_fee_fen
        for lower, upper, price, _ in found.tiers:
            reach_after = max(0, (after if upper is None else min(after, upper)) - lower)
            reach_before = max(0, (before if upper is None else min(before, upper)) - lower)
            if found.rounding == "carry":
                total += (reach_after * price + 50_000) // 100_000 - (reach_before * price + 50_000) // 100_000
            else:
                total += ((reach_after - reach_before) * price + 50_000) // 100_000
        rating = rate(
            tariff, Period(date(2024, 1, 1), date(2024, 2, 1), months), volume, Counters(before),
            Situation(persons=persons, low_income=low_income),
        )  # fmt: skip
        assert rating.amount_fen == max(total, found.minimum_fen)
        assert rating.counters.year_l == after
