"""Arrears of the demonstration: steps of dunning over some weeks, promises, a stop order; gas that came in."""

from __future__ import annotations

from datetime import timedelta

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.gas.arrears import actions, actions_messages, actions_steps, queries, rules
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep
from mainstay.gas.customers.models import Account
from mainstay.gas.reports import queries_sales
from mainstay.gas.reports.actions import record_supply
from mainstay.kit.dates import add_months, local_today, period_of
from mainstay.kit.errors import Problem

LADDER = (
    rules.Step(1, rules.SMS, 5),
    rules.Step(2, rules.CALL, 12, wait_days=5),
    rules.Step(3, rules.PAPER, 20, wait_days=5),
    rules.Step(4, rules.NOTICE, 28, min_fen=2_000, wait_days=5),
    rules.Step(5, rules.STOP, 36, min_fen=2_000, wait_days=7),
)
CLASSES = ("residential", "commercial", "institution")
ROUNDS_AGO = (32, 26, 20, 14, 6)  # days: one step a round
PROMISES = 3


def tell() -> str:
    """Set the steps, go through some rounds at the East Branch, and leave a proposal that waits."""
    if not DunningStep.objects.exists():
        _rounds(User.objects.get(username="billing2"), Unit.objects.get(code="HT-CD"))
    _supplied(User.objects.get(username="billing2"))
    done = DunningAct.objects.filter(state=DunningAct.State.DONE).count()
    waiting = DunningAct.objects.filter(state=DunningAct.State.PROPOSED).count()
    return _("{done} steps taken, {waiting} proposed").format(done=done, waiting=waiting)


def _rounds(by: User, unit: Unit) -> None:
    for category in CLASSES:
        actions.save_ladder(category=category, steps=LADDER, by=by)
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
    items = queries.overdue_items(by, today).exclude(account=order.account_id if order else 0)
    for number, row in enumerate(queries.by_debt(items)[:PROMISES]):
        half = row["owed"] // 2
        parts = [(today + timedelta(days=10), row["owed"] - half), (today + timedelta(days=40), half)]
        whole = [(today + timedelta(days=5), row["owed"])]
        account = Account.objects.get(pk=row["account"])
        actions.record_promise(account=account, parts=parts if number and half else whole, note="电话承诺", by=by)


def _supplied(by: User) -> None:
    """What the gate meters of both branches say of the last months: a little more than was sold."""
    newest = queries_sales.Supply.objects.order_by("-period").first()
    for back in range(3, 0, -1):
        period = add_months(period_of(local_today()), -back)
        if newest is not None and newest.period >= period:
            continue
        for number, (unit, one) in enumerate(sorted(queries_sales.balance_by_unit(None, period).items())):
            volume = one.sold_l * (1021 + 9 * number + back) // 1000
            record_supply(unit=Unit.objects.get(pk=unit), period=period, volume_l=volume, note="门站表", by=by)
