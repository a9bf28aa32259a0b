"""Lists of accounts and what the account page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.gas.customers.models import Account, Area

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_ACCOUNT = register_right("gas.customers.view_account", _("View accounts"))
VIEW_AREA = register_right("gas.customers.view_area", _("View areas"))
AREAS_SHOWN = 20
OTHERS_SHOWN = 20


def accounts_for_list(user: User) -> QuerySet[Account]:
    """Accounts the user may see, in an order that an index gives whatever the number of his units."""
    ids = rights.unit_ids(user, VIEW_ACCOUNT)
    rows = Account.objects.select_related("customer", "premise", "unit")
    if ids is None:
        return rows.order_by("account_no")
    if len(ids) == 1:
        return rows.filter(unit=ids[0]).order_by("account_no")
    return rows.filter(unit__in=ids).order_by("unit", "account_no")


def others_of_customer(account: Account, user: User) -> list[Account]:
    """The customer's other accounts within the user's reach."""
    rows = Account.objects.visible_to(user).filter(customer=account.customer_id).exclude(pk=account.pk)
    return list(rows.select_related("premise", "unit").order_by("account_no")[:OTHERS_SHOWN])


def areas_beginning(text: str) -> list[Area]:
    """Areas whose name holds a text or whose initials begin with it, for suggestions while typing."""
    match = Q(name__contains=text) | Q(initials__startswith=text.lower()) if text else Q()
    return list(Area.objects.filter(match).select_related("parent").order_by("name")[:AREAS_SHOWN])
