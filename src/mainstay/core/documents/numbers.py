"""Gapless numbers for papers: one series for each kind and year."""

from __future__ import annotations

from django.db import connection
from django.db.models import F
from django.db.transaction import TransactionManagementError

from mainstay.core.documents.models import NumberSeries


def next_number(kind: str, year: int) -> int:
    """Take the next number of a series, inside the transaction of the paper it is for: rolled back, it is not used.

    Whoever takes a number of the same series meanwhile waits for the end of this transaction, so no number is lost and
    none is given twice. Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A number belongs to its paper: take it inside the paper's transaction.")
    series = NumberSeries.objects.filter(kind=kind, year=year)
    if not series.update(last=F("last") + 1):
        NumberSeries.objects.bulk_create([NumberSeries(kind=kind, year=year)], ignore_conflicts=True)
        series.update(last=F("last") + 1)
    return series.values_list("last", flat=True).get()
