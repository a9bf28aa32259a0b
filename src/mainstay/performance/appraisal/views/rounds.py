"""Pages of rounds: list, start, detail, raters, criteria, schemes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.actions import VIEW_JOB
from mainstay.core.organisation.models import Unit
from mainstay.performance.appraisal import actions, forms, queries
from mainstay.performance.appraisal.models import RaterSeverity, Round
from mainstay.performance.appraisal.pictures import intervals
from mainstay.performance.appraisal.rules import units_above
from mainstay.performance.appraisal.states import ROUND
from mainstay.performance.appraisal.tables import PoolTable, RoundTable, e2
from mainstay.performance.appraisal.views.common import APP, RoundAct
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
    steps_of,
)

LIST = "appraisal:round_list"
LISTED = 50  # doubts and proposals on one page
ENDS = 40  # raters shown of each end, the strictest and the softest
START = Button(_("Start round"), "appraisal:round_start", (), f"{APP}.start_round", "plus", True)


class RoundList(ListPage):
    """Rounds of appraisal."""

    title = _("Appraisal rounds")
    right = queries.VIEW
    table_class = RoundTable
    actions = (
        START,
        Button(_("Criteria"), "appraisal:criterion_list", (), f"{APP}.save_criterion", "list-check"),
        Button(_("Lay down grades"), "appraisal:scheme_set", (), f"{APP}.set_scheme", "scale"),
        Button(_("Set post factor"), "appraisal:factor_set", (), f"{APP}.set_post_factor", "adjustments-horizontal"),
    )
    first_use = FirstUse(
        _("No appraisal yet"), _("A round appraises a period: results from contracts, ability, potential."), START
    )

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.rounds_for(self.request.user).order_by("-period__from_on", "pk")


class RoundStart(FormPage):
    """A new round."""

    title = _("Start round")
    right = f"{APP}.start_round"
    form_class = forms.RoundForm
    submit_label = _("Start round")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Begin it."""
        return actions.start_round(**form.cleaned_data, by=self.request.user)


