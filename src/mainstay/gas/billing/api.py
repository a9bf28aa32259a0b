"""API: bills."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Path, Query, Router, Schema

from mainstay.core.access.bearer import ApiRequest
from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.gas.billing.paper import bill_data
from mainstay.gas.billing.queries import story_of
from mainstay.gas.billing.rights import VIEW_BILL
from mainstay.gas.customers.api import account_or_404
from mainstay.gas.readings.api import AccountOrBook, book_or_404
from mainstay.kit.api import READ, Number
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.pdf import render_pdf
from mainstay.kit.volume import m3

prefix = "/bills"
router = Router()
MOST = 120
BILL_NO = re.compile(r"(?P<account_no>[0-9A-Za-z]{1,12})-(?P<period>[0-9]{6})-(?P<seq>[0-9]{1,4})")


class LineOut(Schema):
    """A charge line: amount in yuan, price in yuan per m³."""

    kind: str
    tier: int
    volume_m3: str
    price: str
    amount: str
    vat: str


class BillOut(Schema):
    """A bill; amounts in yuan with VAT contained, volumes in m³."""

    bill_no: str
    account_no: str
    period: int
    kind: str
    from_on: date
    to_on: date
    volume_m3: str
    year_volume_before_m3: str
    year_volume_after_m3: str
    amount: str
    vat: str
    due_on: date


class BillDetailOut(BillOut):
    """A bill with its lines and what is still open."""

    open: str
    lines: list[LineOut]


class BillPage(Schema):
    """Bills; `next` is the `after` of the next page."""

    items: list[BillOut]
    next: str | None


def _facts(bill: Bill) -> dict[str, Any]:
    return {
        "bill_no": bill.bill_no,
        "account_no": bill.account.account_no,
        "period": bill.period,
        "kind": Bill.Kind(bill.kind).name.lower(),
        "from_on": bill.from_on,
        "to_on": bill.to_on,
        "volume_m3": m3(bill.volume_l, thousands=False),
        "year_volume_before_m3": m3(bill.year_before_l, thousands=False),
        "year_volume_after_m3": m3(bill.year_after_l, thousands=False),
        "amount": yuan(bill.amount_fen, thousands=False),
        "vat": yuan(bill.vat_fen, thousands=False),
        "due_on": bill.due_on,
    }


def _line(line: ChargeLine) -> LineOut:
    return LineOut(
        kind=ChargeLine.Kind(line.kind).name.lower(),
        tier=line.tier,
        volume_m3=m3(line.volume_l, thousands=False),
        price=f"{line.price_e4 // 10_000}.{line.price_e4 % 10_000:04d}",
        amount=yuan(line.amount_fen, thousands=False),
        vat=yuan(line.vat_fen, thousands=False),
    )


class BillsAsked(AccountOrBook):
    """Which bills."""

    after: str = Field("", pattern="^[0-9A-Za-z-]{0,30}$", description=_n("`next` of the page before."))
    limit: int = Field(50, ge=1, le=MOST)


@router.get("/", response={200: BillPage, **READ}, summary=_n("Bills of an account, or of a book in a period"))
def list_bills(request: ApiRequest, asked: Query[BillsAsked]) -> BillPage:
    """Give `account_no`, or `book` with `period`."""
    key = bill_key(asked.after)
    if asked.account_no:
        account = account_or_404(request, asked.account_no, VIEW_BILL)
        rows = Bill.objects.filter(account=account).latest_first()
        rows = rows.filter(period=asked.period) if asked.period else rows
        if key:
            rows = rows.filter(Q(period__lt=key[1]) | Q(period=key[1], seq__lt=key[2]))
    elif asked.book and asked.period:
        book = book_or_404(request, asked.book, VIEW_BILL)
        rows = Bill.objects.filter(account__book_entry__book=book, period=asked.period)
        rows = rows.order_by("account__account_no", "seq")
        if key:
            rows = rows.filter(Q(account__account_no__gt=key[0]) | Q(account__account_no=key[0], seq__gt=key[2]))
    else:
        raise asked.too_wide()
    found = list(rows.select_related("account")[: asked.limit + 1])
    last = found[asked.limit - 1].bill_no if len(found) > asked.limit else None
    return BillPage(items=[BillOut(**_facts(bill)) for bill in found[: asked.limit]], next=last)


BillNo = Annotated[Number, Path(description=_n("As printed on the bill: account number, period, place."))]


@router.get("/{bill_no}", response={200: BillDetailOut, **READ}, summary=_n("One bill with its charge lines"))
def get_bill(request: ApiRequest, bill_no: BillNo) -> BillDetailOut:
    """Amounts of the lines add up to the bill's amount."""
    story = story_of(_bill_or_404(request, bill_no))
    return BillDetailOut(
        **_facts(story.bill), open=yuan(story.open_fen, thousands=False), lines=[_line(line) for line in story.lines]
    )


@router.get(
    "/{bill_no}/pdf",
    response={200: None, **READ},
    summary=_n("One bill on paper"),
    openapi_extra={"responses": {200: {"content": {"application/pdf": {"schema": {"type": "string"}}}}}},
)
def get_bill_pdf(request: ApiRequest, bill_no: BillNo) -> HttpResponse:
    """The PDF that the customer gets, in the language of Accept-Language."""
    bill = _bill_or_404(request, bill_no)
    response = HttpResponse(render_pdf("bill", bill_data(story_of(bill))), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{bill.bill_no}.pdf"'
    return response


def _bill_or_404(request: ApiRequest, bill_no: str) -> Bill:
    """Return the bill of a number; Problem 404 when there is none that the token may see."""
    key = bill_key(bill_no)
    missing = Problem(_("There is no bill %(no)s.") % {"no": bill_no}, field="bill_no", code="not_found")
    if key is None:
        raise missing
    account = account_or_404(request, key[0], VIEW_BILL)
    rows = Bill.objects.select_related("account__customer", "account__premise", "version__plan")
    bill = rows.filter(account=account, period=key[1], seq=key[2]).first()
    if bill is None:
        raise missing
    return bill


def bill_key(bill_no: str) -> tuple[str, int, int] | None:
    """Return account number, period and place in it of a bill's number, None when it is not one."""
    found = BILL_NO.fullmatch(bill_no)
    return (found["account_no"], int(found["period"]), int(found["seq"])) if found else None
