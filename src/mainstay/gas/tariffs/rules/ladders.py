"""Tiers out of tariff data: as tiers with prices, as bounds with prices or ratio, or with prices by season."""

from __future__ import annotations

from .fields import Fields, Path, bad, scaled
from .plan import Ladder

_EXACT = 4


def ladder_from(fields: Fields, seasons: object, season_count: int) -> Ladder:
    """The ladder in `fields`; `seasons` are the raw season mappings whose `prices` make one row each.

    Raises TariffError where numbers of bounds and prices do not fit.
    """
    bounds, prices = _tiers(fields) if "tiers" in fields else (_bounds(fields), _prices(fields))
    rows: tuple[tuple[int, ...], ...] = (prices,) if prices else ()
    seasonal = _season_rows(fields, seasons)
    if seasonal:
        if prices:
            raise bad(
                fields.path,
                "prices come with the tiers or with the seasons, not both",
                "价格写在各档或各季节，不可并写",
            )
        if len(seasonal) != season_count:
            raise bad(fields.at("seasons"), "every season needs its prices", "每个季节都应给出价格")
        rows = seasonal
    ratio, base = _ratio(fields)
    if ratio and rows:
        raise bad(fields.at("ratio"), "give prices or a ratio, not both", "prices 与 ratio 不可并用")
    if ratio and base is not None:
        rows, ratio = (ratio_prices(base, ratio, _decimals(fields)),), ()
    if bounds is None and rows and len(rows[0]) == 1:
        bounds = ()
    _check(fields, bounds, rows, ratio)
    return Ladder(bounds, rows, ratio)


def ratio_prices(base_e4: int, ratio_e4: tuple[int, ...], decimals: int = _EXACT) -> tuple[int, ...]:
    """Prices from the price of tier 1 and the ratio, rounded half up to `decimals` (4: as exact as prices are)."""
    unit: int = 10 ** (_EXACT - decimals) * 10_000
    return tuple((2 * base_e4 * share + unit) // (2 * unit) * 10 ** (_EXACT - decimals) for share in ratio_e4)


def _tiers(fields: Fields) -> tuple[tuple[int, ...], tuple[int, ...]]:
    def read(value: object, path: Path) -> tuple[int | None, int | None]:
        own = Fields(value, path, ("upto", "price"))
        return own.litres("upto") if "upto" in own else None, own.price_e4("price") if "price" in own else None

    for key in ("bounds", "prices", "ratio"):
        if key in fields:
            raise bad(fields.at(key), "tiers hold the bounds and prices already", "tiers 已包含界限和价格")
    found = fields.items("tiers", read)
    prices = tuple(price for _, price in found if price is not None)
    if prices and len(prices) != len(found):
        raise bad(fields.at("tiers"), "every tier needs a price", "每一档都应给出价格")
    check_rising(tuple(upto for upto, _ in found), fields.at("tiers"))
    return tuple(upto for upto, _ in found if upto is not None), prices


def check_rising(uptos: tuple[int | None, ...], path: Path) -> None:
    """Bounds must rise, and only the last step has none. Raises TariffError."""
    if not uptos:
        return
    if uptos[-1] is not None or None in uptos[:-1]:
        raise bad(path, "the last step, and no other, goes without a bound", "最后一档（且仅最后一档）不设上限")
    bounds = [upto for upto in uptos if upto is not None]
    if any(late <= early for early, late in zip([0, *bounds], bounds, strict=False)):
        raise bad(path, "bounds must rise from step to step", "各档上限应逐档递增")


def _bounds(fields: Fields) -> tuple[int, ...] | None:
    if "bounds" not in fields:
        return None
    value = fields.raw("bounds")
    if isinstance(value, list | tuple) and not value:
        return ()
    bounds = fields.items("bounds", lambda item, path: scaled(item, 3, path))
    check_rising((*bounds, None), fields.at("bounds"))
    return bounds


def _prices(fields: Fields) -> tuple[int, ...]:
    return fields.items("prices", lambda item, path: scaled(item, 4, path))


def _season_rows(fields: Fields, seasons: object) -> tuple[tuple[int, ...], ...]:
    if not isinstance(seasons, list | tuple):
        return ()
    rows = []
    for index, season in enumerate(seasons):
        path = (*fields.at("seasons"), index)
        row = Fields(season, path, ("name", "from", "to", "prices"))
        if "prices" in row:
            rows.append(_prices(row))
    return tuple(rows)


def _ratio(fields: Fields) -> tuple[tuple[int, ...], int | None]:
    ratio = fields.items("ratio", lambda item, path: scaled(item, 4, path))
    base = fields.price_e4("base_price") if "base_price" in fields else None
    if base is not None and not ratio:
        raise bad(
            fields.at("base_price"),
            "base_price goes with a ratio; write prices otherwise",
            "base_price 须与 ratio 同用",
        )
    return ratio, base


def _decimals(fields: Fields) -> int:
    return fields.whole("price_decimals", 0, _EXACT) if "price_decimals" in fields else _EXACT


def _check(
    fields: Fields, bounds: tuple[int, ...] | None, rows: tuple[tuple[int, ...], ...], ratio: tuple[int, ...]
) -> None:
    counts = {len(row) for row in rows} | ({len(ratio)} if ratio else set())
    if bounds is not None and counts:
        counts.add(len(bounds) + 1)
    if len(counts) > 1:
        raise bad(
            fields.path, "there must be exactly one price more than bounds, in every season",
            "价格的个数应比界限多一个，各季节皆同",
        )  # fmt: skip
