"""Reads about cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.gas.accounts.models import Case, CaseQuerySet
from mainstay.gas.billing.models import Bill

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

VIEW = register_right("gas.accounts.view_case", _("View cases of accounts"))


def cases_for_list(user: User, right: str = VIEW) -> CaseQuerySet:
    """Cases the user may see, with what a list shows."""
    rows = Case.objects.visible_to(user, right)
    return rows.select_related("account__customer", "new_account", "unit", "begun_by__person", "done_by__person")


def cases_of(account: Account) -> CaseQuerySet:
    """Cases of an account, also those by which it came to be."""
    rows = Case.objects.filter(Q(account=account) | Q(new_account=account))
    return rows.select_related("account", "new_account", "unit", "begun_by__person")


def bills_of(case: Case) -> list[Bill]:
    """The final bills a case made, oldest first."""
    keys = [(one[0], one[1]) for one in case.facts.get("bills", ())]
    if not keys or case.account_id is None:
        return []
    match = Q()
    for period, seq in keys:
        match |= Q(period=period, seq=seq)
    return list(Bill.objects.filter(match, account=case.account_id).order_by("period", "seq"))


def waiting(user: User) -> int:
    """Cases under way within the user's reach."""
    return Case.objects.visible_to(user).filter(state=Case.State.BEGUN).count()