class RoundDetail(DetailPage):
    """One round: how far it is, and what comes next."""

    right = queries.VIEW
    template_name = "appraisal/round.html"

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.rounds_for(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Appraisal rounds"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = ROUND.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a round."""
        return steps_of(ROUND.path, self.subject.state)

    @cached_property
    def job(self) -> Any:
        """The work that computes the scores, while it is not over."""
        return queries.scoring_job(self.subject) if self.subject.state == Round.State.SCORING else None

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the progress of the scoring."""
        job, title = self.job, _("Computing scores and grades")
        watched = job is not None and (job.by_id == self.request.user.pk or self.may(VIEW_JOB))
        return super().context(job=job, job_title=title, watched=watched, **extra)

    @cached_property
    def bar(self) -> Any:
        """What keeps this person from appraising."""
        return queries.bar_to_appraise(self.request.user, self.subject)

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Own bars; estimates that say nothing; units above their cap."""
        found: list[tuple[str, Any]] = [("amber", self.bar)] if self.bar else []
        chinese = (get_language() or "zh").startswith("zh")
        if self.job is not None and self.job.state not in {self.job.State.WAITING, self.job.State.RUNNING}:
            found.append(("red", _("The scoring stopped before its end. It can go on where it was.")))
        found += [("amber", run.note_zh if chinese else run.note_en) for run in self.runs if run.note_zh]
        high = units_above(queries.unit_means(self.subject), self.subject.scheme.mean_cap_e2)
        if high:
            names = ", ".join(str(one) for one in Unit.objects.filter(pk__in=high))
            found.append(("amber", _("The mean of these units is above the limit: %(names)s.") % {"names": names}))
        return list(dict.fromkeys(found))

    @cached_property
    def runs(self) -> Any:
        """The newest estimates."""
        return queries.newest_runs(self.subject) if self.may(queries.VIEW_SEVERITY) else []

    def get_actions(self) -> Sequence[Button]:
        """What its state allows."""
        one, pk = self.subject, (self.subject.pk,)
        sheet = Button(_("Calibration"), "appraisal:calibration", pk, queries.VIEW, "layout-dashboard")
        raters = Button(_("Raters"), "appraisal:raters", pk, queries.VIEW_SEVERITY, "scale")
        if one.state == Round.State.OPEN:
            return [
                Button(_("Assign raters"), "appraisal:assign", pk, f"{APP}.assign_raters", "user-check", True),
                Button(_("Add second raters"), "appraisal:cross", pk, f"{APP}.add_cross_raters", "users"),
                Button(_("Begin calibration"), "appraisal:begin", pk, f"{APP}.begin_calibration", "player-play"),
                raters,
            ]
        again = Button(_("Compute scores again"), "appraisal:again", pk, f"{APP}.score_again", "refresh")
        if one.state == Round.State.SCORING:
            running = self.job is not None and self.job.state in {self.job.State.WAITING, self.job.State.RUNNING}
            return [raters] if running else [again, raters]
        if one.state == Round.State.CALIBRATING:
            end = Button(_("Finish calibration"), "appraisal:finish", pk, f"{APP}.finish_calibration", "check", True)
            return [end, sheet, raters, again]
        if one.state == Round.State.TALKING:
            return [sheet, Button(_("Close round"), "appraisal:close", pk, f"{APP}.close_round", "lock", True), raters]
        return [
            Button(_("Consequences"), "appraisal:consequences", pk, queries.VIEW_REWARD, "list-details", True),
            Button(_("Divide pool"), "appraisal:pool_create", pk, f"{APP}.create_pool", "cash"),
            sheet,
            raters,
        ]

    def facts(self) -> Sequence[Fact]:
        """What it rests on, and how many have been rated."""
        one = self.subject
        given = one.tasks.exclude(given_at=None).count()
        return [
            Fact(_("Period"), one.period),
            Fact(_("For unit and below"), one.unit),
            Fact(_("Performance policy"), one.policy.title),
            Fact(_("Training raters must have"), one.training),
            Fact(_("Grading scheme"), one.scheme),
            Fact(_("Ratings given"), f"{given} / {one.tasks.count()}"),
        ]

    def sections(self) -> Sequence[Section]:
        """Grades, means of units, pools."""
        one, rows = self.subject, self.subject.appraisals.all()
        counts = queries.grade_counts(rows)
        total = sum(counts.values())
        bands = [
            {
                "grade": band.grade,
                "from": e2(band.from_e2),
                "ratio": f"{band.ratio_bp / 100:g} %" if band.ratio_bp else "–",
                "people": counts.get(band.grade, 0),
                "share": f"{counts.get(band.grade, 0) * 100 / total:.1f} %" if total else "–",
            }
            for band in one.scheme.grades
        ]
        found = [Section(_("Grades"), template="appraisal/grades.html", context={"bands": bands}, count=total)]
        if self.may(queries.VIEW_REWARD):
            pools = one.pools.select_related("unit", "proposed_by__person", "approved_by__person")
            found.append(Section(_("Bonus pools"), table=PoolTable(pools), count=len(pools)))
        return found


def shown_of(lines: list[RaterSeverity]) -> list[RaterSeverity]:
    """Return all raters, of many the strictest and the softest."""
    return lines if len(lines) <= 2 * ENDS else [*lines[:ENDS], *lines[-ENDS:]]


class Raters(Page):
    """How strict each rater is, with intervals; advice, never a verdict."""

    right = queries.VIEW_SEVERITY
    template_name = "appraisal/raters.html"

    @cached_property
    def round(self) -> Round:
        """The round, or 404."""
        ids = queries.rights.unit_ids(self.request.user, queries.VIEW_SEVERITY)
        rows = Round.objects.select_related("period", "unit")
        return get_object_or_404((rows if ids is None else rows.filter(unit__in=ids)), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Which round."""
        return _("Raters: %(round)s") % {"round": self.round}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the round."""
        return [(str(self.round), self.round.get_absolute_url())]

    def get_actions(self) -> Sequence[Button]:
        """Estimate again; add links."""
        pk = (self.round.pk,)
        found = [Button(_("Estimate again"), "appraisal:estimate", pk, f"{APP}.estimate_severity", "refresh")]
        if self.round.state == Round.State.OPEN:
            found.append(Button(_("Add second raters"), "appraisal:cross", pk, f"{APP}.add_cross_raters", "users"))
        return found

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show both axes."""
        chinese = (get_language() or "zh").startswith("zh")
        runs = queries.newest_runs(self.round)
        doubts = [one for run in runs for one in run.review[:LISTED]]
        ids = {one[key] for one in doubts for key in ("ratee", "rater")}
        ids |= {person for run in runs for pair in run.proposed[:LISTED] for person in pair}
        people = queries.people_by_id(sorted(ids))
        shown = []
        for run in runs:
            lines = list(run.raters.select_related("person").order_by("-severity_e4", "person__staff_no"))
            shown.append(
                {
                    "run": run,
                    "axis": run.get_axis_display(),
                    "note": run.note_zh if chinese else run.note_en,
                    "lines": shown_of(lines),
                    "hidden": max(len(lines) - 2 * ENDS, 0),
                    "picture": intervals(_("Severity with intervals of 95 per cent"), shown_of(lines))
                    if run.separable
                    else "",
                    "review": [
                        {**one, "ratee": people[one["ratee"]], "rater": people[one["rater"]]}
                        for one in run.review[:LISTED]
                    ],
                    "proposed": [(people[rater], people[ratee]) for rater, ratee in run.proposed[:LISTED]],
                    "more": max(len(run.proposed) - LISTED, 0),
                }
            )
        return self.page(shown=shown)


class Assign(RoundAct):
    """Ask the superiors."""

    title = _("Assign raters")
    right = f"{APP}.assign_raters"
    verb = "assign_raters"
    submit_label = _("Assign raters")
    intro = _("The superior of everybody with a signed contract is asked to rate ability and potential.")


class Cross(RoundAct):
    """Ask second raters."""

    title = _("Add second raters")
    right = f"{APP}.add_cross_raters"
    verb = "add_cross_raters"
    form_class = forms.ShareForm
    submit_label = _("Add second raters")
    intro = _("Raters can only be compared through people whom several of them rate.")


class Begin(RoundAct):
    """Score everybody."""

    title = _("Begin calibration")
    right = f"{APP}.begin_calibration"
    verb = "begin_calibration"
    submit_label = _("Begin calibration")
    intro = _(
        "Ratings are closed. Results and severity are computed in the background from the signed contracts and the "
        "ratings; the page of the round shows how far it is."
    )


class Again(RoundAct):
    """Score everybody again."""

    title = _("Compute scores again")
    right = f"{APP}.score_again"
    verb = "score_again"
    submit_label = _("Compute scores again")
    intro = _("For values that were verified since. Grades that people changed stay, unless a veto forbids them.")


class Estimate(RoundAct):
    """Estimate severity again."""

    title = _("Estimate again")
    right = f"{APP}.estimate_severity"
    verb = "estimate_severity"
    submit_label = _("Estimate again")

    def success(self, result: Any) -> Any:
        """Back to the raters."""
        return reverse("appraisal:raters", args=[self.subject.pk])


class Finish(RoundAct):
    """Settle the grades."""

    title = _("Finish calibration")
    right = f"{APP}.finish_calibration"
    verb = "finish_calibration"
    submit_label = _("Finish calibration")


class Close(RoundAct):
    """Make it final."""

    title = _("Close round")
    right = f"{APP}.close_round"
    verb = "close_round"
    submit_label = _("Close round")
