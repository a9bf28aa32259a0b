"""Bills written one or a few at a time: the same tables and the same INSERTs as a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch.post import post_rated
from mainstay.gas.billing.batch.price import SLOW
from mainstay.gas.billing.batch.slow import line_rows, put_rated
from mainstay.gas.billing.batch.sql import statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, WORK, clear_work, make_tables
from mainstay.gas.billing.batch.tariffs import PlanBook


@dataclass(frozen=True, slots=True)
class BillDraft:
    """A bill about to be written; `plan_id` is the plan its lines' versions belong to. Units as in models.Bill."""

    account_id: int
    period: int
    seq: int
    kind: int
    book_id: int
    unit_id: int
    plan_id: int
    version_id: int
    from_on: date
    to_on: date
    volume_l: int
    persons: int
    low_income: bool
    heating: bool
    contract_price_e4: int | None
    year_start_on: date
    year_before_l: int
    year_after_l: int
    issued_on: date
    due_on: date
    business_on: date
    refers_seq: int | None
    readings: list[list[int]]
    reason: str
    lines: tuple[rules.Line, ...]


_ELSEWHERE = {"run_id", "amount_fen", "vat_fen", "readings", "reason"}
_PLAIN = [name for name in BILL_COLUMNS.split(", ") if name not in _ELSEWHERE]
_PUT = f"""
    INSERT INTO {WORK} ({", ".join(_PLAIN)}, amount_fen, vat_fen, lane)
    VALUES ({", ".join(["%s"] * len(_PLAIN))}, %s, %s, {SLOW})"""  # noqa: S608


def write_bills(drafts: list[BillDraft], plans: PlanBook) -> None:
    """Write bills with lines, open items and what the hooks add, inside the caller's transaction."""
    with statements() as cursor:
        make_tables(cursor)
        cursor.executemany(
            _PUT, [(*(getattr(draft, name) for name in _PLAIN), *rules.totals(draft.lines)) for draft in drafts]
        )
        keys = [(draft.account_id, draft.period, draft.seq) for draft in drafts]
        rows = [
            (*key, json.dumps(draft.readings), draft.reason) for key, draft in zip(keys, drafts, strict=True)
        ]  # fmt: skip
        lines = [
            row
            for key, draft in zip(keys, drafts, strict=True)
            for row in line_rows(key, draft.lines, plans, draft.plan_id)
        ]
        put_rated(cursor, rows, lines)
        post_rated(cursor)
        clear_work(cursor)
