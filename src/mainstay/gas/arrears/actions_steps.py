"""Steps one by one: taken at the desk, left out of a proposal, and stop orders from order to restored supply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos
from mainstay.gas.arrears import queries, rules
from mainstay.gas.arrears.batch import BROKEN, RESTORE
from mainstay.gas.arrears.models import DunningAct, DunningRun
from mainstay.gas.customers.actions import restore_account, suspend_account
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock

State = DunningAct.State


def of_account(*, account: Account, **_facts: Any) -> int:
    """The branch an act on an account touches."""
    return account.unit_id


def about_account(account: Account) -> str:
    """How the operation log and to-dos name an account."""
    return f"customers.account:{account.pk}"


@action(
    "gas.arrears.take_step", title=_("Take the next dunning step"), unit=of_account,
    subject=lambda *, account, **_facts: about_account(account),
)  # fmt: skip
def take_step(*, account: Account, note: str = "", by: User) -> DunningAct:
    """Take the step of dunning that is due for one account today; `note` says what came of it (a call, say).

    The same rules hold as for a run: steps cannot be skipped. Raises Problem: nothing overdue, a promise that holds, a
    proposal that waits, no step due yet (the text says from when).
    """
    lock("account", account.pk)
    today = local_today()
    due = queries.due_step(account, today)
    if due.step is None:
        raise Problem(due.words, code=due.code)
    act = DunningAct.objects.create(
        account=account, place=due.step.place, kind=due.step.kind, on=today, state=State.DONE, owed_fen=due.owed_fen,
        oldest_due_on=due.oldest_due_on, note=note.strip()[:200],
    )  # fmt: skip
    close_todos(kind=BROKEN, subject=about_account(account), by=by)
    note_change(after={"step": act.kind, "owed_fen": act.owed_fen}, reason=act.note)
    return act


@action(
    "gas.arrears.leave_out", title=_("Leave accounts out of a proposal"), unit=lambda *, run, **_facts: run.unit_id,
    subject=lambda *, run, **_facts: f"arrears.dunningrun:{run.pk}",
)  # fmt: skip
def leave_out(*, run: DunningRun, acts: Sequence[int], by: User) -> int:
    """Leave proposed steps (ids) out of a proposal; returns how many. Raises Problem when it is confirmed already."""
    row = DunningRun.objects.select_for_update().get(pk=run.pk)
    if row.state != DunningRun.State.PROPOSED:
        raise Problem(_("This proposal is confirmed or dropped already. Nothing was changed."), code="run_state")
    rows = DunningAct.objects.filter(run=row, pk__in=acts, state=State.PROPOSED)
    left = rows.update(state=State.LEFT_OUT)
    row.proposed = row.acts.filter(state=State.PROPOSED).count()
    row.save(update_fields=["proposed"])
    note_change(after={"left_out": left, "steps": row.proposed})
    return left


def _of_act(*, act: DunningAct, **_facts: Any) -> int:
    return act.account.unit_id


def _about_act(*, act: DunningAct, **_facts: Any) -> str:
    return about_account(act.account)


@action("gas.arrears.carry_out_stop", title=_("Carry out a stop order"), unit=_of_act, subject=_about_act)
def carry_out_stop(*, act: DunningAct, note: str = "", by: User) -> DunningAct:
    """Record that the supply of a stop order was stopped today: the account is suspended, with its case and paper.

    Raises Problem: not a stop order, left out, carried out already, paid or promised meanwhile.
    """
    order = _order(act)
    if order.stopped_on:
        raise Problem(_("This order was carried out already."), code="done_already")
    today = local_today()
    owed_fen, _oldest = queries.overdue(order.account, today)
    kept = queries.promise_of(order.account, today)
    if owed_fen <= 0 or (kept and kept.holds):
        text = _("The customer has paid or promised meanwhile: withdraw the order instead. Nothing was changed.")
        raise Problem(text, code="paid")
    if order.account.state == Account.State.ACTIVE:
        reason = _("stopped for debt, order %(number)s") % {"number": order.order_no}
        suspend_account(account=order.account, reason=f"{reason} {note}".strip()[:200], by=by)
    order.stopped_on, order.note = today, note.strip()[:200] or order.note
    order.save(update_fields=["stopped_on", "note"])
    note_change(after={"stopped_on": f"{today}", "owed_fen": owed_fen}, reason=note)
    return order


@action("gas.arrears.restore_supply", title=_("Restore supply after payment"), unit=_of_act, subject=_about_act)
def restore_supply(*, act: DunningAct, note: str = "", by: User) -> DunningAct:
    """Let an account that was stopped for debt have gas again: it is restored, with its case and paper.

    Raises Problem: not stopped, restored already, still owing without a promise that holds.
    """
    order = _order(act)
    if order.stopped_on is None or order.restored_on:
        raise Problem(_("The supply of this account is not stopped by this order."), code="not_stopped")
    today = local_today()
    owed_fen, _oldest = queries.overdue(order.account, today)
    kept = queries.promise_of(order.account, today)
    if owed_fen > 0 and not (kept and kept.holds):
        text = _("%(owed)s yuan are still overdue. Take the payment, or record a promise first.")
        raise Problem(text % {"owed": yuan(owed_fen)}, code="owing")
    if order.account.state == Account.State.SUSPENDED:
        reason = _("restored after payment, order %(number)s") % {"number": order.order_no}
        restore_account(account=order.account, reason=f"{reason} {note}".strip()[:200], by=by)
    order.restored_on = today
    order.save(update_fields=["restored_on"])
    close_todos(kind=RESTORE, subject=about_account(order.account), by=by)
    note_change(after={"restored_on": f"{today}"}, reason=note)
    return order


@action("gas.arrears.withdraw_stop", title=_("Withdraw a stop order"), unit=_of_act, subject=_about_act)
def withdraw_stop(*, act: DunningAct, note: str, by: User) -> DunningAct:
    """Take back a stop order that was not carried out. Raises Problem: no reason, carried out already."""
    if not note.strip():
        raise Problem(_("Say why the order is withdrawn."), field="note", code="no_reason")
    order = _order(act)
    if order.stopped_on:
        raise Problem(_("This order was carried out already: restore the supply instead."), code="done_already")
    order.state, order.note = State.LEFT_OUT, note.strip()[:200]
    order.save(update_fields=["state", "note"])
    note_change(before={"state": State.DONE}, after={"state": State.LEFT_OUT}, reason=note)
    return order


def _order(act: DunningAct) -> DunningAct:
    """The stop order as it is now, its account locked."""
    lock("account", act.account_id)
    found = DunningAct.objects.select_related("account__unit").get(pk=act.pk)
    if found.kind != rules.STOP or found.state != State.DONE:
        raise Problem(_("This is no stop order that holds."), code="no_order")
    return found
