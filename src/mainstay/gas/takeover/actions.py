"""Every write of a take-over: begun, sheets staged, tried, made real, given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.takeover.batch.real import Made, make_rows
from mainstay.gas.takeover.batch.staging import stage
from mainstay.gas.takeover.batch.trial import Tried, keep_trial, rate_bills, token_of
from mainstay.gas.takeover.models import OldAccount, OldBill, OldDebt, Takeover
from mainstay.gas.takeover.queries import numbers_in_use
from mainstay.gas.takeover.states import TAKEOVER
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.jobs.models import Job
    from mainstay.core.organisation.models import Unit

TRIAL_JOB = "gas.takeover.trial"


def _of(takeover: Takeover, **_facts: Any) -> int:
    return takeover.unit_id


def _about(takeover: Takeover, **_facts: Any) -> str:
    return f"takeover.takeover:{takeover.pk}"


@action("gas.takeover.begin", title=_("Begin take-over"), unit=lambda unit, **_f: unit.pk)
def begin(*, name: str, unit: Unit, on: date, by: User) -> Takeover:
    """Begin to take a branch's customers over; `on` is the first day counted here. Raises Problem: one is under way."""
    lock("takeover.unit", unit.pk)
    if Takeover.objects.filter(unit=unit, state=Takeover.State.COLLECTING).exists():
        raise Problem(_("A take-over of this branch is under way: finish or abandon it."), field="unit", code="there")
    made = Takeover.objects.create(name=name.strip(), unit=unit, on=on, by=by, at=timezone.now())
    note_change(subject=_about(made), after={"name": made.name, "unit": str(unit), "on": f"{on}"})
    return made


@action("gas.takeover.load_sheet", title=_("Load sheet of the old system"), unit=_of, subject=_about)
def load_sheet(*, takeover: Takeover, what: str, rows: Sequence[Sequence[Any]], by: User) -> int:
    """Stage the checked rows of a sheet ("accounts", "debts", "bills") in the place of those of an earlier one.

    Nothing of it counts before the take-over is made real. A new sheet of accounts drops debts and bills, which rest on
    it. Returns how many rows are staged.
    """
    takeover = _open(takeover)
    model = {"accounts": OldAccount, "debts": OldDebt, "bills": OldBill}[what]
    if what == "accounts":
        OldDebt.objects.filter(takeover=takeover).delete()
        OldBill.objects.filter(takeover=takeover).delete()
    staged = stage(model, takeover, rows)  # type: ignore[arg-type]
    _count(takeover)
    note_change(after={"sheet": what, "rows": staged})
    return staged


def _count(takeover: Takeover) -> None:
    """Sum up what is staged; a trial run of other rows does not count any more."""
    accounts = OldAccount.objects.filter(takeover=takeover).aggregate(
        meters=Count("pk"), accounts=Count("pk", filter=Q(row=F("account_row"))),
        advance=Sum("advance_fen", default=0), deposit=Sum("deposit_fen", default=0),
    )  # fmt: skip
    debts = OldDebt.objects.filter(takeover=takeover).aggregate(n=Count("pk"), fen=Sum("amount_fen", default=0))
    takeover.accounts, takeover.meters = accounts["accounts"], accounts["meters"]
    takeover.advance_fen, takeover.deposit_fen = accounts["advance"], accounts["deposit"]
    takeover.debts, takeover.debt_fen = debts["n"], debts["fen"]
    takeover.bills = OldBill.objects.filter(takeover=takeover).count()
    takeover.tried_at, takeover.differing, takeover.difference_fen = None, 0, 0
    takeover.save()


@action("gas.takeover.start_trial", title=_("Start trial billing run"), unit=_of, subject=_about)
def start_trial(*, takeover: Takeover, by: User) -> Job:
    """Let a worker rate the old bills by our tariff. Raises Problem without bills."""
    takeover = _open(takeover)
    if not takeover.bills:
        raise Problem(_("Load the last bills of the old system first."), code="no_bills")
    return enqueue_job(kind=TRIAL_JOB, arguments={"takeover": takeover.pk}, subject=_about(takeover), by=by)


