"""Tariffs as the engine needs them: stretches of time with one price, and schedules of situations, in small tables.

A segment is a stretch in which a plan has one version, one season and one tariff year. A situation packs a segment
with what the tariff asks of an account into one whole number, so that SQL finds the schedule by one look-up.
Python makes each schedule once, when a chunk first meets its situation; SQL only multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from mainstay.gas.billing.batch.sql import Statements
from mainstay.gas.billing.batch.tables import BAND, SCHEDULE, SEGMENT
from mainstay.gas.tariffs import rules as tariffs
from mainstay.gas.tariffs.models import Version
from mainstay.kit.dates import first_day, last_day

NO_CONTRACT = -1
ENDLESS = 9_000_000_000_000_000
LONGEST_MONTHS = 60
_EARLY, _LATE = timedelta(days=1100), timedelta(days=400)
_ALWAYS = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch [from_on, until_on) of a plan; a reading period that begins before `straddle_from` must be cut."""

    number: int
    plan_id: int
    from_on: date
    until_on: date
    straddle_from: date
    year_start_on: date | None
    version: tariffs.Version
    version_id: int


class PlanBook:
    """The plans of the database as rules; read once per run or act."""

    def __init__(self, *plan_ids: int) -> None:
        """All plans, or only those named."""
        self.plans: dict[int, tariffs.Plan] = {}
        self.version_ids: dict[tuple[int, date], int] = {}
        self.broken: dict[int, str] = {}
        rows: dict[int, list[Version]] = {}
        stored = Version.objects.select_related("plan").order_by("plan", "effective_on")
        for version in stored.filter(plan__in=plan_ids) if plan_ids else stored:
            rows.setdefault(version.plan_id, []).append(version)
            self.version_ids[version.plan_id, version.effective_on] = version.pk
        for plan_id, versions in rows.items():
            try:
                self.plans[plan_id] = _plan(versions)
            except tariffs.TariffError as error:
                self.broken[plan_id] = str(error)

    def version_id(self, plan_id: int, effective_on: date) -> int:
        """Key of the stored version that a rated line names by its date."""
        return self.version_ids[plan_id, effective_on]


def _plan(versions: list[Version]) -> tariffs.Plan:
    plan = versions[0].plan
    read = tuple(replace(tariffs.version_from_data(row.data), effective_on=row.effective_on) for row in versions)
    return tariffs.Plan(plan.name_en or plan.code, plan.name_zh, plan.code, read)


class TariffTables:
    """Segments and schedules in the engine's temporary tables, for one period (or some) and one reading group."""

    def __init__(
        self, cursor: Statements, period: int, group: str, book: PlanBook | None = None, *, until: int | None = None
    ) -> None:
        """`until`: the last of several periods."""
        self.cursor, self.period, self.group, self.until = cursor, period, group, until or period
        self.book = book or PlanBook()
        self.segments: dict[int, Segment] = {}
        self.known: dict[tuple[int, int], bool] = {}
        self.has_fees = False
        self.prepaid = False  # whether readings of prepaid meters must be left out (see `prepaid.Prepaid`)
        self.load()

    def load(self) -> None:
        """Fill the segment table; also after a rollback, which takes the tables' rows with it."""
        self.known.clear()
        self.segments.clear()
        for name in (SEGMENT, SCHEDULE, BAND):
            self.cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        start, end = first_day(self.period) - _EARLY, last_day(self.until) + _LATE
        for plan_id, plan in self.book.plans.items():
            for segment in self._segments_of(plan_id, plan, start, end):
                self.segments[segment.number] = segment
        self.cursor.executemany(
            f"INSERT INTO {SEGMENT} VALUES ({', '.join(['%s'] * 11)})",  # noqa: S608
            [_segment_row(segment) for segment in self.segments.values()],
        )

    def _segments_of(self, plan_id: int, plan: tariffs.Plan, start: date, end: date) -> list[Segment]:
        edges = _edges(plan, self.group, start, end)
        found: list[Segment] = []
        straddle = _ALWAYS
        for (on, cuts), (until, _cuts) in pairwise([*edges, (end, False)]):
            straddle = on if cuts else straddle
            version = plan.version_on(on)
            year = _year(version, on, self.group)
            number = len(self.segments) + len(found) + 1
            version_id = self.book.version_id(plan_id, version.effective_on)
            found.append(Segment(number, plan_id, on, until, straddle, year, version, version_id))
        return found

    def learn(self, situation: int, contract_e4: int) -> None:
        """Put the schedule of a situation into the tables, unless it is there."""
        if (situation, contract_e4) in self.known:
            return
        key = unpacked(situation)
        segment = self.segments[key.segment]
        made = _schedule(segment, key, contract_e4)
        number = len(self.known) + 1
        self.known[situation, contract_e4] = made is not None
        self.has_fees |= made is not None and bool(made.allowance_l or made.base_fee_fen or made.minimum_fen)
        self.cursor.execute(
            f"INSERT INTO {SCHEDULE} VALUES ({', '.join(['%s'] * 11)})",  # noqa: S608
            (number, situation, contract_e4, *_schedule_facts(made)),
        )
        if made:
            carry = made.rounding == "carry"
            self.cursor.executemany(
                f"INSERT INTO {BAND} VALUES ({', '.join(['%s'] * 8)})",  # noqa: S608
                [
                    (number, line, band.lower_l, band.upper_l or ENDLESS, band.price_e4, band.tier, made.vat_bp, carry)
                    for line, band in enumerate(made.tiers, start=1)
                ],
            )


