"""The bridge to the set-based engine: the tiers that hold for one situation, as bands of the year counter.

A `Schedule` is all that SQL needs. With `charged = max(0, volume − allowance_l)` and `after = before + charged`:

    v_k      = max(0, min(after, upper_k) − max(before, lower_k))
    amount_k = (v_k × price_k + 50000) / 100000                              rounding "half_up", integer division
    amount_k = (a_k × price_k + 50000) / 100000 − (b_k × price_k + 50000) / 100000           rounding "carry",
               a_k, b_k = how far `after` and `before` reach into the band
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from .errors import TariffError
from .plan import MAX_PERSONS, MONTHS, Fee, Ladder, Version
from .rounding import divide

DEFAULT_PERSONS = 3
FREE_TIER = 0

FactValue = int | str | tuple[int | None, ...] | None


class Fact(NamedTuple):
    """One reason behind a bill, for its explanation: a stable code and named values (units in the names)."""

    code: str
    values: tuple[tuple[str, FactValue], ...]

    def as_dict(self) -> dict[str, FactValue]:
        """The fact as one flat JSON-able object."""
        return {"code": self.code, **dict(self.values)}


class Band(NamedTuple):
    """Part of the year counter with one price; `tier` counts from 1, the free band of a year is 0."""

    lower_l: int
    upper_l: int | None
    price_e4: int
    tier: int


class Situation(NamedTuple):
    """What a tariff wants to know of an account. `calorific_value_e4`: 1/10000 MJ per m³ of this period's gas."""

    persons: int = DEFAULT_PERSONS
    low_income: bool = False
    heating: bool = False
    months_in_year: int = MONTHS
    contract_price_e4: int | None = None
    calorific_value_e4: int | None = None


class SituationKey(NamedTuple):
    """A situation reduced to what makes a difference under one version: equal keys, equal schedules."""

    persons: int
    low_income: bool
    heating: bool
    months_in_year: int
    period_months: int
    contract_price_e4: int | None


class Schedule(NamedTuple):
    """Prices of one situation on the year counter (litres; 1/1000 energy units where the version has an energy step).

    `allowance_l` is free volume taken off this period first; it does not count in the year. Base fee and minimum are
    for the whole period, in fen. VAT is contained in all amounts at `vat_bp` (1/100 %).
    """

    tiers: tuple[Band, ...]
    allowance_l: int
    base_fee_fen: int
    minimum_fen: int
    vat_bp: int
    rounding: Literal["half_up", "carry"]
    version_on: date
    season: str | None
    facts: tuple[Fact, ...]


def persons_cap(version: Version) -> int:
    """The largest number of persons that still makes a difference; larger households are rated like it."""
    rule = version.household
    if rule is None:
        return 1
    if not rule.per_person:
        return rule.over_persons + 1
    return min(rule.max_persons or MAX_PERSONS, MAX_PERSONS)


def situation_key(
    version: Version,
    *,
    persons: int = DEFAULT_PERSONS,
    low_income: bool = False,
    heating: bool = False,
    months_in_year: int = MONTHS,
    period_months: int = 1,
    contract_price_e4: int | None = None,
) -> SituationKey:
    """The hashable key of a situation: what this version does not ask for is set to one common value.

    Raises TariffError for impossible persons or months.
    """
    if not 1 <= persons <= MAX_PERSONS:
        raise TariffError(
            "case.persons", field="persons",
            en=f"Number of persons must be 1 to {MAX_PERSONS}, not {persons}",
            zh=f"人数应为 1 至 {MAX_PERSONS}，不能是 {persons}",
        )  # fmt: skip
    if not 1 <= months_in_year <= MONTHS:
        raise TariffError(
            "case.months_in_year", field="months_in_year",
            en=f"Months of use in the tariff year must be 1 to 12, not {months_in_year}",
            zh=f"本气价年度用气月数应为 1 至 12，不能是 {months_in_year}",
        )  # fmt: skip
    household, relief = version.household, version.low_income
    return SituationKey(
        persons=1 if household is None or persons <= household.over_persons else min(persons, persons_cap(version)),
        low_income=low_income and relief is not None,
        heating=heating and version.heating is not None,
        months_in_year=months_in_year if version.partial_year_by_month else MONTHS,
        period_months=period_months if _asks_months(version) else 1,
        contract_price_e4=contract_price_e4,
    )


