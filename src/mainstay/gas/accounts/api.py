"""API: the cases of accounts, from an application to the closing. Contracts and deposits: `api_money.py`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Path, Query, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed, unit_ids
from mainstay.core.organisation.models import Unit
from mainstay.gas.accounts import actions, queries
from mainstay.gas.accounts.api_money import contracts, deposits
from mainstay.gas.accounts.models import Case, CaseQuerySet
from mainstay.gas.customers.actions import restore_account, suspend_account
from mainstay.gas.customers.api import account_or_404
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.customers.queries import obstacles_of
from mainstay.gas.payments.queries import advance_fen, deposit_fen
from mainstay.kit.api import READ, WRITE, Day, Incoming, Key, Number, Text, Volume
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock
from mainstay.kit.volume import m3, parse_m3

prefix = "/cases"
router = Router()
also = (("/contracts", contracts), ("/deposits", deposits))
MOST = 100
FILE = "gas.accounts.file_application"
Reason = Annotated[Text, Field(min_length=1, max_length=200)]
Name = Annotated[Text, Field(min_length=1, max_length=80)]
Short = Annotated[Text, Field(max_length=30)]
CaseKind = Literal["opening", "transfer", "suspension", "restoration", "closing"]
CaseState = Literal["begun", "done", "withdrawn"]


class ApplicantIn(Incoming):
    """A person or a firm that is not yet, or perhaps not yet, a customer."""

    name: Name
    kind: Literal["person", "firm"] = "person"
    phone: Annotated[Text, Field(max_length=20)] = ""
    id_no: Short = Field("", description=_n("ID card number or credit code."))


class ApplicationIn(ApplicantIn):
    """What somebody applies for. The account is opened later, when address, meter and tariff are known."""

    branch: Number = Field(description=_n("Code of the branch."))
    address: Annotated[Text, Field(min_length=1, max_length=160)]
    category: Account.Category = Account.Category.RESIDENTIAL
    wished_on: Day | None = None
    note: Annotated[Text, Field(max_length=200)] = ""
    reference: Key = Field(description=_n("The sender's own number: sending it again files nothing twice."))


class LeavingIn(Incoming):
    """The first step of a closing or a transfer: last readings, from which the final bill is made."""

    account_no: Number
    kind: Literal["closing", "transfer"]
    on: Day
    indexes: dict[Number, Volume] = Field(description=_n("Last index in m³ by meter number, of every meter."))
    reason: Reason
    doubts_known: bool = Field(False, description=_n("An unlikely last index was checked and holds."))


class SuspensionIn(Incoming):
    """An account that rests for a while, or goes on."""

    account_no: Number
    reason: Reason
    until_on: Day | None = Field(None, description=_n("The day it is foreseen to go on; suspensions only."))


class ReasonIn(Incoming):
    """Why a case is given up."""

    reason: Reason


class ClosingIn(Incoming):
    """The last step of a closing."""

    despite: list[Number] = Field([], max_length=20, description=_n("Keys of obstacles that may stay, knowingly."))


class TransferIn(ClosingIn):
    """The last step of a transfer: who takes over, and what becomes of the advance."""

    customer: ApplicantIn
    persons: int = Field(3, ge=1, le=99)
    balance: Literal["move", "refund", "keep"] = "refund"


class CaseOut(Schema):
    """A case; personal data masked."""

    number: str
    kind: CaseKind
    state: CaseState
    branch: str
    account_no: str | None
    new_account_no: str | None
    applicant: str
    on: date
    until_on: date | None
    reason: str


class ObstacleOut(Schema):
    """What stands between a case and its end; `may_stay` when it can be named in `despite`."""

    key: str
    text: str
    may_stay: bool


class MeterOut(Schema):
    """A meter that was taken down, with its last index."""

    meter_no: str
    last_index_m3: str


class FinalBillOut(Schema):
    """A final bill of the case."""

    bill_no: str
    amount: str


class CaseDetailOut(CaseOut):
    """A case with its readings, bills and money (yuan), and what is still in its way."""

    meters: list[MeterOut]
    bills: list[FinalBillOut]
    advance: str
    deposit: str
    obstacles: list[ObstacleOut]


class CasePage(Schema):
    """Cases; `next` is the `after` of the next page."""

    items: list[CaseOut]
    next: str | None


def _facts(case: Case) -> dict[str, Any]:
    return {
        "number": case.number, "kind": case.kind, "state": case.state,
        "branch": case.unit.code, "account_no": case.account.account_no if case.account else None,
        "new_account_no": case.new_account.account_no if case.new_account else None,
        "applicant": case.shown_name,
        "on": case.on, "until_on": case.until_on, "reason": case.reason,
    }  # fmt: skip


def _detail(case: Case) -> CaseDetailOut:
    account = case.account
    under_way = account is not None and case.state == Case.State.BEGUN
    return CaseDetailOut(
        **_facts(case),
        meters=[
            MeterOut(meter_no=one["meter_no"], last_index_m3=m3(one["last_index_l"], thousands=False))
            for one in case.facts.get("meters", ())
        ],
        bills=[
            FinalBillOut(bill_no=bill.bill_no, amount=yuan(bill.amount_fen, thousands=False))
            for bill in queries.bills_of(case)
        ],
        advance=yuan(advance_fen(account.pk) if account else 0, thousands=False),
        deposit=yuan(deposit_fen(account.pk) if account else 0, thousands=False),
        obstacles=[
            ObstacleOut(key=one.key, text=str(one.text), may_stay=one.may_stay)
            for one in (obstacles_of(account) if under_way and account else [])
        ],
    )


def _visible(request: ApiRequest) -> CaseQuerySet:
    if not allowed(request.user, queries.VIEW):
        raise Refused(queries.VIEW, _("This token has no right to see this."))
    return queries.cases_for_list(request.user)


def _case_or_404(request: ApiRequest, number: str) -> Case:
    found = _visible(request).filter(number=number).first()
    if found is None:
        raise Problem(_("There is no case %(no)s.") % {"no": number}, field="number", code="not_found")
    return found


def _told(case: Case, status: int = 200) -> Status:
    """The case as it is now."""
    rows = Case.objects.select_related("account__customer", "new_account", "unit")
    return Status(status, _detail(rows.get(pk=case.pk)))


CaseNo = Annotated[Number, Path(description=_n("As printed on the case's paper: 2026-000123."))]
After = Annotated[str, Query("", pattern="^[0-9-]{0,20}$", description=_n("`next` of the page before."))]
Limit = Annotated[int, Query(50, ge=1, le=MOST)]


class CasesAsked(Schema):
    """Which cases."""

    account_no: Number | None = None
    kind: CaseKind | None = None
    state: CaseState | None = None


@router.get("/", response={200: CasePage, **READ}, summary=_n("Cases of accounts"))
def list_cases(request: ApiRequest, asked: Query[CasesAsked], after: After = "", limit: Limit = 50) -> CasePage:
    """Newest first, of the branches the token may see."""
    rows = _visible(request)
    given = {"account__account_no": asked.account_no, "kind": asked.kind, "state": asked.state}
    rows = rows.filter(**{name: value for name, value in given.items() if value is not None}).order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=_case_or_404(request, after).pk)
    found = list(rows[: limit + 1])
    last = found[limit - 1].number if len(found) > limit else None
    return CasePage(items=[CaseOut(**_facts(one)) for one in found[:limit]], next=last)


@router.post(
    "/applications", response={200: CaseDetailOut, 201: CaseDetailOut, **WRITE}, summary=_n("File an application")
)
def post_application(request: ApiRequest, application: ApplicationIn) -> Status:
    """201 when it was filed; 200 with the same case when this reference of the token had been filed before."""
    facts = application.dict(exclude={"branch", "reference"})
    unit = _branch(request, application.branch)
    lock("accounts.reference", request.user.pk)
    mine = Case.objects.filter(kind=Case.Kind.OPENING, begun_by=request.user, facts__reference=application.reference)
    known = mine.first()
    if known is not None:
        return _told(known)
    case = actions.file_application(unit=unit, **facts, reference=application.reference, by=request.user)
    return _told(case, 201)


def _branch(request: ApiRequest, code: str) -> Unit:
    """The branch of a code; without the right to file there it does not exist."""
    if not allowed(request.user, FILE):
        raise Refused(FILE, _("This token has no right to do this."))
    ids = unit_ids(request.user, FILE)
    units = Unit.objects.filter(code=code, closed_on=None)
    unit = (units if ids is None else units.filter(pk__in=ids)).first()
    if unit is None:
        raise Problem(_("There is no branch %(code)s.") % {"code": code}, field="branch", code="not_found")
    return unit


@router.post("/leavings", response={201: CaseDetailOut, **WRITE}, summary=_n("Begin a closing or a transfer"))
def post_leaving(request: ApiRequest, leaving: LeavingIn) -> Status:
    """Takes the meters down and makes the final bill; the case then says what is to be settled.

    An account has one case at a time: sent again it is refused (`under_way`) and nothing changes.
    """
    account = account_or_404(request, leaving.account_no)
    hung = account.installations.filter(until_on=None).select_related("meter")
    numbers = {one.meter.meter_no: one.pk for one in hung}
    unknown = sorted(set(leaving.indexes) - set(numbers))
    if unknown:
        text = _("Meter %(number)s does not hang at this account.")
        raise Problem(text % {"number": unknown[0]}, field="indexes", code="no_meter")
    case = actions.begin_leaving(
        account=account, kind=leaving.kind, on=leaving.on, reason=leaving.reason, doubts_known=leaving.doubts_known,
        indexes={numbers[key]: parse_m3(index, field="indexes") for key, index in leaving.indexes.items()},
        by=request.user,
    )  # fmt: skip
    return _told(case, 201)


@router.post("/suspensions", response={201: CaseDetailOut, **WRITE}, summary=_n("Suspend an account"))
def post_suspension(request: ApiRequest, suspension: SuspensionIn) -> Status:
    """The account is left out of billing until it is restored."""
    account = account_or_404(request, suspension.account_no)
    suspend_account(account=account, reason=suspension.reason, until_on=suspension.until_on, by=request.user)
    return _newest(account)


@router.post("/restorations", response={201: CaseDetailOut, **WRITE}, summary=_n("Restore a suspended account"))
def post_restoration(request: ApiRequest, restoration: SuspensionIn) -> Status:
    """The account is billed again."""
    account = account_or_404(request, restoration.account_no)
    restore_account(account=account, reason=restoration.reason, by=request.user)
    return _newest(account)


def _newest(account: Account) -> Status:
    return _told(queries.cases_of(account).order_by("-pk")[0], 201)


# After the addresses above, which it would answer for.
@router.get("/{number}", response={200: CaseDetailOut, **READ}, summary=_n("One case with what is in its way"))
def get_case(request: ApiRequest, number: CaseNo) -> CaseDetailOut:
    """Last readings, final bills and the account's money; obstacles while it is under way."""
    return _detail(_case_or_404(request, number))


