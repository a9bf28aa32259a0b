"""Periods, indicators, and the company's terms."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.plans.models import Indicator, Period, Terms
from mainstay.performance.plans.rules import check_rule
from mainstay.performance.plans.rules.calendar import tree_of
from mainstay.performance.plans.states import PERIOD

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Post

FIRST_YEAR, LAST_YEAR = 2000, 2100
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{1,29}", re.ASCII)
_WORDS = ("name_zh", "name_en", "formula_zh", "formula_en", "unit_zh", "unit_en", "source", "provider", "duty")


@action("performance.plans.create_year", title=_("Lay out the periods of a year"))
def create_year(*, year: int, weeks: bool = True, by: User) -> Period:
    """Make a year with its quarters, months and (unless told) weeks; what is there already stays. Raises Problem."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Problem(_("Give a year between 2000 and 2100."), field="year", code="bad_year")
    lock("plans.year", year)
    spans = list(tree_of(year, weeks=weeks))
    known = {one.code: one for one in Period.objects.filter(code__in=[span.code for span in spans])}
    made = 0
    for span in spans:
        if span.code not in known:
            known[span.code] = Period.objects.create(
                code=span.code, kind=span.kind, from_on=span.from_on, until_on=span.until_on,
                parent=known.get(span.parent),
            )  # fmt: skip
            made += 1
    note_change(after={"year": year, "made": made})
    return known[f"{year}"]


def _to(period: Period, state: str) -> Period:
    lock("plans.period", period.pk)
    period.refresh_from_db()
    PERIOD.require(period.state, state)
    note_change(before={"state": period.state}, after={"state": state})
    period.state = state
    period.save(update_fields=["state"])
    return period


@action("performance.plans.begin_closing", title=_("Begin to close a period"))
def begin_closing(*, period: Period, by: User) -> Period:
    """Announce the end of a period: actuals may still be verified and corrected until it is closed. Raises Problem."""
    return _to(period, Period.State.CLOSING)


@action("performance.plans.reopen_period", title=_("Take back the closing of a period"))
def reopen_period(*, period: Period, reason: str, by: User) -> Period:
    """Open a period again that is not closed yet. Raises Problem: a closed one stays closed."""
    return _to(period, Period.State.OPEN)


@action("performance.plans.close_period", title=_("Close a period"))
def close_period(*, period: Period, by: User) -> Period:
    """Freeze the actuals of a period for good. Raises Problem while one of the periods inside is not closed."""
    open_ones = period.children.exclude(state=Period.State.CLOSED).exclude(kind=Period.Kind.WEEK)
    names = ", ".join(open_ones.values_list("code", flat=True)[:6])
    if names:
        raise Problem(_("Close the periods inside it first: %(names)s.") % {"names": names}, code="children_open")
    closed = _to(period, Period.State.CLOSED)
    period.children.filter(kind=Period.Kind.WEEK).exclude(state=Period.State.CLOSED).update(state=Period.State.CLOSED)
    return closed


@action("performance.plans.save_indicator", title=_("Create or change an indicator"))
def save_indicator(
    *,
    code: str,
    name_zh: str,
    formula_zh: str,
    unit_zh: str,
    name_en: str = "",
    formula_en: str = "",
    unit_en: str = "",
    direction: str = Indicator.Direction.MORE,
    combine: str = Indicator.Combine.SUM,
    source: str = "",
    provider: str = "",
    verifier: Post | None = None,
    duty: str = "",
    rule: dict[str, Any] | None = None,
    indicator: Indicator | None = None,
    by: User,
) -> Indicator:
    """Create an indicator, or change one. Raises Problem: code, rule, or a change of meaning after contracts use it."""
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise Problem(_("A code has 2 to 30 capital letters, digits, dots or hyphens."), field="code", code="bad_code")
    if Indicator.objects.filter(code=code).exclude(pk=indicator.pk if indicator else 0).exists():
        raise Problem(_("There is an indicator with this code already."), field="code", code="taken")
    usual = rule or {"kind": "ratio", "cap": 120}
    check_rule(usual)
    if indicator is not None:
        _keep_meaning(indicator, code=code, direction=direction, combine=combine, unit_zh=unit_zh.strip())
    found = indicator or Indicator()
    given = (name_zh, name_en, formula_zh, formula_en, unit_zh, unit_en, source, provider, duty)
    for name, value in zip(_WORDS, given, strict=True):
        setattr(found, name, value.strip())
    found.code, found.direction, found.combine, found.verifier, found.rule = code, direction, combine, verifier, usual
    found.save()
    note_change(after={"code": code, "direction": direction, "combine": combine, "rule": usual})
    return found


def _keep_meaning(indicator: Indicator, **new: str) -> None:
    changed = any(getattr(indicator, name) != value for name, value in new.items())
    if changed and indicator.targets.exists():
        text = _("Contracts use this indicator: its code, unit, direction and way of adding up stay. Make a new one.")
        raise Problem(text, field="code", code="in_use")


@action("performance.plans.retire_indicator", title=_("Retire an indicator"))
def retire_indicator(*, indicator: Indicator, reason: str, by: User) -> Indicator:
    """Keep new targets from using an indicator from today on; contracts that have it keep it."""
    indicator.retired_on = local_today()
    indicator.save(update_fields=["retired_on"])
    note_change(after={"retired_on": indicator.retired_on.isoformat()}, reason=reason)
    return indicator


@action("performance.plans.set_terms", title=_("Set the terms of contracts"))
def set_terms(*, from_on: date, amend_limit_bp: int, notice: str, by: User) -> Terms:
    """Lay down from a day on how far a signed target may be moved a quarter, with the notice that says so."""
    if not 0 <= amend_limit_bp <= 10_000:  # noqa: PLR2004  # none to all of it
        raise Problem(_("Give a limit between 0 % and 100 %."), field="amend_limit", code="bad_limit")
    if not notice.strip():
        raise Problem(_("Name the notice that lays this down."), field="notice", code="no_notice")
    found = Terms.objects.filter(from_on=from_on).first() or Terms(from_on=from_on)
    before = found.amend_limit_bp if found.pk else None
    found.amend_limit_bp, found.notice = amend_limit_bp, notice.strip()
    found.save()
    note_change(before={"limit_bp": before}, after={"limit_bp": amend_limit_bp, "from": from_on.isoformat()})
    return found
