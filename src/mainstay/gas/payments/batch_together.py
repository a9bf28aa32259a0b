"""Reading for several desks at once: payments that wait at the same moment share their journeys to the database.

Nobody here waits for a lock. Who does not get all of its locks at once, whose serial is known, who has late fees that
were accrued, or for whom others have something to charge first, is left out, and is booked by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection

from mainstay.gas.payments.batch import ACCOUNTS, CLOSED, DAY_LOCK, ITEMS, SHIFT, SHIFT_LOCK, Book, Rows, as_day
from mainstay.gas.payments.hooks_before import looks_before
from mainstay.gas.payments.rules import NewPayment
from mainstay.kit.sqlkit import among, locks
from mainstay.kit.sqlkit.plans import LOOK_UPS
from mainstay.kit.sqlkit.trips import Statement, round_trip

_LOCKS = f"""SELECT {LOOK_UPS},
  ARRAY(SELECT w.place FROM unnest(%s::bigint[], %s::int[]) AS w(number, place) WHERE NOT CASE w.place
    WHEN -1 THEN pg_try_advisory_xact_lock_shared(w.number) ELSE pg_try_advisory_xact_lock(w.number) END)::text"""  # noqa: S608  # constants
_SERIALS_POSTGRESQL = """SELECT s.channel, s.business_on, s.serial
FROM unnest(%s::text[], %s::date[], %s::text[]) AS w(channel, business_on, serial) CROSS JOIN LATERAL (
  SELECT y.channel, y.business_on, y.serial FROM payments_serial y
  WHERE y.channel = w.channel AND y.business_on = w.business_on AND y.serial = w.serial LIMIT 1) s"""
_SERIALS_SQLITE = """SELECT s.channel, s.business_on, s.serial FROM payments_serial s
WHERE (s.channel, s.business_on, s.serial) IN (VALUES {marks})"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment, the book of its desk, which is empty yet, and its place among those that came together."""

    place: int
    book: Book
    payment: NewPayment

    @property
    def keys(self) -> list[Hashable]:
        """What no other payment of the same transaction may touch."""
        shift = self.payment.shift_id
        keys: list[Hashable] = [("account", self.payment.account_id), self.payment.serial_key]
        return keys if shift is None else [*keys, ("shift", shift)]

    @property
    def lock_numbers(self) -> list[int]:
        """The locks that `Book.load` would wait for, except the day's."""
        one = self.payment
        numbers = [
            locks.lock_number(f"serial:{one.channel}:{one.serial}", 0),
            locks.lock_number("account", one.account_id),
        ]
        return numbers if one.shift_id is None else [*numbers, locks.lock_number(SHIFT_LOCK, one.shift_id)]


def load_together(wanted: Sequence[Wanted], counter: str) -> list[Wanted]:
    """Lock and read for each book in one journey; returns those that may be booked now, in order.

    `counter` is the channel before whose payments others may charge first.
    """
    apart = _apart(wanted)
    if not apart:
        return []
    ids = [one.payment.account_id for one in apart]
    shifts = [one.payment.shift_id for one in apart if one.payment.shift_id is not None]
    days = sorted({one.payment.business_on for one in apart})
    before = _locks(apart, days)
    reads = [_in(ACCOUNTS, ids), _in(ITEMS, ids), _serials(apart)]
    reads += [(CLOSED, [day]) for day in days]
    reads += [_in(SHIFT, shifts)] if shifts else []
    looks = _looks(apart, counter)
    found = round_trip([*before, *reads, *looks])
    taken, rest = _refused(found[: len(before)]), iter(found[len(before) :])
    accounts, items, known = next(rest), next(rest), {_serial_key(row) for row in next(rest)}
    closed = {day: next(rest) for day in days}
    shift_rows = next(rest) if shifts else []
    waiting = {row[0] for rows in rest for row in rows}
    _give(apart, accounts, items, closed, shift_rows)
    return [
        one
        for place, one in enumerate(apart)
        if not taken & {place, _ALL}
        and one.payment.serial_key not in known
        and not any(account.accrued for account in one.book.accounts.values())
        and (one.payment.channel != counter or one.payment.account_id not in waiting)
    ]


_ALL = -1


def _apart(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those that have nothing in common with one before them."""
    seen: set[Hashable] = set()
    apart = []
    for one in wanted:
        keys = one.keys
        if seen.isdisjoint(keys):
            apart.append(one)
            seen.update(keys)
    return apart


def _locks(wanted: Sequence[Wanted], days: Sequence[dt.date]) -> list[Statement]:
    """The locks of each payment under its place, the day's, which all share, under _ALL."""
    if connection.vendor != "postgresql" or not locks.LOCKS_ON:
        return []
    pairs = [(locks.lock_number(DAY_LOCK, day.toordinal()), _ALL) for day in days]
    pairs += [(number, place) for place, one in enumerate(wanted) for number in one.lock_numbers]
    return [(_LOCKS, [list(column) for column in zip(*pairs, strict=True)])]


def _refused(found: Sequence[Rows]) -> set[int]:
    """Places of those whose locks somebody else holds; _ALL when a day is being closed."""
    return {int(place) for rows in found for place in rows[0][2].strip("{}").split(",") if place}


def _in(sql: str, numbers: Sequence[int]) -> Statement:
    column = "s.id" if sql is SHIFT else "a.id" if sql is ACCOUNTS else "i.account_id"
    condition, parameters = among(column, numbers)
    return sql.format(chosen=condition), parameters


def _serials(wanted: Sequence[Wanted]) -> Statement:
    keys = [one.payment.serial_key for one in wanted]
    if connection.vendor == "postgresql":
        return _SERIALS_POSTGRESQL, [list(column) for column in zip(*keys, strict=True)]
    marks = ", ".join(["(%s, %s, %s)"] * len(keys))
    return _SERIALS_SQLITE.format(marks=marks), [value for key in keys for value in key]


def _serial_key(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[0], as_day(row[1]), row[2]


def _looks(wanted: Sequence[Wanted], counter: str) -> list[Statement]:
    asked = sorted(
        (one.payment.business_on, one.payment.account_id) for one in wanted if one.payment.channel == counter
    )
    return [
        look
        for day, pairs in groupby(asked, key=lambda pair: pair[0])
        for look in looks_before([account_id for _day, account_id in pairs], day)
    ]


def _give(wanted: Sequence[Wanted], accounts: Rows, items: Rows, closed: Mapping[Any, Rows], shifts: Rows) -> None:
    """Hand each book what was read for it."""
    by_account = {row[0]: row for row in accounts}
    by_shift = {row[0]: row for row in shifts}
    open_of: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in items:
        open_of[row[0]].append(row)
    for one in wanted:
        account = by_account.get(one.payment.account_id)
        shift = by_shift.get(one.payment.shift_id)
        one.book.take(
            [account] if account else [],
            open_of[one.payment.account_id],
            closed[one.payment.business_on],
            shifts=[shift] if shift else [],
        )
