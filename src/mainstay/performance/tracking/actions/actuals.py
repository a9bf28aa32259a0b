"""Actual values: reported with evidence, verified by another, disputed and reported anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.events.providers import answers
from mainstay.core.organisation.models import Holding
from mainstay.core.todos.actions import close_todos
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.models import Period, Target
from mainstay.performance.tracking.models import Actual
from mainstay.performance.tracking.states import ACTUAL

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.evidence.models import Attachment

VERIFY = "performance.tracking.verify_actual"
QUESTION = "indicator_value"


def _unit(target: Target | None = None, actual: Actual | None = None, **_facts: Any) -> int | None:
    found = target or (actual.target if actual else None)
    return found.contract.unit_id if found else None


def _owner(target: Target, **_facts: Any) -> int | None:
    user = getattr(target.contract.person, "user", None)
    return user.pk if user else None


def _about(target: Target | None = None, actual: Actual | None = None, **_facts: Any) -> str:
    found = target or (actual.target if actual else None)
    return f"plans.contract:{found.contract_id}" if found else ""


@action(
    "performance.tracking.report_actual",
    title=_("Report an actual value"),
    unit=_unit,
    owner=_owner,
    subject=_about,
)
def report_actual(
    *,
    target: Target,
    period: Period,
    value_e4: int,
    evidence: Attachment | None = None,
    note: str = "",
    veto: bool = False,
    plus_e2: int = 0,
    minus_e2: int = 0,
    provider: str = "",
    by: User,
) -> Actual:
    """Report what a target reached in a period: 1/10000 of the unit, points in 1/100. Raises Problem.

    The period is the contract's or lies inside it, is open, and has no standing value yet.
    """
    lock("plans.target", target.pk)
    period.refresh_from_db()
    _check_target(target, period)
    if target.rule["kind"] == "level" and not note.strip():
        raise Problem(_("Say why this level was chosen."), field="note", code="no_reason")
    disputed = target.actuals.filter(period=period, state=Actual.State.DISPUTED).order_by("-id").first()
    actual = Actual.objects.create(
        target=target, period=period, value_e4=value_e4, evidence=evidence, note=note.strip()[:300], veto=veto,
        plus_e2=plus_e2, minus_e2=minus_e2, provider=provider, reported_by=by, reported_at=timezone.now(),
        replaces=disputed,
    )  # fmt: skip
    _ask_to_verify(actual, by)
    note_change(after={"target": target.pk, "period": period.code, "value_e4": value_e4, "veto": veto})
    return actual


def _check_target(target: Target, period: Period) -> None:
    contract = target.contract
    if not contract.is_in_force:
        raise Problem(_("This contract is not in force: only signed targets are reported on."), code="not_in_force")
    whole = contract.period
    if not (whole.from_on <= period.from_on and period.until_on <= whole.until_on):
        inside = (
            period.kind == Period.Kind.WEEK and period.from_on <= whole.until_on and period.until_on >= whole.from_on
        )
        if not inside:
            raise Problem(_("This period does not lie in that of the contract."), field="period", code="outside")
    if not period.is_open:
        raise Problem(_("This period is closed: its values are frozen."), field="period", code="closed")
    if target.actuals.standing().filter(period=period).exists():
        raise Problem(_("This period has a value already. Dispute it first."), field="period", code="exists")


def _ask_to_verify(actual: Actual, by: User) -> None:
    from mainstay.core.todos.actions import open_todo

    name = actual.target.indicator
    open_todo(
        kind="actual",
        subject=f"tracking.actual:{actual.pk}",
        title_zh=f"核实实际值：{name.name_zh}（{actual.period.code}）",
        title_en=f"Verify an actual value: {name.name_en or name.name_zh} ({actual.period.code})",
        right=VERIFY,
        unit_id=actual.target.contract.unit_id,
        not_for=by,
    )


@action(VERIFY, title=_("Verify an actual value"), unit=_unit, subject=_about)
def verify_actual(*, actual: Actual, by: User) -> Actual:
    """Confirm a reported value; where the indicator names a verifying post, as its holder.

    Raises Problem; refused to the reporter.
    """
    _settle(actual, Actual.State.VERIFIED, by)
    post = actual.target.indicator.verifier_id
    if post and not Holding.objects.current(local_today()).filter(person=by.person_id or 0, post=post).exists():
        refuse(_("This indicator is verified by the holder of another post."))
    return _close(actual, Actual.State.VERIFIED, by)


@action("performance.tracking.dispute_actual", title=_("Dispute an actual value"), unit=_unit, subject=_about)
def dispute_actual(*, actual: Actual, reason: str, by: User) -> Actual:
    """Reject a value, with the reason: it no longer counts, and is to be reported anew. Raises Problem."""
    _settle(actual, Actual.State.DISPUTED, by)
    if not reason.strip():
        raise Problem(_("Say what is wrong with this value."), field="reason", code="no_reason")
    actual.dispute = reason.strip()[:300]
    return _close(actual, Actual.State.DISPUTED, by)


def _settle(actual: Actual, state: str, by: User) -> None:
    lock("plans.target", actual.target_id)
    actual.refresh_from_db()
    ACTUAL.require(actual.state, state)
    if actual.reported_by_id == by.pk:
        refuse(_("Nobody verifies what he reported himself."))
    if not actual.period.is_open:
        raise Problem(_("This period is closed: its values are frozen."), code="closed")


def _close(actual: Actual, state: str, by: User) -> Actual:
    before = actual.state
    actual.state, actual.verified_by, actual.verified_at = state, by, timezone.now()
    actual.save(update_fields=["state", "verified_by", "verified_at", "dispute"])
    close_todos(kind="actual", subject=f"tracking.actual:{actual.pk}", by=by)
    note_change(before={"state": before}, after={"state": state}, reason=actual.dispute)
    return actual


@action("performance.tracking.fetch_actuals", title=_("Fetch values that other parts know"))
def fetch_actuals(*, period: Period, by: User) -> int:
    """Report the values of a period for every signed target whose indicator another part answers; returns how many.

    What has a value already, and what nobody answers, is left alone.
    """
    targets = Target.objects.filter(contract__in=_contracts_around(period), indicator__provider__gt="").select_related(
        "indicator", "contract__unit", "contract__period", "contract__person"
    )
    known = set(Actual.objects.standing().filter(period=period).values_list("target", flat=True))
    made = 0
    for target in targets:
        if target.pk in known:
            continue
        facts = {"unit": target.contract.unit, "from_on": period.from_on, "until_on": period.until_on}
        found = [one for one in answers(QUESTION, name=target.indicator.provider, **facts) if one is not None]
        if found:
            report_actual(target=target, period=period, value_e4=found[0], provider=target.indicator.provider, by=by)
            made += 1
    note_change(after={"period": period.code, "values": made})
    return made


def _contracts_around(period: Period) -> Any:
    from mainstay.performance.plans.models import Contract

    rows = Contract.objects.in_force()
    return rows.filter(period__from_on__lte=period.from_on, period__until_on__gte=period.until_on)
