"""What each kind of document posts. Pure: amounts in, lines out, all in fen.

A line moves one positive amount from the credited to the debited ledger account, so it balances by its form.
Line numbers are fixed for each kind of document, so that the set-based engine (batch.py) gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mainstay.gas.ledger import chart

# Room for a smallint: keys of bills and of their allocations become one whole number without collisions.
_ROOM = 100_000
TENDER_ACCOUNTS = {
    1: chart.CASH, 2: chart.CLEARING, 3: chart.CLEARING, 4: chart.BANK, 5: chart.CLEARING, 6: chart.CHEQUES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One posting line; `amount_fen` > 0."""

    line: int
    debit: int
    credit: int
    amount_fen: int


def bill_document(period: int, seq: int) -> int:
    """The document number of a bill, unique within its account."""
    return period * _ROOM + seq


def settlement_document(period: int, seq: int, no: int) -> int:
    """The document number of allocation `no` of a bill that advance money was used for."""
    return bill_document(period, seq) * _ROOM + no


def bill_lines(amount_fen: int, vat_fen: int, kind: int = 1) -> list[Line]:
    """A bill: receivable against revenue (net) and against VAT. A negative bill posts the other way round.

    `kind` as Bill.Kind: late fees and their waivers, and bad debt written off, have ledger accounts of their own.
    """
    other = chart.OF_BILL_KIND.get(kind, chart.REVENUE)
    return _lines((1, chart.RECEIVABLE, other, amount_fen - vat_fen), (2, chart.RECEIVABLE, chart.VAT, vat_fen))


def payment_lines(tender: int, allocated_fen: int, advance_fen: int) -> list[Line]:
    """A payment: the tender's account against what it paid and against the advance. Reversals give negative amounts."""
    account = TENDER_ACCOUNTS[tender]
    return _lines((1, account, chart.RECEIVABLE, allocated_fen), (2, account, chart.ADVANCE, advance_fen))


def settlement_lines(amount_fen: int) -> list[Line]:
    """Advance used for a bill; a negative amount gives it back (a credit, or a payment that was reversed)."""
    return _lines((1, chart.ADVANCE, chart.RECEIVABLE, amount_fen))


def refund_lines(tender: int, amount_fen: int) -> list[Line]:
    """Advance paid back to the customer, `amount_fen` > 0."""
    return _lines((1, chart.ADVANCE, TENDER_ACCOUNTS[tender], amount_fen))


def deposit_lines(amount_fen: int) -> list[Line]:
    """Advance put into the deposit; a negative amount gives it back to the advance."""
    return _lines((1, chart.ADVANCE, chart.DEPOSITS, amount_fen))


def transfer_lines(amount_fen: int) -> list[Line]:
    """Advance handed to another account; a negative amount comes from one. Both sides of a transfer sum to nothing."""
    return _lines((1, chart.ADVANCE, chart.TRANSFERS, amount_fen))


def opening_lines(advance_fen: int, deposit_fen: int) -> list[Line]:
    """Money of a customer taken over from an old system."""
    return _lines((1, chart.OPENING, chart.ADVANCE, advance_fen), (2, chart.OPENING, chart.DEPOSITS, deposit_fen))


def shift_lines(difference_fen: int) -> list[Line]:
    """Counted less expected cash of a shift: a surplus is positive, a shortage negative, none posts nothing."""
    return _lines((1, chart.CASH, chart.DIFFERENCES, difference_fen))


def card_sale_lines(amount_fen: int, vat_fen: int) -> list[Line]:
    """Gas sold on a card, just paid for: advance against revenue (net) and VAT; negative amounts take it back."""
    return _lines((1, chart.ADVANCE, chart.REVENUE, amount_fen - vat_fen), (2, chart.ADVANCE, chart.VAT, vat_fen))


def cheque_lines(amount_fen: int) -> list[Line]:
    """A cheque the bank has paid."""
    return _lines((1, chart.BANK, chart.CHEQUES, amount_fen))


def bank_settlement_lines(amount_fen: int, fee_fen: int) -> list[Line]:
    """What a bank pays over of `amount_fen` it collected, after keeping its fee."""
    return _lines(
        (1, chart.BANK, chart.CLEARING, amount_fen - fee_fen), (2, chart.BANK_CHARGES, chart.CLEARING, fee_fen)
    )


def suspense_lines(amount_fen: int) -> list[Line]:
    """Money a bank took that nobody can be credited for yet."""
    return _lines((1, chart.CLEARING, chart.UNIDENTIFIED, amount_fen))


def _lines(*wanted: tuple[int, int, int, int]) -> list[Line]:
    return [
        Line(line, debit, credit, amount) if amount > 0 else Line(line, credit, debit, -amount)
        for line, debit, credit, amount in wanted
        if amount
    ]


def balances(lines: Iterable[Line]) -> dict[int, int]:
    """Debit less credit by ledger account, in fen; the values of any set of lines sum to 0."""
    sums: dict[int, int] = {}
    for line in lines:
        sums[line.debit] = sums.get(line.debit, 0) + line.amount_fen
        sums[line.credit] = sums.get(line.credit, 0) - line.amount_fen
    return sums


def voucher_sides(turnover: Mapping[int, tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Lines of a voucher from (debit, credit) turnover by code: (code, debit, credit), debits first, zeros left out.

    Debit and credit of an account stay apart, as the day's movements did; the two columns have equal sums.
    """
    debits = [(code, debit, 0) for code, (debit, _credit) in sorted(turnover.items()) if debit]
    credits = [(code, 0, credit) for code, (_debit, credit) in sorted(turnover.items()) if credit]
    return debits + credits


def without(whole: Mapping[int, tuple[int, int]], part: Mapping[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """Turnover by code less what earlier vouchers of the day hold already, side by side."""
    return {
        code: (debit - part.get(code, (0, 0))[0], credit - part.get(code, (0, 0))[1])
        for code, (debit, credit) in whole.items()
    }
