"""Closing a branch's month (月结), and opening it again with a second person's consent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.events.providers import answers
from mainstay.gas.ledger import queries
from mainstay.gas.ledger.actions import DAY_LOCK
from mainstay.gas.ledger.models import ClosedDay, ClosedMonth, LedgerAccount, MonthBalance
from mainstay.kit.dates import first_day, last_day, local_today, period_of
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

NAMED = 5


@action("gas.ledger.save_ledger_account", title=_("Set finance system's account"))
def save_ledger_account(*, account: LedgerAccount, finance_code: str, by: User) -> LedgerAccount:
    """Say which account of the finance system stands for one of the sub-ledger ("" for the same code)."""
    code = finance_code.strip()
    if not all(part.isalnum() or part in ".-_" for part in code) or not code.isascii():
        text = _("An account code has letters, digits, dots and hyphens.")
        raise Problem(text, field="finance_code", code="bad_code")
    before, account.finance_code = account.finance_code, code
    account.save(update_fields=["finance_code"])
    note_change(subject=f"ledger.ledgeraccount:{account.pk}", before={"code": before}, after={"code": code})
    return account


@action(
    "gas.ledger.close_month",
    title=_("Close month"),
    unit=lambda unit, **_: unit.pk,
    subject=lambda unit, period, **_: f"ledger.month:{unit.pk}:{period}",
)
def close_month(*, unit: Unit, period: int, by: User) -> ClosedMonth:
    """Close a branch's month (yyyymm): no day of it takes postings any more, its balances are kept.

    Every day with postings must have its voucher. Doing it again returns the month as it is. Raises Problem (nothing
    changed): the month is not over, a day waits for its voucher, a shift of it is open.
    """
    if period >= period_of(local_today()):
        raise Problem(_("This month is not over yet."), field="period", code="not_over")
    first, last = first_day(period), last_day(period)
    for day in _days(first, last):
        lock(DAY_LOCK, day.toordinal())
    done = ClosedMonth.objects.filter(unit=unit, period=period).first()
    if done is not None and done.state == ClosedMonth.State.CLOSED:
        return done
    _refuse_open_days(unit, last)
    now = timezone.now()
    days = ClosedDay.all_rows.filter(unit=unit, business_on__range=(first, last))
    closed = set(days.values_list("business_on", flat=True))
    days.filter(reopened=True).update(reopened=False)
    ClosedDay.objects.bulk_create(
        ClosedDay(unit=unit, business_on=day, closed_by=by, closed_at=now)
        for day in _days(first, last)
        if day not in closed
    )
    month, _new = ClosedMonth.objects.update_or_create(
        unit=unit, period=period, defaults={"state": ClosedMonth.State.CLOSED, "closed_by": by, "closed_at": now}
    )
    month.balances.all().delete()
    rows = queries.trial_balance([unit.pk], first, last)
    MonthBalance.objects.bulk_create(
        MonthBalance(
            month=month, ledger_account_id=row.code, opening_fen=row.opening_fen, debit_fen=row.debit_fen,
            credit_fen=row.credit_fen,
        )
        for row in rows
        if row.opening_fen or row.debit_fen or row.credit_fen
    )  # fmt: skip
    turnover = sum(row.debit_fen for row in rows)
    note_change(after={"unit": unit.code, "period": period, "turnover_fen": turnover})
    return month


def _days(first: dt.date, last: dt.date) -> list[dt.date]:
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _refuse_open_days(unit: Unit, last: dt.date) -> None:
    """Every day up to the month's end that has postings must be closed; no shift of one may be open."""
    posted = queries.days_with_postings(unit.pk, last)
    closed = set(ClosedDay.objects.filter(unit=unit, business_on__lte=last).values_list("business_on", flat=True))
    waiting = sorted(set(posted) - closed)
    if waiting:
        text = _("%(n)s days have postings and no voucher: %(days)s. Make their vouchers first.")
        named = ", ".join(day.isoformat() for day in waiting[:NAMED]) + (" …" if len(waiting) > NAMED else "")
        raise Problem(text % {"n": len(waiting), "days": named}, code="days_open")
    tills = [till for found in answers("open_shifts_until", unit_id=unit.pk, business_on=last) for till in found]
    if tills:
        text = _("Shifts of this month are still open: %(tills)s. Close them first.")
        raise Problem(text % {"tills": ", ".join(tills)}, code="shifts_open")


@action(
    "gas.ledger.reopen_month",
    title=_("Open month again"),
    unit=lambda month, **_: month.unit_id,
    subject=lambda month, **_: f"ledger.month:{month.unit_id}:{month.period}",
    four_eyes="always",
)
def reopen_month(*, month: ClosedMonth, reason: str, by: User) -> ClosedMonth:
    """Open a closed month again for corrections on its last day; asked by one, agreed by another.

    The other days stay closed. Closing it again makes the last day's further postings a voucher of their own.
    Raises Problem (nothing changed): no reason, not closed, a later month is closed.
    """
    if not reason.strip():
        raise Problem(_("Say why the month is opened again."), field="reason", code="no_reason")
    lock("ledger.month", month.unit_id)
    month.refresh_from_db()
    if month.state != ClosedMonth.State.CLOSED:
        raise Problem(_("This month is open already; nothing was changed."), code="not_closed")
    later = ClosedMonth.objects.filter(unit=month.unit_id, period__gt=month.period, state=ClosedMonth.State.CLOSED)
    if later.exists():
        raise Problem(_("A later month is closed: open that one first."), code="later_closed")
    ClosedDay.all_rows.filter(unit=month.unit_id, business_on=last_day(month.period)).update(reopened=True)
    month.state, month.reopened_by, month.reopened_at = ClosedMonth.State.REOPENED, by, timezone.now()
    month.reason = reason.strip()[:200]
    month.save(update_fields=["state", "reopened_by", "reopened_at", "reason"])
    note_change(before={"state": "closed"}, after={"state": "reopened", "period": month.period}, reason=reason)
    return month
