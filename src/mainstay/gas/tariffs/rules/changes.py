"""Cutting a reading period where prices change: a new version, or a new season.

Methods: `by_reading` does not cut (the whole period has the price of its last day: the new price starts with the first
reading after the date); `by_day` gives the part before the date floor(V × D1 / D), floored to the tariff's volume
step, the rest to the last part; `by_day_normalised` does the same and finds the tier on V1 × D / D1;
`by_actual_reading` takes the volume read on the date and falls back to `by_day` where there is no reading.
A reading on the date always wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from .errors import TariffError
from .plan import ChangeMethod, MonthDay, Plan, Version, last_day

_DAY = timedelta(days=1)


class Period(NamedTuple):
    """A reading period [from_on, to_on) by reading dates; `months` count fees, `days` replaces the dates' own."""

    from_on: date
    to_on: date
    months: int = 1
    days: int | None = None

    @property
    def length(self) -> int:
        """Days of the period."""
        return (self.to_on - self.from_on).days if self.days is None else self.days


class Part(NamedTuple):
    """Part of a period under one version and season, with the volume (≥ 0) that fell into it."""

    from_on: date
    to_on: date
    version: Version
    season: int
    volume_l: int
    normalised: bool = False


class _Cut(NamedTuple):
    on: date
    normalised: bool


def parts(
    plan: Plan,
    period: Period,
    volume_l: int = 0,
    readings_at_change: Mapping[date, int] | None = None,
    method: ChangeMethod | None = None,
) -> tuple[Part, ...]:
    """The parts of a period in order of date; their volumes sum to `volume_l` (litres, not negative).

    `readings_at_change`: litres used from the start of the period until the date. `method` overrides the tariff's.
    Raises TariffError when no version is in force or the readings contradict the volume.
    """
    readings = readings_at_change or {}
    points = _points(period, volume_l, readings)
    last = last_day(period.from_on, period.to_on)
    if not _may_change(plan, period):
        version = plan.version_on(last)
        return (Part(period.from_on, period.to_on, version, version.season_at(last), volume_l),)
    cuts = _cuts(plan, period, readings, method)
    edges = [period.from_on, *(cut.on for cut in cuts), period.to_on]
    result, used = [], 0
    for index, start in enumerate(edges[:-1]):
        end = edges[index + 1]
        version = plan.version_on(last_day(start, end))
        until = volume_l if end == period.to_on else _used_until(end, points, version.volume_step_l)
        season = version.season_at(last_day(start, end))
        normalised = any(cut.normalised for cut in cuts if cut.on in (start, end))
        result.append(Part(start, end, version, season, until - used, normalised))
        used = until
    return tuple(result)


def _may_change(plan: Plan, period: Period) -> bool:
    if any(period.from_on < version.effective_on < period.to_on for version in plan.versions):
        return True
    version = plan.version_on(last_day(period.from_on, period.to_on))
    return bool(version.seasons) and period.to_on - period.from_on > _DAY


def _cuts(plan: Plan, period: Period, readings: Mapping[date, int], method: ChangeMethod | None) -> list[_Cut]:
    """Dates strictly inside the period on which a price changes and the method makes a cut."""
    wanted: dict[date, ChangeMethod] = {}
    for on in _season_starts(plan, period):
        wanted[on] = method or plan.version_on(on).change_method
    for version in plan.versions:
        if period.from_on < version.effective_on < period.to_on:
            wanted[version.effective_on] = method or version.change_method
    return [
        _Cut(on, how == "by_day_normalised" and on not in readings)
        for on, how in sorted(wanted.items())
        if on in readings or how != "by_reading"
    ]


def _season_starts(plan: Plan, period: Period) -> list[date]:
    starts: set[MonthDay] = {season.start for version in plan.versions for season in version.seasons}
    days = [start.in_year(year) for start in starts for year in range(period.from_on.year, period.to_on.year + 1)]
    return [
        day for day in days
        if period.from_on < day < period.to_on and _in_force_with_season(plan, day)
    ]  # fmt: skip


def _in_force_with_season(plan: Plan, day: date) -> bool:
    if day <= plan.versions[0].effective_on:
        return False
    version = plan.version_on(day)
    return bool(version.seasons) and version.season_at(day) != version.season_at(day - _DAY)


def _points(period: Period, volume_l: int, readings: Mapping[date, int]) -> list[tuple[date, int]]:
    """Known (date, litres used so far), from the start to the end of the period."""
    points = [(period.from_on, 0), *sorted(readings.items()), (period.to_on, volume_l)]
    if not readings:
        return points
    for (early, less), (late, more) in pairwise(points):
        if early >= late or more < less:
            raise TariffError(
                "case.reading_at_change", field="reading_at_change",
                en="Readings at the change must lie inside the period, rise with time and not exceed the volume",
                zh="换价日读数的日期应在账期之内，气量应随时间递增且不超过总气量",
            )  # fmt: skip
    return points


def _used_until(on: date, points: list[tuple[date, int]], step_l: int) -> int:
    """Litres used until `on`: as read, else by day between the readings around, floored to the volume step."""
    for (early, less), (late, more) in pairwise(points):
        if on == late:
            return more
        if on < late:
            share = (more - less) * (on - early).days // (late - early).days
            return less + share // step_l * step_l
    return points[-1][1]
