"""Readings by the hundred thousand: what is known before them, judged by the rules, written in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries_before import Known, billed_accounts, known_before
from mainstay.gas.readings.rules import Doubt, Refusal, Verdict, judge, refusal
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import copy_rows, ids_table, lock_many

if TYPE_CHECKING:
    from mainstay.core.access.models import User

_COLUMNS = (
    "account_id", "installation_id", "period", "seq", "book_id", "taken_on", "index_l", "previous_on",
    "previous_index_l", "volume_l", "source", "state", "doubts", "rollover", "note", "client_key", "sheet_id",
    "taken_by_id", "recorded_at",
)  # fmt: skip
_KEY, _SHEET, _AT = (_COLUMNS.index(name) for name in ("client_key", "sheet_id", "recorded_at"))
_READABLE = (Account.State.ACTIVE, Account.State.SUSPENDED)


class NewReading(NamedTuple):
    """A reading on its way in. `number` is the caller's own (a row of a sheet) and comes back with refusals."""

    installation_id: int
    index_l: int
    taken_on: date
    number: int = 0
    note: str = ""
    client_key: UUID | None = None


class NewVisit(NamedTuple):
    """A visit without a reading on its way in; `reason` is one of `Visit.Reason`."""

    installation_id: int
    on: date
    reason: str
    note: str


