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
from mainstay.gas.readings.rules import Before
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
    old = [int(row[0]) for row in rows if row[13] is None and _months(row[4]) < period - TWO_YEARS]
    if old:  # no reading within two years: look further back, which almost nobody needs
        rows = [row for row in rows if int(row[0]) not in set(old)] + _load(old, period, 0)
    estimated = [int(row[0]) for row in rows if row[15] == Reading.Source.ESTIMATE]
    actual = _actual_before(estimated, period) if estimated else {}
    known = {int(row[0]): _known(row, actual) for row in rows}
    for installation_id, seq, index_l, taken_on, state, source in _readings_here(installation_ids, period):
        if installation_id in known:
            known[installation_id].here.append(Here(seq, index_l, day_of(taken_on), state, source))
    return known


def _months(value: Any) -> int:
    day = day_of(value)
    return day.year * 100 + day.month


def _load(installation_ids: Sequence[int], period: int, since: int) -> list[tuple[Any, ...]]:
    wanted, parameters = ids_table("wanted", installation_ids)
    year_ago = period - A_YEAR
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {wanted}, {_history()} {_FACTS}", [*parameters, year_ago, year_ago, since, period - 1])
        return cursor.fetchall()


def _history() -> str:
    days = (
        "(r.taken_on - r.previous_on)"
        if connection.vendor == "postgresql"
        else "CAST(julianday(r.taken_on) - julianday(r.previous_on) AS INTEGER)"
    )
    return f"""history AS (
        SELECT r.installation_id, sum(r.volume_l) AS volume_l, sum({days}) AS days,
               sum(CASE WHEN r.period = %s THEN r.volume_l END) AS year_l,
               sum(CASE WHEN r.period = %s THEN {days} END) AS year_days, max(r.period) AS last_period
          FROM wanted w JOIN meters_installation i ON i.id = w.id
          JOIN readings_reading r ON r.account_id = i.account_id AND r.installation_id = i.id
               AND r.period BETWEEN %s AND %s AND r.state = 3
         GROUP BY r.installation_id)"""  # noqa: S608


_FACTS = """
    SELECT i.id, i.account_id, e.book_id, c.state, i.from_on, i.until_on, i.first_index_l, m.digits, m.factor_e4,
           h.volume_l, h.days, h.year_l, h.year_days, p.index_l, p.taken_on, p.source
      FROM wanted w JOIN meters_installation i ON i.id = w.id
      JOIN meters_meter m ON m.id = i.meter_id
      JOIN customers_account c ON c.id = i.account_id
      JOIN readings_bookentry e ON e.account_id = i.account_id
      LEFT JOIN history h ON h.installation_id = i.id
      LEFT JOIN readings_reading p ON p.account_id = i.account_id AND p.installation_id = i.id
           AND p.period = h.last_period AND p.state = 3"""


def _known(row: tuple[Any, ...], actual: dict[int, int]) -> Known:
    (
        key, account_id, book_id, state, from_on, until_on, first_index, digits, factor, volume, days, year_l,
        year_days, index, on, source,
    ) = row  # fmt: skip
    read = index is not None
    estimated = source == Reading.Source.ESTIMATE
    before = Before(
        index if read else first_index,
        day_of(on if read else from_on),
        estimated,
        actual.get(key, first_index) if estimated else (index if read else first_index),
        int(volume or 0),
        int(days or 0),
        int(year_l or 0),
        int(year_days or 0),
        10**digits * 1000,
        factor,
    )
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
            f"WITH {wanted} SELECT r.installation_id, r.seq, r.index_l, r.taken_on, r.state, r.source "  # noqa: S608
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
    return value if isinstance(value, date) else _day_of_text(str(value))


@lru_cache(maxsize=2048)
def _day_of_text(text: str) -> date:
    return date.fromisoformat(text[:10])
