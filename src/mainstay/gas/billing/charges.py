"""Charges and credits that belong to a bill: late fees, waivers, adjustments, reductions, write-offs.

Each is an element of the account's chain of its own, in the period of the bill it refers to. It has no volume and hands
the counter of the tariff year on as it found it, so the next bill does not notice it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch import BillDraft
from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.kit.money import half_up

Kind = Bill.Kind
CHARGES = (Kind.LATE_FEE, Kind.WAIVER, Kind.ADJUSTMENT, Kind.REDUCTION, Kind.WRITE_OFF)
# What takes a charge back when its bill is cancelled: a waiver for a late fee, else the same kind the other way round.
_TAKEN_BACK_BY = {Kind.LATE_FEE: Kind.WAIVER}


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount (fen, negative for a credit) put on a bill, and why."""

    kind: int
    amount_fen: int
    vat_fen: int
    reason: str
    business_on: date


def contained_vat(bill: Bill, amount_fen: int) -> int:
    """The VAT in a part of a bill, in fen: in the proportion of the bill itself."""
    return half_up(amount_fen * bill.vat_fen, bill.amount_fen) if bill.amount_fen > 0 else 0


def draft_of(bill: Bill, charge: Charge, last: Bill | BillDraft, seq: int) -> BillDraft:
    """The element that puts `charge` on `bill`; `last` is the element of the period it follows.

    It is due with its bill, so it stands beside it wherever what is owed is put in the order of its age.
    """
    line = rules.Line(
        1, int(ChargeLine.Kind.CHARGE), 0, 0, 0, charge.amount_fen, charge.vat_fen, bill.version.effective_on
    )
    return BillDraft(
        account_id=bill.account_id, period=bill.period, seq=seq, kind=int(charge.kind), book_id=bill.book_id,
        unit_id=bill.unit_id, plan_id=bill.version.plan_id, version_id=bill.version_id, from_on=bill.from_on,
        to_on=bill.to_on, volume_l=0, persons=bill.persons, low_income=bill.low_income, heating=bill.heating,
        contract_price_e4=bill.contract_price_e4, year_start_on=last.year_start_on, year_before_l=last.year_after_l,
        year_after_l=last.year_after_l, issued_on=charge.business_on, due_on=bill.due_on,
        business_on=charge.business_on, refers_seq=bill.seq, readings=[], reason=charge.reason, lines=(line,),
    )  # fmt: skip


def net_of(charge: Bill, of_period: Iterable[Bill]) -> Charge:
    """What is left of a charge after the elements that refer to it (waivers of a late fee, recoveries)."""
    parts = [charge, *(one for one in of_period if one.refers_seq == charge.seq and one.kind in CHARGES)]
    return Charge(
        charge.kind, sum(one.amount_fen for one in parts), sum(one.vat_fen for one in parts), "", charge.business_on
    )  # fmt: skip


def taken_back(base: Bill, of_period: list[Bill], last: BillDraft) -> list[BillDraft]:
    """Elements behind `last` that take back every charge on a bill that is cancelled, for its reason and on its day."""
    drafts: list[BillDraft] = []
    for one in of_period:
        if one.kind not in CHARGES or one.refers_seq != base.seq:
            continue
        net = net_of(one, of_period)
        if net.amount_fen:
            kind = _TAKEN_BACK_BY.get(Kind(one.kind), Kind(one.kind))
            back = Charge(kind, -net.amount_fen, -net.vat_fen, last.reason, last.business_on)
            drafts.append(draft_of(one, back, last, last.seq + 1 + len(drafts)))
    return drafts