@dataclass(slots=True)
class Recorded:
    """What became of the rows: how many are new, were there already, are questioned; and which were refused why.

    `plain` counts rows of a sheet that wait in its temporary table (`batch_sheet`); they are among the new ones. `shut`
    are meters of a sheet that were visited in vain.
    """

    new: int = 0
    already: int = 0
    questioned: int = 0
    plain: int = 0
    refused: list[tuple[int, int]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    superseded: list[tuple[int, int]] = field(default_factory=list)
    shut: list[NewVisit] = field(default_factory=list)
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def stamp_sheet(self, sheet_id: int) -> None:
        """Note on every row which sheet it came with."""
        for row in self.rows:
            row[_SHEET] = sheet_id


def weigh_readings(
    rows: Sequence[NewReading],
    *,
    period: int,
    by: User,
    source: int,
    today: date,
    now: datetime | None = None,
    sheet_id: int | None = None,
) -> Recorded:
    """Judge rows (at most one a meter) as readings of `period` and say what would become of them; writes nothing.

    A row that equals a reading already there (same index and day) is "already there". A doubtful one is questioned;
    a good one is accepted, and takes the place of an estimate of the same period that is not billed.
    """
    known = known_before([row.installation_id for row in rows], period)
    found, stamp = Recorded(), _Stamp(period, source, sheet_id, by.pk, now or timezone.now())
    for row in rows:
        before = known.get(row.installation_id)
        if before is None:
            found.refused.append((row.number, Refusal.AFTER_REMOVAL))
            continue
        if before.here and any(one.index_l == row.index_l and one.taken_on == row.taken_on for one in before.here):
            found.already += 1
            continue
        wrong = refusal(row.index_l, row.taken_on, today, before.before)
        if before.until_on and row.taken_on > before.until_on:
            wrong |= Refusal.AFTER_REMOVAL
        if before.account_state not in _READABLE:
            wrong |= Refusal.NOT_READ
        if wrong:
            found.refused.append((row.number, wrong))
            continue
        _take(found, row, before, stamp)
    return found


class _Stamp(NamedTuple):
    period: int
    source: int
    sheet_id: int | None
    by_id: int
    at: datetime


def _take(found: Recorded, row: NewReading, known: Known, stamp: _Stamp) -> None:
    verdict = judge(row.index_l, row.taken_on, known.before)
    if known.here and _is_second(known, stamp.source):
        verdict = Verdict(verdict.volume_l, verdict.doubts | Doubt.SECOND, verdict.rollover)
    state = Reading.State.QUESTIONED if verdict.questioned else Reading.State.ACCEPTED
    if state == Reading.State.ACCEPTED:
        found.superseded += [
            (row.installation_id, one.seq) for one in known.here if one.state != Reading.State.SET_ASIDE
        ]
    else:
        found.questioned += 1
    found.new += 1
    found.verdicts[row.number] = verdict
    found.rows.append(
        [
            known.account_id, row.installation_id, stamp.period, len(known.here), known.book_id, row.taken_on,
            row.index_l, known.before.on, known.before.index_l, verdict.volume_l, stamp.source, state,
            int(verdict.doubts), verdict.rollover, row.note[:120], row.client_key, stamp.sheet_id, stamp.by_id,
            stamp.at,
        ]
    )  # fmt: skip


def _is_second(known: Known, source: int) -> bool:
    """Whether a reading counts already that this one must not replace by itself."""
    accepted = [one for one in known.here if one.state == Reading.State.ACCEPTED]
    stands = source != Reading.Source.EXCHANGE and any(
        one.source != Reading.Source.ESTIMATE or source == Reading.Source.ESTIMATE for one in accepted
    )
    return stands or bool(accepted and known.billed)


def record_readings(
    rows: Sequence[NewReading], *, period: int, by: User, source: int, today: date, sheet_id: int | None = None
) -> Recorded:
    """Judge and write readings of one period; see `weigh_readings` for the rules. Called by actions."""
    with transaction.atomic():
        lock_books(rows)
        found = weigh_readings(rows, period=period, by=by, source=source, today=today, sheet_id=sheet_id)
        write_readings(found, period=period, by=by)
    return found


def lock_books(rows: Sequence[NewReading]) -> None:
    """Let everybody wait who brings readings of the same books, until the transaction ends."""
    lock_many("readings.book", _books_of([row.installation_id for row in rows]))


def write_readings(found: Recorded, *, period: int, by: User) -> None:
    """Write what `weigh_readings` found since `lock_books`, in the same transaction.

    Readings of a later period that are already in get their volume worked out again. Raises Problem when such a one is
    billed.
    """
    with connection.cursor() as cursor:
        _set_aside(cursor, found, period, by)
        copy_rows(cursor, Reading._meta.db_table, _COLUMNS, _stored(found.rows))
    follow_up({row[1] for row in found.rows if row[11] == Reading.State.ACCEPTED}, after=period)


def _stored(rows: list[list[Any]]) -> list[list[Any]]:
    """SQLite keeps a UUID as 32 hexadecimal digits, an instant as text; all rows were recorded at the same one."""
    if connection.vendor == "postgresql" or not rows:
        return rows
    at = str(_instant(rows[0][_AT]))
    return [[*row[:_KEY], row[_KEY].hex if row[_KEY] else None, *row[_SHEET:_AT], at] for row in rows]


def _books_of(installation_ids: Sequence[int]) -> list[int]:
    wanted, parameters = ids_table("wanted", installation_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT DISTINCT e.book_id FROM wanted w "  # noqa: S608
            "JOIN meters_installation i ON i.id = w.id JOIN readings_bookentry e ON e.account_id = i.account_id",
            parameters,
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _set_aside(cursor: Any, found: Recorded, period: int, by: User) -> None:
    """Put what the new accepted readings replace aside; the facts stay."""
    account_of = {row[1]: row[0] for row in found.rows}
    values = [
        (Reading.State.SET_ASIDE, by.pk, _instant(timezone.now()), account_of[installation], installation, period, seq)
        for installation, seq in found.superseded
    ]
    if values:
        cursor.executemany(
            "UPDATE readings_reading SET state = %s, decided_by_id = %s, decided_at = %s "
            "WHERE account_id = %s AND installation_id = %s AND period = %s AND seq = %s",
            values,
        )


def _instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def follow_up(installation_ids: Iterable[int], *, after: int) -> int:
    """Work out volume and doubts again of the first readings after period `after`, which rest on those that changed.

    Returns how many were changed. Raises Problem when one of them is billed already: cancel that bill first.
    """
    keys = _first_later(sorted(installation_ids), after)
    if not keys:
        return 0
    billed = billed_accounts({account_id for account_id, _installation, _period in keys}, after)
    if billed:
        number = Account.objects.get(pk=min(billed)).account_no
        text = _("A later period of account %(number)s is already billed. Cancel that bill first.")
        raise Problem(text % {"number": number}, code="later_billed")
    live = (Reading.State.ACCEPTED, Reading.State.QUESTIONED)
    changed = 0
    for account_id, installation_id, period in keys:
        rows = Reading.objects.filter(account_id=account_id, installation_id=installation_id, period=period)
        changed += sum(_rework(one) for one in rows.filter(state__in=live))
    return changed


def _first_later(installation_ids: Sequence[int], after: int) -> list[tuple[int, int, int]]:
    wanted, parameters = ids_table("wanted", installation_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT r.account_id, r.installation_id, min(r.period) FROM wanted w "  # noqa: S608
            "JOIN meters_installation i ON i.id = w.id JOIN readings_reading r ON r.account_id = i.account_id "
            "AND r.installation_id = i.id AND r.period > %s AND r.state IN (2, 3) "
            "GROUP BY r.account_id, r.installation_id",
            [*parameters, after],
        )
        return [(int(a), int(i), int(p)) for a, i, p in cursor.fetchall()]


def _rework(reading: Reading) -> int:
    known = known_before([reading.installation_id], reading.period)[reading.installation_id]
    verdict = judge(reading.index_l, reading.taken_on, known.before)
    return Reading.objects.filter(pk=reading.pk).update(
        previous_on=known.before.on,
        previous_index_l=known.before.index_l,
        volume_l=verdict.volume_l,
        rollover=verdict.rollover,
        doubts=int(verdict.doubts) | (reading.doubts & Doubt.SECOND),
    )
