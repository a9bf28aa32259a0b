"""What is known of many meters before their readings of a period, in three statements however many they are."""

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
    found = _load(installation_ids, period, period - TWO_YEARS)
    old = [key for key, (_known, fresh) in found.items() if fresh]
    # No reading within two years: look further back, which almost nobody needs.
    found |= _load(old, period, 0) if old else {}
    known = {key: value for key, (value, _fresh) in found.items()}
    _add_readings_here(known, installation_ids, period)
    return known


def _load(installation_ids: Sequence[int], period: int, since: int) -> dict[int, tuple[Known, bool]]:
    wanted, parameters = ids_table("wanted", installation_ids)
    year_ago = period - A_YEAR
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted}, {_history()} {_FACTS}",
            [*parameters, year_ago, year_ago, Reading.Source.ESTIMATE, since, period - 1],
        )
        return {int(row[0]): _known(row, period, since) for row in cursor.fetchall()}


def _history() -> str:
    days = (
        "(r.taken_on - r.previous_on)"
        if connection.vendor == "postgresql"
        else "CAST(julianday(r.taken_on) - julianday(r.previous_on) AS INTEGER)"
    )
    return f"""history AS (
        SELECT r.installation_id, sum(r.volume_l) AS volume_l, sum({days}) AS days,
               sum(CASE WHEN r.period = %s THEN r.volume_l END) AS year_l,
               sum(CASE WHEN r.period = %s THEN {days} END) AS year_days,
               max(r.period) AS last_period, max(CASE WHEN r.source <> %s THEN r.period END) AS actual_period
          FROM wanted w JOIN meters_installation i ON i.id = w.id
          JOIN readings_reading r ON r.account_id = i.account_id AND r.installation_id = i.id
               AND r.period BETWEEN %s AND %s AND r.state = 3
         GROUP BY r.installation_id)"""  # noqa: S608


_FACTS = """
    SELECT i.id, i.account_id, e.book_id, c.state, i.from_on, i.until_on, i.first_index_l, m.digits, m.factor_e4,
           h.volume_l, h.days, h.year_l, h.year_days, p.index_l, p.taken_on, p.source, a.index_l
      FROM wanted w JOIN meters_installation i ON i.id = w.id
      JOIN meters_meter m ON m.id = i.meter_id
      JOIN customers_account c ON c.id = i.account_id
      JOIN readings_bookentry e ON e.account_id = i.account_id
      LEFT JOIN history h ON h.installation_id = i.id
      LEFT JOIN readings_reading p ON p.account_id = i.account_id AND p.installation_id = i.id
           AND p.period = h.last_period AND p.state = 3
      LEFT JOIN readings_reading a ON a.account_id = i.account_id AND a.installation_id = i.id
           AND a.period = h.actual_period AND a.state = 3"""


def _known(row: tuple[Any, ...], period: int, since: int) -> tuple[Known, bool]:
    (
        _id, account_id, book_id, state, from_on, until_on, first_index, digits, factor, volume, days, year_l,
        year_days, index, on, source, actual_index,
    ) = row  # fmt: skip
    first_on = day_of(from_on)
    before = Before(
        index_l=first_index if index is None else index,
        on=first_on if on is None else day_of(on),
        estimated=source == Reading.Source.ESTIMATE,
        actual_index_l=first_index if actual_index is None else actual_index,
        history_l=int(volume or 0),
        history_days=int(days or 0),
        last_year_l=int(year_l or 0),
        last_year_days=int(year_days or 0),
        dial_l=10**digits * 1000,
        factor_e4=factor,
    )
    looks_new = index is None and since > 0 and first_on.year * 100 + first_on.month < since
    return Known(account_id, book_id, state, day_of(until_on) if until_on else None, before), looks_new


def _add_readings_here(known: dict[int, Known], installation_ids: Sequence[int], period: int) -> None:
    wanted, parameters = ids_table("wanted", installation_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT r.installation_id, r.seq, r.index_l, r.taken_on, r.state, r.source "  # noqa: S608
            "FROM wanted w JOIN meters_installation i ON i.id = w.id JOIN readings_reading r "
            "ON r.account_id = i.account_id AND r.installation_id = i.id AND r.period = %s ORDER BY r.seq",
            [*parameters, period],
        )
        for installation_id, seq, index_l, taken_on, state, source in cursor.fetchall():
            if installation_id in known:
                known[installation_id].here.append(Here(seq, index_l, day_of(taken_on), state, source))
    read = {one.account_id for one in known.values() if one.here}
    billed = billed_accounts(read, period)
    for one in known.values():
        one.billed = one.account_id in billed


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
