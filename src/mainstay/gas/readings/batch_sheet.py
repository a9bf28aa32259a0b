"""Whole sheets of readings by sets: the rows nobody needs to look at never become objects.

A sheet goes into a temporary table once; one statement finds each row's meter and the reading before it, and marks the
rows that are *plain*: nothing about them is remarkable, so the rules (`rules.py`) would accept them without a doubt.
Those are written by one INSERT. All others, a few in a hundred, are judged one by one by the same rules as any reading,
so what is doubtful is decided in one place only; a test holds both ways to the same answers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries_before import A_YEAR, TWO_YEARS
from mainstay.gas.readings.rules import FACTOR_ONE, FEW_DAYS, HISTORY_DAYS, JUMP_AT_LEAST_L, JUMP_TIMES, MANY_DAYS
from mainstay.kit.dates import previous_period
from mainstay.kit.sheets import Sheet
from mainstay.kit.sqlkit import checked_by_writer, copy_rows, vendor

IN, AT, FOUND = "readings_sheet_in", "readings_sheet_at", "readings_sheet_found"
# Beyond it whole numbers of SQLite could turn into floating point; the rules refuse such an index one by one.
TOO_MUCH_L = 1_000_000_000_000
_COLUMNS = ("number", "index_l", "taken_on", "account_no", "meter_no", "note")
_ALWAYS, _TOGETHER = 3, 100
_DIAL = " ".join(f"WHEN {digits} THEN {10**digits * 1000}" for digits in range(3, 10))


class Place(NamedTuple):
    """A row of the sheet whose meter was found."""

    number: int
    installation_id: int


@dataclass(slots=True)
class Plain:
    """What the set-based way found: how many rows are plain, which rows need a look, and where their meters hang.

    `doubles` names rows about a meter that an earlier row (the value) is about already; `lost` have no one meter.
    """

    count: int = 0
    rest: list[Place] = field(default_factory=list)
    doubles: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)


def load_sheet(sheet: Sheet) -> list[int]:
    """Put the rows that hold a reading into the temporary table; returns numbers of rows only the rules can judge."""
    faults, read = sheet.faults, sheet.read
    # A sheet has few days in many rows: each is put into the database's words once, not once a row.
    days = {day: day and day.isoformat() for day in set(read["taken_on"])}
    taken_on = [days[day] for day in read["taken_on"]]
    columns = [sheet.numbers, read["index"], taken_on, read["account_no"], read["meter_no"], read["note"]]
    filled = [place for place, values in enumerate(columns) if place < _ALWAYS or any(values)]
    rows: Iterable[tuple[Any, ...]] = zip(*(columns[place] for place in filled), strict=True)
    if faults or None in read["index"] or None in read["taken_on"]:
        rows = [row for row in rows if row[0] not in faults and row[1] is not None and row[2] is not None]
    strange: list[int] = []
    indexes = [index for index in read["index"] if index is not None]
    if indexes and (max(indexes) >= TOO_MUCH_L or min(indexes) <= -TOO_MUCH_L):
        rows = list(rows)
        strange = [row[0] for row in rows if abs(row[1]) >= TOO_MUCH_L]
        rows = [row for row in rows if abs(row[1]) < TOO_MUCH_L]
    with connection.cursor() as cursor:
        _make(
            cursor,
            IN,
            "number integer PRIMARY KEY, index_l bigint, taken_on date, account_no text, meter_no text, note text",
        )
        copy_rows(cursor, IN, [_COLUMNS[place] for place in filled], rows, together=_TOGETHER)
        if _postgresql() and _COLUMNS.index("meter_no") in filled:
            cursor.execute(f"ANALYZE {IN} (account_no, meter_no)")
    return strange


def place_rows(units: Collection[int] | None, *, by_meter: bool = True) -> None:
    """Find the meter of each loaded row within units (None: all); `by_meter`: some rows may give a meter number."""
    with connection.cursor() as cursor:
        _make(
            cursor,
            AT,
            "number integer, installation_id bigint, account_id bigint, book_id bigint, from_on date, "
            "first_index_l bigint, digits integer, factor_e4 integer, readable boolean, taken_on date, index_l bigint, "
            "note text",
        )
        some = "AND c.unit_id = ANY(%s)" if _postgresql() else "AND c.unit_id IN (SELECT value FROM json_each(%s))"
        for way in (f"{_BY_ACCOUNT} AND s.meter_no IS NULL", _BY_METER) if by_meter else (_BY_ACCOUNT,):
            cursor.execute(
                f"INSERT INTO {AT} {_PLACE} {way} {'' if units is None else some}",
                [] if units is None else [sorted(units) if _postgresql() else json.dumps(sorted(units))],
            )


def placed_books() -> list[int]:
    """Return the books of the placed rows, which want locking before anything is found out about them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT book_id FROM {AT}")  # noqa: S608
        return [int(row[0]) for row in cursor.fetchall()]