def _asks_months(version: Version) -> bool:
    fees = (version.base_fee, version.minimum)
    relief = version.low_income
    return bool(relief and relief.free_month_l) or any(fee is not None and fee.per == "month" for fee in fees)


@lru_cache(maxsize=1 << 12)
def expressible(version: Version) -> bool:
    """Whether schedules hold the whole truth about the version; otherwise accounts are rated one by one."""
    fees = (version.base_fee, version.minimum)
    return (
        version.ladder is not None
        and version.energy is None
        and not version.tax.added
        and version.rounding.is_plain
        and all(fee is None or fee.per != "day" for fee in fees)
    )


def schedule(
    version: Version,
    *,
    on: date,
    persons: int = DEFAULT_PERSONS,
    low_income: bool = False,
    heating: bool = False,
    months_in_year: int = MONTHS,
    period_months: int = 1,
    contract_price_e4: int | None = None,
) -> Schedule | None:
    """The schedule of a situation; `on` chooses the season (give the last day of use).

    None when the version cannot be told so (bands, daily blocks, energy, tax after, other rounding, fees per day):
    such accounts go through `rate`. Raises TariffError for a plan without local prices or bounds, and for a contract
    price above the maximum.
    """
    if not expressible(version):
        return None
    key = situation_key(
        version,
        persons=persons,
        low_income=low_income,
        heating=heating,
        months_in_year=months_in_year,
        period_months=period_months,
        contract_price_e4=contract_price_e4,
    )
    return ladder_schedule(version, version.season_at(on), key)


@lru_cache(maxsize=1 << 16)
def ladder_schedule(version: Version, season: int, key: SituationKey) -> Schedule:
    """The schedule of a version with tiers, whatever its energy step, tax and rounding (those `rate` adds)."""
    ladder = version.heating if key.heating and version.heating is not None else version.ladder
    if ladder is None:
        raise AssertionError("ladder_schedule is for versions with tiers")
    tiers, facts = _tiers(version, ladder, season, key)
    relief = version.low_income if key.low_income else None
    allowance = relief.free_month_l * key.period_months if relief else 0
    if allowance:
        facts.append(Fact("free_volume_month", (("volume_l", allowance), ("months", key.period_months))))
    if version.seasons:
        facts.append(Fact("season", (("name", version.season_name(season)),)))
    return Schedule(
        tiers=tiers,
        allowance_l=allowance,
        base_fee_fen=_fee(version.base_fee, key.period_months),
        minimum_fen=_fee(version.minimum, key.period_months),
        vat_bp=version.tax.rate_bp,
        rounding="carry" if version.rounding.carry else "half_up",
        version_on=version.effective_on,
        season=version.season_name(season),
        facts=tuple(facts),
    )


def _fee(fee: Fee | None, months: int) -> int:
    """A fee per month or period; fees per day are added by `rate`, which knows the days."""
    return 0 if fee is None or fee.per == "day" else fee.for_period(months, 0)


def _tiers(version: Version, ladder: Ladder, season: int, key: SituationKey) -> tuple[tuple[Band, ...], list[Fact]]:
    facts: list[Fact] = []
    flat = _flat_price(version, ladder, season, key, facts)
    if flat is not None:
        bands = [Band(0, None, flat, 1)]
    else:
        prices = _prices(version, ladder, season)
        if ladder.bounds_l is None and len(prices) > 1:
            raise _incomplete("bounds", "its tier bounds", "各档气量界限")
        bounds = _bounds(version, ladder.bounds_l or (), key, facts)
        edges = pairwise((0, *bounds, None))
        bands = [
            Band(lower or 0, upper, price, tier)
            for tier, ((lower, upper), price) in enumerate(zip(edges, prices, strict=True), start=1)
            if upper is None or upper > (lower or 0)
        ]
        facts.insert(0, Fact("tiers", (("bounds_l", bounds), ("prices_e4", prices))))
    if key.heating:
        facts.append(Fact("heating", ()))
    if key.low_income and version.low_income is not None and version.low_income.free_year_l:
        free = divide(version.low_income.free_year_l * key.months_in_year, MONTHS)
        facts.append(Fact("free_volume_year", (("volume_l", free),)))
        bands = [Band(0, free, 0, FREE_TIER)] + [
            band._replace(lower_l=max(band.lower_l, free))
            for band in bands
            if band.upper_l is None or band.upper_l > free
        ]
    return tuple(bands), facts


