"""What this app tells the account page and whoever closes an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.accounts.actions.leaving import hazards_in_the_way
from mainstay.gas.accounts.models import Case, Contract
from mainstay.gas.accounts.queries import VIEW
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.customers.queries import Obstacle
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button

BEGIN = "gas.accounts.begin_leaving"
_LIVE = (Account.State.ACTIVE, Account.State.SUSPENDED)


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """Open hazards, and a contract that holds."""
    contract = Contract.objects.in_force(local_today()).filter(account=account).first()
    found = hazards_in_the_way(account)
    if contract is not None:
        text = _("Contract %(number)s holds until %(day)s: end it first.")
        url = contract.get_absolute_url()
        found.append(Obstacle("contract", text % {"number": contract, "day": contract.until_on}, url=url))
    return found


@provide("warnings_of_account")
def warnings_of_account(*, account: Account, user: User) -> list[tuple[str, Any]]:
    """A case under way, with what it is."""
    case = Case.objects.filter(account=account, state=Case.State.BEGUN).first()
    if case is None:
        return []
    text = _("Case %(number)s (%(kind)s) of this account is under way: finish or withdraw it.")
    return [("amber", text % {"number": case.number, "kind": case.get_kind_display()})]


@provide("buttons_of_account")
def buttons_of_account(*, account: Account, user: User) -> list[Button]:
    """The ways out of an account that lives."""
    if account.state not in _LIVE:
        return []
    key = (account.pk,)
    grant, sign = "gas.accounts.grant_relief", "gas.accounts.sign_contract"
    if account.customer.kind == Customer.Kind.FIRM:
        master, rule = _("Set what a master meter is for"), "gas.customers.set_difference"
        own = [
            Button(_("Sign supply contract"), "accounts:contract_sign", key, sign, "signature"),
            Button(master, "accounts:difference_set", key, rule),
        ]
    else:
        own = [Button(_("Ask for easier terms"), "accounts:relief_grant", key, grant, "certificate")]
    return [
        *own,
        Button(_("Transfer account"), "accounts:transfer_begin", key, BEGIN, "refresh"),
        Button(_("Close account"), "accounts:closing_begin", key, BEGIN, "archive", danger=True),
    ]


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "cases" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("accounts:account_cases", args=[account.pk])
    return {"key": "cases", "title": _("Cases"), "url": url, "order": 60}
