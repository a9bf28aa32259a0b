"""Reads about books and readings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.kit.dates import add_months, local_today, period_of
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.readings.view_readings", _("View books and readings"))
EXPORT_ROUND = register_right("gas.readings.export_round", _("Export reading sheets with names and addresses"))
COUNTED_AT_MOST = 1_000
SHORTEST_CHART = 12


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a book is in a period (accounts)."""

    accounts: int
    read: int
    estimated: int
    questioned: int

    @property
    def open(self) -> int:
        """Accounts that have no reading yet."""
        return max(0, self.accounts - self.read - self.questioned)

    @property
    def percent(self) -> int:
        """Share of the accounts that are read or questioned, in percent."""
        return 100 if not self.accounts else (self.accounts - self.open) * 100 // self.accounts


def books_visible_to(user: User, right: str = VIEW) -> QuerySet[Book]:
    """Books of the user's units."""
    ids = rights.unit_ids(user, right)
    return Book.objects.all() if ids is None else Book.objects.filter(unit_id__in=ids)


def units_with_books(user: User, right: str) -> QuerySet[Unit]:
    """Units within a right that have books, themselves or below them: the others have nothing to read or bill."""
    ids = rights.unit_ids(user, right)
    units = Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)
    return units.filter(Exists(Book.objects.filter(unit__path__startswith=OuterRef("path"))))


def progress_of(book_ids: Sequence[int], period: int) -> dict[int, Progress]:
    """Progress of books in a period, in two statements: of the accounts that stand in them, not of those that left."""
    live = (Reading.State.ACCEPTED, Reading.State.QUESTIONED)
    entries = BookEntry.objects.filter(book__in=book_ids).values_list("book").annotate(n=Count("account"))
    totals: dict[int, int] = dict(entries)
    read = (
        Reading.objects.filter(book__in=book_ids, period=period, state__in=live)
        .filter(account__book_entry__book=F("book"))
        .values("book_id")
        .annotate(
            read=Count("account_id", distinct=True, filter=Q(state=Reading.State.ACCEPTED)),
            estimated=Count("account_id", distinct=True, filter=Q(state=3, source=Reading.Source.ESTIMATE)),
            questioned=Count("account_id", distinct=True, filter=Q(state=Reading.State.QUESTIONED)),
        )
    )
    found = {row["book_id"]: row for row in read}
    none = {"read": 0, "estimated": 0, "questioned": 0}
    return {
        key: Progress(totals.get(key, 0), *(found.get(key, none)[name] for name in ("read", "estimated", "questioned")))
        for key in book_ids
    }


def due_books(user: User) -> QuerySet[Book]:
    """The reader's own books to be read this month."""
    cycle = Book.Cycle.ODD if period_of(local_today()) % 2 else Book.Cycle.EVEN
    return Book.objects.filter(reader=user.pk, cycle__in=[Book.Cycle.MONTHLY, cycle])


def unread_told(user: User, books: int) -> int | None:
    """Accounts of these books without a reading this month; None for somebody who has no book."""
    if not books:
        return None
    ids = list(due_books(user).values_list("pk", flat=True))
    return sum(one.open for one in progress_of(ids, period_of(local_today())).values())


def unread_installations(book: Book, period: int) -> list[int]:
    """Meters of a book without an accepted or questioned reading of the period, of accounts in use, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT i.id FROM readings_bookentry e
                 JOIN customers_account c ON c.id = e.account_id AND c.state IN ('active', 'suspended')
                 JOIN meters_installation i ON i.account_id = e.account_id AND i.until_on IS NULL
                WHERE e.book_id = %s AND NOT EXISTS (
                      SELECT 1 FROM readings_reading r WHERE r.account_id = e.account_id
                         AND r.installation_id = i.id AND r.period = %s AND r.state IN (2, 3))
                ORDER BY e.sequence""",
            [book.pk, period],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def questioned_visible_to(user: User, right: str = VIEW) -> QuerySet[Reading]:
    """The worklist: questioned readings of the user's units, by the narrow partial index."""
    questioned = Reading.objects.filter(state=Reading.State.QUESTIONED).select_related(
        "account__customer", "account__premise__area", "installation__meter", "book"
    )
    ids = rights.unit_ids(user, right)
    return questioned if ids is None else questioned.filter(book__unit_id__in=ids)


def questioned_few(user: User) -> QuerySet[Reading]:
    """Readings that wait on the worklist, one more than the limit at most."""
    return questioned_visible_to(user).order_by()[: COUNTED_AT_MOST + 1]


def questioned_told(_user: User, found: int) -> int | str:
    """Their number, up to the limit."""
    return f"{COUNTED_AT_MOST}+" if found > COUNTED_AT_MOST else found


