"""Pages of appraisals: calibration, one person, interviews, appeals, papers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.kit.pdf import render_pdf
from mainstay.performance.appraisal import forms, papers, queries
from mainstay.performance.appraisal.actions.careers import TALKED
from mainstay.performance.appraisal.filters import CalibrationFilter
from mainstay.performance.appraisal.models import Appraisal, Round
from mainstay.performance.appraisal.states import APPRAISAL
from mainstay.performance.appraisal.tables import CalibrationTable, ChangeTable, ConsequenceTable, e2
from mainstay.performance.appraisal.views.common import APP, AppraisalAct
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Page, Section, SignedRequest, steps_of


class Calibration(ListPage):
    """Everybody of a round: the nine-box grid, raw and adjusted values with intervals, grades."""

    right = queries.VIEW
    template_name = "appraisal/calibration.html"
    table_class = CalibrationTable
    filterset_class = CalibrationFilter
    search_fields = ("person__name", "person__staff_no")
    search_placeholder = _("Name or staff number")
    first_use = FirstUse(_("Nobody is scored yet"), _("Scores appear when calibration begins."))

    @cached_property
    def round(self) -> Round:
        """The round, or 404."""
        return get_object_or_404(queries.rounds_for(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Which round."""
        return _("Calibration: %(round)s") % {"round": self.round}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the round."""
        return [(str(self.round), self.round.get_absolute_url())]

    def queryset(self) -> Any:
        """The round's people this person may see, best results first."""
        return queries.appraisals_for(self.request.user).filter(round=self.round).order_by("-result_e2", "pk")

    def context(self, **extra: Any) -> dict[str, Any]:
        """With the grid of all people, whatever the filters."""
        rows = Appraisal.objects.visible_to(self.request.user).filter(round=self.round)
        counts = queries.grade_counts(rows)
        grades = [(band.grade, counts.get(band.grade, 0)) for band in self.round.scheme.grades]
        may_change = self.round.state == Round.State.CALIBRATING and self.may(f"{APP}.change_grade")
        return super().context(
            may_change=may_change,
            boxes=queries.nine_boxes(rows),
            grades=grades,
            chosen=self.request.GET.get("box"),
            **extra,
        )


class Mine(ListPage):
    """One's own appraisals, once they were talked over."""

    title = _("My appraisals")
    table_class = CalibrationTable
    first_use = FirstUse(_("No appraisal yet"), _("Your result appears here once it was talked over with you."))

    def queryset(self) -> Any:
        """The own ones."""
        rows = queries.appraisals_for(self.request.user)
        return rows.filter(person=self.request.user.person_id).order_by("-round__period__from_on")


