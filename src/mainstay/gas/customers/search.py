"""Accounts in the search box at the top of every page."""

from __future__ import annotations

from typing import Any

from mainstay.core.home.search import PER_GROUP, Hit
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import search_accounts
from mainstay.kit import masking


def find_accounts(user: Any, text: str) -> list[Hit]:
    """The best few accounts within the user's reach, personal data masked."""
    return [_hit(account) for account in search_accounts(user, text, limit=PER_GROUP)]


def _hit(account: Account) -> Hit:
    name, address = account.customer.shown_name, masking.address(account.premise.address)
    return Hit(f"{account.account_no} {name}", account.get_absolute_url(), f"{address} · {account.get_state_display()}")
