"""Hazards: the board, one with its way, what the unit and those who recheck do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.answers import download
from mainstay.inspection.hazards import actions, forms, queries
from mainstay.inspection.hazards.actions.rectify import evidence_of
from mainstay.inspection.hazards.filters import HazardFilter
from mainstay.inspection.hazards.models import Hazard, HazardClock
from mainstay.inspection.hazards.states import HAZARD
from mainstay.inspection.hazards.tables import ClockTable, HazardTable, StepTable, VerdictTable
from mainstay.kit.dates import local_today
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

LIST = "hazards:hazard_list"
PRE = "inspection.hazards."
REPORT = PRE + "report_rectification"
STATE = Hazard.State


class HazardList(ListPage):
    """All hazards a person sees."""

    title = _("Hazards")
    right = queries.VIEW
    table_class = HazardTable
    filterset_class = HazardFilter
    search_fields = ("target__name", "finding", "item_code")
    count_limit = 1_000
    actions: Sequence[Button] = (Button(_("Times for levels"), "hazards:clock_list", (), PRE + "save_clock", "clock"),)
    first_use = FirstUse(_("No hazards"), _("A failing item of an inspection makes one."))

    def queryset(self) -> Any:
        """What this person sees, the nearest deadline first."""
        return queries.hazards_visible_to(self.request.user).order_by("deadline_on", "pk")


class MyHazards(HazardList):
    """What the person's own unit has to put right."""

    title = _("To put right")
    right = REPORT
    actions = ()
    first_use = FirstUse(_("Nothing to put right"), _("Notices to your unit appear here with their deadline."))

    def queryset(self) -> Any:
        """Hazards of the units for which this person reports."""
        return queries.to_put_right(self.request.user)


