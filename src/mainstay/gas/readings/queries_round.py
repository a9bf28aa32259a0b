"""Rounds: what a reader's phone takes along, how far books and readers are, and a book drawn by its buildings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from mainstay.core.evidence.models import Attachment
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.models import Book, BookEntry, Reading, Task, Visit
from mainstay.gas.readings.queries import progress_of
from mainstay.gas.readings.queries_before import known_before
from mainstay.gas.readings.rules import Before, usual_volume
from mainstay.gas.readings.rules_round import percent, rate_bp
from mainstay.kit.dates import local_today, period_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User

PACKET_DAYS = 3
READABLE = (Account.State.ACTIVE, Account.State.SUSPENDED)


def due_books(period: int) -> QuerySet[Book]:
    """Books whose cycle falls into a period."""
    cycle = Book.Cycle.ODD if period % 2 else Book.Cycle.EVEN
    return Book.objects.filter(cycle__in=[Book.Cycle.MONTHLY, cycle])


def books_of_reader(user: User, period: int) -> list[tuple[Book, date | None]]:
    """The books somebody reads in a period with their days: by task, else the own ones that are due; days first."""
    tasks = {one.book_id: one for one in Task.objects.filter(period=period, reader=user.pk)}
    others = Task.objects.filter(period=period).exclude(reader=user.pk).values("book")
    own = due_books(period).filter(reader=user.pk).exclude(pk__in=others)
    books = Book.objects.filter(Q(pk__in=list(tasks)) | Q(pk__in=own))
    found = [(book, tasks[book.pk].planned_on if book.pk in tasks else None) for book in books]
    return sorted(found, key=lambda one: (one[1] or date.max, one[0].code))


def packet(user: User) -> dict[str, Any]:
    """What a reader's phone needs to work for some days without network; indexes in litres, days as text."""
    period, now = period_of(local_today()), timezone.now()
    books = books_of_reader(user, period)
    meters = _meters([book.pk for book, _day in books], period)
    return {
        "user": {"id": user.pk, "name": str(user)},
        "made_at": now.isoformat(),
        "expires_at": (now + timedelta(days=PACKET_DAYS)).isoformat(),
        "period": period,
        "books": [
            {
                "id": book.pk, "code": book.code, "name": book.name,
                "planned_on": day.isoformat() if day else None, "meters": meters.get(book.pk, []),
            }
            for book, day in books
        ],
    }  # fmt: skip


def _meters(book_ids: Sequence[int], period: int) -> dict[int, list[dict[str, Any]]]:
    """The meters of books in walking order, with what the checks on the phone need."""
    sequence = dict(BookEntry.objects.filter(book__in=book_ids).values_list("account_id", "sequence"))
    rows = (
        Installation.objects.filter(account__book_entry__book__in=book_ids, until_on=None, account__state__in=READABLE)
        .select_related("meter", "account__customer", "account__premise")
        .order_by("account__book_entry__book", "account__book_entry__sequence", "id")
    )
    meters = list(rows)
    known = known_before([one.pk for one in meters], period)
    here = _readings(book_ids, period)
    visits = {one.installation_id: one for one in Visit.objects.filter(book__in=book_ids, period=period).order_by("on")}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in meters:
        if one.pk not in known:
            continue
        before, visit = known[one.pk].before, visits.get(one.pk)
        found[known[one.pk].book_id].append(
            {
                "id": one.pk, "account_no": one.account.account_no, "meter_no": one.meter.meter_no,
                "name": one.account.customer.name, "address": one.account.premise.address,
                "sequence": sequence[one.account_id],
                "before": list(before._replace(on=before.on.isoformat())),  # type: ignore[arg-type]
                "reading": reading_facts(here[one.pk]) if one.pk in here else None,
                "visit": {"reason": visit.reason, "on": visit.on.isoformat()} if visit else None,
            }
        )  # fmt: skip
    return found


def _readings(book_ids: Sequence[int], period: int) -> dict[int, Reading]:
    """The reading of each meter that counts, else the one that is questioned."""
    live = Reading.objects.filter(book__in=book_ids, period=period, state__in=(2, 3)).order_by("state", "seq")
    return {one.installation_id: one for one in live}


def reading_facts(reading: Reading) -> dict[str, Any]:
    """A reading as the phone keeps it."""
    return {
        "index_l": reading.index_l, "on": reading.taken_on.isoformat(), "state": reading.state,
        "doubts": reading.doubts, "source": reading.source,
    }  # fmt: skip


def others_of(reading: Reading) -> list[Reading]:
    """The other readings of the same meter and period, those that count first."""
    rows = Reading.objects.filter(
        account=reading.account_id, installation=reading.installation_id, period=reading.period
    ).exclude(seq=reading.seq)
    return list(rows.select_related("taken_by__person").order_by("-state", "-seq"))


def photos_of(installation_id: int, period: int) -> QuerySet[Attachment]:
    """Photos of a meter taken for a period."""
    return Attachment.objects.filter(subject=f"readings.photo:{installation_id}:{period}").select_related("file")


@dataclass(slots=True)
class BookLine:
    """A book on the board: its task and how far it is (accounts)."""

    book: Book
    task: Task | None
    accounts: int
    read: int
    estimated: int
    questioned: int
    no_access: int

    @property
    def reader(self) -> Any:
        """Who reads it this time."""
        return self.task.reader if self.task else self.book.reader

    @property
    def left(self) -> int:
        """Accounts with neither a reading nor a reported reason."""
        return max(0, self.accounts - self.read - self.questioned - self.no_access)


