"""Arrears of the demonstration: steps of dunning over some weeks, promises, a stop order, late fees of firms."""

from __future__ import annotations

from datetime import timedelta

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.gas.arrears import actions, actions_messages, actions_steps, queries, rules
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch_runs
from mainstay.gas.latefees.actions import propose_run as count_late_fees
from mainstay.gas.latefees.actions import save_rule
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

LADDER = (
    rules.Step(1, rules.SMS, 5),
    rules.Step(2, rules.CALL, 12, wait_days=5),
    rules.Step(3, rules.PAPER, 20, wait_days=5),
    rules.Step(4, rules.NOTICE, 30, min_fen=2_000, wait_days=5),
    rules.Step(5, rules.STOP, 45, min_fen=2_000, wait_days=7),
)
CLASSES = ("residential", "commercial", "institution")
ROUNDS_AGO = (32, 26, 20, 14, 6)  # days: one step a round
PROMISES = 3


def tell() -> str:
    """Set the terms, go through some rounds at the East Branch, and leave a proposal that waits."""
    if not DunningStep.objects.exists():
        _rounds(User.objects.get(username="billing2"), Unit.objects.get(code="HT-CD"))
    done = DunningAct.objects.filter(state=DunningAct.State.DONE).count()
    waiting = DunningAct.objects.filter(state=DunningAct.State.PROPOSED).count()
    return _("{done} steps taken, {waiting} proposed").format(done=done, waiting=waiting)


def _rounds(by: User, unit: Unit) -> None:
    for category in CLASSES:
        actions.save_ladder(category=category, steps=LADDER, by=by)
    today = local_today()
    for ago in ROUNDS_AGO:
        run = _proposed(unit, by, ago)
        if run is None:
            continue
        run = actions.confirm_run(run=run, by=by)
        try:
            actions_messages.export_messages(run=run, by=by)
        except Problem:
            continue  # a round without a text message
    _promise_and_stop(by)
    _proposed(unit, by, 0)
    terms = {"from_on": today - timedelta(days=730), "notice": "供用气合同第十二条"}
    save_rule(category=Account.Category.COMMERCIAL, daily_ppm=500, grace_days=10, **terms, by=by)
    run = count_late_fees(unit=unit, through_on=today - timedelta(days=1), business_on=today, by=by)
    batch_runs.count_run(LateFeeRun.objects.select_related("unit").get(pk=run.pk), lambda _done, _total: None)


def _proposed(unit: Unit, by: User, ago: int) -> DunningRun | None:
    try:
        return actions.propose_run(unit=unit, on=local_today() - timedelta(days=ago), by=by)
    except Problem:
        return None  # in a small company nobody may be late enough for a step


def _promise_and_stop(by: User) -> None:
    """Some promise to pay, one in parts; the first stop order is carried out."""
    today = local_today()
    order = DunningAct.objects.filter(kind=rules.STOP, state=DunningAct.State.DONE).select_related("account").first()
    if order is not None:
        actions_steps.carry_out_stop(act=order, note="表前阀已关", by=by)
    debtors = queries.in_arrears(by, today).exclude(account=order.account_id if order else 0)
    for number, row in enumerate(debtors[:PROMISES]):
        half = row["owed"] // 2
        parts = [(today + timedelta(days=10), row["owed"] - half), (today + timedelta(days=40), half)]
        whole = [(today + timedelta(days=5), row["owed"])]
        account = Account.objects.get(pk=row["account"])
        actions.record_promise(account=account, parts=parts if number and half else whole, note="电话承诺", by=by)
