"""What is known of many meters before their readings of a period: a few statements of index probes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from mainstay.core.events.providers import answers
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Before, metered, used_between
from mainstay.kit.sqlkit import ids_table

TWO_YEARS = 200
A_YEAR = 100
# So many at a time: few enough that the planner walks indexes and never reads a whole table of readings.
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Here:
    """A reading of the very period asked about."""

    seq: int
    index_l: int
    taken_on: date
    state: int
    source: int


@dataclass(slots=True)
class Known:
    """A meter in its place, what the rules need of its past, and the readings of the period that are in already."""

    account_id: int
    book_id: int
    account_state: str
    until_on: date | None
    before: Before
    here: list[Here] = field(default_factory=list)
    billed: bool = False


def known_before(installation_ids: Sequence[int], period: int) -> dict[int, Known]:
    """Return by installation what is known before `period`; accounts without a book are left out."""
    known: dict[int, Known] = {}
    for begin in range(0, len(installation_ids), CHUNK):
        known |= _known_before(installation_ids[begin : begin + CHUNK], period)
    billed = billed_accounts({one.account_id for one in known.values() if one.here}, period)
    for one in known.values():
        one.billed = one.account_id in billed
    return known


def _known_before(installation_ids: Sequence[int], period: int) -> dict[int, Known]:
    rows = _load(installation_ids, period, period - TWO_YEARS)
    old = [row[0] for row in rows if row[_LAST] is not None and row[_FIRST] is None]
    if old:  # no reading within two years: look further back, which almost nobody needs
        rows = [row for row in rows if row[0] not in set(old)] + _load(old, period, 0)
    estimated = [row[0] for row in rows if row[_SOURCE] == Reading.Source.ESTIMATE]
    actual = _actual_before(estimated, period) if estimated else {}
    known = {row[0]: _known(row, actual) for row in rows}
    for installation_id, seq, index_l, taken_on, state, source in _readings_here(installation_ids, period):
        if installation_id in known:
            known[installation_id].here.append(Here(seq, index_l, day_of(taken_on), state, source))
    return known


def _load(installation_ids: Sequence[int], period: int, since: int) -> list[tuple[Any, ...]]:
    wanted, parameters = ids_table("wanted", installation_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {wanted}, {_SEEN} {_FACTS}", [*parameters, period, since, period, period - A_YEAR])
        return cursor.fetchall()


# What was used over a time is told by the indexes at its ends, so three readings say as much as all of them: the last,
# the first of the last two years, and the one a year ago.
_OF_THIS = "r.account_id = i.account_id AND r.installation_id = i.id AND r.state = 3"
_ACCEPTED = f"FROM readings_reading r WHERE {_OF_THIS} AND r.period"
_SEEN = f"""seen AS MATERIALIZED (
    SELECT i.id, i.account_id, i.meter_id, i.from_on, i.until_on, i.first_index_l,
           (SELECT max(r.period) {_ACCEPTED} < %s) AS last_period,
           (SELECT min(r.period) {_ACCEPTED} >= %s AND r.period < %s) AS first_period
      FROM wanted w JOIN meters_installation i ON i.id = w.id)"""  # noqa: S608
_OF_METER = "readings_reading {0} ON {0}.account_id = s.account_id AND {0}.installation_id = s.id AND {0}.state = 3"
_DAYS = ("s.from_on", "s.until_on", "p.taken_on", "f.previous_on", "y.previous_on", "y.taken_on")
_FROM, _UNTIL, _TAKEN, _START, _YEAR_FROM, _YEAR_TO = (f"CAST({day} AS text)" for day in _DAYS)  # few different ones
_FACTS = f"""
    SELECT s.id, s.account_id, e.book_id, c.state, {_FROM}, {_UNTIL}, s.first_index_l, m.digits, m.factor_e4,
           p.index_l, {_TAKEN}, p.source, f.previous_index_l, {_START}, y.volume_l, {_YEAR_FROM}, {_YEAR_TO}
      FROM seen s
      JOIN meters_meter m ON m.id = s.meter_id
      JOIN customers_account c ON c.id = s.account_id
      JOIN readings_bookentry e ON e.account_id = s.account_id
      LEFT JOIN {_OF_METER.format("p")} AND p.period = s.last_period
      LEFT JOIN {_OF_METER.format("f")} AND f.period = s.first_period
      LEFT JOIN {_OF_METER.format("y")} AND y.period = %s"""  # noqa: S608
_LAST, _SOURCE, _FIRST = 9, 11, 12


def _known(row: tuple[Any, ...], actual: dict[int, int]) -> Known:
    (
        key, account_id, book_id, state, from_on, until_on, first_index, digits, factor, index, on, source,
        start_index, start_on, year_l, year_from, year_to,
    ) = row  # fmt: skip
    dial_l = 10**digits * 1000
    last_on = day_of(from_on if index is None else on)
    if index is None:
        index = first_index
    history_l = history_days = 0
    if start_on is not None:
        history_l = metered(used_between(start_index, index, dial_l), factor)
        history_days = (last_on - day_of(start_on)).days
    year_days = (day_of(year_to) - day_of(year_from)).days if year_to is not None else 0
    estimated = source == Reading.Source.ESTIMATE
    before = Before(
        index, last_on, estimated, actual.get(key, first_index) if estimated else index, history_l, history_days,
        year_l or 0, year_days, dial_l, factor,
    )  # fmt: skip
    return Known(account_id, book_id, state, day_of(until_on) if until_on else None, before)


def _actual_before(installation_ids: Sequence[int], period: int) -> dict[int, int]:
    """The last index that somebody really read, by installation."""
    rows = Reading.objects.filter(
        account__installations__in=installation_ids,
        installation_id__in=installation_ids,
        period__lt=period,
        state=Reading.State.ACCEPTED,
    ).exclude(source=Reading.Source.ESTIMATE)
    return dict(rows.order_by("period").values_list("installation_id", "index_l"))


def _readings_here(installation_ids: Sequence[int], period: int) -> list[tuple[Any, ...]]:
    wanted, parameters = ids_table("wanted", installation_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT r.installation_id, r.seq, r.index_l, CAST(r.taken_on AS text), r.state, r.source "  # noqa: S608
            "FROM wanted w JOIN meters_installation i ON i.id = w.id JOIN readings_reading r "
            "ON r.account_id = i.account_id AND r.installation_id = i.id AND r.period = %s ORDER BY r.seq",
            [*parameters, period],
        )
        return cursor.fetchall()


def billed_accounts(account_ids: set[int], period: int) -> set[int]:
    """Those of the accounts that have a live bill for the period or a later one; billing knows, it is only asked."""
    found: set[int] = set()
    if account_ids:
        for answer in answers("billed_accounts", account_ids=sorted(account_ids), period=period):
            found |= set(answer)
    return found


def day_of(value: Any) -> date:
    """A date of a raw row: SQLite gives text where an expression stands."""
    return _day_of_text(value) if value.__class__ is str else value


@lru_cache(maxsize=2048)
def _day_of_text(text: str) -> date:
    return date.fromisoformat(text[:10])
