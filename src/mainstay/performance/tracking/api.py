"""API: targets of contracts, what they have reached, and actual values from other systems."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Path, Query, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.kit.api import READ, WRITE, Incoming, Number, Text
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.plans.models import Period, Target
from mainstay.performance.plans.models.contracts import VIEW_RIGHT
from mainstay.performance.plans.rules.amounts import number_text, parse_number
from mainstay.performance.tracking.actions import report_actual
from mainstay.performance.tracking.models import Actual
from mainstay.performance.tracking.queries import Result, results_of

prefix = "/targets"
router = Router()
MOST = 200
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]{1,30}$")]
Value = Annotated[str, Field(pattern=r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$", examples=["96.5"])]


class TargetOut(Schema):
    """A target of a contract; values in the indicator's unit, weight and attainment in per cent, points as texts."""

    contract_no: str
    contract_state: str
    period: str
    unit: str
    person: str
    indicator: str
    name: str
    measured_in: str
    weight: str
    threshold: str | None
    target: str
    challenge: str | None
    reached: str | None
    attained: str | None
    points: str | None


class TargetPage(Schema):
    """Targets; `next` is the `after` of the next page."""

    items: list[TargetOut]
    next: int | None


class ActualOut(Schema):
    """A value that was reported for a target; `replaces` tells that an earlier one was disputed."""

    contract_no: str
    indicator: str
    period: str
    value: str
    state: str = Field(description=_n("reported, verified or disputed."))
    note: str
    dispute: str
    replaces: bool
    reported_at: dt.datetime


class ActualIn(Incoming):
    """What a target reached in a period."""

    period: Code = Field(description=_n("Code of the period: that of the contract or one inside it, as 2026M03."))
    value: Value = Field(description=_n("In the unit of the indicator, at most four decimals."))
    note: Annotated[Text, Field(max_length=300)] = ""


class TargetsAsked(Schema):
    """Which targets."""

    period: Code | None = Field(None, description=_n("Code of the contracts' period."))
    contract: Number | None = Field(None, description=_n("Number of the contract."))
    person: Number | None = Field(None, description=_n("Staff number of party B."))
    after: int = Field(0, ge=0, le=10**15, description=_n("`next` of the page before."))
    limit: int = Field(50, ge=1, le=MOST)


def _plain(value: int | None, decimals: int = 4) -> str | None:
    return None if value is None else number_text(value, decimals=decimals).replace(",", "")


def _visible(request: ApiRequest) -> Any:
    if not allowed(request.user, VIEW_RIGHT):
        raise Refused(VIEW_RIGHT, _("This token has no right to see this."))
    rows = Target.objects.visible_to(request.user)
    return rows.select_related("indicator", "contract__period", "contract__unit", "contract__person")


def _out(result: Result) -> TargetOut:
    target, contract = result.target, result.target.contract
    return TargetOut(
        contract_no=contract.number,
        contract_state=contract.state,
        period=contract.period.code,
        unit=contract.unit.code,
        person=contract.person.staff_no,
        indicator=target.indicator.code,
        name=str(target.indicator),
        measured_in=target.indicator.unit,
        weight=_plain(target.weight_bp, 2) or "0",
        threshold=_plain(target.threshold_e4),
        target=_plain(target.target_e4) or "0",
        challenge=_plain(target.challenge_e4),
        reached=_plain(result.actual_e4),
        attained=_plain(result.attained_bp, 2),
        points=_plain(result.points_e2, 2),
    )


def _actual(one: Actual) -> ActualOut:
    return ActualOut(
        contract_no=one.target.contract.number,
        indicator=one.target.indicator.code,
        period=one.period.code,
        value=_plain(one.value_e4) or "0",
        state=one.state,
        note=one.note,
        dispute=one.dispute,
        replaces=one.replaces_id is not None,
        reported_at=one.reported_at,
    )


@router.get("/", response={200: TargetPage, **READ}, summary=_n("List targets with what they have reached"))
def list_targets(request: ApiRequest, asked: Query[TargetsAsked]) -> TargetPage:
    """Targets in the order in which they were written. Values that nobody has verified yet are included."""
    wanted = {"contract__period__code": asked.period, "contract__number": asked.contract}
    wanted["contract__person__staff_no"] = asked.person
    rows = _visible(request).filter(Q(**{name: value for name, value in wanted.items() if value}), pk__gt=asked.after)
    found = list(rows.order_by("pk")[: asked.limit + 1])
    shown = found[: asked.limit]
    last = shown[-1].pk if len(found) > asked.limit else None
    return TargetPage(items=[_out(one) for one in results_of(shown, today=local_today())], next=last)


def _target_or_404(request: ApiRequest, contract_no: str, indicator: str) -> Target:
    found = _visible(request).filter(contract__number=contract_no, indicator__code=indicator).first()
    if found is None:
        words = {"contract": contract_no, "indicator": indicator}
        raise Problem(_("Contract %(contract)s has no target of %(indicator)s.") % words, code="not_found")
    return found


@router.get(
    "/{contract_no}/{indicator}/actuals",
    response={200: list[ActualOut], **READ},
    summary=_n("Actual values of a target"),
)
def list_actuals(
    request: ApiRequest, contract_no: Annotated[Number, Path()], indicator: Annotated[Code, Path()]
) -> list[ActualOut]:
    """All that was reported, newest first; disputed values do not count."""
    target = _target_or_404(request, contract_no, indicator)
    rows = target.actuals.select_related("target__contract", "target__indicator", "period").order_by("-pk")
    return [_actual(one) for one in rows[:MOST]]


@router.post(
    "/{contract_no}/{indicator}/actuals",
    response={200: ActualOut, 201: ActualOut, **WRITE},
    summary=_n("Report an actual value"),
)
def post_actual(
    request: ApiRequest, contract_no: Annotated[Number, Path()], indicator: Annotated[Code, Path()], actual: ActualIn
) -> Any:
    """201 when it is new, 200 when this value of this target and period is there already.

    Another value of the same period is refused (409): dispute the first one. Somebody else verifies it.
    """
    target = _target_or_404(request, contract_no, indicator)
    period = Period.objects.filter(code=actual.period).first()
    if period is None:
        raise Problem(_("There is no period %(code)s.") % {"code": actual.period}, field="period", code="no_period")
    value_e4 = parse_number(actual.value, field="value")
    known = target.actuals.standing().filter(period=period).select_related("period").first()
    if known is not None and known.value_e4 == value_e4:
        known.target = target
        return Status(200, _actual(known))
    if known is not None:
        text = _("%(period)s has the value %(value)s already. Nothing was changed; dispute it first.")
        words = {"period": period.code, "value": _plain(known.value_e4)}
        raise Problem(text % words, field="value", code="key_used")
    made = report_actual(target=target, period=period, value_e4=value_e4, note=actual.note, by=request.user)
    return Status(201, _actual(made))
