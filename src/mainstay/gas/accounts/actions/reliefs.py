"""Approvals of low income and large households: granted by two people, ended early, effective also for billed days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.evidence.models import Attachment
from mainstay.core.todos.actions import close_todos
from mainstay.gas.accounts.models import Relief
from mainstay.gas.billing.actions import rebill
from mainstay.gas.billing.queries_billed import live_bills
from mainstay.gas.tariffs.actions_terms import change_terms
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.queries import rule_of_plan
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

ENDS = "accounts.relief_ends"
LONGEST_DAYS = 1_100
_DAY = timedelta(days=1)


def _of(account: Account, **_facts: Any) -> int:
    return account.unit_id


def _about(account: Account, **_facts: Any) -> str:
    return f"customers.account:{account.pk}"


@action("gas.accounts.grant_relief", title=_("Approve easier terms"), unit=_of, subject=_about, four_eyes="always")
def grant_relief(
    *, account: Account, kind: str, from_on: date, until_on: date, certificate_no: str, proof: Attachment,
    persons: int | None = None, reason: str = "", by: User,
) -> Relief:  # fmt: skip
    """Approve low income or a number of persons from a day to a last day, by a certificate whose copy is kept.

    Days that are billed already are billed again, so that the tiers of the year are right. Raises Problem: the tariff
    knows no such relief, the days make no sense, an approval of the kind holds in these days.
    """
    lock("account", account.pk)
    check_relief(account, kind, (from_on, until_on), persons)
    change = {"low_income": True} if kind == Relief.Kind.LOW_INCOME else {"persons": persons}
    rebilled = put(account, (from_on, until_on), change, reason or certificate_no, by)
    relief = Relief.objects.create(
        account=account, kind=kind, persons=persons if kind == Relief.Kind.HOUSEHOLD else None,
        certificate_no=certificate_no.strip()[:40], proof=proof, from_on=from_on, until_on=until_on,
        reason=reason.strip()[:200], rebilled=rebilled, granted_by=by, granted_at=timezone.now(),
    )  # fmt: skip
    earlier = Relief.objects.filter(account=account, kind=kind, until_on__lt=from_on)
    for one in earlier.values_list("pk", flat=True):
        close_todos(kind=ENDS, subject=f"accounts.relief:{one}", by=by)
    note_change(after={"kind": kind, "from": f"{from_on}", "until": f"{until_on}", "persons": persons,
                       "certificate_no": relief.certificate_no, "rebilled": rebilled}, reason=reason)  # fmt: skip
    return relief


def check_relief(account: Account, kind: str, days: tuple[date, date], persons: int | None) -> None:
    """Raise Problem for an approval that cannot be: asked before it goes to the second person, and when he agrees."""
    from_on, until_on = days
    if not from_on <= until_on <= from_on + timedelta(days=LONGEST_DAYS):
        text = _("An approval ends after it begins, and holds three years at most: check both days.")
        raise Problem(text, field="until_on", code="bad_end")
    terms = Terms.objects.on(from_on).filter(account=account).select_related("plan").first()
    if terms is None:
        raise Problem(_("The account has no tariff plan on that day. Set its terms first."), code="no_terms")
    rule = rule_of_plan(terms.plan).version_on(from_on)
    if (rule.low_income if kind == Relief.Kind.LOW_INCOME else rule.household) is None:
        text = _(
            "The tariff “%(plan)s” has no such relief, so an approval would change nothing. Choose another kind, "
            "or have the billing office set the relief in the tariff first."
        )
        raise Problem(text % {"plan": terms.plan}, field="kind", code="no_relief")
    if kind == Relief.Kind.HOUSEHOLD and not persons:
        raise Problem(_("Say how many persons live there."), field="persons", code="no_persons")
    there = Relief.objects.filter(account=account, kind=kind, state=Relief.State.HELD)
    if there.filter(from_on__lte=until_on, until_on__gte=from_on).exists():
        text = _("An approval of this kind holds in these days already: end it first, or begin after it.")
        raise Problem(text, field="from_on", code="overlaps")


@action(
    "gas.accounts.end_relief", title=_("End approval early"), unit=lambda relief, **_f: relief.account.unit_id,
    subject=lambda relief, **_f: f"accounts.relief:{relief.pk}",
)  # fmt: skip
def end_relief(*, relief: Relief, last_on: date, reason: str, by: User) -> Relief:
    """Let an approval end with a day before its last; days billed after it are billed again. Raises Problem."""
    lock("account", relief.account_id)
    relief.refresh_from_db()
    if relief.state != Relief.State.HELD or not relief.from_on - _DAY <= last_on < relief.until_on:
        raise Problem(_("Give a day before the last day of this approval."), field="last_on", code="bad_end")
    if not reason.strip():
        raise Problem(_("Say why the approval ends."), field="reason", code="no_reason")
    change: dict[str, Any] = {"low_income": False}
    if relief.kind == Relief.Kind.HOUSEHOLD:
        after = Terms.objects.on(relief.until_on + _DAY).filter(account=relief.account_id).first()
        change = {"persons": after.persons if after else 3}
    rebilled = put(relief.account, (last_on + _DAY, relief.until_on), change, reason, by)
    before = relief.until_on
    relief.until_on, relief.state = max(last_on, relief.from_on), Relief.State.ENDED
    relief.rebilled += rebilled
    relief.save(update_fields=["until_on", "state", "rebilled"])
    close_todos(kind=ENDS, subject=f"accounts.relief:{relief.pk}", by=by)
    note_change(before={"until": f"{before}"}, after={"until": f"{last_on}", "rebilled": rebilled}, reason=reason)
    return relief


def put(account: Account, days: tuple[date, date], change: dict[str, Any], reason: str, by: User) -> int:
    """Change the terms from a day to a last day and bill the billed days again; returns how many bills were new."""
    from_on, last_on = days
    change_terms(account=account, from_on=from_on, last_on=last_on, change=change, rebills=True, by=by)
    touched = [bill for bill in live_bills(account) if from_on < bill.to_on <= last_on + _DAY]
    for bill in touched:
        rebill(bill=bill, reason=reason, by=by)
    return len(touched)
