"""A run of late fees part by part: counting it, and posting it so that it may be killed at any moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from mainstay.gas.billing.batch.sql import statements
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch
from mainstay.gas.latefees.models import LateFeeRun

State = LateFeeRun.State
TOP = 20
LOOK_BACK = dt.timedelta(days=100)  # how far paid bills are looked at again when no run went before
Report = Callable[[int, int], None]


def _scope(run: LateFeeRun, first: int, last: int) -> batch.Scope:
    before = LateFeeRun.objects.filter(unit=run.unit, state=State.POSTED).aggregate(on=Max("through_on"))["on"]
    since = min(before, run.through_on) if before else run.through_on - LOOK_BACK
    return batch.Scope(run.through_on, run.business_on, first, last, run.unit.path, since)


def count_run(run: LateFeeRun, report: Report) -> None:
    """Reckon what a run would post, by class, and its largest fees."""
    total = Account.objects.filter(unit__path__startswith=run.unit.path).count()
    sums: dict[str, list[int]] = {}
    top: list[tuple[int, int, int, int]] = []
    for done, (first, last) in enumerate(batch.parts(run.unit.path), 1):
        with transaction.atomic(), statements() as cursor:
            if batch.accrue(cursor, _scope(run, first, last)):
                for category, fees, fen in batch.by_class(cursor):
                    one = sums.setdefault(category, [0, 0])
                    one[0] += fees
                    one[1] += fen
                top = sorted([*top, *batch.largest(cursor, TOP)], key=lambda row: -row[3])[:TOP]
        report(min(done * batch.AT_ONCE, total), total)
    LateFeeRun.objects.filter(pk=run.pk, state=State.COUNTING).update(
        proposed=[[category, *one] for category, one in sorted(sums.items())], top=top, state=State.PROPOSED
    )


def post_run(run: LateFeeRun, by_id: int, report: Report) -> None:
    """Post a run; started again it goes on behind the last part that was committed, and no fee is posted twice.

    At the end advances pay what was accrued; a payment meanwhile does so by itself.
    """
    total = Account.objects.filter(unit__path__startswith=run.unit.path).count()
    done = 0
    for first, last in batch.parts(run.unit.path, run.done_account):
        with transaction.atomic():
            fees, fen = batch.post_part(_scope(run, first, last), run.pk)
            LateFeeRun.objects.filter(pk=run.pk).update(
                done_account=last, fees=F("fees") + fees, amount_fen=F("amount_fen") + fen
            )
        done += batch.AT_ONCE
        report(min(done, total), total)
    batch.settle_run(run.pk, run.business_on, by_id)
    LateFeeRun.objects.filter(pk=run.pk, state=State.POSTING).update(state=State.POSTED, posted_at=timezone.now())
