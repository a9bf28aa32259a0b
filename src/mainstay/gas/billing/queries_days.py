"""Bills belong to a business day; a day that is closed takes no more of them.

Days are closed by the ledger, which lies right of billing: it answers the question "closed_units".
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from mainstay.core.events.providers import answers
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Book
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock_shared

DAY_LOCK = "ledger.day"  # whoever closes a day takes it alone; whoever bills or books on the day shares it


def refuse_closed_day(unit_ids: Collection[int], business_on: date, *, field: str = "") -> None:
    """Raise Problem when the day is closed for one of the branches; until the transaction ends it stays open.

    Call it before locking accounts: payments take the day first, too.
    """
    lock_shared(DAY_LOCK, business_on.toordinal())
    _refuse(closed_units(business_on) & set(unit_ids), business_on, field)


def refuse_closed_day_of_books(book_ids: Collection[int], business_on: date, *, field: str = "") -> None:
    """Raise Problem when the day is closed for the branch of a book, or of an account in it."""
    lock_shared(DAY_LOCK, business_on.toordinal())
    closed = closed_units(business_on)
    if not closed:
        return
    hit = set(Book.objects.filter(pk__in=book_ids, unit__in=closed).values_list("unit", flat=True))
    accounts = Account.objects.filter(unit__in=closed, book_entry__book__in=book_ids)
    _refuse(hit or set(accounts.order_by().values_list("unit", flat=True).distinct()[:1]), business_on, field)


def closed_units(business_on: date) -> set[int]:
    """Branches whose business day takes no more bills."""
    return {unit_id for found in answers("closed_units", business_on=business_on) for unit_id in found}


def _refuse(unit_ids: Collection[int], business_on: date, field: str) -> None:
    if unit_ids:
        text = _(
            "The business day %(day)s is closed for %(unit)s. Nothing was changed; choose a later day, or do it "
            "on the next."
        )
        facts = {"day": business_on, "unit": Unit.objects.get(pk=min(unit_ids))}
        raise Problem(text % facts, field=field, code="day_closed")
