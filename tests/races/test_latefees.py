"""A run posts late fees while a counter charges one of its accounts: one fee; without the lock two."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from mainstay.gas.billing.models import Owed
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch
from mainstay.gas.latefees.actions import charge_account
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import locks
from tests.gas.latefees.make import broken, make_late, make_rule
from tests.gas.make import make_user

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
RULE, BILL, FEE = 3_000, 10_000, 300
APART_S, TOGETHER_S = 0.5, 10.0  # the lock keeps one out, who is waited for in vain; without it both come


def at_once(monkeypatch: pytest.MonkeyPatch, patience_s: float) -> int:
    """Post a run and charge its account; both wait for the other before they commit. Returns what is owed, in fen."""
    make_rule(ppm=RULE)
    account, on = make_late(10, BILL), local_today()
    by = make_user("gas.latefees.charge_account")
    run = LateFeeRun.objects.create(unit=account.unit, through_on=on, business_on=on, by=by, at=timezone.now())
    meeting = threading.Barrier(2)

    def meet(write: Any) -> Any:
        def slowly(*given: Any) -> Any:
            done = write(*given)
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(patience_s)
            return done

        return slowly

    monkeypatch.setattr(batch, "post_work", meet(batch.post_work))
    monkeypatch.setattr(batch, "write_fees", meet(batch.write_fees))
    acts = (
        lambda: batch.post_part(batch.Scope(on, on, account.pk, account.pk, "", on), run.pk),
        lambda: charge_account(account=Account.objects.get(pk=account.pk), by=by),
    )
    threads = [threading.Thread(target=_ended, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return Owed.objects.filter(account=account).aggregate(fen=Sum("open_fen"))["fen"]


def _ended(act: Any) -> None:
    try:
        act()
    finally:
        connection.close()


def test_a_day_is_charged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert at_once(monkeypatch, APART_S) == BILL + FEE
    assert not broken()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time with or without locks")
def test_without_the_lock_it_would_be_charged_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCKS_ON", False)
    assert at_once(monkeypatch, TOGETHER_S) == BILL + 2 * FEE
