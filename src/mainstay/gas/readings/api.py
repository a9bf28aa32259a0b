"""API: readings."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Body, Field, Query, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.gas.customers.api import account_or_404
from mainstay.gas.readings.api_incoming import Outcome, ReadingIn, record_list, record_one
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.readings.queries import VIEW, books_visible_to
from mainstay.gas.readings.rules_words import doubt_words
from mainstay.kit.api import READ, WRITE, Fault, Number, Period
from mainstay.kit.errors import Problem
from mainstay.kit.volume import m3

prefix = "/readings"
router = Router()
MOST = 500


class ReadingOut(Schema):
    """A reading; index and volume in m³. `doubts` say why it is questioned."""

    account_no: str
    meter_no: str
    period: int
    taken_on: date
    index_m3: str
    previous_on: date
    previous_index_m3: str
    volume_m3: str
    source: str
    state: str
    doubts: list[str]
    note: str
    client_key: UUID | None


class ReadingPage(Schema):
    """Readings; `next` is the `after` of the next page."""

    items: list[ReadingOut]
    next: str | None


class RowOut(Schema):
    """What became of one reading of a list."""

    client_key: UUID
    outcome: Literal["new", "already", "refused"]
    reading: ReadingOut | None = None
    error: Fault | None = None


class RowsOut(Schema):
    """An answer for each reading, in the order sent."""

    items: list[RowOut]


def book_or_404(request: ApiRequest, code: str, right: str = VIEW) -> Book:
    """Return the book of a code; Problem 404 when there is none that the token may see."""
    if not allowed(request.user, right):
        raise Refused(right, _("This token has no right to see this."))
    found = books_visible_to(request.user, right).filter(code=code).first()
    if found is None:
        raise Problem(_("There is no book %(code)s.") % {"code": code}, field="book", code="not_found")
    return found


def _out(reading: Reading) -> ReadingOut:
    return ReadingOut(
        account_no=reading.account.account_no,
        meter_no=reading.installation.meter.meter_no,
        period=reading.period,
        taken_on=reading.taken_on,
        index_m3=m3(reading.index_l, thousands=False),
        previous_on=reading.previous_on,
        previous_index_m3=m3(reading.previous_index_l, thousands=False),
        volume_m3=m3(reading.volume_l, thousands=False),
        source=Reading.Source(reading.source).name.lower(),
        state=Reading.State(reading.state).name.lower(),
        doubts=[str(words) for words in doubt_words(reading.doubts)],
        note=reading.note,
        client_key=reading.client_key,
    )


class AccountOrBook(Schema):
    """An account, or a book in a period: the two ways to ask for a bounded list."""

    account_no: Number | None = Field(None, description=_n("Of this account, newest first."))
    book: Number | None = Field(None, description=_n("Of this book's accounts in `period`."))
    period: Period | None = Field(None, description=_n("Year and month, as 202610."))

    def too_wide(self) -> Problem:
        """The answer when neither is given."""
        return Problem(_("Give an account number, or a book and a period."), field="account_no", code="too_wide")


class ReadingsAsked(AccountOrBook):
    """Which readings."""

    after: str = Field(
        "", pattern=r"^([0-9A-Za-z]{1,12}(\.[0-9]{1,18}){3})?$", description=_n("`next` of the page before.")
    )
    limit: int = Field(100, ge=1, le=MOST)


@router.get("/", response={200: ReadingPage, **READ}, summary=_n("Readings of an account, or of a book in a period"))
def list_readings(request: ApiRequest, asked: Query[ReadingsAsked]) -> ReadingPage:
    """Give `account_no`, or `book` with `period`. Readings set aside come too; their state tells."""
    rows = Reading.objects.select_related("account", "installation__meter")
    if asked.account_no:
        rows = rows.filter(account=account_or_404(request, asked.account_no, VIEW))
        rows = rows.filter(period=asked.period) if asked.period else rows
        rows = rows.filter(_before(asked.after)) if asked.after else rows
        rows = rows.order_by("-period", "-installation_id", "-seq")
    elif asked.book and asked.period:
        rows = rows.filter(book=book_or_404(request, asked.book), period=asked.period)
        rows = rows.filter(_behind(asked.after)) if asked.after else rows
        rows = rows.order_by("account__account_no", "installation_id", "seq")
    else:
        raise asked.too_wide()
    found = list(rows[: asked.limit + 1])
    last = _place(found[asked.limit - 1]) if len(found) > asked.limit else None
    return ReadingPage(items=[_out(one) for one in found[: asked.limit]], next=last)


def _place(reading: Reading) -> str:
    return f"{reading.account.account_no}.{reading.period}.{reading.installation_id}.{reading.seq}"


def _before(after: str) -> Q:
    """What comes after a place in an account's list, which runs backwards."""
    _number, period, meter, seq = after.split(".")
    same = Q(period=int(period))
    return (
        Q(period__lt=int(period))
        | same & Q(installation_id__lt=int(meter))
        | same & Q(installation_id=int(meter), seq__lt=int(seq))
    )


def _behind(after: str) -> Q:
    """What comes after a place in a book's list."""
    number, _period, meter, seq = after.split(".")
    same = Q(account__account_no=number)
    return (
        Q(account__account_no__gt=number)
        | same & Q(installation_id__gt=int(meter))
        | same & Q(installation_id=int(meter), seq__gt=int(seq))
    )


@router.post("/", response={200: ReadingOut, 201: ReadingOut, **WRITE}, summary=_n("Record a reading"))
def post_reading(request: ApiRequest, reading: ReadingIn) -> Any:
    """201 when it is new, 200 with the same content when it was there already. A doubtful one is questioned."""
    found, new = record_one(request.user, reading)
    return Status(201 if new else 200, _out(found))


Rows = Annotated[list[ReadingIn], Body(min_length=1, max_length=MOST)]


@router.post("/list", response={200: RowsOut, **WRITE}, summary=_n("Record up to 500 readings"))
def post_readings(request: ApiRequest, readings: Rows) -> RowsOut:
    """Each reading gets its own answer; one that is refused does not stop the others."""
    outcomes, new = record_list(request.user, readings)
    return RowsOut(items=[_row(one, outcomes[number], number in new) for number, one in enumerate(readings)])


def _row(row: ReadingIn, found: Outcome, new: bool) -> RowOut:
    if isinstance(found, Problem):
        error = Fault(code=found.code, message=str(found), field=found.field)
        return RowOut(client_key=row.client_key, outcome="refused", error=error)
    return RowOut(client_key=row.client_key, outcome="new" if new else "already", reading=_out(found))
