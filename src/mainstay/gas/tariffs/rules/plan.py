"""A tariff as data: a plan 价目 with dated versions; every feature is a field, nothing is code.

Money is integer fen (1/100 of the currency), prices 1/10000 of the currency per m³ (or per energy unit), volumes litres
(or 1/1000 of the energy unit). A bound is inclusive: a volume equal to it belongs to the lower tier.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from .errors import TariffError
from .rounding import FEN_E4, HALF_UP, Mode, Rounding, divide

ChangeMethod = Literal["by_reading", "by_day", "by_day_normalised", "by_actual_reading"]
CHANGE_METHODS: tuple[ChangeMethod, ...] = ("by_reading", "by_day", "by_day_normalised", "by_actual_reading")
YearKind = Literal["date", "reading_group", "account"]
Per = Literal["month", "period", "day"]

MAX_PERSONS = 99
MONTHS = 12
DEFAULT_VAT_BP = 900
M3 = 1000
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True, order=True)
class MonthDay:
    """A day of any year, written "04-01"."""

    month: int
    day: int

    def in_year(self, year: int) -> date:
        """The day in `year`; 29 February is 1 March where there is none."""
        if (self.month, self.day) == _LEAP_DAY and not _is_leap(year):
            return date(year, 3, 1)
        return date(year, self.month, self.day)

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True, slots=True)
class Season:
    """Part of the year with its own prices; both days belong to it."""

    name: str
    start: MonthDay
    end: MonthDay

    def holds(self, on: date) -> bool:
        """Whether the day lies in the season, also over New Year."""
        day = MonthDay(on.month, on.day)
        if self.start <= self.end:
            return self.start <= day <= self.end
        return day >= self.start or day <= self.end


@dataclass(frozen=True, slots=True)
class Ladder:
    """Progressive tiers 阶梯 on the counter of the tariff year.

    `prices_e4` has one row of prices, or one row per season of the version; empty while the local prices are not
    known. `bounds_l` is None while the local bounds are not known. `ratio_e4`: price of each tier, the first being 1.
    """

    bounds_l: tuple[int, ...] | None
    prices_e4: tuple[tuple[int, ...], ...]
    ratio_e4: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Household:
    """Raised bounds for large households: once, or per person over `over_persons` (at most `max_persons` counted)."""

    over_persons: int
    raise_l: tuple[int, ...]
    per_person: bool
    max_persons: int | None = None


@dataclass(frozen=True, slots=True)
class LowIncome:
    """Relief for low-income households 低保: a free volume, or one price whatever the tier and season."""

    free_month_l: int = 0
    free_year_l: int = 0
    flat_price_e4: int | None = None
    flat_tier: int | None = None


@dataclass(frozen=True, slots=True)
class WholeBand:
    """Band whose price holds for all units of the period, with its base fee per month."""

    upto_l: int | None
    price_e4: int
    base_fee_fen: int = 0


@dataclass(frozen=True, slots=True)
class DayBlock:
    """Progressive block whose limit is a volume per day times the days of the period."""

    upto_per_day_l: int | None
    price_e4: int


@dataclass(frozen=True, slots=True)
class Energy:
    """Energy step: units = m³ × coefficient × calorific value ÷ divisor; prices are per `price_per` units."""

    unit: str
    coefficient: Decimal = Decimal(1)
    calorific_value: Decimal | None = None
    divisor: Decimal = Decimal(1)
    decimals: int = 3
    mode: Mode = "half_up"
    price_per: int = 1


@dataclass(frozen=True, slots=True)
class Fee:
    """Fixed amount per month, per billing period or per day, in 1/10000: a day's may be finer than a fen."""

    amount_e4: int
    per: Per = "month"

    def for_period(self, months: int, days: int) -> int:
        """The fee in fen of a period with so many months and days."""
        return divide(self.amount_e4 * {"month": months, "period": 1, "day": days}[self.per], FEN_E4)


@dataclass(frozen=True, slots=True)
class Tax:
    """VAT: contained in the prices (default, 9 %) or added after."""

    rate_bp: int = DEFAULT_VAT_BP
    added: bool = False


@dataclass(frozen=True, slots=True)
class NormalDays:
    """Days of a normal period (`least` to `most`). Outside: base fee × days/month, band by volume × month/days."""

    least: int
    most: int
    month: int = 30


@dataclass(frozen=True, slots=True)
class YearStart:
    """When the tariff year begins: a date, or a date of the reading group or of the account."""

    kind: YearKind = "date"
    start: MonthDay = MonthDay(1, 1)
    groups: tuple[tuple[str, MonthDay], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One dated price table of a plan, with the notice it comes from. Exactly one of ladder, bands, blocks is set."""

    effective_on: date
    notice: str = ""
    source: str = ""
    ladder: Ladder | None = None
    seasons: tuple[Season, ...] = ()
    heating: Ladder | None = None
    bands: tuple[WholeBand, ...] = ()
    blocks: tuple[DayBlock, ...] = ()
    household: Household | None = None
    low_income: LowIncome | None = None
    maximum: bool = False
    base_fee: Fee | None = None
    minimum: Fee | None = None
    energy: Energy | None = None
    rounding: Rounding = HALF_UP
    tax: Tax = Tax()
    normal_days: NormalDays | None = None
    volume_step_l: int = M3
    partial_year_by_month: bool = True
    counted_on_at_transfer: bool = False
    year_start: YearStart = YearStart()
    change_method: ChangeMethod = "by_day"
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        values = tuple(getattr(self, item.name) for item in fields(self) if item.compare)
        object.__setattr__(self, "_hash", hash(values))

    def __hash__(self) -> int:
        # Versions key the cache of schedules: hashing the whole tree for every bill would cost more than rating it.
        return self._hash

    @property
    def counts_days(self) -> bool:
        """Whether an amount depends on the days of the period, whatever their dates."""
        daily = any(fee is not None and fee.per == "day" for fee in (self.base_fee, self.minimum))
        return daily or bool(self.blocks) or self.normal_days is not None

    def season_at(self, on: date) -> int:
        """Index of the season that holds the day; 0 when the version has none."""
        for index, season in enumerate(self.seasons):
            if season.holds(on):
                return index
        return 0

    def season_name(self, index: int) -> str | None:
        """Name of a season by its index, None when prices do not depend on the season."""
        return self.seasons[index].name if self.seasons else None


@dataclass(frozen=True, slots=True)
class Plan:
    """A tariff plan of a city: versions in order of their dates."""

    city_en: str
    city_zh: str
    code: str
    versions: tuple[Version, ...]
    name_en: str = ""
    name_zh: str = ""
    currency: str = "CNY"

    @property
    def address(self) -> str:
        """The plan's canonical address, "Beijing/residential"."""
        return f"{self.city_en}/{self.code}"

    def version_on(self, on: date) -> Version:
        """The version in force on a day. Raises TariffError when none is yet."""
        versions = self.versions
        if len(versions) == 1:
            index = 1 if versions[0].effective_on <= on else 0
        else:
            index = bisect_right([version.effective_on for version in versions], on)
        if index == 0:
            first = versions[0].effective_on
            raise TariffError(
                "tariff.not_in_force",
                field="from",
                en=f"{self.address} has no prices on {on}: its first version starts on {first}; add the earlier one",
                zh=f"{self.city_zh}/{self.code} 在 {on} 尚无价格：最早的版本自 {first} 起执行，请补录更早的版本",
            )
        return versions[index - 1]


def last_day(from_on: date, to_on: date) -> date:
    """Last day of use of a reading period [from, to); the first day when the period is empty."""
    return max(from_on, to_on - timedelta(days=1))
