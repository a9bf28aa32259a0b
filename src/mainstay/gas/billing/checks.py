"""Checks of the bills in the database: sums and chains."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext_lazy as _

from mainstay.core.checks import Finding, check

# A late fee has no lines: its rate, days and base follow from the bill it belongs to (gas.latefees).
_SUMS = """
    SELECT b.account_id, b.period, b.seq, b.amount_fen, coalesce(l.amount_fen, 0)
    FROM billing_bill b LEFT JOIN (
        SELECT account_id, period, seq, sum(amount_fen) AS amount_fen, sum(vat_fen) AS vat_fen
        FROM billing_chargeline GROUP BY account_id, period, seq
    ) l ON l.account_id = b.account_id AND l.period = b.period AND l.seq = b.seq
    WHERE b.kind <> 11 AND (b.amount_fen <> coalesce(l.amount_fen, 0) OR b.vat_fen <> coalesce(l.vat_fen, 0))"""
# The last element of a period must be where the first element of the account's next period begins (or a new year).
_CHAINS = """
    SELECT account_id, period, seq, year_before_l, expected FROM (
        SELECT account_id, period, seq, year_start_on, year_before_l, kind,
            lag(year_after_l) OVER chain AS expected, lag(year_start_on) OVER chain AS year_of,
            row_number() OVER (PARTITION BY account_id, period ORDER BY seq DESC) AS place
        FROM billing_bill WHERE kind < 11 WINDOW chain AS (PARTITION BY account_id ORDER BY period, seq)
    ) c
    WHERE kind IN (1, 2, 4) AND place = 1 AND expected IS NOT NULL AND year_of = year_start_on
    AND year_before_l <> expected"""


@check("bills", title=_("Every bill has its lines, and its counters follow from the bill before"))
def bills_hold() -> Iterator[Finding]:
    """Bills against their lines, and the counters along each account's chain."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS)
        for account, period, seq, amount, lines in cursor.fetchall():
            yield Finding(f"{amount} ≠ Σ {lines}", f"billing.bill:{account}-{period}-{seq}")
        cursor.execute(_CHAINS)
        for account, period, seq, before, expected in cursor.fetchall():
            yield Finding(f"{before} ≠ {expected}", f"billing.bill:{account}-{period}-{seq}")
