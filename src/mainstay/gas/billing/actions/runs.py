"""Acts on a billing run: plan, dry run, run, release, abandon."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.batch.plan import fill_plan
from mainstay.gas.billing.batch.run import finish_run
from mainstay.gas.billing.models import BillingRun, RunChunk
from mainstay.gas.billing.queries_days import refuse_closed_day_of_books
from mainstay.gas.readings.models import Book
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

RUN_JOB, DRY_JOB, RELEASED_JOB = "gas.billing.run", "gas.billing.dry_run", "gas.billing.after_release"
DUE_DAYS = 15
MOST_WORKERS = 16
State = BillingRun.State


def _unit(*, run: BillingRun, **_facts: Any) -> int:
    return run.unit_id


def _subject(*, run: BillingRun, **_facts: Any) -> str:
    return f"billing.billingrun:{run.pk}"


def _amount(*, run: BillingRun, **_facts: Any) -> int:
    return run.amount_fen


def _totals(run: BillingRun) -> dict[str, Any]:
    return {"state": run.state, "bills": run.bills, "amount_fen": run.amount_fen, "volume_l": run.volume_l}


def _locked(run: BillingRun, *states: str) -> BillingRun:
    """The run's row, locked, in one of `states`. Raises Problem when it is elsewhere by now."""
    row = BillingRun.objects.select_for_update().get(pk=run.pk)
    if row.state not in states:
        text = _("The run is “%(state)s” by now; load the page again to see what can be done.")
        raise Problem(text % {"state": row.get_state_display()}, code="run_state")
    return row


@action("gas.billing.plan_run", title=_("Plan a billing run"), unit=lambda *, unit, **_facts: unit.pk)
def plan_run(
    *,
    period: int,
    unit: Unit,
    by: User,
    books: list[Book] | None = None,
    issued_on: date | None = None,
    due_on: date | None = None,
    business_on: date | None = None,
) -> BillingRun:
    """Plan a run over the books of a unit and below (or over `books`): what will be billed, who is left out and why.

    Nothing is billed yet. Raises Problem when there is no book, a book is of another unit or in an open run of the
    period.
    """
    lock("billing_plan", period)
    chosen = books if books is not None else books_due(unit, period)
    if not chosen:
        raise Problem(_("No book is to be read in this period here. Choose another period or unit."), field="period")
    if strange := sorted(book.code for book in chosen if not book.unit.path.startswith(unit.path)):
        text = _("Not books of %(unit)s: %(codes)s. Choose books of this branch, or the branch above.")
        raise Problem(text % {"unit": unit, "codes": ", ".join(strange)}, field="books", code="books_elsewhere")
    issued_on = issued_on or timezone.localdate()
    due_on = due_on or issued_on + timedelta(days=DUE_DAYS)
    if due_on < issued_on:
        raise Problem(_("The due date lies before the bill date."), field="due_on")
    on, field = business_on or issued_on, "business_on" if business_on else "issued_on"
    refuse_closed_day_of_books([book.pk for book in chosen], on, field=field)
    _refuse_open(period, chosen)
    run = BillingRun.objects.create(
        period=period, unit=unit, issued_on=issued_on, due_on=due_on, business_on=on, by=by,
        planned_at=timezone.now(),
    )  # fmt: skip
    fill_plan(run, chosen)
    note_change(
        subject=f"billing.billingrun:{run.pk}",
        after={"period": period, "books": len(chosen), "planned": run.planned_accounts, "out": run.excluded_accounts},
    )
    return run


def books_due(unit: Unit, period: int) -> list[Book]:
    """Books of a unit and below that are read in a period, by their cycle."""
    cycle = Book.Cycle.ODD if period % 2 else Book.Cycle.EVEN
    due = Book.objects.filter(unit__path__startswith=unit.path, cycle__in=[Book.Cycle.MONTHLY, cycle])
    return list(due.select_related("unit"))


def _refuse_open(period: int, books: list[Book]) -> None:
    open_chunk = RunChunk.objects.filter(
        run__period=period, run__state__in=[State.PLANNED, State.RUNNING], book__in=[book.pk for book in books]
    ).select_related("book", "run")  # fmt: skip
    if (found := open_chunk.first()) is not None:
        text = _("Book %(book)s is in run %(run)s, which is not finished. Finish or abandon that run first.")
        raise Problem(text % {"book": found.book.code, "run": found.run_id}, code="run_open")


@action("gas.billing.start_dry_run", title=_("Start a dry run"), unit=_unit, subject=_subject)
def start_dry_run(*, run: BillingRun, by: User) -> Job:
    """Compute a planned run without writing bills, as a job."""
    row = _locked(run, State.PLANNED)
    note_change(after={"planned": row.planned_accounts})
    return enqueue_job(kind=DRY_JOB, arguments={"run": row.pk}, subject=_subject(run=row), by=by)


@action("gas.billing.start_run", title=_("Start a billing run"), unit=_unit, subject=_subject)
def start_run(*, run: BillingRun, by: User, workers: int = 2) -> Job:
    """Bill the planned books as jobs that share the work (`workers` of them); returns the first."""
    row = _locked(run, State.PLANNED)
    if row.planned_accounts == 0:
        raise Problem(_("There is nothing to bill: every account is left out. See the reasons below."), code="empty")
    refuse_closed_day_of_books(list(row.chunks.values_list("book", flat=True)), row.business_on)
    row.state = State.RUNNING
    row.save(update_fields=["state"])
    note_change(before={"state": State.PLANNED}, after={"state": State.RUNNING, "planned": row.planned_accounts})
    count = max(1, min(workers, MOST_WORKERS))
    jobs = [
        enqueue_job(kind=RUN_JOB, arguments={"run": row.pk}, subject=_subject(run=row), by=by)
        for _number in range(count)
    ]
    return jobs[0]


@action("gas.billing.complete_run", title=_("Complete a billing run"), unit=_unit, subject=_subject, everyone=True)
def complete_run(*, run: BillingRun, by: User) -> BillingRun:
    """Record the totals of a run whose chunks are all done; its job does this in the name of who started it.

    Everyone may: it only states what is so, and changes nothing while a chunk is open.
    """
    finish_run(run)
    run.refresh_from_db()
    note_change(after=_totals(run))
    return run


@action(
    "gas.billing.release_run", title=_("Release a billing run"), unit=_unit, subject=_subject, amount=_amount,
    four_eyes="above_limit",
)  # fmt: skip
def release_run(*, run: BillingRun, by: User) -> BillingRun:
    """Make a computed run's bills collectable. Above the rank's limit a second person must agree."""
    row = _locked(run, State.COMPUTED)
    row.state, row.released_at = State.RELEASED, timezone.now()
    row.save(update_fields=["state", "released_at"])
    note_change(before={"state": State.COMPUTED}, after=_totals(row))
    enqueue_job(kind=RELEASED_JOB, arguments={"run": row.pk}, subject=_subject(run=row), by=by)
    return row


@action("gas.billing.abandon_run", title=_("Abandon a billing run"), unit=_unit, subject=_subject)
def abandon_run(*, run: BillingRun, reason: str, by: User) -> BillingRun:
    """Give up a run that was only planned. A run with bills cannot be given up: cancel its bills instead."""
    row = _locked(run, State.PLANNED)
    if not reason.strip():
        raise Problem(_("Say why the run is given up."), field="reason")
    row.state = State.ABANDONED
    row.save(update_fields=["state"])
    note_change(before={"state": State.PLANNED}, after={"state": State.ABANDONED}, reason=reason)
    return row