def find_plain(period: int, today: date, *, keep: bool = True) -> Plain:
    """Mark the plain ones among the placed rows, and tell what becomes of the others.

    `keep`: the plain ones are kept for `write_plain`; a mere look does without.
    """
    with connection.cursor() as cursor:
        loaded, placed, doubles = _tell_apart(cursor)
        found, weighing, facts = Plain(doubles=doubles), _weighing(), _facts(cursor, period, today, placed)
        if keep:
            _make(
                cursor,
                FOUND,
                "number integer, installation_id bigint, account_id bigint, book_id bigint, taken_on date, "
                "index_l bigint, previous_on date, previous_index_l bigint, note text, plain boolean",
            )
            cursor.execute(f"INSERT INTO {FOUND} {weighing}", facts)
            cursor.execute(f"SELECT number, installation_id FROM {FOUND} WHERE NOT plain ORDER BY number")  # noqa: S608
        else:
            cursor.execute(
                f"SELECT number, installation_id FROM ({weighing}) w WHERE NOT plain ORDER BY number",  # noqa: S608
                facts,
            )
        found.rest = [Place(*row) for row in cursor.fetchall()]
        found.count = placed - len(found.rest)
        if placed + len(found.doubles) < loaded:
            cursor.execute(f"SELECT number FROM {IN} EXCEPT SELECT number FROM {AT}")  # noqa: S608
            found.lost = sorted({int(row[0]) for row in cursor.fetchall()} - found.doubles.keys())
    return found


def _tell_apart(cursor: Any) -> tuple[int, int, dict[int, int]]:
    """Leave one placed row a row of the sheet and a meter; how many are loaded, how many placed, which were doubles.

    A row that fits several meters says too little: the rules tell the person so. Rows about a meter that an earlier row
    is about already are errors. Mostly there are neither, which counting tells.
    """
    counts = f"""SELECT (SELECT count(*) FROM {IN}), count(*), count(DISTINCT number), count(DISTINCT installation_id)
        FROM {AT}"""  # noqa: S608
    cursor.execute(counts)
    loaded, placed, numbers, meters = map(int, cursor.fetchone())
    if placed == numbers == meters:
        return loaded, placed, {}
    cursor.execute(
        f"DELETE FROM {AT} WHERE number IN (SELECT number FROM {AT} GROUP BY number HAVING count(*) > 1)"  # noqa: S608
    )
    placed -= cursor.rowcount
    cursor.execute(
        f"SELECT a.number, d.number FROM {AT} a JOIN (SELECT installation_id, min(number) AS number FROM {AT} "  # noqa: S608
        "GROUP BY installation_id HAVING count(*) > 1) d "
        "ON d.installation_id = a.installation_id AND d.number < a.number"
    )
    doubles = {int(number): int(first) for number, first in cursor.fetchall()}
    if doubles:
        cursor.executemany(f"DELETE FROM {AT} WHERE number = %s", [(number,) for number in doubles])  # noqa: S608
    return loaded, placed - len(doubles), doubles


