"""API: readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Body, Field, Query, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed, unit_ids
from mainstay.gas.customers.api import account_or_404, no_account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.actions import record_reading
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.readings.queries import VIEW, books_visible_to, installations_by_number
from mainstay.gas.readings.rules_words import doubt_words
from mainstay.kit.api import READ, WRITE, Day, Fault, Incoming, Number, Period, Text, Volume
from mainstay.kit.errors import Problem
from mainstay.kit.volume import m3, parse_m3

prefix = "/readings"
router = Router()
RECORD = "gas.readings.record_reading"
MOST = 500
SOURCES = {"reader": Reading.Source.READER, "self": Reading.Source.SELF, "remote": Reading.Source.REMOTE}


class ReadingIn(Incoming):
    """An index read off a meter: name the account or, where it has several meters, the meter."""

    client_key: UUID = Field(description=_n("Made by the sender, one for each reading: sending it again is harmless."))
    account_no: Number | None = None
    meter_no: Number | None = None
    index_m3: Volume
    taken_on: Day
    period: Period | None = Field(None, description=_n("Year and month; by default those of `taken_on`."))
    source: Literal["remote", "reader", "self"] = "remote"
    note: Annotated[Text, Field(max_length=120)] = ""


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
    found, new = _Batch(request, [reading]).record(reading)
    return Status(201 if new else 200, _out(found))


Rows = Annotated[list[ReadingIn], Body(min_length=1, max_length=MOST)]


@router.post("/list", response={200: RowsOut, **WRITE}, summary=_n("Record up to 500 readings"))
def post_readings(request: ApiRequest, readings: Rows) -> RowsOut:
    """Each reading gets its own answer; one that is refused does not stop the others."""
    batch = _Batch(request, readings)
    return RowsOut(items=[batch.answer(one) for one in readings])


class _Batch:
    """Readings of one request: meters and earlier keys are looked up once for all of them."""

    def __init__(self, request: ApiRequest, rows: Sequence[ReadingIn]) -> None:
        self.request = request
        self.by_account = installations_by_number("account_no", {r.account_no for r in rows if r.account_no})
        self.by_meter = installations_by_number("meter_no", {r.meter_no for r in rows if r.meter_no})
        ids = {one[0] for listed in (*self.by_account.values(), *self.by_meter.values()) for one in listed}
        meters = Installation.objects.select_related("account", "meter").filter(pk__in=ids)
        self.installations = {one.pk: one for one in meters}
        accounts = {one.account_id for one in self.installations.values()}
        sent = Reading.objects.filter(account__in=accounts, client_key__in=[r.client_key for r in rows])
        self.sent = {one.client_key: one for one in sent.select_related("account", "installation__meter")}

    def answer(self, row: ReadingIn) -> RowOut:
        """Record a reading and say what became of it. Without the right anywhere, nothing is tried further."""
        try:
            found, new = self.record(row)
        except Problem as problem:
            error = Fault(code=problem.code, message=str(problem), field=problem.field)
            return RowOut(client_key=row.client_key, outcome="refused", error=error)
        return RowOut(client_key=row.client_key, outcome="new" if new else "already", reading=_out(found))

    def record(self, row: ReadingIn) -> tuple[Reading, bool]:
        """Record a reading; returns it, and whether it is new. Raises Problem (404 outside of the token's units)."""
        installation = self._meant(row)
        index_l = parse_m3(row.index_m3, field="index_m3")
        earlier = self.sent.get(row.client_key)
        if earlier is not None and self._visible(installation):
            if (earlier.installation_id, earlier.index_l, earlier.taken_on) != (installation.pk, index_l, row.taken_on):
                text = _("This client_key was used for another reading. Nothing was recorded; use a new key.")
                raise Problem(text, field="client_key", code="key_used")
            return earlier, False
        try:
            reading = record_reading(
                installation=installation,
                index_l=index_l,
                taken_on=row.taken_on,
                period=row.period,
                source=SOURCES[row.source],
                note=row.note,
                client_key=row.client_key,
                by=self.request.user,
            )
        except Refused:
            if allowed(self.request.user, RECORD) and not self._visible(installation):
                raise self._nothing(row) from None
            raise
        reading.account, reading.installation = installation.account, installation
        self.sent[row.client_key] = reading
        return reading, reading.client_key == row.client_key

    def _meant(self, row: ReadingIn) -> Installation:
        if not row.account_no and not row.meter_no:
            raise Problem(_("Give an account number or a meter number."), field="account_no", code="no_meter")
        places = self.by_meter.get(row.meter_no, []) if row.meter_no else self.by_account.get(row.account_no or "", [])
        fitting = [one for one in places if not row.account_no or one[2] == row.account_no]
        if not fitting or (len(fitting) > 1 and not self._visible(self.installations[fitting[0][0]])):
            raise self._nothing(row)
        if len(fitting) > 1:
            text = _("Account %(no)s has several meters; give the meter number.")
            raise Problem(text % {"no": row.account_no}, field="meter_no", code="several_meters")
        return self.installations[fitting[0][0]]

    def _visible(self, installation: Installation) -> bool:
        ids = unit_ids(self.request.user, RECORD)
        return ids is None or installation.account.unit_id in ids

    def _nothing(self, row: ReadingIn) -> Exception:
        """The answer for what does not exist, or not for this token."""
        if not allowed(self.request.user, RECORD):
            return Refused(RECORD, _("This token has no right to do this."))
        if not row.meter_no:
            return no_account(row.account_no or "")
        text = _("There is no meter %(no)s in use.")
        return Problem(text % {"no": row.meter_no}, field="meter_no", code="not_found")