@router.post("/{number}/withdraw", response={200: CaseDetailOut, **WRITE}, summary=_n("Withdraw a case"))
def post_withdrawal(request: ApiRequest, number: CaseNo, withdrawal: ReasonIn) -> Status:
    """Nothing that was done is undone."""
    case = _case_or_404(request, number)
    return _told(actions.withdraw_case(case=case, reason=withdrawal.reason, by=request.user))


@router.post("/{number}/close", response={200: CaseDetailOut, **WRITE}, summary=_n("Close the account of a case"))
def post_closing(request: ApiRequest, number: CaseNo, closing: ClosingIn) -> Status:
    """202 when somebody leaves who still owes: a second person decides."""
    case = _case_or_404(request, number)
    return _told(actions.finish_closing(case=case, despite=closing.despite, by=request.user))


@router.post("/{number}/transfer", response={200: CaseDetailOut, **WRITE}, summary=_n("Transfer the account of a case"))
def post_transfer(request: ApiRequest, number: CaseNo, transfer: TransferIn) -> Status:
    """Opens the account of who takes over, with the same meters, book and tariff."""
    case = _case_or_404(request, number)
    customer = {**transfer.customer.dict(), "kind": Customer.Kind(transfer.customer.kind)}
    actions.finish_transfer(
        case=case, customer=customer, persons=transfer.persons, balance=transfer.balance, despite=transfer.despite,
        by=request.user,
    )  # fmt: skip
    return _told(case)
