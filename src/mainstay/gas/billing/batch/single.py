"""Bills written one or a few at a time: the same tables and the same INSERTs as a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch.post import post_rated
from mainstay.gas.billing.batch.price import SLOW
from mainstay.gas.billing.batch.slow import line_rows, put_rated
from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, WORK, clear_work, make_work_tables
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
    run_id: int | None = None  # of what belongs to bills of a run that is not released yet


_REVERSAL, _BILLS = 3, {1, 2, 4}  # as models.Bill.Kind
_ELSEWHERE = {"amount_fen", "vat_fen", "readings", "reason"}
_PLAIN = [name for name in BILL_COLUMNS.split(", ") if name not in _ELSEWHERE]
_PUT = f"""
    INSERT INTO {WORK} ({", ".join(_PLAIN)}, amount_fen, vat_fen, lane)
    VALUES ({", ".join(["%s"] * len(_PLAIN))}, %s, %s, {SLOW})"""  # noqa: S608


def write_bills(drafts: list[BillDraft], plans: PlanBook) -> None:
    """Write bills with lines, open items and what the hooks add, inside the caller's transaction."""
    with statements() as cursor:
        make_work_tables(cursor)
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
        _keep_run_totals(cursor, drafts)


_CHUNK = """
    UPDATE billing_runchunk SET bills = bills + %s, amount_fen = amount_fen + %s, volume_l = volume_l + %s
    WHERE run_id = %s AND book_id = %s"""
_RUN = """
    UPDATE billing_billingrun SET bills = bills + %s, amount_fen = amount_fen + %s, volume_l = volume_l + %s
    WHERE id = %s AND state = 'computed'"""


def _keep_run_totals(cursor: Statements, drafts: list[BillDraft]) -> None:
    """What is appended to bills of a run that is not released yet counts with the run: its sums stay true."""
    sums: dict[tuple[int, int], list[int]] = {}
    for draft in drafts:
        if draft.run_id is not None:
            one = sums.setdefault((draft.run_id, draft.book_id), [0, 0, 0])
            count = -1 if draft.kind == _REVERSAL else int(draft.kind in _BILLS)
            for place, value in enumerate((count, rules.totals(draft.lines)[0], draft.volume_l)):
                one[place] += value
    cursor.executemany(_CHUNK, [(*values, *key) for key, values in sums.items()])
    cursor.executemany(_RUN, [(*values, run_id) for (run_id, _book), values in sums.items()])