def write_plain(*, period: int, sheet_id: int, by_id: int) -> int:
    """Write the plain rows as accepted readings; returns how many.

    They were joined with their accounts and meters in this transaction, and those are never deleted.
    """
    with connection.cursor() as cursor, checked_by_writer(cursor):
        cursor.execute(
            "INSERT INTO readings_reading (account_id, installation_id, period, seq, book_id, taken_on, index_l, "  # noqa: S608
            "previous_on, previous_index_l, volume_l, source, state, doubts, rollover, note, sheet_id, taken_by_id, "
            "recorded_at) SELECT account_id, installation_id, %s, 0, book_id, taken_on, index_l, previous_on, "
            f"previous_index_l, index_l - previous_index_l, %s, %s, 0, %s, note, %s, %s, %s FROM {FOUND} WHERE plain",
            [
                period, Reading.Source.IMPORT, Reading.State.ACCEPTED, False, sheet_id, by_id,
                connection.ops.adapt_datetimefield_value(timezone.now()),
            ],
        )  # fmt: skip
        return int(cursor.rowcount)


def _postgresql() -> bool:
    return vendor() == "postgresql"


def _make(cursor: Any, name: str, columns: str) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS {name}")
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}){' ON COMMIT DROP' if _postgresql() else ''}")


_PLACE = """SELECT s.number, i.id, i.account_id, e.book_id, i.from_on, i.first_index_l, m.digits, m.factor_e4,
        c.state IN ('active', 'suspended'), s.taken_on, s.index_l, substr(coalesce(s.note, ''), 1, 120)"""
# A meter number is one meter, and an account given beside it must be the meter's own.
_BY_ACCOUNT = f"""FROM {IN} s JOIN customers_account c ON c.account_no = s.account_no
    JOIN meters_installation i ON i.account_id = c.id AND i.until_on IS NULL JOIN meters_meter m ON m.id = i.meter_id
    JOIN readings_bookentry e ON e.account_id = c.id"""
_BY_METER = f"""FROM {IN} s JOIN meters_meter m ON m.meter_no = s.meter_no
    JOIN meters_installation i ON i.meter_id = m.id AND i.until_on IS NULL
    JOIN customers_account c ON c.id = i.account_id AND (s.account_no IS NULL OR s.account_no = c.account_no)
    JOIN readings_bookentry e ON e.account_id = c.id"""
# The newest reading of any state tells whether the period is untouched and nothing later rests on it.
# A meter has one accepted reading a month, whichever book it stands in. So PostgreSQL reads those of a whole month by
# their books at once: `l` of the month before, `h` of a year ago. Only for a meter that has none there, or one read
# later, its own readings are looked through.
_OF_METER = "{0}.account_id = a.account_id AND {0}.installation_id = a.installation_id"
_NEWEST = {
    "postgresql": f"""LEFT JOIN readings_reading l ON {_OF_METER.format("l")} AND l.state = 3
        AND l.period = %(last)s AND l.book_id = ANY(CAST(%(books)s AS bigint[]))
      LEFT JOIN readings_reading h ON {_OF_METER.format("h")} AND h.state = 3
        AND h.period = %(year)s AND h.book_id = ANY(CAST(%(books)s AS bigint[]))
      LEFT JOIN LATERAL (SELECT r.period, r.state, r.taken_on, r.index_l FROM readings_reading r
        WHERE {_OF_METER.format("r")} AND (l.period IS NULL OR a.number = ANY(CAST(%(later)s AS integer[])))
        ORDER BY r.period DESC, r.seq DESC LIMIT 1) p ON true""",  # noqa: S608
    "sqlite": f"""LEFT JOIN readings_reading p ON p.rowid = (SELECT r.rowid FROM readings_reading r
        WHERE {_OF_METER.format("r")} ORDER BY r.period DESC, r.seq DESC LIMIT 1)""",  # noqa: S608
}  # fmt: skip
_DIAL_OF = f"CASE a.digits {_DIAL} ELSE 0 END"


def _before() -> tuple[str, str]:
    """Day and index of the reading before; until its first one a meter stands as it was hung."""
    last = ("l.taken_on, ", "l.index_l, ") if _postgresql() else ("", "")
    return f"coalesce(p.taken_on, {last[0]}a.from_on)", f"coalesce(p.index_l, {last[1]}a.first_index_l)"


