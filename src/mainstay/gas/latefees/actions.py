"""Every write of late fees: their terms, runs that propose and post, and the fee of one account when it pays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change, register_right
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch, rules
from mainstay.gas.latefees.models import LateFeeRule, LateFeeRun
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

VIEW = register_right("gas.latefees.view_late_fees", _("View late fees"))
COUNT_JOB, POST_JOB = "gas.latefees.count", "gas.latefees.post"
State = LateFeeRun.State


@action("gas.latefees.save_rule", title=_("Set late fee terms"))
def save_rule(
    *, category: str, from_on: dt.date, notice: str, daily_ppm: int, by: User, grace_days: int = 0,
    counts_from: str = rules.DUE, cap_bp: int = 10_000, min_volume_l: int = 0, min_fee_fen: int = 1,
) -> LateFeeRule:  # fmt: skip
    """Set the terms of a class for bills due from a day on; earlier terms stay for earlier bills.

    Raises Problem: a rate above what the law allows, terms for the day that exist already.
    """
    most = rules.MOST_RESIDENT_PPM if category == Account.Category.RESIDENTIAL else rules.MOST_PPM
    if not 0 <= daily_ppm <= most:
        text = _("The rate must lie between 0 and %(most)s ‰ a day for this class.")
        raise Problem(text % {"most": f"{most / 1000:g}"}, field="daily_ppm", code="rate")
    if LateFeeRule.objects.filter(category=category, from_on=from_on).exists():
        raise Problem(_("There are terms for this class from this day already."), field="from_on", code="exists")
    rule = LateFeeRule.objects.create(
        category=category, from_on=from_on, notice=notice.strip(), daily_ppm=daily_ppm, grace_days=grace_days,
        counts_from=counts_from, cap_bp=cap_bp, min_volume_l=min_volume_l, min_fee_fen=min_fee_fen,
    )  # fmt: skip
    note_change(after={"category": category, "from_on": str(from_on), "daily_ppm": daily_ppm, "notice": notice})
    return rule


def _unit(*, run: LateFeeRun, **_facts: Any) -> int:
    return run.unit_id


def _subject(*, run: LateFeeRun, **_facts: Any) -> str:
    return f"latefees.latefeerun:{run.pk}"


def _amount(*, run: LateFeeRun, **_facts: Any) -> int:
    return run.proposed_fen


@action("gas.latefees.propose_run", title=_("Count late fees"), unit=lambda *, unit, **_facts: unit.pk)
def propose_run(*, unit: Unit, through_on: dt.date, by: User, business_on: dt.date | None = None) -> LateFeeRun:
    """Count what late fees a branch and those below it come to up to a day, as a job. Nothing is posted yet.

    Raises Problem: a day still to come, a closed business day, another run of the branch that is open.
    """
    if through_on > local_today():
        raise Problem(_("This day is still to come."), field="through_on", code="future")
    on = business_on or through_on
    refuse_closed_day(_units(unit), on, field="business_on" if business_on else "through_on")
    try:
        with transaction.atomic():
            run = LateFeeRun.objects.create(
                unit=unit, through_on=through_on, business_on=on, by=by, at=timezone.now()
            )  # fmt: skip
    except IntegrityError:
        text = _("A run of this branch is not finished. Post or drop that one first.")
        raise Problem(text, field="unit", code="run_open") from None
    enqueue_job(kind=COUNT_JOB, arguments={"run": run.pk}, subject=_subject(run=run), by=by)
    note_change(subject=_subject(run=run), after={"through_on": str(through_on)})
    return run


def _units(unit: Unit) -> list[int]:
    return list(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))


@action(
    "gas.latefees.post_run", title=_("Post late fees"), unit=_unit, subject=_subject, amount=_amount,
    four_eyes="above_limit",
)  # fmt: skip
def post_run(*, run: LateFeeRun, by: User) -> LateFeeRun:
    """Post the late fees of a proposed run as a job, which may be killed and started again: no fee twice, none missed.

    Raises Problem: not proposed (any more), business day closed.
    """
    row = _locked(run, State.PROPOSED)
    refuse_closed_day(_units(row.unit), row.business_on)
    row.state = State.POSTING
    row.save(update_fields=["state"])
    enqueue_job(kind=POST_JOB, arguments={"run": row.pk}, subject=_subject(run=row), by=by)
    note_change(before={"state": State.PROPOSED}, after={"state": State.POSTING, "amount_fen": row.proposed_fen})
    return row


@action("gas.latefees.drop_run", title=_("Drop a late fee run"), unit=_unit, subject=_subject)
def drop_run(*, run: LateFeeRun, reason: str, by: User) -> LateFeeRun:
    """Give up a run of which nothing is posted. Raises Problem: no reason, posted already."""
    if not reason.strip():
        raise Problem(_("Say why the run is given up."), field="reason", code="no_reason")
    row = _locked(run, State.COUNTING, State.PROPOSED)
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    note_change(after={"state": State.DROPPED}, reason=reason)
    return row


def _locked(run: LateFeeRun, *states: str) -> LateFeeRun:
    row = LateFeeRun.objects.select_for_update().get(pk=run.pk)
    if row.state not in states:
        text = _("The run is “%(state)s” by now; load the page again to see what can be done.")
        raise Problem(text % {"state": row.get_state_display()}, code="run_state")
    return row


@action(
    "gas.latefees.charge_account", title=_("Charge the late fees of an account"),
    unit=lambda *, account, **_facts: account.unit_id,
    subject=lambda *, account, **_facts: f"customers.account:{account.pk}",
)  # fmt: skip
def charge_account(*, account: Account, by: User, business_on: dt.date | None = None) -> list[tuple[int, int, int]]:
    """Post what the late bills of an account owe by the day; the counter does it as it takes a payment.

    Returns (period, bill's seq, fee's seq) of what was posted; nothing when all is posted already.
    """
    on = business_on or local_today()
    refuse_closed_day({account.unit_id}, on)
    lock("account", account.pk)
    scope = batch.Scope(on, on, account.pk, account.pk)
    posted = batch.post_account(scope)
    if posted:
        note_change(after={"late_fees": len(posted)})
    return posted


def job_run(job: Job) -> LateFeeRun:
    """The run of a job."""
    return LateFeeRun.objects.select_related("unit").get(pk=job.arguments["run"])
