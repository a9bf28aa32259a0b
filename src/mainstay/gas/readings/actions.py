"""Books and readings: every write."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.readings.batch import NewReading, Recorded, follow_up, record_readings, write_readings
from mainstay.gas.readings.batch_sheet import write_plain
from mainstay.gas.readings.batch_visits import write_visits
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.gas.readings.queries import unread_installations
from mainstay.gas.readings.queries_before import billed_accounts, known_before
from mainstay.gas.readings.rules import estimated_index, judge, refusal
from mainstay.gas.readings.rules_words import refusal_sentence
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.core.sheets.models import SheetImport
    from mainstay.gas.customers.models import Account
    from mainstay.gas.meters.models import Installation


@action("gas.readings.create_book", title=_("Create book"), unit=lambda unit, **_f: unit.pk)
def create_book(*, code: str, name: str, unit: Unit, reader: User | None, cycle: str, by: User) -> Book:
    """Create an empty book. Raises Problem when the code is taken."""
    if Book.objects.filter(code=code).exists():
        raise Problem(_("There is already a book with this code."), field="code", code="taken")
    book = Book.objects.create(code=code, name=name, unit=unit, reader=reader, cycle=cycle)
    note_change(after={"code": code, "reader": reader.pk if reader else None})
    return book


@action("gas.readings.change_book", title=_("Change book"), unit=lambda book, **_f: book.unit_id)
def change_book(*, book: Book, name: str, reader: User | None, cycle: str, by: User) -> Book:
    """Change a book's name, reader or cycle."""
    before = {"name": book.name, "reader": book.reader_id, "cycle": book.cycle}
    book.name, book.reader, book.cycle = name, reader, cycle
    book.save(update_fields=["name", "reader", "cycle"])
    note_change(
        subject=f"readings.book:{book.pk}",
        before=before,
        after={"name": name, "reader": reader.pk if reader else None, "cycle": cycle},
    )
    return book


@action(
    "gas.readings.place_account",
    title=_("Put account into a book"),
    unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}",
)
def place_account(*, account: Account, book: Book, sequence: int | None = None, by: User) -> BookEntry:
    """Put an account into a book, or move it; at the end unless `sequence` says where.

    Raises Problem when the book belongs to another branch.
    """
    if book.unit_id != account.unit_id:
        raise Problem(_("This book belongs to another branch."), field="book", code="other_unit")
    if sequence is None:
        sequence = (book.entries.aggregate(last=Max("sequence"))["last"] or 0) + 10
    entry, _made = BookEntry.objects.update_or_create(account=account, defaults={"book": book, "sequence": sequence})
    note_change(after={"book": book.code, "sequence": sequence})
    return entry


def _unit_of_installation(installation: Installation, **_facts: Any) -> int:
    return int(installation.account.unit_id)


def _about_account(installation: Installation, **_facts: Any) -> str:
    return f"customers.account:{installation.account_id}"


@action(
    "gas.readings.record_reading",
    title=_("Record a reading"),
    unit=_unit_of_installation,
    subject=_about_account,
)
def record_reading(
    *,
    installation: Installation,
    index_l: int,
    taken_on: date,
    by: User,
    period: int | None = None,
    source: int = Reading.Source.READER,
    note: str = "",
    client_key: UUID | None = None,
) -> Reading:
    """Record one reading (index in litres) and return it, accepted or questioned.

    `period` defaults to the month of `taken_on`. The same reading again returns the one that is there. Raises Problem
    for what is no reading: future, before the last one, beyond the dial, negative.
    """
    period = period or period_of(taken_on)
    row = NewReading(installation.pk, index_l, taken_on, note=note, client_key=client_key)
    found = record_readings([row], period=period, by=by, source=source, today=local_today())
    if found.refused:
        raise Problem(refusal_sentence(found.refused[0][1]), field="index", code="refused")
    mine = Reading.objects.filter(account_id=installation.account_id, installation=installation, period=period)
    reading = mine.filter(index_l=index_l, taken_on=taken_on).order_by("-seq")[0]
    reading.repeated = not found.new
    note_change(after={"period": period, "index_l": index_l, "state": reading.state, "doubts": reading.doubts})
    return reading


@action(
    "gas.readings.import_readings",
    title=_("Import readings from a sheet"),
    unit=lambda sheet_import, **_f: sheet_import.unit_id,
    subject=lambda sheet_import, **_f: f"sheets.sheetimport:{sheet_import.pk}",
)
def import_readings(*, sheet_import: SheetImport, found: Recorded, period: int, by: User) -> Recorded:
    """Write the rows of a sheet as weighed in this transaction; rows that are there already change nothing."""
    found.stamp_sheet(sheet_import.pk)
    write_readings(found, period=period, by=by)
    if found.plain:
        write_plain(period=period, sheet_id=sheet_import.pk, by_id=by.pk)
    shut = write_visits(found.shut, period=period, by_id=by.pk)
    counts = {"new": found.new, "already": found.already, "questioned": found.questioned, "no_access": shut}
    note_change(after={"period": period, **counts})
    return found


def _unit_of_reading(reading: Reading, **_facts: Any) -> int:
    return int(reading.account.unit_id)


def _about_reading(reading: Reading, **_facts: Any) -> str:
    return f"customers.account:{reading.account_id}"


