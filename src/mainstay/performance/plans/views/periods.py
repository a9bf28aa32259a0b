"""Pages of periods, indicators and terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans import actions, forms_plans
from mainstay.performance.plans.forms import ReasonForm
from mainstay.performance.plans.models import Indicator, Period
from mainstay.performance.plans.states import PERIOD
from mainstay.performance.plans.tables import IndicatorTable, PeriodTable
from mainstay.performance.plans.views.acts import ActPage
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section, steps_of

YEAR = "performance.plans.create_year"
BEGIN = "performance.plans.begin_closing"
REOPEN = "performance.plans.reopen_period"
CLOSE = "performance.plans.close_period"
INDICATOR = "performance.plans.save_indicator"
RETIRE = "performance.plans.retire_indicator"
TERMS = "performance.plans.set_terms"


class PeriodList(ListPage):
    """Years, quarters, months; weeks are on the page of their month."""

    title = _("Periods")
    right = BEGIN
    table_class = PeriodTable
    actions = (
        Button(_("Lay out a year"), "plans:year_create", (), YEAR, "plus", True),
        Button(_("Terms of contracts"), "plans:terms_set", (), TERMS, "scale"),
    )
    first_use = FirstUse(_("No periods yet"), _("Plans, contracts and values belong to periods: lay out a year first."))

    def queryset(self) -> Any:
        """All but weeks."""
        return Period.objects.exclude(kind=Period.Kind.WEEK).select_related("parent").order_by("-from_on", "until_on")


class PeriodDetail(DetailPage):
    """One period with those inside it."""

    right = BEGIN
    model = Period

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Periods"), reverse("plans:period_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = PERIOD.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a period."""
        return steps_of(PERIOD.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """Towards its end."""
        pk = (self.subject.pk,)
        if self.subject.state == Period.State.OPEN:
            return [Button(_("Begin closing"), "plans:period_begin", pk, BEGIN, "hourglass", True)]
        if self.subject.state == Period.State.CLOSING:
            return [
                Button(_("Close period"), "plans:period_close", pk, CLOSE, "lock", True),
                Button(_("Open again"), "plans:period_reopen", pk, REOPEN, "lock-open"),
            ]
        return []

    def facts(self) -> Sequence[Fact]:
        """From when to when."""
        one = self.subject
        return [Fact(_("From"), one.from_on, "date"), Fact(_("Until"), one.until_on, "date")]

    def sections(self) -> Sequence[Section]:
        """What lies inside."""
        inside = list(self.subject.children.select_related("parent").order_by("from_on"))
        return [Section(_("Inside it"), table=PeriodTable(inside), count=len(inside))] if inside else []


class YearCreate(ActPage):
    """Lay out a year."""

    title = _("Lay out a year")
    right = YEAR
    form_class = forms_plans.YearForm
    submit_label = _("Lay out year")
    act = actions.create_year


class PeriodAct(ActPage):
    """An act on one period."""

    key = "period"

    def rows(self) -> Any:
        """All periods."""
        return Period.objects.all()


class PeriodBegin(PeriodAct):
    """Announce its end."""

    title = _("Begin closing")
    right = BEGIN
    submit_label = _("Begin closing")
    act = actions.begin_closing


class PeriodReopen(PeriodAct):
    """Take that back."""

    title = _("Open again")
    right = REOPEN
    form_class = ReasonForm
    submit_label = _("Open again")
    act = actions.reopen_period


class PeriodClose(PeriodAct):
    """Freeze it."""

    title = _("Close period")
    right = CLOSE
    submit_label = _("Close for good")
    danger = True
    intro = _("The values of a closed period never change again.")
    act = actions.close_period


class TermsSet(ActPage):
    """Set the terms."""

    title = _("Terms of contracts")
    right = TERMS
    form_class = forms_plans.TermsForm
    submit_label = _("Set terms")

    def action_call(self, form: Any, request: Any) -> Any:
        """As the action calls them."""
        given = form.cleaned_data
        facts = {"from_on": given["from_on"], "amend_limit_bp": given["amend_limit"], "notice": given["notice"]}
        return actions.set_terms(**facts, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the periods."""
        return reverse("plans:period_list")


class IndicatorList(ListPage):
    """What is measured."""

    title = _("Indicators")
    right = INDICATOR
    table_class = IndicatorTable
    search_fields = ("code", "name_zh", "name_en")
    actions = (Button(_("New indicator"), "plans:indicator_create", (), INDICATOR, "plus", True),)
    first_use = FirstUse(
        _("No indicators yet"), _("An indicator says in words what is measured, how, and from which data.")
    )

    def queryset(self) -> Any:
        """All."""
        return Indicator.objects.order_by("code")


class IndicatorDetail(DetailPage):
    """One indicator."""

    right = INDICATOR

    def queryset(self) -> Any:
        """All."""
        return Indicator.objects.select_related("verifier")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Indicators"), reverse("plans:indicator_list"))]

    def get_actions(self) -> Sequence[Button]:
        """Change, retire."""
        pk = (self.subject.pk,)
        found = [Button(_("Change indicator"), "plans:indicator_change", pk, INDICATOR, "edit", True)]
        if self.subject.retired_on is None:
            found.append(Button(_("Retire indicator"), "plans:indicator_retire", pk, RETIRE, danger=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """What it means."""
        one = self.subject
        return [
            Fact(_("Code"), one.code, "code"),
            Fact(_("Formula"), one.formula_zh),
            Fact(_("Unit of measure"), one.unit_zh),
            Fact(_("Direction"), one.get_direction_display()),
            Fact(_("Value of a year from its parts"), one.get_combine_display()),
            Fact(_("Data source"), one.source or "–"),
            Fact(_("Answered by"), one.provider or "–", "code"),
            Fact(_("Verifying post"), one.verifier or "–"),
            Fact(_("From the duty"), one.duty or "–"),
            Fact(_("Usual scoring rule"), one.rule, "code"),
            Fact(_("Not used from"), one.retired_on, "date"),
        ]


class IndicatorCreate(ActPage):
    """A new one."""

    title = _("New indicator")
    right = INDICATOR
    form_class = forms_plans.IndicatorForm
    submit_label = _("Save indicator")
    act = actions.save_indicator


class IndicatorAct(ActPage):
    """An act on one indicator."""

    key = "indicator"

    def rows(self) -> Any:
        """All."""
        return Indicator.objects.all()


class IndicatorChange(IndicatorAct):
    """Change it."""

    title = _("Change indicator")
    right = INDICATOR
    form_class = forms_plans.IndicatorForm
    submit_label = _("Save indicator")
    act = actions.save_indicator

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.thing, name) for name in forms_plans.IndicatorForm.base_fields}


class IndicatorRetire(IndicatorAct):
    """No longer for new targets."""

    title = _("Retire indicator")
    right = RETIRE
    form_class = ReasonForm
    submit_label = _("Retire indicator")
    danger = True
    act = actions.retire_indicator
