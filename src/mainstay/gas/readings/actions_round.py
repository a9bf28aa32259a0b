"""The work of readers on their rounds: who reads which book when, and what a phone reports beside readings."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.evidence.actions import store_file
from mainstay.core.evidence.models import Attachment
from mainstay.gas.readings.models import Book, Task, Visit
from mainstay.gas.readings.queries_round import due_books, photos_of
from mainstay.gas.readings.rules_round import next_planned
from mainstay.kit.dates import add_months
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.meters.models import Installation


@action("gas.readings.plan_period", title=_("Plan the readings of a period"), unit=lambda unit, **_f: unit.pk)
def plan_period(*, unit: Unit, period: int, first_on: date, by: User) -> int:
    """Give every book of a branch and below that is due in the period a task; returns how many are new.

    The reader is the book's own, the day that of the task before (same day of the month); a book without one gets the
    next free day of its reader from `first_on` on, one book a day. Tasks that are there stay as they are.
    """
    books = list(due_books(period).filter(unit__path__startswith=unit.path).order_by("reader_id", "code"))
    there = set(Task.objects.filter(book__in=books, period=period).values_list("book_id", flat=True))
    earlier = Task.objects.filter(book__in=books, period__in=[add_months(period, -1), add_months(period, -2)])
    days = dict(earlier.order_by("period").values_list("book_id", "planned_on"))
    turn: Counter[int | None] = Counter()
    made = []
    for book in books:
        if book.pk in there:
            continue
        planned_on = next_planned(days.get(book.pk), period, first_on + timedelta(days=turn[book.reader_id]))
        turn[book.reader_id] += book.pk not in days
        made.append(Task(book=book, period=period, reader_id=book.reader_id, planned_on=planned_on, planned_by=by))
    Task.objects.bulk_create(made)
    note_change(after={"period": period, "tasks": len(made)})
    return len(made)


@action("gas.readings.assign_task", title=_("Assign a book for a period"), unit=lambda book, **_f: book.unit_id)
def assign_task(*, book: Book, period: int, reader: User | None, planned_on: date, by: User) -> Task:
    """Say who reads a book in a period and when; the book's own reader stays for later periods."""
    old = Task.objects.filter(book=book, period=period).first()
    before = {"reader": old.reader_id, "planned_on": old.planned_on.isoformat()} if old else None
    facts = {"reader": reader, "planned_on": planned_on, "planned_by": by}
    task, _made = Task.objects.update_or_create(book=book, period=period, defaults=facts)
    after = {"period": period, "reader": reader.pk if reader else None, "planned_on": planned_on.isoformat()}
    note_change(subject=f"readings.book:{book.pk}", before=before, after=after)
    return task


def _unit_of(installation: Installation, **_facts: Any) -> int:
    return int(installation.account.unit_id)


def _about(installation: Installation, **_facts: Any) -> str:
    return f"customers.account:{installation.account_id}"


@action("gas.readings.report_visit", title=_("Report a visit without a reading"), unit=_unit_of, subject=_about)
def report_visit(
    *, installation: Installation, client_key: UUID, period: int, on: date, reason: str, note: str = "", by: User
) -> Visit:
    """Keep why a meter could not be read. The same report again returns the one that is there.

    Raises Problem when the key stands for another report, for an unknown reason, and for an account in no book.
    """
    if reason not in Visit.Reason.values:
        raise Problem(_("There is no such reason."), field="reason", code="no_such_reason")
    if not hasattr(installation.account, "book_entry"):
        raise Problem(_("This account is in no book."), field="installation", code="no_book")
    facts = {"installation_id": installation.pk, "period": period, "on": on, "reason": reason}
    known = Visit.objects.filter(pk=client_key).first()
    if known is not None:
        if any(getattr(known, name) != value for name, value in facts.items()):
            text = _("This key was used for another report. Nothing was recorded.")
            raise Problem(text, field="client_key", code="key_used")
        return known
    made = Visit.objects.create(
        client_key=client_key, account_id=installation.account_id, book_id=installation.account.book_entry.book_id,
        note=note[:120], by=by, recorded_at=timezone.now(), **facts,
    )  # fmt: skip
    note_change(after={"period": period, "reason": reason})
    return made


@action("gas.readings.keep_photo", title=_("Keep a photo of a meter"), unit=_unit_of, subject=_about)
def keep_photo(*, installation: Installation, period: int, digest: str, file: BinaryIO, by: User) -> Attachment:
    """Keep a photo of a meter taken for a period; the same picture again is kept once.

    Raises Problem when the content does not have the hash that was announced.
    """
    file.seek(0)
    if hashlib.sha256(file.read()).hexdigest() != digest:
        raise Problem(_("The photo was damaged on its way. Send it again."), field="file", code="wrong_hash")
    known = photos_of(installation.pk, period).filter(file__digest=digest).first()
    if known is not None:
        return known
    subject = f"readings.photo:{installation.pk}:{period}"
    found = store_file(file=file, name=f"{installation.meter.meter_no}-{period}.jpg", subject=subject, by=by)
    note_change(after={"period": period, "photo": digest})
    return found
