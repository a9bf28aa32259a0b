"""Filling in what a notice leaves to the local authority: bounds, prices, or the price of tier 1."""

from __future__ import annotations

from dataclasses import replace

from .errors import TariffError
from .ladders import ratio_prices
from .plan import Ladder, Plan, Version


def complete(
    plan: Plan,
    *,
    bounds_l: tuple[int, ...] | None = None,
    prices_e4: tuple[int, ...] | None = None,
    base_price_e4: int | None = None,
) -> Plan:
    """The plan with its missing numbers filled in, in every version that misses them.

    Raises TariffError where the plan does not miss them (published numbers are never overridden) or the counts
    of bounds and prices do not fit.
    """
    versions = tuple(_completed(version, bounds_l, prices_e4, base_price_e4) for version in plan.versions)
    if versions == plan.versions:
        raise TariffError(
            "case.not_missing", field="prices",
            en=f"{plan.address} is complete: bounds, prices or base_price are for plans that leave them open",
            zh=f"{plan.city_zh}/{plan.code} 数据完整：bounds、prices、base_price 仅用于补全未公布的项目",
        )  # fmt: skip
    return replace(plan, versions=versions)


def _completed(
    version: Version, bounds: tuple[int, ...] | None, prices: tuple[int, ...] | None, base: int | None
) -> Version:
    ladder = version.ladder
    if ladder is None:
        return version
    ladder = _filled(ladder, bounds, prices, base)
    heating = None if version.heating is None else _filled(version.heating, None, prices, base)
    return replace(version, ladder=ladder, heating=heating)


def _filled(ladder: Ladder, bounds: tuple[int, ...] | None, prices: tuple[int, ...] | None, base: int | None) -> Ladder:
    if bounds is not None and ladder.bounds_l is None:
        ladder = replace(ladder, bounds_l=bounds)
    if prices is not None and not ladder.prices_e4:
        ladder = Ladder(ladder.bounds_l, (prices,))
    if base is not None and ladder.ratio_e4 and not ladder.prices_e4:
        ladder = Ladder(ladder.bounds_l, (ratio_prices(base, ladder.ratio_e4),))
    for row in ladder.prices_e4:
        if ladder.bounds_l is not None and len(row) != len(ladder.bounds_l) + 1:
            raise TariffError(
                "case.counts", field="prices",
                en=f"{len(row)} prices need {len(row) - 1} bounds, not {len(ladder.bounds_l)}",
                zh=f"{len(row)} 个价格应有 {len(row) - 1} 个界限，现有 {len(ladder.bounds_l)} 个",
            )  # fmt: skip
    return ladder
