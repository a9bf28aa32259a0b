"""Whole sheets of readings by sets: the rows nobody needs to look at never become objects.

A sheet goes into a temporary table once; one statement finds each row's meter and the reading before it, and marks the
rows that are *plain*: nothing about them is remarkable, so the rules (`rules.py`) would accept them without a doubt.
Those are written by one INSERT. All others, a few in a hundred, are judged one by one by the same rules as any reading,
so what is doubtful is decided in one place only; a test holds both ways to the same answers.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries_before import A_YEAR, TWO_YEARS
from mainstay.gas.readings.rules import FACTOR_ONE, FEW_DAYS, HISTORY_DAYS, JUMP_AT_LEAST_L, JUMP_TIMES, MANY_DAYS
from mainstay.kit.dates import previous_period
from mainstay.kit.sheets import Sheet
from mainstay.kit.sqlkit import checked_by_writer, copy_rows, vendor

IN, FOUND = "readings_sheet_in", "readings_sheet_found"
# Beyond it whole numbers of SQLite could turn into floating point; the rules refuse such an index one by one.
TOO_MUCH_L = 1_000_000_000_000
_COLUMNS = ("number", "index_l", "taken_on", "account_no", "meter_no", "note")
_TYPES = ("int4", "int8", "date", "text", "text", "text")
_ALWAYS, _TOGETHER = 3, 100
_SAMPLED, _MOSTLY = "mod(s.number, 100) = 0", 0.9
_DIAL = " ".join(f"WHEN {digits} THEN {10**digits * 1000}" for digits in range(3, 10))


class Place(NamedTuple):
    """A row of the sheet whose meter was found."""

    number: int
    installation_id: int


@dataclass(slots=True)
class Plain:
    """What the set-based way found: how many rows are plain, which rows need a look, and where their meters hang.

    `doubles` names rows about a meter that an earlier row (the value) is about already; `lost` have no one meter.
    `books` are those of all the meters, where the database has locks for them.
    """

    count: int = 0
    rest: list[Place] = field(default_factory=list)
    doubles: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    books: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Places:
    """How the loaded rows find their meters: by which numbers (SQL), within which units (None: all).

    `books` hold most of the meters: PostgreSQL reads their months at once. One left out costs time and nothing else.
    """

    ways: tuple[str, ...]
    units: Collection[int] | None = None
    books: Collection[int] = ()

    @property
    def within(self) -> str:
        """Condition on the account `c`."""
        if self.units is None:
            return ""
        some = "= ANY(%(units)s)" if _postgresql() else "IN (SELECT value FROM json_each(%(units)s))"
        return f"AND c.unit_id {some}"

    @property
    def facts(self) -> dict[str, Any]:
        """Parameters of `within`."""
        units = sorted(self.units or ())
        return {"units": units if _postgresql() else json.dumps(units)}


def load_sheet(sheet: Sheet) -> list[int]:
    """Put the rows that hold a reading into the temporary table; returns numbers of rows only the rules can judge."""
    faults, read = sheet.faults, sheet.read
    columns = [
        sheet.numbers,
        read["index"],
        _days_stored(read["taken_on"]),
        read["account_no"],
        read["meter_no"],
        read["note"],
    ]
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
    if _postgresql() and not _in_order(read["account_no"]):
        rows = sorted(rows, key=itemgetter(_ALWAYS))  # for the merge of `_weigh`: then there is nothing left to sort
    key = "" if _postgresql() else "PRIMARY KEY"  # which SQLite has for nothing
    with connection.cursor() as cursor:
        _make(
            cursor,
            IN,
            f"number integer {key}, index_l bigint, taken_on date, account_no text, meter_no text, note text",
        )
        names, types = [_COLUMNS[place] for place in filled], [_TYPES[place] for place in filled]
        copy_rows(cursor, IN, names, rows, types=types, together=_TOGETHER)
        if _postgresql() and _COLUMNS.index("meter_no") in filled:
            cursor.execute(f"ANALYZE {IN} (account_no, meter_no)")
    return strange


def _in_order(numbers: list[str | None]) -> bool:
    """Whether account numbers are sorted, or cannot be because there are none in some rows."""
    return None in numbers or numbers == sorted(numbers)  # type: ignore[type-var]


def _days_stored(days: list[date | None]) -> list[Any]:
    """SQLite keeps days as text. A sheet has few of them in many rows: each is put into words once, not once a row."""
    if _postgresql():
        return days
    words = {day: day and day.isoformat() for day in set(days)}
    return [words[day] for day in days]


def place_rows(units: Collection[int] | None, *, by_meter: bool = True, books: Collection[int] | None = None) -> Places:
    """Say how the loaded rows find their meters within units (None: all), and look where a sample of them hangs.

    `by_meter`: some rows may give a meter number. `books`: where they hang, when that is known.
    """
    ways = (f"{_BY_ACCOUNT} WHERE s.meter_no IS NULL", _BY_METER) if by_meter else (f"{_BY_ACCOUNT} WHERE true",)
    places = Places(ways, units, books or ())
    return places if books is not None else replace(places, books=placed_books(places, f"AND {_SAMPLED}"))


def placed_books(places: Places, some: str = "") -> set[int]:
    """Return the books of the loaded rows, of all or of those for which an SQL condition holds. SQLite needs none."""
    found: set[int] = set()
    with connection.cursor() as cursor:
        for way in places.ways if _postgresql() else ():
            cursor.execute(f"SELECT DISTINCT e.book_id {way} {places.within} {some}", places.facts)
            found |= {int(row[0]) for row in cursor.fetchall()}
    return found


def find_plain(period: int, today: date, places: Places | None = None, *, keep: bool = True) -> Plain:
    """Find the meters of the loaded rows, mark the plain ones, and tell what becomes of the others.

    `keep`: the plain ones are kept for `write_plain`; a mere look does with less.
    """
    places = places or place_rows(None)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {IN}")  # noqa: S608
        loaded = int(cursor.fetchone()[0])
        _make(cursor, FOUND, _KEPT if keep else _LOOKED_AT)
        _weigh(cursor, places, _facts(period, today) | places.facts, loaded, keep=keep)
        placed, doubles = _tell_apart(cursor)
        cursor.execute(f"SELECT number, installation_id FROM {FOUND} WHERE NOT plain ORDER BY number")  # noqa: S608
        found = Plain(rest=[Place(*row) for row in cursor.fetchall()], doubles=doubles)
        found.count = placed - len(found.rest)
        if placed + len(doubles) < loaded:
            cursor.execute(f"SELECT number FROM {IN} EXCEPT SELECT number FROM {FOUND}")  # noqa: S608
            found.lost = sorted({int(row[0]) for row in cursor.fetchall()} - doubles.keys())
        if _postgresql():
            cursor.execute(f"SELECT DISTINCT book_id FROM {FOUND}")  # noqa: S608
            found.books = {int(row[0]) for row in cursor.fetchall()}
    return found


def _weigh(cursor: Any, places: Places, facts: dict[str, Any], loaded: int, *, keep: bool) -> None:
    """Find the meters of the rows and weigh them: by whole months where those are at hand, the others one by one.

    All that months are joined with is in the order of its ids, or nearly so: merging goes through memory once, where
    hash tables of it would be looked up all over, in twice the time.
    """
    some = places.within
    if months := _months(cursor, places, facts, loaded):
        cursor.execute("SET LOCAL enable_hashjoin = off")
        for way in places.ways:
            cursor.execute(f"INSERT INTO {FOUND} {_weighing(way, some, keep=keep, months=months)}", facts)
        cursor.execute("SET LOCAL enable_hashjoin TO DEFAULT")
        cursor.execute(f"DELETE FROM {FOUND} WHERE plain IS NULL RETURNING installation_id")  # noqa: S608
        facts["open"] = [int(row[0]) for row in cursor.fetchall()]
        some += " AND i.id = ANY(%(open)s)"
    for way in places.ways if not months or facts["open"] else ():
        cursor.execute(f"INSERT INTO {FOUND} {_weighing(way, some, keep=keep)}", facts)


def _months(cursor: Any, places: Places, facts: dict[str, Any], loaded: int) -> str:
    """What to join for weighing by whole months of the books; nothing where they hold much more or less than is asked.

    SQLite reads single rows as fast.
    """
    if not places.books:
        return ""
    facts["books"] = list(places.books)
    cursor.execute(
        "SELECT count(*) FROM readings_reading WHERE period = %(last)s AND state = 3 AND book_id = ANY(%(books)s)",
        facts,
    )
    if not _MOSTLY * loaded <= cursor.fetchone()[0] <= 2 * loaded:
        return ""
    cursor.execute("SELECT EXISTS (SELECT 1 FROM readings_reading WHERE period > %(last)s)", facts)
    return _MONTHS if cursor.fetchone()[0] else _LAST_MONTHS


def _tell_apart(cursor: Any) -> tuple[int, dict[int, int]]:
    """Leave one found row a row of the sheet and a meter; how many are left, and which were doubles.

    A row that fits several meters says too little: the rules tell the person so. Rows about a meter that an earlier row
    is about already are errors. Mostly there are neither, which counting tells.
    """
    cursor.execute(f"SELECT count(*), count(DISTINCT number), count(DISTINCT installation_id) FROM {FOUND}")  # noqa: S608
    placed, numbers, meters = map(int, cursor.fetchone())
    if placed == numbers == meters:
        return placed, {}
    cursor.execute(
        f"DELETE FROM {FOUND} WHERE number IN (SELECT number FROM {FOUND} GROUP BY number HAVING count(*) > 1)"  # noqa: S608
    )
    placed -= cursor.rowcount
    cursor.execute(
        f"SELECT a.number, d.number FROM {FOUND} a JOIN (SELECT installation_id, min(number) AS number FROM {FOUND} "  # noqa: S608
        "GROUP BY installation_id HAVING count(*) > 1) d "
        "ON d.installation_id = a.installation_id AND d.number < a.number"
    )
    doubles = {int(number): int(first) for number, first in cursor.fetchall()}
    if doubles:
        cursor.executemany(f"DELETE FROM {FOUND} WHERE number = %s", [(number,) for number in doubles])  # noqa: S608
    return placed - len(doubles), doubles


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


# What a look needs of each row, and what the writing needs beside it.
_LOOKED_AT = "number integer, installation_id bigint, book_id bigint, plain boolean"
_KEPT = f"""{_LOOKED_AT}, account_id bigint, taken_on date, index_l bigint, previous_on date, previous_index_l bigint,
    note text"""
_PLACE = """SELECT s.number, i.id AS installation_id, i.account_id, e.book_id, i.from_on, i.first_index_l, m.digits,
        m.factor_e4, c.state IN ('active', 'suspended') AS readable, s.taken_on, s.index_l, s.note"""
# A meter number is one meter, and an account given beside it must be the meter's own.
_BY_ACCOUNT = f"""FROM {IN} s JOIN customers_account c ON c.account_no = s.account_no
    JOIN meters_installation i ON i.account_id = c.id AND i.until_on IS NULL JOIN meters_meter m ON m.id = i.meter_id
    JOIN readings_bookentry e ON e.account_id = c.id"""
_BY_METER = f"""FROM {IN} s JOIN meters_meter m ON m.meter_no = s.meter_no
    JOIN meters_installation i ON i.meter_id = m.id AND i.until_on IS NULL
    JOIN customers_account c ON c.id = i.account_id AND (s.account_no IS NULL OR s.account_no = c.account_no)
    JOIN readings_bookentry e ON e.account_id = c.id WHERE s.meter_no IS NOT NULL"""
# The newest reading of any state tells whether the period is untouched and nothing later rests on it.
_OF_METER = "{0}.account_id = a.account_id AND {0}.installation_id = a.installation_id"
_NEWEST = {
    "postgresql": f"""LEFT JOIN LATERAL (SELECT r.period, r.state, r.taken_on, r.index_l FROM readings_reading r
        WHERE {_OF_METER.format("r")} ORDER BY r.period DESC, r.seq DESC LIMIT 1) p ON true""",  # noqa: S608
    "sqlite": f"""LEFT JOIN readings_reading p ON p.rowid = (SELECT r.rowid FROM readings_reading r
        WHERE {_OF_METER.format("r")} ORDER BY r.period DESC, r.seq DESC LIMIT 1)""",  # noqa: S608
}
# A meter has one accepted reading a month, whichever book it stands in. So PostgreSQL reads those of a whole month by
# their books at once: `l` of the month before, `h` of a year ago. A meter that has none there, or one read later (`n`),
# is left open. OFFSET: PostgreSQL would mix the months in before the meters, and sort them once more.
_LAST_MONTHS = f"""LEFT JOIN readings_reading l ON {_OF_METER.format("l")} AND l.state = 3
        AND l.period = %(last)s AND l.book_id = ANY(%(books)s)
      LEFT JOIN readings_reading h ON {_OF_METER.format("h")} AND h.state = 3
        AND h.period = %(year)s AND h.book_id = ANY(%(books)s)"""
_MONTHS = f"""{_LAST_MONTHS} LEFT JOIN LATERAL (SELECT r.period FROM readings_reading r
        WHERE {_OF_METER.format("r")} AND r.period > %(last)s LIMIT 1) n ON true"""  # noqa: S608
_DIAL_OF = f"CASE a.digits {_DIAL} ELSE 0 END"


def _days(until: str, since: str) -> str:
    return f"({until} - {since})" if _postgresql() else f"CAST(julianday({until}) - julianday({since}) AS INTEGER)"


def _weighing(way: str, within: str, *, keep: bool, months: str = "") -> str:
    """Each row whose meter is found, with the reading before it, and whether `rules.judge` had nothing to say about it.

    Until its first reading a meter stands as it was hung. By `months` rows can be left open: neither plain nor not.
    A CASE stops at the first condition that fails; as a mere value, SQLite would work all of them out.
    """
    yes, no = ("true", "false") if _postgresql() else ("1", "0")
    if months:
        since, from_l = "l.taken_on", "l.index_l"
        untouched = "true"
        left_open = f"WHEN l.period IS NULL{' OR n.period IS NOT NULL' if months == _MONTHS else ''} THEN NULL"
    else:
        since, from_l = "coalesce(p.taken_on, a.from_on)", "coalesce(p.index_l, a.first_index_l)"
        untouched = "(p.period IS NULL OR (p.state = 3 AND p.period BETWEEN %(since)s AND %(last)s))"
        left_open = ""
    days = _days("a.taken_on", since)
    usual = _is_usual(days, since, from_l, at_hand=bool(months))
    kept = f", a.account_id, a.taken_on, a.index_l, {since}, {from_l}, substr(coalesce(a.note, ''), 1, 120)"
    return f"""
    SELECT a.number, a.installation_id, a.book_id,
           CASE {left_open} WHEN a.readable AND a.factor_e4 = {FACTOR_ONE}
             AND a.index_l > {from_l} AND a.index_l < {_DIAL_OF} AND {untouched}
             AND a.taken_on <= %(today)s AND {days} BETWEEN {FEW_DAYS} AND {MANY_DAYS} AND ({usual})
             THEN {yes} ELSE {no} END AS plain{kept if keep else ""}
      FROM ({_PLACE} {way} {within}{" OFFSET 0" if months else ""}) a {months or _NEWEST[vendor()]}"""  # noqa: S608


def _is_usual(days: str, since: str, from_l: str, *, at_hand: bool) -> str:
    """`rules.usual_volume` in SQL: not more than a jump by itself, nor than usual, or nothing is known to be usual.

    Looked up only where more was used than is ever doubtful by itself: the same period of last year, then the own mean
    since the first reading of the last two years.
    """
    used, own, own_days = f"a.index_l - {from_l}", f"({from_l} - f.previous_index_l)", _days(since, "f.previous_on")
    year_days, here_days = _days("y.taken_on", "y.previous_on"), _days("h.taken_on", "h.previous_on")
    last_year = f"""(SELECT y.volume_l * {days} / {year_days} FROM readings_reading y
        WHERE {_OF_METER.format("y")} AND y.period = %(year)s AND y.state = 3 AND {year_days} >= {HISTORY_DAYS})"""  # noqa: S608
    if at_hand:
        last_year = f"""CASE WHEN h.period IS NULL THEN {last_year}
        WHEN {here_days} >= {HISTORY_DAYS} THEN h.volume_l * {days} / {here_days} END"""
    mean = f"""(SELECT CASE WHEN {own_days} >= {HISTORY_DAYS} THEN ({own} + CASE WHEN 2 * {own} < -{_DIAL_OF}
        THEN {_DIAL_OF} ELSE 0 END) * {days} / {own_days} END FROM readings_reading f WHERE {_OF_METER.format("f")}
        AND f.period BETWEEN %(since)s AND %(last)s AND f.state = 3 ORDER BY f.period LIMIT 1)"""  # noqa: S608
    return (
        f"{used} <= {JUMP_AT_LEAST_L} OR {used} <= {JUMP_TIMES} * {last_year} OR {used} <= {JUMP_TIMES} * {mean} "
        f"OR ({last_year} IS NULL AND {mean} IS NULL)"
    )


def _facts(period: int, today: date) -> dict[str, Any]:
    """Parameters of the weighing: the periods it looks at."""
    return {"last": previous_period(period), "since": period - TWO_YEARS, "year": period - A_YEAR, "today": today}
