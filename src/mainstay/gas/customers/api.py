"""API: accounts."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Path, Query, Router, Schema

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.gas.customers.models import Account, AccountQuerySet
from mainstay.gas.customers.queries import VIEW_ACCOUNT, search_accounts
from mainstay.kit import masking
from mainstay.kit.api import READ, Number, Text
from mainstay.kit.errors import Problem

prefix = "/accounts"
router = Router()
MOST = 100


class AccountOut(Schema):
    """An account with its customer; personal data masked."""

    account_no: str
    name: str
    phone: str
    address: str
    category: Account.Category
    state: Account.State
    branch: str
    opened_on: date | None


class AccountPage(Schema):
    """Accounts in order of number; `next` is the `after` of the next page."""

    items: list[AccountOut]
    next: str | None


def visible_accounts(request: ApiRequest, right: str = VIEW_ACCOUNT) -> AccountQuerySet:
    """Return the accounts the token may see with a right; raises Refused when it has it nowhere."""
    if not allowed(request.user, right):
        raise Refused(right, _("This token has no right to see this."))
    return Account.objects.visible_to(request.user, right).select_related("customer", "premise", "unit")


def account_or_404(request: ApiRequest, account_no: str, right: str = VIEW_ACCOUNT) -> Account:
    """Return the account of a number; Problem 404 when there is none that the token may see."""
    found = visible_accounts(request, right).filter(account_no=account_no).first()
    if found is None:
        raise no_account(account_no)
    return found


def no_account(account_no: str) -> Problem:
    """The answer for an account that does not exist, or not for this token."""
    return Problem(_("There is no account %(no)s.") % {"no": account_no}, field="account_no", code="not_found")


def _out(account: Account) -> AccountOut:
    return AccountOut(
        account_no=account.account_no,
        name=account.customer.shown_name,
        phone=masking.phone(account.customer.phone),
        address=masking.address(account.premise.address),
        category=Account.Category(account.category),
        state=Account.State(account.state),
        branch=account.unit.code,
        opened_on=account.opened_on,
    )


Search = Annotated[Text, Query("", max_length=60, description=_n("As at the counter: number, meter, phone, name."))]
After = Annotated[str, Query("", pattern="^[0-9A-Za-z]{0,12}$", description=_n("`next` of the page before."))]
Limit = Annotated[int, Query(50, ge=1, le=MOST)]


@router.get("/", response={200: AccountPage, **READ}, summary=_n("List or search accounts"))
def list_accounts(request: ApiRequest, search: Search = "", after: After = "", limit: Limit = 50) -> AccountPage:
    """Accounts by number. With `search` the best hits come, without a next page."""
    rows = visible_accounts(request)
    if search.strip():
        return AccountPage(items=[_out(one) for one in search_accounts(request.user, search, limit)], next=None)
    found = list(rows.filter(account_no__gt=after).order_by("account_no")[: limit + 1])
    more = len(found) > limit
    return AccountPage(items=[_out(one) for one in found[:limit]], next=found[limit - 1].account_no if more else None)


@router.get("/{account_no}", response={200: AccountOut, **READ}, summary=_n("One account"))
def get_account(request: ApiRequest, account_no: Annotated[Number, Path()]) -> AccountOut:
    """Personal data is masked."""
    return _out(account_or_404(request, account_no))