@action("gas.readings.accept_reading", title=_("Accept a reading"), unit=_unit_of_reading, subject=_about_reading)
def accept_reading(*, reading: Reading, reason: str, by: User) -> Reading:
    """Let a questioned, or another, reading of the period count; the one that counted before is set aside.

    Raises Problem when the period is billed: cancel the bill first.
    """
    reading = _open_for_decision(reading)
    if reading.state == Reading.State.ACCEPTED:
        return reading
    _set_others_aside(reading, by)
    _decide(reading, Reading.State.ACCEPTED, by)
    follow_up([reading.installation_id], after=reading.period)
    note_change(after={"period": reading.period, "seq": reading.seq, "index_l": reading.index_l}, reason=reason)
    return reading


@action("gas.readings.correct_reading", title=_("Correct a reading"), unit=_unit_of_reading, subject=_about_reading)
def correct_reading(*, reading: Reading, index_l: int, taken_on: date, reason: str, by: User) -> Reading:
    """Put a new reading in the place of a wrong one; the wrong one stays, set aside. Returns the new one, accepted."""
    reading = _open_for_decision(reading)
    known = known_before([reading.installation_id], reading.period)[reading.installation_id]
    wrong = refusal(index_l, taken_on, local_today(), known.before)
    if wrong:
        raise Problem(refusal_sentence(wrong), field="index", code="refused")
    verdict = judge(index_l, taken_on, known.before)
    _decide(reading, Reading.State.SET_ASIDE, by)
    _set_others_aside(reading, by)
    corrected = Reading.objects.create(
        account_id=reading.account_id,
        installation_id=reading.installation_id,
        period=reading.period,
        seq=len(known.here),
        book_id=reading.book_id,
        taken_on=taken_on,
        index_l=index_l,
        previous_on=known.before.on,
        previous_index_l=known.before.index_l,
        volume_l=verdict.volume_l,
        source=reading.source,
        state=Reading.State.ACCEPTED,
        doubts=int(verdict.doubts),
        rollover=verdict.rollover,
        note=reason[:120],
        taken_by=by,
        decided_by=by,
        decided_at=timezone.now(),
        recorded_at=timezone.now(),
    )
    follow_up([reading.installation_id], after=reading.period)
    note_change(before={"index_l": reading.index_l}, after={"index_l": index_l}, reason=reason)
    return corrected


@action(
    "gas.readings.set_aside_reading",
    title=_("Set a reading aside and read again"),
    unit=_unit_of_reading,
    subject=_about_reading,
)
def set_aside_reading(*, reading: Reading, reason: str, by: User) -> Reading:
    """Take a reading out: the account counts as not read in the period, so it is on the reader's list again."""
    reading = _open_for_decision(reading)
    _decide(reading, Reading.State.SET_ASIDE, by)
    follow_up([reading.installation_id], after=reading.period)
    note_change(before={"index_l": reading.index_l}, after={"period": reading.period, "set_aside": True}, reason=reason)
    return reading


@action(
    "gas.readings.estimate_reading",
    title=_("Estimate a reading"),
    unit=_unit_of_installation,
    subject=_about_account,
)
def estimate_reading(*, installation: Installation, taken_on: date, period: int, reason: str, by: User) -> Reading:
    """Put down an estimate for a meter that nobody could read: last year's use of these days, else the own mean.

    The next actual reading settles it, also downwards. Raises Problem without history, and when the period is read.
    """
    lock("readings.book", installation.account.book_entry.book_id)
    known = known_before([installation.pk], period)[installation.pk]
    if any(one.state == Reading.State.ACCEPTED for one in known.here):
        raise Problem(_("This period is already read."), code="already_read")
    index_l = estimated_index(taken_on, known.before)
    if index_l is None:
        raise Problem(_("This meter has too little history to estimate from. Read it."), code="no_history")
    return record_reading(
        installation=installation,
        index_l=index_l,
        taken_on=taken_on,
        period=period,
        source=Reading.Source.ESTIMATE,
        note=reason[:120],
        by=by,
    )


@action("gas.readings.estimate_book", title=_("Estimate the rest of a book"), unit=lambda book, **_f: book.unit_id)
def estimate_book(*, book: Book, taken_on: date, period: int, reason: str, by: User) -> Recorded:
    """Estimate every meter of a book that is not read in the period; those without history are left out.

    They come back as refused with the reason "not read" in `Recorded.refused` (number = installation).
    """
    lock("readings.book", book.pk)
    ids = unread_installations(book, period)
    known = known_before(ids, period)
    rows = []
    for key, one in known.items():
        index_l = estimated_index(taken_on, one.before)
        if index_l is not None:
            rows.append(NewReading(key, index_l, taken_on, number=key, note=reason))
    found = record_readings(rows, period=period, by=by, source=Reading.Source.ESTIMATE, today=local_today())
    note_change(
        subject=f"readings.book:{book.pk}",
        after={"period": period, "estimated": found.new, "without_history": len(ids) - len(rows)},
        reason=reason,
    )
    return found


def _open_for_decision(reading: Reading) -> Reading:
    """Return the reading as it is now, alone with its book; Problem when its period is billed."""
    lock("readings.book", reading.book_id)
    fresh = Reading.objects.select_related("account").get(pk=reading.pk)
    if billed_accounts({fresh.account_id}, fresh.period):
        raise Problem(_("This period is already billed. Cancel the bill first, then decide again."), code="billed")
    return fresh


def _decide(reading: Reading, state: int, by: User) -> None:
    reading.state, reading.decided_by, reading.decided_at = state, by, timezone.now()
    reading.save(update_fields=["state", "decided_by", "decided_at"])


def _set_others_aside(reading: Reading, by: User) -> None:
    mine = Reading.objects.filter(
        account_id=reading.account_id, installation_id=reading.installation_id, period=reading.period
    )
    for one in mine.exclude(seq=reading.seq).exclude(state=Reading.State.SET_ASIDE):
        _decide(one, Reading.State.SET_ASIDE, by)
