"""Closing a business day and its voucher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.billing.models import BillingRun
from mainstay.gas.ledger import queries, rules
from mainstay.gas.ledger.models import ClosedDay, LedgerAccount, Voucher, VoucherLine
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

DAY_LOCK = "ledger.day"


@action("gas.ledger.make_voucher", title=_("Make voucher"), unit=lambda unit, **_: unit.pk)
def make_voucher(*, unit: Unit, business_on: dt.date, by: User) -> Voucher:
    """Close a branch's business day and sum its postings by ledger account and side into a numbered voucher.

    From then on the day takes no posting. Doing it again returns the voucher there is. A day that was opened again
    with its month gets a further part: what was posted since. Problem when the day is still to come, a shift of it is
    open, or nothing was posted.
    """
    if business_on > local_today():
        raise Problem(_("This day is still to come."), field="business_on", code="future")
    # Waits for every payment of the day that is under way, and keeps later ones waiting: they find the day closed.
    lock(DAY_LOCK, business_on.toordinal())
    parts = list(Voucher.objects.filter(unit=unit, business_on=business_on).order_by("part"))
    if parts and queries.is_closed(unit.pk, business_on):
        return parts[-1]
    open_tills = [till for found in answers("open_shifts", unit_id=unit.pk, business_on=business_on) for till in found]
    if open_tills:
        text = _("Shifts of this day are still open: %(tills)s. Close them first.")
        raise Problem(text % {"tills": ", ".join(open_tills)}, code="shifts_open")
    _refuse_under_way(unit, business_on)
    rows = queries.postings_of_day(unit.pk, business_on)
    count, amount_fen = queries.count_and_sum(rows)
    if not count:
        raise Problem(_("Nothing was posted on this day; there is no voucher to make."), code="nothing_posted")
    _close_day(unit, business_on, by)
    count -= sum(one.postings for one in parts)
    if parts and not count:
        return parts[-1]
    voucher = Voucher.objects.create(
        number=f"{business_on.year}-{next_number('voucher', business_on.year):06d}",
        business_on=business_on,
        unit=unit,
        part=len(parts) + 1,
        postings=count,
        amount_fen=amount_fen - sum(one.amount_fen for one in parts),
        made_by=by,
        made_at=timezone.now(),
    )
    _write_lines(voucher, rules.without(queries.turnover(rows), queries.turnover_of(parts)))
    note_change(after={"number": voucher.number, "postings": count, "amount_fen": voucher.amount_fen})
    return voucher


def _close_day(unit: Unit, business_on: dt.date, by: User) -> None:
    again = ClosedDay.all_rows.filter(unit=unit, business_on=business_on, reopened=True).update(reopened=False)
    if not again and not queries.is_closed(unit.pk, business_on):
        ClosedDay.objects.create(unit=unit, business_on=business_on, closed_by=by, closed_at=timezone.now())


def _write_lines(voucher: Voucher, turnover: Mapping[int, tuple[int, int]]) -> None:
    names = {account.code: account.name_zh for account in LedgerAccount.objects.all()}
    VoucherLine.objects.bulk_create(
        VoucherLine(
            voucher=voucher, line=line, ledger_account_id=code, debit_fen=debit, credit_fen=credit,
            summary=f"{voucher.business_on:%Y-%m-%d} {names[code]}",
        )
        for line, (code, debit, credit) in enumerate(rules.voucher_sides(turnover), 1)
    )  # fmt: skip


def _refuse_under_way(unit: Unit, business_on: dt.date) -> None:
    """A billing run that is at work on the day would go on posting to it."""
    running = BillingRun.objects.filter(state=BillingRun.State.RUNNING, business_on=business_on)
    run = next((one for one in running.select_related("unit") if unit.path.startswith(one.unit.path)), None)
    if run is not None:
        text = _("Billing run %(run)s is at work on this day. Make the voucher when it is computed.")
        raise Problem(text % {"run": run}, code="run_under_way")
