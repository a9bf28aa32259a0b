"""Every write about arrears: the ladder, runs that propose and are confirmed, promises."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change, register_right
from mainstay.core.organisation.models import Unit
from mainstay.core.todos.actions import close_todos
from mainstay.gas.arrears import batch, rules
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep, Promise, PromisePart
from mainstay.gas.billing.models import Owed
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

VIEW = register_right("gas.arrears.view_arrears", _("View arrears and dunning"))
State = DunningRun.State
MOST_DAYS = 366


@action("gas.arrears.save_ladder", title=_("Set the steps of dunning"))
def save_ladder(*, category: str, steps: Sequence[rules.Step], by: User) -> None:
    """Set the ladder of a class; records of steps taken stay. Raises Problem when it stops supply without notice."""
    if not rules.sound(steps):
        text = _("A stop order comes last, right after a notice of stop, with at least a day in between.")
        raise Problem(text, field="steps", code="no_notice")
    if len({step.place for step in steps}) != len(steps):
        raise Problem(_("Two steps have the same place."), field="steps", code="place")
    DunningStep.objects.filter(category=category).delete()
    DunningStep.objects.bulk_create(
        DunningStep(
            category=category, place=one.place, kind=one.kind, days_overdue=one.days_overdue, min_fen=one.min_fen,
            wait_days=one.wait_days,
        )
        for one in steps
    )  # fmt: skip
    note_change(after={"category": category, "steps": [one.kind for one in steps]})


def _unit(*, run: DunningRun, **_facts: Any) -> int:
    return run.unit_id


def _subject(*, run: DunningRun, **_facts: Any) -> str:
    return f"arrears.dunningrun:{run.pk}"


@action("gas.arrears.propose_run", title=_("Propose dunning steps"), unit=lambda *, unit, **_facts: unit.pk)
def propose_run(*, unit: Unit, by: User, on: dt.date | None = None) -> DunningRun:
    """Propose the step that is due for every account in arrears of a branch and below. Nothing is sent yet.

    Raises Problem when no step is due, or another proposal of the branch waits.
    """
    lock("arrears.unit", unit.pk)
    if DunningRun.objects.filter(unit=unit, state=State.PROPOSED).exists():
        raise Problem(_("A proposal of this branch waits. Confirm or drop it first."), field="unit", code="run_open")
    run = DunningRun.objects.create(unit=unit, on=on or local_today(), by=by, at=timezone.now())
    run.proposed = batch.propose(run)
    if not run.proposed:
        raise Problem(_("No step is due here: nobody is late enough, or all have promised."), code="none_due")
    run.save(update_fields=["proposed"])
    note_change(subject=_subject(run=run), after={"on": str(run.on), "steps": run.proposed})
    return run


@action("gas.arrears.confirm_run", title=_("Confirm dunning steps"), unit=_unit, subject=_subject)
def confirm_run(*, run: DunningRun, by: User, left_out: Sequence[int] = ()) -> DunningRun:
    """Confirm a proposal: its steps count as taken from today, except for accounts `left_out` (ids).

    Whoever has paid meanwhile is left out by itself.
    """
    row = _locked(run)
    acts = DunningAct.objects.filter(run=row, state=DunningAct.State.PROPOSED)
    acts.filter(account__in=list(left_out)).update(state=DunningAct.State.LEFT_OUT)
    acts.filter(~Exists(_still_owing(row))).update(state=DunningAct.State.LEFT_OUT)
    done = acts.filter(state=DunningAct.State.PROPOSED).update(state=DunningAct.State.DONE)
    row.state = State.CONFIRMED
    row.save(update_fields=["state"])
    note_change(before={"state": State.PROPOSED}, after={"state": State.CONFIRMED, "steps": done})
    return row


def _still_owing(run: DunningRun) -> Any:
    """What an act's account still owes, by its key: a list of a million accounts would be read for each act."""
    return Owed.objects.filter(account=OuterRef("account"), open_fen__gt=0, due_on__lt=run.on)


@action("gas.arrears.drop_run", title=_("Drop a proposal of dunning steps"), unit=_unit, subject=_subject)
def drop_run(*, run: DunningRun, reason: str, by: User) -> DunningRun:
    """Give a proposal up. Raises Problem: no reason, confirmed already."""
    if not reason.strip():
        raise Problem(_("Say why the proposal is given up."), field="reason", code="no_reason")
    row = _locked(run)
    DunningAct.objects.filter(run=row).update(state=DunningAct.State.LEFT_OUT)
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    note_change(after={"state": State.DROPPED}, reason=reason)
    return row


def _locked(run: DunningRun) -> DunningRun:
    row = DunningRun.objects.select_for_update().get(pk=run.pk)
    if row.state != State.PROPOSED:
        text = _("The proposal is “%(state)s” by now; load the page again to see what can be done.")
        raise Problem(text % {"state": row.get_state_display()}, code="run_state")
    return row


@action(
    "gas.arrears.record_promise", title=_("Record a promise to pay"),
    unit=lambda *, account, **_facts: account.unit_id,
    amount=lambda *, parts, **_facts: sum(fen for _day, fen in parts),
    subject=lambda *, account, **_facts: f"customers.account:{account.pk}", four_eyes="above_limit",
)  # fmt: skip
def record_promise(*, account: Account, parts: Sequence[tuple[dt.date, int]], by: User, note: str = "") -> Promise:
    """Keep what a customer promised: one part or several (day, fen). While it is kept no step is proposed.

    A new promise replaces the one before. Raises Problem: no parts, days past, too far away or twice, amounts below one
    fen. Above the rank's limit a second person must agree.
    """
    today = local_today()
    days = [day for day, _fen in parts]
    if not parts or any(fen <= 0 for _day, fen in parts):
        raise Problem(_("Say how much will be paid by which day."), field="parts", code="no_parts")
    if min(days) < today or max(days) > today + dt.timedelta(days=MOST_DAYS) or len(set(days)) != len(days):
        text = _("Each part needs a day of its own, from today to a year ahead.")
        raise Problem(text, field="parts", code="days")
    Promise.objects.filter(account=account, withdrawn_on=None).update(withdrawn_on=today)
    promise = Promise.objects.create(account=account, on=today, note=note.strip()[:200], by=by, at=timezone.now())
    PromisePart.objects.bulk_create(PromisePart(promise=promise, due_on=day, fen=fen) for day, fen in parts)
    close_todos(kind="arrears.broken", subject=f"customers.account:{account.pk}", by=by)
    note_change(after={"parts": [[str(day), fen] for day, fen in parts]})
    return promise
