"""The journal against payments and postings, whole tables at a time."""

from __future__ import annotations

from django.db import connection

from mainstay.gas.bank.batch.window import PAY, REVERSAL
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments.models import Payment

_SHOWN = 500
_TENDER = int(Payment.Tender.BANK)
_CHANNEL = "'bank:' || b.code"
_ENTRY_KEY = "b.code || '/' || e.business_on || '/' || e.serial"
_WRONG = {
    "entry": f"""SELECT {_ENTRY_KEY} FROM bank_entry e JOIN bank_bank b ON b.id = e.bank_id
        LEFT JOIN payments_payment p ON p.account_id = e.account_id AND p.payment_no = e.payment_no
        WHERE e.kind = {PAY} AND e.code = '00' AND (p.account_id IS NULL OR p.amount_fen <> e.amount_fen
            OR p.serial <> e.serial OR p.business_on <> e.business_on OR p.channel <> {_CHANNEL})""",  # noqa: S608
    "payment": f"""SELECT p.account_id || '/' || p.payment_no FROM payments_payment p
        WHERE p.tender = {_TENDER} AND p.kind = 1 AND p.serial NOT LIKE '%-%' AND NOT EXISTS (SELECT 1 FROM bank_entry e
            JOIN bank_bank b ON b.id = e.bank_id WHERE {_CHANNEL} = p.channel AND e.business_on = p.business_on
            AND e.serial = p.serial AND e.code = '00' AND e.kind = {PAY})""",  # noqa: S608
    "reversal": f"""SELECT {_ENTRY_KEY} FROM bank_entry e JOIN bank_bank b ON b.id = e.bank_id
        JOIN bank_entry o ON o.bank_id = e.bank_id AND o.business_on = e.business_on AND o.serial = e.original
        WHERE e.kind = {REVERSAL} AND e.code = '00' AND o.kind = {PAY} AND NOT EXISTS (SELECT 1 FROM payments_payment r
            WHERE r.account_id = o.account_id AND r.refers_no = o.payment_no)""",  # noqa: S608
    "settlement": f"""SELECT CAST(s.id AS text) FROM bank_settlement s LEFT JOIN (SELECT p.document_no,
            sum(p.amount_fen) AS fen FROM ledger_posting p WHERE p.account_id = 0
            AND p.document = {int(Posting.Document.BANK_SETTLEMENT)} GROUP BY 1) l ON l.document_no = s.id
        WHERE coalesce(l.fen, 0) <> s.amount_fen""",  # noqa: S608
}  # fmt: skip


def wrong(kind: str) -> list[str]:
    """Keys of what does not agree, of one kind, at most some hundreds. Reads whole tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({_WRONG[kind]}) w ORDER BY 1 LIMIT {_SHOWN}".replace("%", "%%"), [])  # noqa: S608
        return [str(row[0]) for row in cursor.fetchall()]