@dataclass(slots=True)
class ReaderLine:
    """A reader on the board: all books of the period together."""

    reader: Any
    books: int = 0
    accounts: int = 0
    read: int = 0
    estimated: int = 0
    questioned: int = 0
    no_access: int = 0
    left: int = 0
    last_on: date | None = None

    @property
    def rate(self) -> str:
        """Reading rate in percent: really read, of all accounts; neither estimates nor what is questioned."""
        return percent(rate_bp(self.read - self.estimated, self.accounts))


def board(books: QuerySet[Book], period: int) -> list[BookLine]:
    """How far the books that are due in a period are, by code."""
    due = list(
        books.filter(pk__in=due_books(period).values("pk")).select_related("reader__person", "unit").order_by("code")
    )
    ids = [book.pk for book in due]
    progress = progress_of(ids, period)
    tasks = {
        one.book_id: one for one in Task.objects.filter(book__in=ids, period=period).select_related("reader__person")
    }
    shut = _without_access(ids, period)
    return [
        BookLine(
            book, tasks.get(book.pk), done.accounts, done.read, done.estimated, done.questioned, shut.get(book.pk, 0)
        )
        for book in due
        for done in [progress[book.pk]]
    ]


def _without_access(book_ids: Sequence[int], period: int) -> dict[int, int]:
    """Accounts of each book that were visited in vain and are not read since."""
    live = Reading.objects.filter(book__in=book_ids, period=period, state__in=(2, 3)).values("account_id")
    rows = Visit.objects.filter(book__in=book_ids, period=period, account__book_entry__book=F("book"))
    rows = rows.exclude(account__in=live)
    found: dict[int, int] = defaultdict(int)
    for book_id, _account in rows.values_list("book_id", "account_id").distinct():
        found[book_id] += 1
    return found


def by_reader(lines: Sequence[BookLine]) -> list[ReaderLine]:
    """The lines of a board added up for each reader, the one with most left first."""
    found: dict[Any, ReaderLine] = {}
    for line in lines:
        mine = found.setdefault(line.reader.pk if line.reader else None, ReaderLine(line.reader))
        mine.books += 1
        for name in ("accounts", "read", "estimated", "questioned", "no_access", "left"):
            setattr(mine, name, getattr(mine, name) + getattr(line, name))
        if line.task and (mine.last_on is None or line.task.planned_on > mine.last_on):
            mine.last_on = line.task.planned_on
    return sorted(found.values(), key=lambda one: (-one.left, str(one.reader or "")))


@dataclass(slots=True)
class Building:
    """A building of a book, drawn as cells in walking order: (kind, words, address of its page)."""

    name: str
    cells: list[tuple[str, str, str]] = field(default_factory=list)
    open: int = 0


def buildings(book: Book, period: int) -> list[Building]:
    """The meters of a book by building: read, estimated, questioned, no access or left."""
    rows = (
        Installation.objects.filter(account__book_entry__book=book, until_on=None, account__state__in=READABLE)
        .select_related("account__premise__area", "meter")
        .order_by("account__book_entry__sequence", "id")
    )
    here = _readings([book.pk], period)
    shut = {
        one.installation_id: one for one in Visit.objects.filter(book=book, period=period).order_by("on", "recorded_at")
    }
    found: dict[str, Building] = {}
    for one in rows:
        premise = one.account.premise
        name = " ".join(filter(None, [str(premise.area), premise.building]))
        place = found.setdefault(name, Building(name))
        kind = _kind(here.get(one.pk), shut.get(one.pk))
        place.open += kind in ("left", "no_access")
        room = premise.room or premise.address
        place.cells.append((kind, room, reverse("customers:account_detail", args=[one.account_id])))
    return list(found.values())


def _kind(reading: Reading | None, visit: Visit | None) -> str:
    if reading is None:
        return "no_access" if visit else "left"
    if reading.state == Reading.State.QUESTIONED:
        return "questioned"
    return "estimated" if reading.source == Reading.Source.ESTIMATE else "read"


def handheld_rows(books: Sequence[Book], period: int) -> list[dict[str, Any]]:
    """The meters of books that are not read yet, as rows for hand-held devices; litres.

    Between `low_l` and `high_l` an ordinary reading lies: half to one and a half times what is usual since the last.
    """
    meters = _meters([book.pk for book in books], period)
    rows = []
    for book in books:
        for one in meters.get(book.pk, []):
            if one["reading"] is None:
                before = Before(*one["before"])._replace(on=date.fromisoformat(one["before"][1]))
                usual = usual_volume(max(1, (local_today() - before.on).days), before)
                expected = None if usual is None else usual * 10_000 // before.factor_e4
                rows.append(
                    {
                        **{name: one[name] for name in ("sequence", "account_no", "meter_no", "name", "address")},
                        "book": book.code, "before_l": before.index_l, "before_on": before.on,
                        "low_l": None if expected is None else before.index_l + expected // 2,
                        "high_l": None if expected is None else before.index_l + expected * 3 // 2,
                        "index_l": None, "taken_on": None, "reason": "", "note": "",
                    }
                )  # fmt: skip
    return rows
