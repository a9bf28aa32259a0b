"""Tariff data (the vocabulary of the tariff file and of stored versions) → `Version` and `Plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple, cast

from .fields import Fields, Path, bad, names, scaled, to_date, to_month_day
from .ladders import check_rising, ladder_from
from .plan import (
    CHANGE_METHODS,
    DEFAULT_VAT_BP,
    M3,
    ChangeMethod,
    DayBlock,
    Energy,
    Fee,
    Household,
    Ladder,
    LowIncome,
    NormalDays,
    Per,
    Plan,
    Season,
    Tax,
    Version,
    WholeBand,
    YearKind,
    YearStart,
)
from .rounding import FEN_E4, HALF_UP, Mode, Rounding

LADDER_KEYS = ("tiers", "bounds", "prices", "ratio", "base_price", "price_decimals")
VERSION_KEYS = (
    "effective", "notice", "source", *LADDER_KEYS, "seasons", "heating", "bands", "blocks", "household", "low_income",
    "maximum", "base_fee", "minimum", "energy", "rounding", "vat", "normal_days", "volume_step", "partial_year",
    "year_starts", "price_change_method", "transfer",
)  # fmt: skip
PLAN_KEYS = ("city", "code", "name", "currency", "versions")
MODES = ("half_up", "floor", "ceiling")
_LADDER_ONLY = ("seasons", "heating", "household", "low_income", "maximum")
_YEAR_WORDS: dict[str, YearKind] = {"by_reading_group": "reading_group", "by_account": "account"}
_LEAP_YEAR = 2024


class Head(NamedTuple):
    """What names a plan; city and name as (English, Chinese)."""

    city: tuple[str, str]
    code: str
    name: tuple[str, str] = ("", "")
    currency: str = "CNY"


def plan_from_data(data: Mapping[str, Any], path: Path = ()) -> Plan:
    """A plan from {city, code, name, currency, versions: [...]}. Raises TariffError with the path of what is wrong."""
    fields = Fields(data, path, PLAN_KEYS)
    city = names(fields.need("city"), fields.at("city"))
    name = names(fields.raw("name"), fields.at("name")) if "name" in fields else ("", "")
    code = fields.text("code")
    if not code or "/" in code:
        raise bad(fields.at("code"), "must be a word without “/”", "应为不含“/”的代码")
    fields.need("versions")
    versions = fields.items("versions", version_from_data)
    return assemble(Head(city, code, name, fields.text("currency", "CNY")), versions, fields.at("versions"))


def assemble(head: Head, versions: Sequence[Version], path: Path = ()) -> Plan:
    """A plan of its versions, brought in order. Raises TariffError when two start on one day."""
    city_en, city_zh = head.city
    ordered = sorted(versions, key=lambda version: version.effective_on)
    for early, late in pairwise(ordered):
        if early.effective_on == late.effective_on:
            raise bad(
                path,
                f"two versions of {city_en}/{head.code} start on {late.effective_on}: keep one",
                f"{city_zh}/{head.code} 有两个版本同为 {late.effective_on} 起执行：请保留一个",
            )
    return Plan(city_en, city_zh, head.code, tuple(ordered), *head.name, head.currency)


def version_from_data(data: object, path: Path = ()) -> Version:
    """One version from its mapping (keys: docs/reference/tariff-format.md). Raises TariffError with the path."""
    fields = Fields(data, path, VERSION_KEYS)
    seasons = _seasons(fields)
    ladder = _ladder(fields, seasons)
    heating = _heating(fields, seasons, ladder)
    version = Version(
        effective_on=to_date(fields.need("effective"), fields.at("effective")),
        notice=fields.text("notice"),
        source=fields.text("source"),
        ladder=ladder,
        seasons=seasons,
        heating=heating,
        bands=_bands(fields),
        blocks=_blocks(fields),
        household=_household(fields),
        low_income=_low_income(fields),
        maximum=fields.flag("maximum"),
        base_fee=_fee(fields, "base_fee", "month"),
        minimum=_fee(fields, "minimum", "period"),
        energy=_energy(fields),
        rounding=_rounding(fields),
        tax=_tax(fields),
        normal_days=_normal_days(fields),
        volume_step_l=_step(fields),
        partial_year_by_month=fields.choice("partial_year", ("by_month", "none"), "by_month") == "by_month",
        counted_on_at_transfer=fields.choice("transfer", ("fresh", "carry"), "fresh") == "carry",
        year_start=_year_start(fields),
        change_method=cast(ChangeMethod, fields.choice("price_change_method", CHANGE_METHODS, "by_day")),
    )
    _check(version, fields)
    return version


def _check(version: Version, fields: Fields) -> None:
    shapes = [key for key in ("tiers", "bounds", "bands", "blocks") if key in fields]
    if (version.ladder is not None) + bool(version.bands) + bool(version.blocks) != 1:
        raise bad(
            fields.path, f"give exactly one of tiers (or bounds, prices, seasons), bands, blocks; found {shapes}",
            f"tiers（或 bounds、prices、seasons）、bands、blocks 须且只能给出一种；现有 {shapes}",
        )  # fmt: skip
    ladder = version.ladder
    if ladder is None:
        for key in _LADDER_ONLY:
            if key in fields:
                raise bad(fields.at(key), "works with tiers only", "仅适用于阶梯价目")
    elif version.maximum and (ladder.bounds_l or not ladder.prices_e4 or len(ladder.prices_e4[0]) != 1):
        raise bad(fields.at("maximum"), "needs one flat price", "须为单一价格")
    if version.normal_days is not None and not version.bands:
        raise bad(fields.at("normal_days"), "works with bands only", "仅适用于 bands")
    relief = version.low_income
    if relief is not None and relief.free_year_l and version.energy is not None:
        raise bad(
            fields.at("low_income"), "a free volume per year does not go with energy", "年免费气量不能与热量计价并用"
        )
    if ladder is not None and relief is not None and relief.flat_tier and ladder.bounds_l is not None:
        most = len(ladder.bounds_l) + 1
        if relief.flat_tier > most:
            raise bad(fields.at("low_income"), f"there are {most} tiers only", f"只有 {most} 档")
    if ladder is not None and version.household is not None and ladder.bounds_l is not None:
        expected = len(ladder.bounds_l)
        if len(version.household.raise_l) != expected:
            raise bad(
                (*fields.at("household"), "raise_bounds_by"),
                f"needs {expected} numbers, one for each bound", f"应有 {expected} 个数，每个界限一个",
            )  # fmt: skip


def _ladder(fields: Fields, seasons: tuple[Season, ...]) -> Ladder | None:
    if not any(key in fields for key in (*LADDER_KEYS, "seasons")):
        return None
    return ladder_from(fields, fields.raw("seasons"), len(seasons))


def _heating(fields: Fields, seasons: tuple[Season, ...], ladder: Ladder | None) -> Ladder | None:
    if "heating" not in fields or ladder is None:
        return None
    own = Fields(fields.raw("heating"), fields.at("heating"), (*LADDER_KEYS, "seasons", "raise_bounds_by"))
    if "raise_bounds_by" not in own:
        found = ladder_from(own, own.raw("seasons"), len(seasons))
        return found if found.prices_e4 else Ladder(found.bounds_l, ladder.prices_e4, ladder.ratio_e4)
    more = own.items("raise_bounds_by", lambda value, path: scaled(value, 3, path))
    if ladder.bounds_l is None or len(more) != len(ladder.bounds_l):
        raise bad(own.at("raise_bounds_by"), "needs one number for each bound", "每个界限应有一个数")
    raised = tuple(bound + extra for bound, extra in zip(ladder.bounds_l, more, strict=True))
    return Ladder(raised, ladder.prices_e4, ladder.ratio_e4)


def _seasons(fields: Fields) -> tuple[Season, ...]:
    def read(value: object, path: Path) -> Season:
        own = Fields(value, path, ("name", "from", "to", "prices"))
        name = own.text("name") or f"season-{int(path[-1]) + 1}"
        return Season(name, to_month_day(own.need("from"), own.at("from")), to_month_day(own.need("to"), own.at("to")))

    seasons = fields.items("seasons", read)
    if seasons:
        for offset in range((date(_LEAP_YEAR + 1, 1, 1) - date(_LEAP_YEAR, 1, 1)).days):
            day = date(_LEAP_YEAR, 1, 1) + timedelta(days=offset)
            found = sum(season.holds(day) for season in seasons)
            if found != 1:
                raise bad(
                    fields.at("seasons"), f"{day:%m-%d} lies in {found} seasons: every day belongs to exactly one",
                    f"{day:%m-%d} 落在 {found} 个季节内：每一天须且只能属于一个季节",
                )  # fmt: skip
    return seasons


def _bands(fields: Fields) -> tuple[WholeBand, ...]:
    def read(value: object, path: Path) -> WholeBand:
        own = Fields(value, path, ("upto", "price", "base_fee"))
        fee = own.fen("base_fee") if "base_fee" in own else 0
        return WholeBand(own.litres("upto") if "upto" in own else None, own.price_e4("price"), fee)

    bands = fields.items("bands", read)
    check_rising(tuple(band.upto_l for band in bands), fields.at("bands"))
    return bands


def _blocks(fields: Fields) -> tuple[DayBlock, ...]:
    def read(value: object, path: Path) -> DayBlock:
        own = Fields(value, path, ("upto_per_day", "price"))
        return DayBlock(own.litres("upto_per_day") if "upto_per_day" in own else None, own.price_e4("price"))

    blocks = fields.items("blocks", read)
    check_rising(tuple(block.upto_per_day_l for block in blocks), fields.at("blocks"))
    return blocks


def _household(fields: Fields) -> Household | None:
    if "household" not in fields:
        return None
    own = Fields(
        fields.raw("household"), fields.at("household"),
        ("from_persons", "over_persons", "raise_bounds_by", "per", "max_persons"),
    )  # fmt: skip
    if ("from_persons" in own) == ("over_persons" in own):
        raise bad(own.path, "give from_persons or over_persons", "from_persons 与 over_persons 须给出其一")
    over = own.whole("over_persons", 1, 98) if "over_persons" in own else own.whole("from_persons", 2, 99) - 1
    own.need("raise_bounds_by")
    return Household(
        over,
        own.items("raise_bounds_by", lambda value, path: scaled(value, 3, path)),
        own.choice("per", ("household", "person"), "household") == "person",
        own.whole("max_persons", over + 1, 99) if "max_persons" in own else None,
    )


def _low_income(fields: Fields) -> LowIncome | None:
    if "low_income" not in fields:
        return None
    known = ("free_volume_per_month", "free_volume_per_year", "flat_price", "flat_tier")
    own = Fields(fields.raw("low_income"), fields.at("low_income"), known)
    if not any(key in own for key in known):
        raise bad(own.path, f"give one of {', '.join(known)}", f"请给出 {'、'.join(known)} 之一")
    if "flat_price" in own and "flat_tier" in own:
        raise bad(own.path, "give flat_price or flat_tier, not both", "flat_price 与 flat_tier 只能给出其一")
    return LowIncome(
        own.litres("free_volume_per_month") if "free_volume_per_month" in own else 0,
        own.litres("free_volume_per_year") if "free_volume_per_year" in own else 0,
        own.price_e4("flat_price") if "flat_price" in own else None,
        own.whole("flat_tier", 1, 20) if "flat_tier" in own else None,
    )


def _fee(fields: Fields, key: str, usual: Per) -> Fee | None:
    if key not in fields:
        return None
    if not isinstance(fields.raw(key), Mapping):
        return Fee(fields.fen(key) * FEN_E4, usual)
    own = Fields(fields.raw(key), fields.at(key), ("amount", "per"))
    per = cast(Per, own.choice("per", ("month", "period", "day"), usual))
    return Fee(own.price_e4("amount") if per == "day" else own.fen("amount") * FEN_E4, per)


def _energy(fields: Fields) -> Energy | None:
    if "energy" not in fields:
        return None
    known = ("unit", "coefficient", "calorific_value", "divisor", "decimals", "round", "price_per")
    own = Fields(fields.raw("energy"), fields.at("energy"), known)
    return Energy(
        unit=own.text("unit", "kWh"),
        coefficient=own.decimal("coefficient") if "coefficient" in own else Decimal(1),
        calorific_value=own.decimal("calorific_value") if "calorific_value" in own else None,
        divisor=own.decimal("divisor") if "divisor" in own else Decimal(1),
        decimals=own.whole("decimals", 0, 3) if "decimals" in own else 3,
        mode=cast(Mode, own.choice("round", MODES, "half_up")),
        price_per=own.whole("price_per", 1, 1_000_000) if "price_per" in own else 1,
    )


def _rounding(fields: Fields) -> Rounding:
    value = fields.raw("rounding")
    if value is None:
        return HALF_UP
    if isinstance(value, str):
        return Rounding(carry=fields.choice("rounding", ("half_up", "carry"), "half_up") == "carry")
    own = Fields(value, fields.at("rounding"), ("carry", "lines", "total"))

    def step(key: str) -> tuple[Mode, int]:
        part = Fields(own.raw(key) or {}, own.at(key), ("mode", "to"))
        unit = part.fen("to") if "to" in part else 1
        if unit < 1:
            raise bad(part.at("to"), "must be 0.01 or more", "应不小于 0.01")
        return cast(Mode, part.choice("mode", MODES, "half_up")), unit

    line_mode, line_unit = step("lines")
    total_mode, total_unit = step("total")
    return Rounding(own.flag("carry"), line_mode, line_unit, total_mode if "total" in own else None, total_unit)


def _tax(fields: Fields) -> Tax:
    if "vat" not in fields:
        return Tax(DEFAULT_VAT_BP)
    if not isinstance(fields.raw("vat"), Mapping):
        return Tax(_rate(fields, "vat"))
    own = Fields(fields.raw("vat"), fields.at("vat"), ("rate", "added"))
    return Tax(_rate(own, "rate"), own.flag("added"))


def _rate(fields: Fields, key: str) -> int:
    rate = fields.fen(key)
    if rate > 10_000:  # noqa: PLR2004 - one hundred per cent
        raise bad(fields.at(key), "a tax rate is 0 to 100 (per cent)", "税率应为 0 至 100（%）")
    return rate


def _normal_days(fields: Fields) -> NormalDays | None:
    if "normal_days" not in fields:
        return None
    own = Fields(fields.raw("normal_days"), fields.at("normal_days"), ("from", "to", "month"))
    least = own.whole("from", 1, 400)
    month = own.whole("month", 1, 100) if "month" in own else 30
    return NormalDays(least, own.whole("to", least, 400), month)


def _step(fields: Fields) -> int:
    step = fields.litres("volume_step") if "volume_step" in fields else M3
    if step < 1:
        raise bad(fields.at("volume_step"), "must be 0.001 or more", "应不小于 0.001")
    return step


def _year_start(fields: Fields) -> YearStart:
    value = fields.raw("year_starts")
    if value is None:
        return YearStart()
    if isinstance(value, str) and value in _YEAR_WORDS:
        return YearStart(_YEAR_WORDS[value])
    if not isinstance(value, Mapping):
        return YearStart("date", to_month_day(value, fields.at("year_starts")))
    own = Fields(value, fields.at("year_starts"), ("groups",))
    groups = own.need("groups")
    if not isinstance(groups, Mapping):
        raise bad(own.at("groups"), "must be a mapping of group and date", "应为组别与月日的映射")
    return YearStart(
        "reading_group",
        groups=tuple((str(name), to_month_day(day, (*own.at("groups"), str(name)))) for name, day in groups.items()),
    )