def _flat_price(version: Version, ladder: Ladder, season: int, key: SituationKey, facts: list[Fact]) -> int | None:
    """The one price of a contract or of low-income relief, None when the tiers hold."""
    if key.contract_price_e4 is not None:
        price = _contract_price(version, ladder, season, key.contract_price_e4)
        facts.append(Fact("contract_price", (("price_e4", price),)))
        return price
    relief = version.low_income
    if not key.low_income or relief is None:
        return None
    price_e4 = relief.flat_price_e4
    if relief.flat_tier is not None:
        price_e4 = _prices(version, ladder, season)[relief.flat_tier - 1]
    if price_e4 is not None:
        facts.append(Fact("flat_price", (("price_e4", price_e4),)))
    return price_e4


def _contract_price(version: Version, ladder: Ladder, season: int, agreed_e4: int) -> int:
    if not version.maximum:
        raise TariffError(
            "case.contract_price", field="contract_price",
            en="This plan's prices are fixed: leave the contract price out, or choose a plan with a maximum price",
            zh="此价目为固定价格，不可另行约定：请去掉合同价，或改用最高限价的价目",
        )  # fmt: skip
    highest = _prices(version, ladder, season)[0]
    if not 0 <= agreed_e4 <= highest:
        raise TariffError(
            "case.contract_price", field="contract_price",
            en=f"Contract price {yuan_e4(agreed_e4)} must be between 0 and the maximum {yuan_e4(highest)}",
            zh=f"合同价 {yuan_e4(agreed_e4)} 应在 0 与最高限价 {yuan_e4(highest)} 之间",
        )  # fmt: skip
    return agreed_e4


def _prices(version: Version, ladder: Ladder, season: int) -> tuple[int, ...]:
    if not ladder.prices_e4:
        if ladder.ratio_e4:
            raise _incomplete("base_price", "the price of tier 1", "第一档价格")
        raise _incomplete("prices", "its prices", "各档价格")
    return ladder.prices_e4[season] if len(ladder.prices_e4) > 1 else ladder.prices_e4[0]


def _incomplete(key: str, missing_en: str, missing_zh: str) -> TariffError:
    return TariffError(
        "tariff.incomplete",
        field=key,
        en=f"The notice leaves {missing_en} to the local authority: add `{key}` to the plan in your own tariff file",
        zh=f"通知未公布{missing_zh}，由当地确定：请在自己的价目文件中为此价目补充 `{key}`",
    )


def _bounds(version: Version, bounds: tuple[int, ...], key: SituationKey, facts: list[Fact]) -> tuple[int, ...]:
    rule = version.household
    if rule is not None and key.persons > rule.over_persons and bounds:
        times = key.persons - rule.over_persons if rule.per_person else 1
        raised = [bound + more * times for bound, more in zip(bounds, rule.raise_l, strict=False)]
        # What lifts a lower bound past the next one empties the tier between; it never lowers a bound.
        bounds = tuple(accumulate([*raised, *bounds[len(raised) :]], max))
        facts.append(Fact("household", (("persons", key.persons), ("over", rule.over_persons), ("times", times))))
    if key.months_in_year < MONTHS:
        bounds = tuple(divide(bound * key.months_in_year, MONTHS) for bound in bounds)
        facts.append(Fact("partial_year", (("months", key.months_in_year),)))
    return bounds


def yuan_e4(price_e4: int) -> str:
    """A price as text with two to four decimals: 26100 is "2.61"."""
    whole, rest = divmod(price_e4, 10_000)
    text = f"{rest:04d}"
    return f"{whole}.{text[:2]}{text[2:].rstrip('0')}"
