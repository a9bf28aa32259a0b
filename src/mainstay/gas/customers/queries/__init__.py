"""Reads about accounts: the search, lists, facts of the account page."""

from mainstay.gas.customers.queries.accounts import (
    VIEW_ACCOUNT,
    VIEW_AREA,
    accounts_for_list,
    areas_beginning,
    areas_named,
    others_of_customer,
    same_customer,
    units_with_accounts,
)
from mainstay.gas.customers.queries.closing import Obstacle, obstacles_of
from mainstay.gas.customers.queries.search import search_account_ids, search_accounts

__all__ = [
    "VIEW_ACCOUNT",
    "VIEW_AREA",
    "Obstacle",
    "accounts_for_list",
    "areas_beginning",
    "areas_named",
    "obstacles_of",
    "others_of_customer",
    "same_customer",
    "search_account_ids",
    "search_accounts",
    "units_with_accounts",
]
