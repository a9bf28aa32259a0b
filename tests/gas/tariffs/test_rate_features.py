"""Each feature of a tariff by itself, on made-up plans."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.gas.tariffs.rules import MonthDay, TariffError, months_between, tariff_year
from tests.gas.tariffs.plans import charge, gas, kinds, period, plan

TIERS = [{"upto": 100, "price": 2}, {"upto": 200, "price": 3}, {"price": 5}]


def test_heating_households_have_their_own_tiers() -> None:
    own = plan({"tiers": TIERS, "heating": {"tiers": [{"upto": 1500, "price": 2}, {"price": "2.5"}]}})
    assert charge(own, 300).amount_fen == 20_000 + 30_000 + 50_000
    assert gas(charge(own, 1600, heating=True)) == [(1, 1500, 300_000), (2, 100, 25_000)]
    raised = plan({"tiers": TIERS, "heating": {"raise_bounds_by": [1000, 1000]}})
    assert gas(charge(raised, 1300, heating=True)) == [(1, 1100, 220_000), (2, 100, 30_000), (3, 100, 50_000)]


def test_heating_without_own_tiers_changes_nothing() -> None:
    assert charge(plan({"tiers": TIERS}), 300, heating=True) == charge(plan({"tiers": TIERS}), 300)


def test_use_for_less_than_a_year_converts_bounds_by_month() -> None:
    # five months: 100 × 5 / 12 = 41.667 and 200 × 5 / 12 = 83.333
    rating = charge(plan({"tiers": TIERS}), 100, months_in_year=5)
    assert [(line.tier, line.volume_l) for line in rating.lines] == [(1, 41_667), (2, 41_666), (3, 16_667)]
    assert [line.amount_fen for line in rating.lines] == [8_333, 12_500, 8_334]
    whole = plan({"tiers": TIERS, "partial_year": "none"})
    assert charge(whole, 100, months_in_year=5).amount_fen == 20_000


def test_minimum_charge_fills_up_and_base_fee_counts_in_it() -> None:
    least = plan({"tiers": TIERS, "minimum": 30, "base_fee": 5})
    assert kinds(charge(least, 10)) == [("gas", 2_000), ("base_fee", 500), ("minimum", 500)]
    assert kinds(charge(least, 13)) == [("gas", 2_600), ("base_fee", 500)]
    assert kinds(charge(least, 0)) == [("base_fee", 500), ("minimum", 2_500)]


def test_base_fee_per_month_period_and_day() -> None:
    when = period("2024-01-01", "2024-03-01")
    for fee, fen in ((4, 800), ({"amount": 4, "per": "period"}, 400), ({"amount": "0.1", "per": "day"}, 600)):
        assert charge(plan({"tiers": TIERS, "base_fee": fee}), 0, when=when).amount_fen == fen


def test_low_income_can_pay_the_price_of_a_tier() -> None:
    relief = plan({"tiers": TIERS, "low_income": {"flat_tier": 1}})
    assert gas(charge(relief, 500, low_income=True)) == [(1, 500, 100_000)]


def test_rounding_is_half_up_once_a_line() -> None:
    flat = plan({"tiers": [{"price": "2.65"}]})
    assert charge(flat, 0.1).amount_fen == 27  # 26.5 fen
    assert charge(flat, 0.09).amount_fen == 24  # 23.85 fen
    assert charge(flat, -0.1, before=1).amount_fen == -27


def test_carry_sums_exactly_where_lines_would_not() -> None:
    prices = {"tiers": [{"price": "2.6549"}]}
    plain, carry = plan(prices), plan({**prices, "rounding": "carry"})
    assert sum(charge(plain, 1, before=i).amount_fen for i in range(100)) == 26_500
    assert sum(charge(carry, 1, before=i).amount_fen for i in range(100)) == 26_549


def test_negative_volume_gives_back_from_the_top_tier_down() -> None:
    back = charge(plan({"tiers": TIERS}), -150, before=250)
    assert gas(back) == [(3, -50, -25_000), (2, -100, -30_000)]
    assert back.counters.year_l == 100_000
    assert [(line.from_l, line.to_l) for line in back.lines] == [(250_000, 200_000), (200_000, 100_000)]


def test_more_than_the_year_has_counted_cannot_be_given_back() -> None:
    with pytest.raises(TariffError) as caught:
        charge(plan({"tiers": TIERS}), -11, before=10)
    assert caught.value.code == "case.give_back"


@pytest.mark.parametrize("situation", [{"persons": 0}, {"persons": 100}, {"months_in_year": 0}, {"months_in_year": 13}])
def test_impossible_situations_are_refused(situation: dict[str, int]) -> None:
    with pytest.raises(TariffError, match=next(iter(situation)).split("_", maxsplit=1)[0][:5] + "|Months"):
        charge(plan({"tiers": TIERS}), 1, **situation)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(TariffError, match="correct the dates"):
        charge(plan({"tiers": TIERS}), 1, when=period("2024-01-01", "2024-02-01")._replace(to_on=date(2023, 1, 1)))


def test_facts_name_what_made_the_bill() -> None:
    household = {"from_persons": 5, "raise_bounds_by": [10, 10], "per": "person"}
    rating = charge(plan({"tiers": TIERS, "household": household}), 10, persons=7, months_in_year=6)
    facts = {fact.code: fact.as_dict() for fact in rating.facts}
    assert facts["household"] == {"code": "household", "persons": 7, "over": 4, "times": 3}
    assert facts["tiers"]["bounds_l"] == (65_000, 115_000)
    assert facts["partial_year"]["months"] == 6


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-01-01", "2024-02-01", 1), ("2024-02-01", "2024-03-01", 1), ("2023-02-01", "2023-03-01", 1),
        ("2024-01-14", "2024-03-12", 2), ("2024-01-01", "2025-01-01", 12), ("2024-01-01", "2024-01-03", 1),
        ("2024-01-01", "2024-01-01", 1), ("2020-01-31", "2024-01-31", 48),
    ],
)  # fmt: skip
def test_months_of_a_period(start: str, end: str, months: int) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(end)) == months


def test_tariff_year_by_date_group_and_account() -> None:
    fixed = plan({"tiers": TIERS, "year_starts": "09-01"}).versions[0]
    assert tariff_year(fixed, date(2024, 8, 31)) == (date(2023, 9, 1), date(2024, 9, 1))
    assert tariff_year(fixed, date(2024, 9, 1)) == (date(2024, 9, 1), date(2025, 9, 1))
    groups = {"groups": {"odd": "11-01", "even": "12-01"}}
    grouped = plan({"tiers": TIERS, "year_starts": groups}).versions[0]
    assert tariff_year(grouped, date(2024, 11, 5), group="odd")[0] == date(2024, 11, 1)
    assert tariff_year(grouped, date(2024, 11, 5), group="even")[0] == date(2023, 12, 1)
    own = plan({"tiers": TIERS, "year_starts": "by_account"}).versions[0]
    leap = MonthDay(2, 29)
    assert tariff_year(own, date(2024, 2, 29), anchor=leap) == (date(2024, 2, 29), date(2025, 3, 1))
    with pytest.raises(TariffError, match="starts with the account"):
        tariff_year(own, date(2024, 2, 29))
