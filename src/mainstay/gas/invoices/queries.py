"""Reads about invoices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.gas.billing.models import Bill
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices.models import BuyerTitle, Exchange, Invoice, InvoiceLine
from mainstay.gas.invoices.rules import Billed

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.invoices.view_invoice", _("View invoices"))


def invoices_visible_to(user: User, right: str = VIEW) -> QuerySet[Invoice]:
    """Invoices of the branches the user may see."""
    ids = rights.unit_ids(user, right)
    rows = Invoice.objects.select_related("account__customer", "unit", "exchange", "red_of", "by__person", "xml__file")
    return rows if ids is None else rows.filter(unit_id__in=ids)


def exchanges_visible_to(user: User) -> QuerySet[Exchange]:
    """Exchange files of the branches the user may see, those of the whole company for who sees all."""
    ids = rights.unit_ids(user, VIEW)
    rows = Exchange.objects.select_related("unit", "by__person", "file__file")
    return rows if ids is None else rows.filter(unit_id__in=ids)


def may_see_exchange(user: User, exchange: Exchange) -> bool:
    """Whether an exchange file is among those of `exchanges_visible_to`."""
    ids = rights.unit_ids(user, VIEW)
    return ids is None or exchange.unit_id in ids


def open_bills(account: Account, limit: int = 36) -> list[Billed]:
    """Bills of an account an invoice can be made for: released, positive, not taken back, on no live invoice."""
    live = InvoiceLine.objects.filter(account=OuterRef("account"), period=OuterRef("period"), seq=OuterRef("seq"))
    taken_back = Bill.objects.filter(
        account=OuterRef("account"), period=OuterRef("period"), refers_seq=OuterRef("seq"), kind=Bill.Kind.REVERSAL
    )
    rows = Bill.objects.filter(Q(run=None) | Q(run__state="released"), account=account, amount_fen__gt=0)
    rows = rows.exclude(Exists(live.filter(live=True))).exclude(Exists(taken_back)).order_by("-period", "-seq")
    return [Billed(b.period, b.seq, b.amount_fen, b.vat_fen, b.volume_l) for b in rows[:limit]]


def must_be_red(user: User) -> QuerySet[Invoice]:
    """Invoices in force for a bill that was taken back since, with no red one asked for yet."""
    taken_back = Bill.objects.filter(
        account=OuterRef("account"), period=OuterRef("period"), refers_seq=OuterRef("seq"), kind=Bill.Kind.REVERSAL
    )
    lines = InvoiceLine.objects.filter(Exists(taken_back), invoice=OuterRef("pk"), live=True)
    red = Invoice.objects.filter(red_of=OuterRef("pk")).exclude(state__in=["failed", "withdrawn"])
    rows = invoices_visible_to(user).filter(state__in=["issued", "delivered"], red_of=None)
    return rows.filter(Exists(lines)).exclude(Exists(red))


def title_of(account: Account) -> BuyerTitle:
    """What invoices of an account are made out to: as kept, else the customer's own name."""
    found = BuyerTitle.objects.filter(account=account).first()
    return found or BuyerTitle(account=account, name=account.customer.name)


def invoices_of(account: Account, limit: int = 24) -> list[Invoice]:
    """The newest invoices of an account."""
    return list(Invoice.objects.filter(account=account).order_by("-pk")[:limit])