def readings_of_account(account: Account) -> QuerySet[Reading]:
    """All readings of an account, newest first; one range of the table's key."""
    return (
        Reading.objects.filter(account=account)
        .select_related("installation__meter", "taken_by__person")
        .order_by("-period", "-installation_id", "-seq")
    )


def monthly_use(account: Account, limit: int = 24) -> list[tuple[int, int]]:
    """(period, litres) of the last periods of an account, oldest first."""
    from django.db.models import Sum

    rows = (
        Reading.objects.filter(account=account, state=Reading.State.ACCEPTED)
        .values_list("period")
        .annotate(litres=Sum("volume_l"))
        .order_by("-period")[:limit]
    )
    found = {int(period): int(litres) for period, litres in rows}
    if not found:
        return []
    last = max(found)
    months = [add_months(last, back) for back in range(1 - max(SHORTEST_CHART, min(limit, len(found))), 1)]
    return [(period, found.get(period, 0)) for period in months]


# What a line shows: reading the other columns of five tables took longer than drawing it.
_SHOWN = (
    "account__account_no", "account__customer__name", "account__customer__kind", "account__premise__address",
    "meter__meter_no",
)  # fmt: skip


def round_of(book: Book, period: int, *, only_open: bool = False) -> list[dict[str, Any]]:
    """The rows of a book for entry: each open meter in walking order with its last index and what is in for the period.

    Keys: installation, account, sequence, before_l, before_on, reading (of the period or None), index_text.
    """
    from mainstay.gas.readings.queries_before import known_before

    entries = list(BookEntry.objects.filter(book=book).values_list("account_id", "sequence").order_by("sequence"))
    sequence = dict(entries)
    meters = (
        Installation.objects.filter(account__book_entry__book=book, until_on=None)
        .select_related("meter", "account__customer", "account__premise")
        .only(*_SHOWN)
        .order_by("account__book_entry__sequence", "id")
    )
    installations = list(meters)
    known = known_before([one.pk for one in installations], period)
    live = Reading.objects.filter(book=book, period=period).exclude(state=Reading.State.SET_ASIDE)
    shown = live.only("index_l", "volume_l", "taken_on", "state")
    here = {one.installation_id: one for one in shown.order_by("state", "seq")}
    rows = [
        {
            "installation": one,
            "account": one.account,
            "sequence": sequence[one.account_id],
            "before_l": known[one.pk].before.index_l,
            "before_on": known[one.pk].before.on,
            "reading": here.get(one.pk),
            "index_text": _index_text(here.get(one.pk)),
        }
        for one in installations
        if one.pk in known
    ]
    return [row for row in rows if row["reading"] is None] if only_open else rows


def line_of(installation: Installation, book: Book, period: int) -> dict[str, Any]:
    """One row of `round_of`."""
    from mainstay.gas.readings.queries_before import known_before

    before = known_before([installation.pk], period)[installation.pk].before
    live = Reading.objects.filter(account=installation.account_id, installation=installation, period=period)
    reading = live.exclude(state=Reading.State.SET_ASIDE).order_by("-state", "-seq").first()
    return {
        "installation": installation,
        "account": installation.account,
        "sequence": installation.account.book_entry.sequence,
        "before_l": before.index_l,
        "before_on": before.on,
        "reading": reading,
        "index_text": _index_text(reading),
    }


def _index_text(reading: Reading | None) -> str:
    """The index as somebody would type it."""
    return m3(reading.index_l, thousands=False) if reading else ""


def installations_by_number(key: str, wanted_numbers: Iterable[str]) -> dict[str, list[tuple[int, int, str, str]]]:
    """Installations in use by `key` ("account_no" or "meter_no"): (id, unit, account no., meter no.)."""
    numbers = sorted(wanted_numbers)
    if not numbers:
        return {}
    if connection.vendor == "postgresql":
        wanted, parameter = "unnest(%s::text[]) AS w(no)", numbers
    else:
        wanted, parameter = "(SELECT value AS no FROM json_each(%s)) AS w", json.dumps(numbers)  # type: ignore[assignment]
    column = "c.account_no" if key == "account_no" else "m.meter_no"
    source = (
        "JOIN customers_account c ON c.account_no = w.no JOIN meters_installation i ON i.account_id = c.id "
        "JOIN meters_meter m ON m.id = i.meter_id"
        if key == "account_no"
        else "JOIN meters_meter m ON m.meter_no = w.no JOIN meters_installation i ON i.meter_id = m.id "
        "JOIN customers_account c ON c.id = i.account_id"
    )
    found: dict[str, list[tuple[int, int, str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, i.id, c.unit_id, c.account_no, m.meter_no FROM {wanted} {source} "  # noqa: S608
            "WHERE i.until_on IS NULL",
            [parameter],
        )
        for number, *one in cursor.fetchall():
            found.setdefault(number, []).append(tuple(one))
    return found
