"""Schemes, criteria, rounds, and the estimate of severity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.publications.models import Publication
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.appraisal.actions.common import about_round, fresh_round, of_round
from mainstay.performance.appraisal.batch import estimate
from mainstay.performance.appraisal.models import Consequence, Criterion, GradeScheme, Round
from mainstay.performance.appraisal.rules import bands_of, bands_problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.performance.appraisal.models import SeverityRun
    from mainstay.performance.plans.models import Period
    from mainstay.performance.posts.models import Qualification

SMALLEST_GROUP = 20


@action("performance.appraisal.set_scheme", title=_("Lay down grades and their consequences"))
def set_scheme(
    *,
    from_on: date,
    notice: str,
    bands: Sequence[Mapping[str, Any]],
    fewest: int = SMALLEST_GROUP,
    mean_cap_e2: int | None = None,
    result_low_e2: int = 7_500,
    result_high_e2: int = 9_500,
    potential_low_e2: int = 250,
    potential_high_e2: int = 375,
    by: User,
) -> GradeScheme:
    """Lay down a scheme from a day on, for good. Raises Problem: bands, small groups, cuts, the day."""
    if GradeScheme.objects.filter(from_on=from_on).exists():
        raise Problem(_("There is a scheme from this day already. Choose another day."), field="from_on", code="taken")
    if fewest < SMALLEST_GROUP:
        text = _("Ratios never apply to groups below 20 people: a small unit would be forced to have losers.")
        raise Problem(text, field="fewest", code="small_groups")
    if problem := bands_problem(bands_of(bands)):
        raise Problem(problem, field="bands", code="bands")
    known = set(Consequence.Kind.values) - {Consequence.Kind.BONUS, Consequence.Kind.PAY_STEP}
    unknown = sorted({kind for band in bands_of(bands) for kind in band.consequences} - known)
    if unknown:
        text = _("Unknown consequence: %(names)s. Known are: %(known)s.")
        names = {"names": ", ".join(unknown), "known": ", ".join(sorted(known))}
        raise Problem(text % names, field="bands", code="unknown_kind")
    if result_low_e2 >= result_high_e2 or potential_low_e2 >= potential_high_e2:
        raise Problem(_("The lower cut must lie below the upper one."), field="result_low_e2", code="cuts")
    made = GradeScheme.objects.create(
        from_on=from_on, notice=notice.strip(), bands=[dict(one) for one in bands], fewest=fewest,
        mean_cap_e2=mean_cap_e2, result_low_e2=result_low_e2, result_high_e2=result_high_e2,
        potential_low_e2=potential_low_e2, potential_high_e2=potential_high_e2,
    )  # fmt: skip
    note_change(after={"from_on": from_on.isoformat(), "bands": made.bands, "notice": made.notice})
    return made


@action("performance.appraisal.save_criterion", title=_("Write a criterion"))
def save_criterion(
    *,
    code: str,
    name_zh: str,
    axis: str,
    name_en: str = "",
    anchors: str = "",
    retired_on: date | None = None,
    criterion: Criterion | None = None,
    by: User,
) -> Criterion:
    """Add a criterion or change its words. Raises Problem: code taken, or the axis of one that is in use."""
    code = code.strip().upper()
    if Criterion.objects.filter(code=code).exclude(pk=criterion.pk if criterion else 0).exists():
        raise Problem(_("There is a criterion with this code already."), field="code", code="taken")
    found = criterion or Criterion()
    if criterion is not None and criterion.axis != axis and criterion.ratings.exists():
        raise Problem(_("Ratings use this criterion: its axis stays. Make a new one."), field="axis", code="in_use")
    found.code, found.name_zh, found.name_en, found.axis = code, name_zh.strip(), name_en.strip(), axis
    found.anchors, found.retired_on = anchors.strip(), retired_on
    found.save()
    note_change(after={"code": code, "axis": axis})
    return found


@action("performance.appraisal.start_round", title=_("Start an appraisal round"), unit=lambda unit, **_facts: unit.pk)
def start_round(*, period: Period, unit: Unit, policy: Publication, training: Qualification, by: User) -> Round:
    """Begin the appraisal of a period in a unit and below. Raises Problem: twice, no scheme, policy not in force."""
    lock("appraisal.start", period.pk)
    if Round.objects.filter(period=period, unit=unit).exists():
        raise Problem(_("This period is being appraised here already."), field="period", code="twice")
    scheme = GradeScheme.objects.filter(from_on__lte=local_today()).first()
    if scheme is None:
        raise Problem(_("Lay down the grades first."), code="no_scheme")
    if policy.state != Publication.State.PUBLISHED:
        raise Problem(_("The performance policy must be published first."), field="policy", code="not_in_force")
    made = Round.objects.create(
        period=period, unit=unit, scheme=scheme, policy=policy, training=training, started_by=by
    )
    note_change(after={"period": period.code, "unit": unit.pk, "policy": policy.code})
    return made


@action(
    "performance.appraisal.estimate_severity",
    title=_("Estimate how strict raters are"),
    unit=of_round,
    subject=about_round,
)
def estimate_severity(*, round: Round, by: User) -> list[SeverityRun]:
    """Estimate severity on both axes and put the adjusted values beside the raw ones; they are advice only.

    Where raters cannot be compared the estimate says so and adjusts nothing. Raises Problem without ratings.
    """
    fresh_round(round)
    runs = [run for axis in Criterion.Axis.values if (run := estimate(round, axis)) is not None]
    if not runs:
        raise Problem(_("There are no ratings yet."), code="no_ratings")
    note_change(after={run.axis: {"ratings": run.ratings, "separable": run.separable} for run in runs})
    return runs
