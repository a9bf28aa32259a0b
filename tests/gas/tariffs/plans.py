"""Builders for the tariff tests: plans from file data, periods, and a short form of charge lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from mainstay.gas.tariffs import library
from mainstay.gas.tariffs.rules import (
    Counters,
    Period,
    Plan,
    Rating,
    Situation,
    complete,
    months_between,
    plan_from_data,
    rate,
)

PUBLISHED = library.load()


def plan(*versions: dict[str, Any]) -> Plan:
    """A made-up plan; a version without a date starts in 2020."""
    dated = [{"effective": "2020-01-01", **version} for version in versions]
    return plan_from_data({"city": "Testville", "code": "residential", "versions": dated})


def period(start: str, end: str) -> Period:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    return Period(first, last, months_between(first, last))


JANUARY = period("2024-01-01", "2024-02-01")


def charge(
    plan: Plan | str, m3: float | int, *, before: int = 0, when: Period = JANUARY, method: Any = None,
    readings: dict[date, int] | None = None, **situation: Any,
) -> Rating:  # fmt: skip
    """Rate whole or half m³ with an account's situation as keywords."""
    found = PUBLISHED.find(plan) if isinstance(plan, str) else plan
    litres = round(m3 * 1000)
    return rate(
        found, when, litres, Counters(before * 1000), Situation(**situation), readings_at_change=readings, method=method
    )


def gas(rating: Rating) -> list[tuple[int | None, float, int]]:
    """Gas lines as (tier, m³, fen)."""
    return [(line.tier, line.volume_l / 1000, line.amount_fen) for line in rating.lines if line.kind == "gas"]


def kinds(rating: Rating) -> list[tuple[str, int]]:
    """All lines as (kind, fen)."""
    return [(line.kind, line.amount_fen) for line in rating.lines]


def changzhou() -> Plan:
    """Changzhou with made-up local prices."""
    return complete(PUBLISHED.find("常州"), prices_e4=(27_000, 32_400, 40_500))


def hunan() -> Plan:
    """Hunan with a made-up base price of 2.50: tiers 2.50, 3.00, 3.75."""
    return complete(PUBLISHED.find("湖南"), base_price_e4=25_000)


def chongqing() -> Plan:
    """Chongqing with made-up bounds 500 and 660."""
    return complete(PUBLISHED.find("重庆"), bounds_l=(500_000, 660_000))
