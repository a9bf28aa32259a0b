"""Acts on rebillings: plan (which counts), begin with a second person's agreement, drop."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing import batch_rebilling
from mainstay.gas.billing.models import BillingRun, Rebilling
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.readings.models import Book
from mainstay.gas.tariffs.models import Plan, Version
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

COUNT_JOB, WORK_JOB = "gas.billing.count_rebilling", "gas.billing.work_rebilling"
State = Rebilling.State
MOST_PERIODS = 36


def _unit(*, run: Rebilling, **_facts: Any) -> int:
    return run.unit_id


def _subject(*, run: Rebilling, **_facts: Any) -> str:
    return f"billing.rebilling:{run.pk}"


def _amount(*, run: Rebilling, **_facts: Any) -> int:
    return max(run.old_fen, run.new_fen)


@action("gas.billing.plan_rebilling", title=_("Plan a rebilling"), unit=lambda *, unit, **_facts: unit.pk)
def plan_rebilling(
    *, unit: Unit, from_period: int, to_period: int, reason: str, by: User, mode: str = Rebilling.Mode.AGAIN,
    books: list[Book] | None = None, run: BillingRun | None = None, version: Version | None = None,
    plan: Plan | None = None, business_on: date | None = None,
) -> Rebilling:  # fmt: skip
    """Choose bills that are to be cancelled, or cancelled and billed again, and count what that comes to, as a job.

    Nothing is billed yet. `plan` puts the accounts on that plan from the first of these bills on. Raises Problem:
    no reason, periods in the wrong order, everything of a branch chosen, no such bill, day closed, another rebilling
    of the branch under way.
    """
    _check(from_period, to_period, reason)
    if not (books or run or version):
        text = _("Choose books, a billing run or a tariff version: not every bill of a branch can be wrong.")
        raise Problem(text, field="books", code="all")
    if plan is not None and mode == Rebilling.Mode.CANCEL:
        raise Problem(_("A right tariff plan is only needed to bill again."), field="plan", code="cancel")
    lock("billing_rebilling", 0)
    path = unit.path
    open_ones = Rebilling.objects.filter(state__in=[State.COUNTING, State.PROPOSED, State.WORKING])
    if any(path.startswith(o.unit.path) or o.unit.path.startswith(path) for o in open_ones.select_related("unit")):
        text = _("A rebilling of this branch is not finished. Finish or drop that one first.")
        raise Problem(text, field="unit", code="open")
    on = business_on or timezone.localdate()
    refuse_closed_day(
        set(Unit.objects.filter(path__startswith=path).values_list("pk", flat=True)), on, field="business_on"
    )
    made = Rebilling.objects.create(
        unit=unit, mode=mode, from_period=from_period, to_period=to_period, run=run, version=version, plan=plan,
        reason=reason.strip()[:200], business_on=on, by=by, at=timezone.now(),
    )  # fmt: skip
    made.books.set(books or [])
    if not batch_rebilling.choose(made):
        raise Problem(_("There is no such bill. Nothing was planned; choose other periods or books."), code="none")
    enqueue_job(kind=COUNT_JOB, arguments={"rebilling": made.pk}, subject=_subject(run=made), by=by)
    after = {"mode": mode, "from": from_period, "to": to_period, "books": [book.code for book in books or []]}
    more = {"run": run and run.pk, "version": version and version.pk, "plan": plan and plan.code}
    note_change(subject=_subject(run=made), after={**after, **more}, reason=reason)
    return made


def _check(from_period: int, to_period: int, reason: str) -> None:
    if not reason.strip():
        raise Problem(_("Give the reason; it stays with the bills."), field="reason", code="no_reason")
    months = (to_period // 100 - from_period // 100) * 12 + to_period % 100 - from_period % 100
    if not 0 <= months < MOST_PERIODS:
        text = _("The last period must not lie before the first, and at most %(most)s months fit.")
        raise Problem(text % {"most": MOST_PERIODS}, field="to_period", code="periods")


@action(
    "gas.billing.begin_rebilling", title=_("Begin a rebilling"), unit=_unit, subject=_subject, amount=_amount,
    four_eyes="always",
)  # fmt: skip
def begin_rebilling(*, run: Rebilling, by: User) -> Rebilling:
    """Cancel (and bill again) what a rebilling proposes, as a job that may be killed and started again.

    A second person must agree. Raises Problem: not proposed (any more), nothing to do, day closed.
    """
    row = _locked(run, State.PROPOSED)
    if not row.accounts:
        raise Problem(_("There is nothing to do: no account can be billed. See the reasons below."), code="empty")
    refuse_closed_day(_units(row), row.business_on)
    row.state = State.WORKING
    row.save(update_fields=["state"])
    enqueue_job(kind=WORK_JOB, arguments={"rebilling": row.pk}, subject=_subject(run=row), by=by)
    note_change(
        before={"state": State.PROPOSED, "amount_fen": row.old_fen},
        after={"state": State.WORKING, "bills": row.bills, "amount_fen": row.new_fen}, reason=row.reason,
    )  # fmt: skip
    return row


def _units(row: Rebilling) -> set[int]:
    return set(Unit.objects.filter(path__startswith=row.unit.path).values_list("pk", flat=True))


@action("gas.billing.drop_rebilling", title=_("Drop a rebilling"), unit=_unit, subject=_subject)
def drop_rebilling(*, run: Rebilling, reason: str, by: User) -> Rebilling:
    """Give up a rebilling that has billed nothing. Raises Problem: no reason, begun already."""
    if not reason.strip():
        raise Problem(_("Say why it is given up."), field="reason", code="no_reason")
    row = _locked(run, State.COUNTING, State.PROPOSED)
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    note_change(after={"state": State.DROPPED}, reason=reason)
    return row


@action("gas.billing.complete_rebilling", title=_("Complete a rebilling"), unit=_unit, subject=_subject, everyone=True)
def complete_rebilling(*, run: Rebilling, by: User) -> Rebilling:
    """State the totals of a rebilling whose accounts are all done; its job does this. Changes nothing before that."""
    batch_rebilling.finish(run)
    run.refresh_from_db()
    note_change(after={"state": run.state, "bills": run.bills, "amount_fen": run.new_fen})
    return run


def _locked(run: Rebilling, *states: str) -> Rebilling:
    row = Rebilling.objects.select_for_update().get(pk=run.pk)
    if row.state not in states:
        text = _("It is “%(state)s” by now; load the page again to see what can be done.")
        raise Problem(text % {"state": row.get_state_display()}, code="run_state")
    return row
