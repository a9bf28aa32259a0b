"""API: supply contracts, and what accounts have in deposit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Query, Router, Schema

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.gas.accounts.models import Contract
from mainstay.gas.accounts.queries import VIEW_CONTRACT, contracts_for_list
from mainstay.gas.customers.api import account_or_404
from mainstay.gas.payments.queries import VIEW, deposit_fen, deposit_moves
from mainstay.kit.api import READ, Number
from mainstay.kit.money import yuan

contracts, deposits = Router(), Router()
MOST = 100
# Words of their own: enumerations of one name would take each other's place in the description.
ContractState = Literal["held", "ended"]
MoveKind = Literal["taken", "used", "refunded"]


class ContractOut(Schema):
    """A contract with a firm; the agreed price in yuan per m³, the deposit in yuan."""

    contract_no: str
    account_no: str
    state: ContractState
    from_on: date
    until_on: date
    price: str | None
    deposit_agreed: str
    signed_on: date


class ContractPage(Schema):
    """Contracts; `next` is the `after` of the next page."""

    items: list[ContractOut]
    next: str | None


class DepositMoveOut(Schema):
    """Money put into a deposit (positive) or taken out of it (negative), in yuan."""

    number: int
    kind: MoveKind
    amount: str
    receipt_no: str
    at: datetime


class DepositOut(Schema):
    """What an account has in deposit, and its newest movements."""

    account_no: str
    held: str
    moves: list[DepositMoveOut]


AccountNo = Annotated[Number | None, Query(None)]
After = Annotated[int | None, Query(None, ge=0, le=2**31 - 1, description=_n("`next` of the page before."))]
Limit = Annotated[int, Query(50, ge=1, le=MOST)]


@contracts.get("/", response={200: ContractPage, **READ}, summary=_n("Supply contracts"))
def list_contracts(
    request: ApiRequest, account_no: AccountNo = None, after: After = None, limit: Limit = 50
) -> ContractPage:
    """Newest first, of all accounts the token may see or of one."""
    if not allowed(request.user, VIEW_CONTRACT):
        raise Refused(VIEW_CONTRACT, _("This token has no right to see this."))
    rows = contracts_for_list(request.user).order_by("-pk")
    if account_no is not None:
        rows = rows.filter(account=account_or_404(request, account_no, VIEW_CONTRACT))
    found = list((rows if after is None else rows.filter(pk__lt=after))[: limit + 1])
    last = str(found[limit - 1].pk) if len(found) > limit else None
    return ContractPage(items=[_contract(one) for one in found[:limit]], next=last)


def _contract(one: Contract) -> ContractOut:
    return ContractOut(
        contract_no=one.number, account_no=one.account.account_no, state=cast(ContractState, one.state),
        from_on=one.from_on, until_on=one.until_on,
        price=None if one.price_e4 is None else f"{one.price_e4 // 10_000}.{one.price_e4 % 10_000:04d}",
        deposit_agreed=yuan(one.deposit_fen, thousands=False), signed_on=one.signed_on,
    )  # fmt: skip


@deposits.get("/{account_no}", response={200: DepositOut, **READ}, summary=_n("What an account has in deposit"))
def get_deposit(request: ApiRequest, account_no: Number) -> DepositOut:
    """The balance by the ledger, and the newest movements with their receipts."""
    account = account_or_404(request, account_no, VIEW)
    moves = [
        DepositMoveOut(
            number=one.number, kind=cast(MoveKind, one.kind), amount=yuan(one.amount_fen, thousands=False),
            receipt_no=one.receipt_no, at=one.at,
        )
        for one in deposit_moves(account.pk, limit=MOST)
    ]  # fmt: skip
    held = yuan(deposit_fen(account.pk), thousands=False)
    return DepositOut(account_no=account_no, held=held, moves=moves)
