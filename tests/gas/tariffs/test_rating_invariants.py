"""What must hold for every tariff with tiers, whatever the numbers."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mainstay.gas.tariffs.rules import Counters, Plan, Rating, Situation, rate
from tests.gas.tariffs.plans import JANUARY, period, plan

MOST_M3 = 3_000


def text(number: int, decimals: int) -> str:
    return f"{number // 10**decimals}.{number % 10**decimals:0{decimals}d}"


@st.composite
def ladders(draw: st.DrawFn, decimals: int = 2, *, rising: bool = True) -> dict[str, Any]:
    """Tiers in whole m³ with prices of `decimals`, perhaps with the household-size rule."""
    bounds = sorted(draw(st.sets(st.integers(1, 2_000), max_size=4)))
    top = 9 * 10**decimals
    prices = draw(st.lists(st.integers(0, top), min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    data: dict[str, Any] = {"prices": [text(price, decimals) for price in (sorted(prices) if rising else prices)]}
    if bounds:
        data["bounds"] = bounds
        data["household"] = {
            "from_persons": draw(st.integers(2, 6)),
            "raise_bounds_by": draw(st.lists(st.integers(0, 300), min_size=len(bounds), max_size=len(bounds))),
            "per": draw(st.sampled_from(["person", "household"])),
        }
    return data


def rated(tariff: Plan, volume_l: int, before_l: int = 0, **situation: Any) -> Rating:
    return rate(tariff, JANUARY, volume_l, Counters(before_l), Situation(**situation))


def in_pieces(tariff: Plan, pieces: list[int], **situation: Any) -> int:
    counters, total = Counters(), 0
    for piece in pieces:
        rating = rate(tariff, JANUARY, piece, counters, Situation(**situation))
        counters, total = rating.counters, total + rating.amount_fen
    assert counters.year_l == sum(pieces)
    return total


@given(ladders(rising=False), st.lists(st.integers(0, 400), min_size=1, max_size=14), st.integers(1, 9))
def test_any_cutting_of_a_year_sums_to_the_annual_amount(data: dict[str, Any], m3: list[int], persons: int) -> None:
    tariff = plan(data)
    pieces = [volume * 1000 for volume in m3]
    assert in_pieces(tariff, pieces, persons=persons) == rated(tariff, sum(pieces), persons=persons).amount_fen


@given(ladders(4, rising=False), st.lists(st.integers(0, 400_000), min_size=1, max_size=14), st.integers(1, 12))
def test_with_carry_so_does_any_cutting_in_litres(data: dict[str, Any], pieces: list[int], months: int) -> None:
    tariff = plan({**data, "rounding": "carry"})
    whole = rated(tariff, sum(pieces), months_in_year=months)
    assert in_pieces(tariff, pieces, months_in_year=months) == whole.amount_fen


@given(ladders(4), st.integers(0, MOST_M3 * 1000), st.booleans())
def test_zero_volume_is_no_gas_charge(data: dict[str, Any], before: int, carry: bool) -> None:
    tariff = plan({**data, **({"rounding": "carry"} if carry else {})})
    rating = rated(tariff, 0, before)
    assert rating.lines == ()
    assert rating.amount_fen == rating.vat_fen == 0


@given(ladders(), st.integers(0, MOST_M3), st.integers(0, MOST_M3), st.integers(1, 12))
def test_more_persons_never_raise_a_bill(data: dict[str, Any], m3: int, before: int, months: int) -> None:
    tariff = plan(data)
    bills = [rated(tariff, m3 * 1000, persons=n, months_in_year=months) for n in range(1, 12)]
    # Bounds in litres may cut a m³ between tiers, where each of the lines rounds by itself: half a fen a line.
    slack = [0 if months == 12 else len(bill.lines) for bill in bills]
    for fewer, more, fen in zip(bills, bills[1:], slack, strict=False):
        assert more.amount_fen <= fewer.amount_fen + fen
    later = [rated(tariff, m3 * 1000, before * 1000, persons=n).amount_fen for n in range(1, 12)]
    assert later == sorted(later, reverse=True)


@given(ladders(4, rising=False), st.integers(0, MOST_M3 * 1000), st.integers(0, MOST_M3 * 1000), st.booleans())
def test_charging_and_giving_back_nets_to_zero(data: dict[str, Any], volume: int, before: int, carry: bool) -> None:
    free = {"low_income": {"free_volume_per_month": 4}}
    tariff = plan({**data, **free, **({"rounding": "carry"} if carry else {})})
    for low_income in (False, True):
        there = rated(tariff, volume, before, low_income=low_income)
        back = rated(tariff, -volume, there.counters.year_l, low_income=low_income)
        assert back.amount_fen == -there.amount_fen
        assert back.vat_fen == -there.vat_fen
        assert back.counters.year_l == before


@given(ladders(4, rising=False), st.integers(-MOST_M3, MOST_M3), st.integers(0, MOST_M3), st.integers(0, 10_000))
def test_lines_sum_to_totals_and_volumes(data: dict[str, Any], m3: int, before: int, vat: int) -> None:
    tariff = plan({**data, "vat": text(vat, 2), "base_fee": "3.21", "minimum": 9})
    assume(before + m3 >= 0)
    rating = rated(tariff, m3 * 1000, before * 1000)
    assert rating.amount_fen == sum(line.amount_fen for line in rating.lines)
    assert rating.vat_fen == sum(line.vat_fen for line in rating.lines)
    assert rating.net_fen + rating.vat_fen == rating.amount_fen
    assert sum(line.volume_l for line in rating.lines) == m3 * 1000
    for line in rating.lines:
        # VAT inside: within half a fen of gross × rate / (100 + rate)
        assert abs(line.vat_fen * (10_000 + vat) - line.amount_fen * vat) * 2 <= 10_000 + vat
        if line.kind == "gas":
            assert line.to_l is not None
            assert line.from_l is not None
            assert line.to_l - line.from_l == line.volume_l


@given(ladders(2, rising=False), st.lists(st.integers(0, MOST_M3), min_size=2, max_size=12))
def test_a_bill_grows_with_the_volume(data: dict[str, Any], volumes: list[int]) -> None:
    tariff = plan({**data, "minimum": 20})
    amounts = [rated(tariff, volume * 1000).amount_fen for volume in sorted(volumes)]
    assert amounts == sorted(amounts)


@settings(max_examples=60)
@given(
    ladders(2, rising=False), ladders(2, rising=False), st.integers(0, 400), st.integers(0, 500),
    st.sampled_from(["by_reading", "by_day", "by_day_normalised"]),
)  # fmt: skip
def test_a_price_change_loses_no_volume(
    old: dict[str, Any], new: dict[str, Any], m3: int, before: int, method: str
) -> None:
    tariff = plan(old, {**new, "effective": "2024-01-11", "price_change_method": method})
    rating = rate(tariff, JANUARY, m3 * 1000, Counters(before * 1000))
    assert sum(line.volume_l for line in rating.lines) == m3 * 1000
    assert rating.counters.year_l == (before + m3) * 1000
    by_part = list(accumulate((line.from_on for line in rating.lines), max))
    assert by_part == [line.from_on for line in rating.lines]


@given(ladders(2, rising=False), st.integers(0, 400_000))
def test_equal_prices_before_and_after_a_change_cost_nothing_extra(data: dict[str, Any], litres: int) -> None:
    volume = litres // 1000 * 1000
    tariff = plan(data, {**data, "effective": "2024-01-11"})
    spring = period("2024-01-01", "2024-02-01")
    assert rate(tariff, spring, volume).amount_fen == rate(plan(data), spring, volume).amount_fen
