"""Lists of accounts and areas, and what forms look up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account, Area
from mainstay.gas.customers.rules import phone_key, tidy_name

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_ACCOUNT = register_right("gas.customers.view_account", _("View accounts"))
VIEW_AREA = register_right("gas.customers.view_area", _("View areas"))
AREAS_SHOWN = 20
OTHERS_SHOWN = 20
SEVERAL = 8


def accounts_for_list(user: User) -> QuerySet[Account]:
    """Accounts the user may see, in an order that an index gives whatever the number of his units."""
    ids = rights.unit_ids(user, VIEW_ACCOUNT)
    rows = Account.objects.select_related("customer", "premise", "unit")
    if ids is None:
        return rows.order_by("account_no")
    if len(ids) == 1:
        return rows.filter(unit=ids[0]).order_by("account_no")
    return rows.filter(unit__in=ids).order_by("unit_id", "account_no")


def units_with_accounts(user: User, right: str) -> QuerySet[Unit]:
    """Units within a right that have accounts, themselves or below them: the others have nobody to run over."""
    ids = rights.unit_ids(user, right)
    units = Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)
    having = Unit.objects.filter(Exists(Account.objects.filter(unit=OuterRef("pk"))))
    return units.filter(Exists(having.filter(path__startswith=OuterRef("path"))))


def others_of_customer(account: Account, user: User) -> list[Account]:
    """The customer's other accounts within the user's reach."""
    rows = Account.objects.visible_to(user).filter(customer=account.customer_id).exclude(pk=account.pk)
    return list(rows.select_related("premise", "unit").order_by("account_no")[:OTHERS_SHOWN])


def same_customer(user: User, name: str, phone: str) -> Account | None:
    """An account within the user's reach whose customer has this name and telephone number."""
    tail = phone_key(phone)
    if not tail:
        return None
    rows = Account.objects.visible_to(user).filter(customer__phone_reversed=tail, customer__name=tidy_name(name))
    return rows.order_by("pk").first()


def areas_beginning(text: str) -> list[Area]:
    """Areas whose name holds a text or whose initials begin with it, for suggestions while typing."""
    match = Q(name__contains=text) | Q(initials__startswith=text.lower()) if text else Q()
    return list(Area.objects.filter(match).select_related("parent").order_by("name")[:AREAS_SHOWN])


def areas_named(text: str) -> list[Area]:
    """Areas of exactly this name, else with these initials, else whose name or initials begin so: at most eight."""
    letters = text.lower()
    begins = Q(name__startswith=text) | Q(initials__startswith=letters)
    for match in (Q(name=text), Q(initials=letters), begins):
        found = list(Area.objects.filter(match).select_related("parent").order_by("name")[:SEVERAL])
        if found:
            return found
    return []