def _days(until: str, since: str) -> str:
    return f"({until} - {since})" if _postgresql() else f"CAST(julianday({until}) - julianday({since}) AS INTEGER)"


def _weighing() -> str:
    """Each placed row with the reading before it, and whether `rules.judge` would have nothing to say about it.

    A CASE stops at the first condition that fails; as a mere value, SQLite would work all of them out.
    """
    yes, no = ("true", "false") if _postgresql() else ("1", "0")
    since, from_l = _before()
    days = _days("a.taken_on", since)
    usual = _is_usual(days, since, from_l)
    return f"""
    SELECT a.number, a.installation_id, a.account_id, a.book_id, a.taken_on, a.index_l, {since}, {from_l}, a.note,
           CASE WHEN a.readable AND a.factor_e4 = {FACTOR_ONE} AND a.index_l > {from_l} AND a.index_l < {_DIAL_OF}
             AND (p.period IS NULL OR (p.state = 3 AND p.period BETWEEN %(since)s AND %(last)s))
             AND a.taken_on <= %(today)s AND {days} BETWEEN {FEW_DAYS} AND {MANY_DAYS} AND ({usual})
             THEN {yes} ELSE {no} END AS plain
      FROM {AT} a {_NEWEST[vendor()]}"""  # noqa: S608


def _is_usual(days: str, since: str, from_l: str) -> str:
    """`rules.usual_volume` in SQL: not more than a jump by itself, nor than usual, or nothing is known to be usual.

    Looked up only where more was used than is ever doubtful by itself: the same period of last year, then the own mean
    since the first reading of the last two years.
    """
    used, own, own_days = f"a.index_l - {from_l}", f"({from_l} - f.previous_index_l)", _days(since, "f.previous_on")
    year_days, at_hand = _days("y.taken_on", "y.previous_on"), _days("h.taken_on", "h.previous_on")
    last_year = f"""(SELECT y.volume_l * {days} / {year_days} FROM readings_reading y
        WHERE {_OF_METER.format("y")} AND y.period = %(year)s AND y.state = 3 AND {year_days} >= {HISTORY_DAYS})"""  # noqa: S608
    if _postgresql():
        last_year = f"""CASE WHEN h.period IS NULL THEN {last_year}
        WHEN {at_hand} >= {HISTORY_DAYS} THEN h.volume_l * {days} / {at_hand} END"""
    mean = f"""(SELECT CASE WHEN {own_days} >= {HISTORY_DAYS} THEN ({own} + CASE WHEN 2 * {own} < -{_DIAL_OF}
        THEN {_DIAL_OF} ELSE 0 END) * {days} / {own_days} END FROM readings_reading f WHERE {_OF_METER.format("f")}
        AND f.period BETWEEN %(since)s AND %(last)s AND f.state = 3 ORDER BY f.period LIMIT 1)"""  # noqa: S608
    return (
        f"{used} <= {JUMP_AT_LEAST_L} OR {used} <= {JUMP_TIMES} * {last_year} OR {used} <= {JUMP_TIMES} * {mean} "
        f"OR ({last_year} IS NULL AND {mean} IS NULL)"
    )


def _facts(cursor: Any, period: int, today: date, placed: int) -> dict[str, Any]:
    """Parameters of the weighing: the periods it looks at; for PostgreSQL the books, and the rows read later on.

    Books of which the sheet has less than half are left out: their months hold more than is asked for.
    """
    facts = {"last": previous_period(period), "since": period - TWO_YEARS, "year": period - A_YEAR, "today": today}
    if not _postgresql():
        return facts
    books = placed_books()
    cursor.execute("SELECT count(*) FROM readings_bookentry WHERE book_id = ANY(CAST(%s AS bigint[]))", [books])
    if cursor.fetchone()[0] > 2 * placed:
        return facts | {"later": [], "books": []}
    cursor.execute(
        f"SELECT DISTINCT a.number FROM {AT} a JOIN readings_reading r ON {_OF_METER.format('r')} "  # noqa: S608
        "AND r.period > %(last)s",
        facts,
    )
    return facts | {"later": [row[0] for row in cursor.fetchall()], "books": books}