class AppraisalDetail(DetailPage):
    """One person's appraisal: results from the contract, ability, potential, grade and its reasons."""

    def queryset(self) -> Any:
        """What this person may see."""
        rows = queries.appraisals_for(self.request.user)
        return rows.select_related("interview__interviewer__person", "appeal__decided_by__person", "contract__period",
                                   "person", "unit", "post", "round__period", "round__unit", "round__scheme",
                                   "round__policy", "round__training")  # fmt: skip

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the calibration, for those who may see it; else below the own ones."""
        if self.is_mine:
            return [(_("My appraisals"), reverse("appraisal:mine"))]
        return [(_("Calibration"), reverse("appraisal:calibration", args=[self.subject.round_id]))]

    @cached_property
    def is_mine(self) -> bool:
        """Whether it is about the reader."""
        return bool(self.subject.person_id == self.request.user.person_id)

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = APPRAISAL.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of an appraisal."""
        return steps_of(APPRAISAL.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What its state allows this person."""
        one, pk, state = self.subject, (self.subject.pk,), self.subject.state
        notice = Button(_("Result notice"), "appraisal:notice_pdf", pk, icon="printer", new_tab=True)
        if self.is_mine:
            if state != Appraisal.State.INTERVIEWED:
                return [notice]
            return [
                Button(_("Confirm result"), "appraisal:confirm", pk, icon="check", primary=True),
                Button(_("Object"), "appraisal:appeal", pk, icon="flag"),
                notice,
            ]
        form = Button(_("Interview form"), "appraisal:interview_pdf", pk, icon="file-text", new_tab=True)
        plan = Button(_("Improvement plan"), "appraisal:improvement_pdf", pk, icon="trending-up", new_tab=True)
        act = {
            Appraisal.State.SCORED: (_("Change grade"), "appraisal:grade", "change_grade", "edit"),
            Appraisal.State.CALIBRATED: (_("Record interview"), "appraisal:interview", "hold_interview", "message"),
            Appraisal.State.APPEALED: (_("Decide appeal"), "appraisal:decide", "decide_appeal", "scale"),
        }.get(state)
        first = [Button(act[0], act[1], pk, f"{APP}.{act[2]}", act[3], True)] if act and one.grade else []
        if state in TALKED:
            first.append(Button(_("Write career plan"), "appraisal:career", pk, f"{APP}.write_career", "map-pin"))
        return [*first, form, notice, plan]

    def facts(self) -> Sequence[Fact]:
        """The three axes, apart."""
        one = self.subject
        return [
            Fact(_("Person"), one.person),
            Fact(_("Unit"), one.unit),
            Fact(_("Post"), one.post or "–"),
            Fact(_("Results (points)"), e2(one.result_e2)),
            Fact(_("Ability"), papers.axis_text(one, "ability")),
            Fact(_("Potential"), papers.axis_text(one, "potential")),
            Fact(_("Box"), one.box or "–"),
            Fact(_("Grade by the rules"), one.grade_rule or "–"),
            Fact(_("Grade"), one.grade or "–"),
            Fact(
                _("Contract"), f"{one.contract} · {one.contract_version}", "code", href=one.contract.get_absolute_url()
            ),
        ]

    def sections(self) -> Sequence[Section]:
        """Results line by line, changes, talk, objection, consequences."""
        one = self.subject
        score = queries.contract_scores(one.round, [one.person_id]).get(one.person_id)
        lines = [papers.result_line(result) for result in score.results] if score else []
        changes = one.changes.select_related("by__person")
        found = [
            Section(_("Results from the signed contract"), template="appraisal/results.html", context={"lines": lines}),
            Section(_("Changes of the grade"), table=ChangeTable(changes), count=len(changes)),
        ]
        interview = getattr(one, "interview", None)
        if interview:
            found.insert(1, Section(_("Interview"), facts=papers.interview_facts(interview)))
        appeal = getattr(one, "appeal", None)
        if appeal:
            found.insert(2, Section(_("Appeal"), facts=papers.appeal_facts(appeal)))
        careers = queries.careers_of(one.person_id)
        if careers:
            found.append(
                Section(_("Career plan"), template="appraisal/career.html", context={"careers": careers},
                        count=len(careers))
            )  # fmt: skip
        effective = one.consequences.filter(state="effective") if self.is_mine else one.consequences.all()
        if self.is_mine or self.may(queries.VIEW_REWARD):
            rows = effective.select_related("appraisal__person", "appraisal__unit")
            found.append(Section(_("Consequences"), table=ConsequenceTable(rows), count=len(rows)))
        return found


class ChangeGrade(AppraisalAct):
    """Another grade."""

    title = _("Change grade")
    right = f"{APP}.change_grade"
    verb = "change_grade"
    form_class = forms.GradeForm
    submit_label = _("Change grade")

    def initial(self) -> dict[str, Any]:
        """The grade somebody was dropped on."""
        return {"grade": self.request.GET.get("grade", "")}

    def form_kwargs(self) -> dict[str, Any]:
        """The grades there are."""
        return {"appraisal": self.subject}


class HoldInterview(AppraisalAct):
    """What was said."""

    title = _("Record interview")
    right = f"{APP}.hold_interview"
    verb = "hold_interview"
    form_class = forms.InterviewForm
    submit_label = _("Record interview")


class WriteCareer(AppraisalAct):
    """Where the way leads."""

    title = _("Write career plan")
    right = f"{APP}.write_career"
    verb = "write_career"
    form_class = forms.CareerForm
    submit_label = _("Write career plan")
    intro = _("A newer plan takes the place of the one before; both stay readable for the person and the superior.")

    def initial(self) -> dict[str, Any]:
        """The plan in force, else what was said in the interview."""
        newest = self.subject.person.careers.first()
        if newest is not None:
            return {"goal": newest.goal, "steps": newest.steps, "post": newest.post_id}
        talk = getattr(self.subject, "interview", None)
        return {"goal": talk.career, "steps": talk.next_steps} if talk else {}

    def success(self, result: Any) -> Any:
        """Back to the appraisal."""
        return result.appraisal.get_absolute_url()


class Confirm(AppraisalAct):
    """Accept."""

    title = _("Confirm result")
    verb = "confirm_result"
    submit_label = _("Confirm result")


class FileAppeal(AppraisalAct):
    """Object."""

    title = _("Object")
    verb = "file_appeal"
    form_class = forms.AppealForm
    submit_label = _("Send objection")


class Decide(AppraisalAct):
    """Answer an objection."""

    title = _("Decide appeal")
    right = f"{APP}.decide_appeal"
    verb = "decide_appeal"
    form_class = forms.DecisionForm
    submit_label = _("Decide appeal")

    def form_kwargs(self) -> dict[str, Any]:
        """The grades there are."""
        return {"appraisal": self.subject}


class Paper(Page):
    """A paper about an appraisal this person may see."""

    template = ""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Make it."""
        found = get_object_or_404(queries.appraisals_for(self.request.user), pk=self.kwargs["pk"])
        response = HttpResponse(
            render_pdf(self.template, papers.appraisal_data(found, self.request.user)), "application/pdf"
        )
        response["Content-Disposition"] = f'inline; filename="{self.template}-{found.person.staff_no}.pdf"'
        response["Cache-Control"] = "no-store"
        return response


class InterviewPdf(Paper):
    """The form for the talk."""

    template = "appraisal_interview"


class NoticePdf(Paper):
    """The result in writing."""

    template = "appraisal_notice"


class ImprovementPdf(Paper):
    """What is to change, by when."""

    template = "improvement_plan"
