"""Reads about cases, approvals and contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.gas.accounts.models import Case, CaseQuerySet, Contract, DatedQuerySet, Relief
from mainstay.gas.billing.models import Bill
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

VIEW = register_right("gas.accounts.view_case", _("View cases of accounts"))
VIEW_RELIEF = register_right("gas.accounts.view_relief", _("View approvals of easier terms"))
VIEW_CONTRACT = register_right("gas.accounts.view_contract", _("View supply contracts"))


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


def waiting(user: User) -> QuerySet[Case]:
    """Cases under way within the user's reach."""
    return Case.objects.visible_to(user).filter(state=Case.State.BEGUN)


def reliefs_for_list(user: User, right: str = VIEW_RELIEF) -> DatedQuerySet:
    """Approvals the user may see, with what a list shows."""
    rows = Relief.objects.visible_to(user, right)
    return rows.select_related("account__customer", "account__unit", "proof__file", "granted_by__person")


def contracts_for_list(user: User, right: str = VIEW_CONTRACT) -> DatedQuerySet:
    """Contracts the user may see, with what a list shows."""
    rows = Contract.objects.visible_to(user, right)
    return rows.select_related("account__customer", "account__premise", "account__unit", "by__person")


def reliefs_ending(user: User) -> DatedQuerySet:
    """Approvals that end within 30 days."""
    today = local_today()
    return Relief.objects.visible_to(user, VIEW_RELIEF).ending(today, today + timedelta(days=30))


def contracts_ending(user: User) -> DatedQuerySet:
    """Contracts that end within 60 days."""
    today = local_today()
    return Contract.objects.visible_to(user, VIEW_CONTRACT).ending(today, today + timedelta(days=60))


def last_indexes(installations: Sequence[Installation]) -> dict[int, tuple[int, date]]:
    """Litres and day of the last accepted reading of meters of one account, by key of the installation."""
    if not installations:
        return {}
    keys = [one.pk for one in installations]
    rows = Reading.objects.filter(
        account=installations[0].account_id, installation__in=keys, state=Reading.State.ACCEPTED
    ).order_by("taken_on", "period")  # fmt: skip
    return {key: (index_l, day) for key, index_l, day in rows.values_list("installation_id", "index_l", "taken_on")}
