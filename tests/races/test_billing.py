"""Several workers over one run, and a killed one: no account is billed twice, and none is missed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from mainstay.bench.billing import planned
from mainstay.bench.data import build
from mainstay.drill import billing as drill
from mainstay.gas.billing.batch import run as engine
from mainstay.gas.billing.batch.chunk import bill_chunks
from mainstay.gas.billing.batch.sql import statements
from mainstay.gas.billing.models import Bill, BillingRun, RunChunk
from tests.gas.billing.make import make_run, make_tariff
from tests.gas.make import make_account, make_book, make_reading, make_unit

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BOOKS, ACCOUNTS = 4, 3
KILLS, ACCOUNTS_OF_DRILL = 2, 2_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run() -> BillingRun:
    unit, plan = make_unit(), make_tariff()
    books = [make_book(unit) for _n in range(BOOKS)]
    for book in books:
        for _n in range(ACCOUNTS):
            make_reading(make_account(plan=plan, book=book, unit=unit), 202610, volume_l=31_000)
    made = make_run(unit, 202610, books)
    BillingRun.objects.filter(pk=made.pk).update(state=BillingRun.State.RUNNING)
    made.refresh_from_db()
    return made


def _claim(run: BillingRun, lock: str, barrier: threading.Barrier, chunks: list[int]) -> None:
    """Bill the first open chunk; on PostgreSQL both workers hold their claim before either goes on."""
    chunk_id = 0
    try:
        with statements() as cursor, transaction.atomic():
            made = engine.Engine(cursor, run)
            found = cursor.execute(engine._CLAIM + lock, (run.pk, 0, 1)).fetchone()
            assert found is not None
            chunk_id, book_id, cycle, _planned = found
            if connection.vendor == "postgresql":
                barrier.wait(30)
            sums = bill_chunks(cursor, made.tables(cycle), made.facts, {book_id: chunk_id})
        chunks.append(chunk_id if sums.bills else -chunk_id)
    except IntegrityError:
        chunks.append(-chunk_id)
    finally:
        connections["default"].close()


def two_workers(run: BillingRun, lock: str) -> list[int]:
    """The chunks that two workers billed; negative where one found nothing to bill any more."""
    barrier, chunks = threading.Barrier(2), list[int]()
    threads = [threading.Thread(target=_claim, args=(run, lock, barrier, chunks)) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return chunks


def test_two_workers_never_take_the_same_chunk(run: BillingRun) -> None:
    chunks = two_workers(run, " FOR UPDATE OF c SKIP LOCKED" if connection.vendor == "postgresql" else "")
    assert len(set(chunks)) == 2 and min(chunks) > 0
    assert Bill.objects.filter(run=run).count() == 2 * ACCOUNTS
    assert RunChunk.objects.filter(run=run, done_at__isnull=False).count() == 2


def test_control_without_the_lock_both_meet_in_one_chunk(run: BillingRun) -> None:
    """The race is real: without SKIP LOCKED both take the same chunk; the keys still bill nobody twice."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to leave out")
    chunks = two_workers(run, "")
    assert len({abs(chunk) for chunk in chunks}) == 1
    assert Bill.objects.filter(run=run).count() == ACCOUNTS


@pytest.mark.slow
def test_killed_and_restarted_every_account_has_one_bill() -> None:
    """The drill in short: on SQLite as the command it is, on PostgreSQL in the tables that are there already."""
    found = _drilled() if connection.vendor == "sqlite" else _drilled_here()
    assert (found["bills"], found["wrong"]) == (ACCOUNTS_OF_DRILL, [])
    assert found["hit"] > 0


def _drilled() -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "mainstay", "drill", "billing", "--kills", str(KILLS), "--accounts",
         str(ACCOUNTS_OF_DRILL), "--json"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "mainstay.config.settings"},
        capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _drilled_here() -> dict[str, Any]:
    run = planned(build(ACCOUNTS_OF_DRILL).period)
    return drill.kill_and_finish(run, KILLS) | {"wrong": drill.wrong(run, ACCOUNTS_OF_DRILL)}
