"""The limit of `bench payments`: the rows of a payment written by plain prepared statements, in one journey each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit.trips import Statement, round_trip

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.payments.models import Shift

PERIOD = 202610
FEN = 5_220


def plain_rows(accounts: Iterable[int], clerk: User, shift: Shift) -> Iterator[None]:
    """Write the rows of one payment for each account, a transaction each; nothing is read, checked or decided."""
    day, at = local_today(), timezone.now()
    facts = (day, at, clerk.pk, shift.pk, shift.till.unit_id, shift.till_id)
    for account in accounts:
        with transaction.atomic():
            round_trip(_statements(account, facts), commit=True)
        yield


def _statements(account: int, facts: tuple[Any, ...]) -> list[Statement]:
    day, at, clerk, shift, unit_id, till_id = facts
    serial, receipt = f"plain-{account}", f"B00-20261123-{account:04d}"
    audit = json.dumps({"amount_fen": FEN, "advance_fen": 0, "tender": 1, "receipt_no": receipt})
    return [
        (_insert("payments_payment", 17), [
            account, 1, 1, "counter", serial, day, FEN, 1, 10_000, 0, unit_id, shift, receipt, None, "",
            clerk, at,
        ]),
        (_insert("payments_serial", 6), ["counter", day, serial, "d" * 64, account, 1]),
        (_insert("payments_allocation", 7), [account, PERIOD, 0, 1, 1, FEN, day]),
        (_insert("ledger_posting", 10), [account, 2, 1, 1, day, unit_id, till_id, 1001, 1122, FEN]),
        ("DELETE FROM billing_openitem WHERE account_id = %s AND period = %s AND seq = %s", [account, PERIOD, 0]),
        ("UPDATE payments_shift SET last_receipt = last_receipt + 1 WHERE id = %s", [shift]),
        (_insert("audit_entry", 13), [
            at, "gas.payments.take_payment", "done", clerk, None, unit_id, FEN, f"payments.payment:({account}, 1)", "",
            None, audit, "", "",
        ]),
    ]  # fmt: skip


_COLUMNS = {
    "payments_payment": "account_id, payment_no, kind, channel, serial, business_on, amount_fen, tender, received_fen, "
    "advance_fen, unit_id, shift_id, receipt_no, refers_no, reason, by_id, at",
    "payments_serial": "channel, business_on, serial, digest, account_id, payment_no",
    "payments_allocation": "account_id, period, seq, no, payment_no, amount_fen, business_on",
    "ledger_posting": "account_id, document, document_no, line, business_on, unit_id, till_id, debit, "
    "credit, amount_fen",
    "audit_entry": "at, action, outcome, by_id, approver_id, unit_id, amount_fen, subject, reason, before, after, "
    "request_id, ip",
}


def _insert(table: str, width: int) -> str:
    return f"INSERT INTO {table} ({_COLUMNS[table]}) VALUES ({', '.join(['%s'] * width)})"  # noqa: S608
