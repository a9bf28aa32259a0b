"""The set-based engine says what `rate` says, on every tariff feature."""

from __future__ import annotations

import pytest

from mainstay.drill.engine import compare
from mainstay.gas.billing.models import Bill, OpenItem
from mainstay.gas.ledger.models import Posting

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_every_bill_equals_rate_on_random_accounts() -> None:
    found = compare(1_000, seed=7)
    assert found["examples"] == []
    assert found["different"] == 0
    # Nearly all are billed; some of the random give-backs exceed their year and are exceptions.
    assert found["bills"] + found["exceptions"] >= 2_000
    assert found["bills"] > 1_950
    assert 0 < found["rated_one_by_one"] < found["bills"] // 2


def test_postings_and_open_items_follow_the_bills() -> None:
    compare(200, seed=3)
    for bill in Bill.objects.all():
        lines = {
            (one.debit_id, one.credit_id): one.amount_fen
            for one in Posting.objects.filter(account_id=bill.account_id, document=1, document_no=bill.document_no)
        }
        net = bill.amount_fen - bill.vat_fen
        wanted = {(1122, 6001): net, (1122, 2221): bill.vat_fen}
        if bill.amount_fen < 0:
            wanted = {(6001, 1122): -net, (2221, 1122): -bill.vat_fen}
        assert lines == {key: amount for key, amount in wanted.items() if amount}
        item = OpenItem.objects.filter(account=bill.account_id, period=bill.period, seq=bill.seq).first()
        assert (item.open_fen if item else 0) == bill.amount_fen