class HazardDetail(DetailPage):
    """One hazard: what, until when, what was done, who accepted it."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        rows = queries.hazards_visible_to(self.request.user)
        return rows.select_related(
            "target", "unit", "campaign", "item", "found_by__person", "rectifier__person", "repeat_of"
        )

    def get_title(self) -> Any:
        """Target and item."""
        return f"{self.subject.target} · {self.subject.item_code}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Hazards"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = HAZARD.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a hazard."""
        return steps_of(HAZARD.path, "noticed" if self.subject.state == STATE.REJECTED else self.subject.state)

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What needs attention."""
        one = self.subject
        found: list[tuple[str, Any]] = []
        if one.days_over:
            found.append(("red", _("The deadline is over by %(n)s days.") % {"n": one.days_over}))
        if one.repeat_of_id:
            found.append(("amber", _("It was written off before and came back.")))
        if one.level == "major" and one.state == STATE.SUBMITTED:
            done = one.acceptances.filter(good=True).count()
            found.append(("blue", _("Two people have to accept it; %(n)s did.") % {"n": done}))
        return found

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        pk, state = (self.subject.pk,), self.subject.state
        level = Button(_("Change level"), "hazards:level", pk, PRE + "change_level", "arrows-sort")
        if state == STATE.FOUND:
            return [Button(_("Issue notice"), "hazards:notice_issue", pk, PRE + "issue_notice", primary=True), level]
        if state in (STATE.NOTICED, STATE.RECTIFYING, STATE.REJECTED):
            found = [Button(_("Report as put right"), "hazards:report", pk, REPORT, "check", primary=True)]
            if state != STATE.RECTIFYING:
                found.append(Button(_("Plan rectification"), "hazards:plan", pk, PRE + "plan_rectification", "edit"))
            extend = Button(_("Extend deadline"), "hazards:extend", pk, PRE + "extend_deadline", "calendar")
            supply = Button(_("Decide on supply"), "hazards:supply", pk, PRE + "decide_supply", "flame", danger=True)
            home = (
                self.subject.campaign.kind == "household" and self.subject.level == "major" and self.subject.days_over
            )
            return [*found, extend, level, *([supply] if home else [])]
        if state == STATE.SUBMITTED:
            return [Button(_("Recheck hazard"), "hazards:recheck", pk, PRE + "recheck_hazard", primary=True)]
        if state == STATE.ACCEPTED:
            return [Button(_("Write hazard off"), "hazards:close", pk, PRE + "close_hazard", primary=True)]
        return []

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Item"), f"{one.item_code} {one.item.words}"),
            Fact(_("Finding"), one.finding),
            Fact(_("Level"), one.get_level_display()),
            Fact(_("Basis"), one.item.basis),
            Fact(_("Inspection target"), one.target, href=one.target.get_absolute_url()),
            Fact(_("Responsible unit"), one.unit),
            Fact(_("Campaign"), one.campaign, href=one.campaign.get_absolute_url()),
            Fact(_("Found on"), one.found_on, "date"),
            Fact(_("Found by"), one.found_by),
            Fact(_("Deadline"), one.deadline_on, "date"),
            Fact(_("Times seen"), one.seen),
            Fact(_("Put right by"), one.rectifier),
        ]

    def sections(self) -> Sequence[Section]:
        """Plan and evidence, verdicts, the way."""
        one = self.subject
        plan = [
            Fact(_("Responsible person"), one.duty),
            Fact(_("Measures"), one.measures),
            Fact(_("Funds"), one.funds_fen, "money"),
            Fact(_("Planned end"), one.planned_on, "date"),
            Fact(_("Precautions meanwhile"), one.plan),
            Fact(_("Reported on"), one.submitted_on, "date"),
        ]
        files = {"files": evidence_of(one)}
        verdicts = VerdictTable(one.acceptances.select_related("by__person"))
        verdicts.empty_text = _("Nobody has looked again yet.")
        steps = StepTable(one.history.select_related("by__person"))
        return [
            Section(_("Rectification"), facts=plan),
            Section(_("Evidence of rectification"), template="hazards/evidence.html", context=files),
            Section(_("Rechecks"), table=verdicts),
            Section(_("What happened to it"), table=steps),
        ]


class HazardPage(FormPage):
    """A form about one hazard."""

    form_class: type[BaseForm] = forms.EmptyForm
    verb = ""

    @cached_property
    def hazard(self) -> Hazard:
        """The hazard, or 404."""
        rows = Hazard.objects.visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows.select_related("target", "unit", "campaign", "item"), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which hazard."""
        return f"{self.title}: {self.hazard}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the hazard."""
        return [(_("Hazards"), reverse(LIST)), (str(self.hazard), self.hazard.get_absolute_url())]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form under what was found."""
        self.intro = self.hazard.finding
        return super().get(request, *args, **kwargs)

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Do it."""
        return getattr(actions, self.verb)(hazard=self.hazard, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the hazard, for those who may see it."""
        may_see = Hazard.objects.visible_to(self.request.user).filter(pk=self.hazard.pk).exists()
        return self.hazard.get_absolute_url() if may_see and self.may(queries.VIEW) else reverse("hazards:mine")


class Plan(HazardPage):
    """Who does what until when."""

    title = _("Plan rectification")
    right = PRE + "plan_rectification"
    verb = "plan_rectification"
    form_class = forms.PlanForm
    submit_label = _("Save rectification plan")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.hazard
        return {"duty": one.duty, "measures": one.measures, "plan": one.plan, "planned_on": one.deadline_on}

    def form_kwargs(self) -> dict[str, Any]:
        """A serious hazard needs all five parts."""
        return {"serious": self.hazard.level == "major"}


class Report(HazardPage):
    """What was done, with pictures."""

    title = _("Report as put right")
    right = REPORT
    form_class = forms.ReportForm
    submit_label = _("Report as put right")
    success_message = _("Reported. Another person will look; you are told if it is sent back.")

    def initial(self) -> dict[str, Any]:
        """As planned."""
        one = self.hazard
        return {"measures": one.measures, "duty": one.duty, "plan": one.plan, "done_on": local_today()}

    def form_kwargs(self) -> dict[str, Any]:
        """A serious hazard needs all five parts."""
        return {"serious": self.hazard.level == "major"}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Keep the pictures, then report."""
        data = dict(form.cleaned_data)
        for file in data.pop("pictures"):
            actions.attach_evidence(hazard=self.hazard, file=file, name=file.name, by=self.request.user)
        return actions.report_rectification(hazard=self.hazard, **data, by=self.request.user)


class Extend(HazardPage):
    """More time, once."""

    title = _("Extend deadline")
    right = PRE + "extend_deadline"
    verb = "extend_deadline"
    form_class = forms.ExtendForm
    submit_label = _("Extend deadline")


class Level(HazardPage):
    """Another level."""

    title = _("Change level")
    right = PRE + "change_level"
    verb = "change_level"
    form_class = forms.LevelForm
    submit_label = _("Change level")


class Recheck(HazardPage):
    """Look again."""

    title = _("Recheck hazard")
    right = PRE + "recheck_hazard"
    form_class = forms.RecheckForm
    submit_label = _("Save verdict")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Judge."""
        data = form.cleaned_data
        return actions.recheck_hazard(
            hazard=self.hazard, good=data["good"] == "yes", note_text=data["note_text"], by=self.request.user
        )


class Supply(HazardPage):
    """Decide on the proposal to stop supply."""

    title = _("Decide on supply")
    right = PRE + "decide_supply"
    form_class = forms.SupplyForm
    submit_label = _("Save decision")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Decide."""
        data = form.cleaned_data
        return actions.decide_supply(
            hazard=self.hazard, stop=data["stop"] == "yes", reason=data["reason"], by=self.request.user
        )


class CloseHazard(HazardPage):
    """Write it off."""

    title = _("Write hazard off")
    right = PRE + "close_hazard"
    verb = "close_hazard"
    submit_label = _("Write hazard off")


class Evidence(Page):
    """A file about a rectification."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the file."""
        hazard = get_object_or_404(Hazard.objects.visible_to(self.request.user), pk=kwargs["pk"])
        return download(get_object_or_404(evidence_of(hazard), pk=kwargs["file"]))


class ClockList(ListPage):
    """How long levels may take."""

    title = _("Times for levels")
    right = PRE + "save_clock"
    table_class = ClockTable
    actions = (Button(_("Set time"), "hazards:clock_save", (), PRE + "save_clock", "plus", True),)
    first_use = FirstUse(
        _("No times yet"), _("Without a row a general hazard has 30 days, a serious one 7."), actions[0]
    )

    def queryset(self) -> Any:
        """All of them."""
        return HazardClock.objects.order_by("level", "-from_on")


class ClockSave(FormPage):
    """A new row."""

    title = _("Set time")
    right = PRE + "save_clock"
    form_class = forms.ClockForm
    submit_label = _("Set time")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.save_clock(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the list."""
        return reverse("hazards:clock_list")