@action("gas.takeover.try_billing", title=_("Try billing against the old system"), unit=_of, subject=_about)
def try_billing(*, takeover: Takeover, tried: Tried | None = None, by: User) -> Takeover:
    """Keep what our tariff makes of every old bill, with the reasons of differences; nothing becomes real.

    `tried` is what `rate_bills` found before, outside of a transaction. Raises Problem: no bills, other bills by now.
    """
    takeover = _open(takeover)
    if not takeover.bills:
        raise Problem(_("Load the last bills of the old system first."), code="no_bills")
    tried = tried or rate_bills(takeover)
    if tried.token != token_of(takeover):
        raise Problem(_("Other bills were loaded meanwhile: start the trial run again."), code="other_bills")
    keep_trial(takeover, tried)
    takeover.differing, takeover.difference_fen = tried.differing, tried.difference_fen
    takeover.tried_at = timezone.now()
    takeover.save()
    note_change(after={"bills": takeover.bills, "differing": takeover.differing, "amount_fen": takeover.difference_fen})
    return takeover


@action("gas.takeover.make_real", title=_("Make take-over real"), unit=_of, subject=_about, four_eyes="always")
def make_real(*, takeover: Takeover, by: User) -> Made:
    """Make customers, accounts, meters, terms, debts, advances and counters of everything staged: all or nothing.

    Opening balances are posted to the ledger on today's business day. Raises Problem: nothing staged, no trial run,
    numbers taken since the sheet was checked, a closed day.
    """
    today = local_today()
    takeover = _open(takeover)
    units = set(OldAccount.objects.filter(takeover=takeover).values_list("unit_id", flat=True).distinct())
    refuse_closed_day(units, today)
    if not takeover.accounts:
        raise Problem(_("Load the sheet of accounts first."), code="no_accounts")
    if takeover.tried_at is None:
        text = _("Compare with the last bills of the old system first: load them and start the trial run.")
        raise Problem(text, code="not_tried")
    taken = numbers_in_use(takeover)
    if taken:
        text = _("Numbers were given here since the sheet was checked: %(numbers)s. Load the sheet again.")
        raise Problem(text % {"numbers": ", ".join(taken)}, code="taken")
    made = make_rows(takeover, today, by.pk)
    takeover.state, takeover.done_at = Takeover.State.DONE, timezone.now()
    takeover.save(update_fields=["state", "done_at"])
    note_change(after={"accounts": made.accounts, "meters": made.meters, "debts": made.debts,
                       "debt_fen": takeover.debt_fen, "advance_fen": takeover.advance_fen})  # fmt: skip
    return made


@action("gas.takeover.abandon", title=_("Abandon take-over"), unit=_of, subject=_about)
def abandon(*, takeover: Takeover, reason: str, by: User) -> Takeover:
    """Give a take-over up; what is staged is dropped, nothing of it was real. Raises Problem without a reason."""
    if not reason.strip():
        raise Problem(_("Say why the take-over is abandoned."), field="reason", code="no_reason")
    takeover = _open(takeover)
    for model in (OldBill, OldDebt, OldAccount):
        model.objects.filter(takeover=takeover).delete()
    takeover.state = Takeover.State.ABANDONED
    takeover.save(update_fields=["state"])
    note_change(before={"state": "collecting"}, after={"state": "abandoned"}, reason=reason)
    return takeover


def _open(takeover: Takeover) -> Takeover:
    """The take-over as it is, alone with it; Problem unless it is still collecting."""
    lock("takeover", takeover.pk)
    fresh = Takeover.objects.select_related("unit").get(pk=takeover.pk)
    TAKEOVER.require(fresh.state, Takeover.State.DONE)
    return fresh