def _schedule_facts(made: tariffs.Schedule | None) -> tuple[object, ...]:
    """Columns of a schedule after its key; None is one that SQL cannot apply."""
    if made is None:
        return (True, 0, 0, 0, 0, -1, 0, False)
    first = made.tiers[0] if made.tiers and made.tiers[0].lower_l == 0 else None
    bound, price = (first.upper_l or ENDLESS, first.price_e4) if first else (-1, 0)
    return (
        False, made.allowance_l, made.base_fee_fen, made.minimum_fen, made.vat_bp, bound, price,
        made.rounding == "carry",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Key:
    """A situation taken apart (see `gather.SITUATION`, which packs it in SQL)."""

    segment: int
    persons: int
    low_income: bool
    heating: bool
    months_in_year: int
    period_months: int


def unpacked(situation: int) -> Key:
    """Take a situation's number apart: segment, 7 bits persons, 1 low income, 1 heating, 4 months of use, 6 months."""
    rest, period_months = divmod(situation, 64)
    rest, months_in_year = divmod(rest, 16)
    rest, heating = divmod(rest, 2)
    rest, low_income = divmod(rest, 2)
    segment, persons = divmod(rest, 128)
    return Key(segment, persons, bool(low_income), bool(heating), months_in_year, period_months)


def _schedule(segment: Segment, key: Key, contract_e4: int) -> tariffs.Schedule | None:
    """The schedule, or None when the accounts must be rated one by one (also to learn what is wrong with each)."""
    try:
        return tariffs.schedule(
            segment.version,
            on=segment.from_on,
            persons=key.persons,
            low_income=key.low_income,
            heating=key.heating,
            months_in_year=key.months_in_year,
            period_months=key.period_months,
            contract_price_e4=None if contract_e4 == NO_CONTRACT else contract_e4,
        )
    except tariffs.TariffError:
        return None


def _edges(plan: tariffs.Plan, group: str, start: date, end: date) -> list[tuple[date, bool]]:
    """Days on which something about the price changes, and whether a reading period must be cut there."""
    first = plan.versions[0].effective_on
    begin = max(start, first)
    if begin >= end:
        return []
    cuts: dict[date, bool] = {begin: begin == first and plan.versions[0].change_method != "by_reading"}
    for version in plan.versions:
        if begin < version.effective_on < end:
            cuts[version.effective_on] = version.change_method != "by_reading"
    for year in range(begin.year, end.year + 1):
        for version in plan.versions:
            for season in version.seasons:
                _season_edge(plan, season.start.in_year(year), begin, end, cuts)
    _year_edges(plan, group, begin, end, cuts)
    return sorted(cuts.items())


def _season_edge(plan: tariffs.Plan, on: date, begin: date, end: date, cuts: dict[date, bool]) -> None:
    if not begin < on < end:
        return
    version = plan.version_on(on)
    if version.seasons and version.season_at(on) != version.season_at(on - timedelta(days=1)):
        cuts[on] = cuts.get(on, False) or version.change_method != "by_reading"


def _year_edges(plan: tariffs.Plan, group: str, begin: date, end: date, cuts: dict[date, bool]) -> None:
    """A new tariff year never cuts: a bill belongs to the year of its last day of use."""
    for version, until in zip(plan.versions, [*(v.effective_on for v in plan.versions[1:]), end], strict=True):
        on = max(begin, version.effective_on)
        while on < min(until, end):
            try:
                on = tariffs.tariff_year(version, on, group=group)[1]
            except tariffs.TariffError:
                break
            if on < min(until, end):
                cuts.setdefault(on, False)


def _year(version: tariffs.Version, on: date, group: str) -> date | None:
    """Start of the tariff year, None when it depends on the account."""
    try:
        return tariffs.tariff_year(version, on, group=group)[0]
    except tariffs.TariffError:
        return None


def _segment_row(segment: Segment) -> tuple[object, ...]:
    version = segment.version
    asks = tariffs.situation_key(version, period_months=7).period_months == 7  # noqa: PLR2004
    return (
        segment.number, segment.plan_id, segment.from_on, segment.until_on, segment.straddle_from,
        segment.year_start_on, segment.version_id, tariffs.persons_cap(version), asks,
        version.partial_year_by_month, segment.year_start_on is None or not tariffs.expressible(version),
    )  # fmt: skip


def situation_of(*, persons: int, low_income: bool, heating: bool, contract_price_e4: int | None, months: int) -> (
    tariffs.Situation
):  # fmt: skip
    """What `rate` wants to know of an account's terms; `months` of use in the tariff year."""
    return tariffs.Situation(
        persons=persons, low_income=low_income, heating=heating, months_in_year=months,
        contract_price_e4=contract_price_e4,
    )  # fmt: skip


__all__ = ["NO_CONTRACT", "Key", "PlanBook", "Segment", "TariffTables", "situation_of", "unpacked"]
