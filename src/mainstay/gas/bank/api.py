"""API: bank days, the journal, and a bank's file for reconciliation."""

from __future__ import annotations

import binascii
import datetime as dt
from base64 import b64decode
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Query, Router, Schema

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused, rights
from mainstay.gas.bank import queries
from mainstay.gas.bank.actions import reconcile
from mainstay.gas.bank.models import Bank, Entry, Statement
from mainstay.kit.api import READ, WRITE, Day, Incoming, Key, Number, Text
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan

prefix = "/bank"
router = Router()
RECONCILE = "gas.bank.reconcile"
MOST = 200
MOST_BASE64 = 24_000_000


class DayOut(Schema):
    """A bank's business day; `stands` is what was paid less what was reversed."""

    bank: str
    business_on: dt.date
    open: bool
    payments: int
    reversals: int
    refused: int
    stands: str
    cut_at: dt.datetime | None
    open_differences: int
    paid_over: str


class EntryOut(Schema):
    """A message of the journal; `answer` is the code it was answered with, 00 for accepted."""

    bank: str
    business_on: dt.date
    serial: str
    kind: str
    original: str
    account_no: str
    amount: str
    answer: str
    at: dt.datetime


class StatementIn(Incoming):
    """A bank's file of a day, as the bank sent it."""

    bank: Number
    business_on: Day
    name: Annotated[Text, Field(min_length=1, max_length=120)]
    content: str = Field(max_length=MOST_BASE64, description=_n("The file's bytes in base64."))


class StatementOut(Schema):
    """How a file compares with ours: counts of the four classes, and the sum of the file."""

    id: int
    bank: str
    business_on: dt.date
    rows: int
    amount: str
    matched: int
    bank_only: int
    ours_only: int
    differs: int


def _plain(fen: int) -> str:
    return yuan(fen, thousands=False)


def _bank(request: ApiRequest, code: str, right: str) -> Bank:
    """The bank of a code in the token's branches; 403 without the right, 404 outside of its reach."""
    if not rights.allowed(request.user, right):
        raise Refused(right, _("This token has no right to do this."))
    found = queries.banks_visible_to(request.user, right).filter(code=code).first()
    if found is None:
        raise Problem(_("There is no bank %(code)s.") % {"code": code}, field="bank", code="not_found")
    return found


BankCode = Annotated[Number, Query(description=_n("Code of the bank."))]


@router.get("/days", response={200: list[DayOut], **READ}, summary=_n("Business days of a bank"))
def list_bank_days(request: ApiRequest, bank: BankCode) -> list[DayOut]:
    """The last fourteen, newest first."""
    rows = queries.day_board([_bank(request, bank, queries.VIEW_DAYS)])
    return [
        DayOut(
            bank=row.bank.code,
            business_on=row.business_on,
            open=row.is_open,
            payments=row.paid,
            reversals=row.back,
            refused=row.refused,
            stands=_plain(row.net_fen),
            cut_at=row.day.cut_at if row.day else None,
            open_differences=row.open_differences,
            paid_over=_plain(row.settled_fen),
        )
        for row in rows
    ]


Serial = Annotated[Key | None, Query(None, description=_n("The bank's serial."))]
AccountNo = Annotated[Number | None, Query(None)]


@router.get("/entries", response={200: list[EntryOut], **READ}, summary=_n("Messages of a bank's business day"))
def list_bank_entries(
    request: ApiRequest,
    bank: BankCode,
    business_on: Annotated[Day, Query()],
    serial: Serial = None,
    account_no: AccountNo = None,
) -> list[EntryOut]:
    """Newest first, at most 200, narrowed by serial or account number."""
    found = _bank(request, bank, queries.VIEW_JOURNAL)
    rows = Entry.objects.filter(bank=found, business_on=business_on).order_by("-at", "-serial")
    rows = rows.filter(serial=serial) if serial else rows
    rows = rows.filter(account_no=account_no) if account_no else rows
    return [
        EntryOut(
            bank=found.code,
            business_on=one.business_on,
            serial=one.serial,
            kind=Entry.Kind(one.kind).name.lower(),
            original=one.original,
            account_no=one.account_no,
            amount=_plain(one.amount_fen),
            answer=one.code,
            at=one.at,
        )
        for one in rows[:MOST]
    ]


@router.post("/statements", response={200: StatementOut, **WRITE}, summary=_n("Reconcile a bank's file"))
def post_bank_statement(request: ApiRequest, statement: StatementIn) -> StatementOut:
    """The same file again is compared anew and gives the same."""
    bank = _bank(request, statement.bank, RECONCILE)
    made = reconcile(
        bank=bank, business_on=statement.business_on, name=statement.name, raw=_bytes(statement.content),
        by=request.user,
    )  # fmt: skip
    return StatementOut(**_counts(made))


def _bytes(content: str) -> bytes:
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Problem(_("The content is no base64. Nothing was read."), field="content", code="bad_base64") from None


def _counts(made: Statement) -> dict[str, Any]:
    names = ("id", "business_on", "rows", "matched", "bank_only", "ours_only", "differs")
    return {"bank": made.bank.code, "amount": _plain(made.amount_fen), **{name: getattr(made, name) for name in names}}
