"""Bills written one or a few at a time: the same tables and the same INSERTs as a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch.post import post
from mainstay.gas.billing.batch.price import add_up
from mainstay.gas.billing.batch.slow import PUT_LINE, line_rows
from mainstay.gas.billing.batch.sql import dialect, statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, WORK, clear_work, make_tables
from mainstay.gas.billing.batch.tariffs import PlanBook
from mainstay.kit.sqlkit import vendor


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


_COLUMNS = [name.strip() for name in BILL_COLUMNS.split(",")]
_LATER = {"run_id", "amount_fen", "vat_fen", "readings"}


def write_bills(drafts: list[BillDraft], plans: PlanBook) -> None:
    """Write bills with lines, open items and what the hooks add, inside the caller's transaction."""
    plain = [name for name in _COLUMNS if name not in _LATER]
    marks = ", ".join(["%s"] * len(plain))
    statement = f"INSERT INTO {WORK} ({', '.join(plain)}, readings) VALUES ({marks}, {{as_json}})"  # noqa: S608
    with statements() as cursor:
        make_tables(cursor)
        cursor.executemany(
            dialect(statement, vendor()),
            [(*(getattr(draft, name) for name in plain), json.dumps(draft.readings)) for draft in drafts],
        )
        for draft in drafts:
            key = (draft.account_id, draft.period, draft.seq)
            cursor.executemany(PUT_LINE, line_rows(key, draft.lines, plans, draft.plan_id))
        add_up(cursor)
        post(cursor)
        clear_work(cursor)
