"""The view of what is owed is looked up by account, whatever the number of open items."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef

from mainstay.gas.billing.models import Owed
from mainstay.gas.customers.models import Account


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL always looks into both halves by their keys")
def test_an_account_is_looked_up_in_both_halves() -> None:
    owing = Owed.objects.filter(account=OuterRef("pk"), open_fen__gt=0, due_on__lt=date(2026, 1, 1))
    plan = Account.objects.filter(~Exists(owing)).explain()
    assert "billing_openitem_1 (account_id=?)" in plan
    assert "billing_accrual_1 (account_id=?)" in plan
    assert "SCAN i" not in plan
    ordered = Owed.objects.select_related("account").order_by("account_id", "period", "seq", "accrued_by")
    assert "TEMP B-TREE" not in ordered.explain()


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite: above")
def test_a_list_reads_both_halves_in_the_order_of_their_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = Owed.objects.order_by("account_id", "period", "seq", "accrued_by")[:26].explain()
    assert "Merge Append" in plan
    assert "Index Scan using billing_openitem_pkey" in plan
