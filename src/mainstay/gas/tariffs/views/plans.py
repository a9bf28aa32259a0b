"""Tariff plans: list, one plan with its versions, sample bills, the library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.gas.tariffs import actions, forms, queries, rules
from mainstay.gas.tariffs.filters import PlanFilter
from mainstay.gas.tariffs.models import Plan
from mainstay.gas.tariffs.rules_words import reasons, told
from mainstay.gas.tariffs.tables import PlanTable
from mainstay.gas.tariffs.views.shown import rules_of_version, steps_of_version, tiers_picture
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Outcome,
    Page,
    Section,
    SignedRequest,
)

LIST = "tariffs:plan_list"
ADD = "gas.tariffs.add_versions"
LOAD = Button(_("Load the tariff library"), "tariffs:library_load", (), "gas.tariffs.load_library", "download")
STATES = {
    queries.FUTURE: (_("from a later day"), "blue"),
    queries.CURRENT: (_("in force"), "green"),
    queries.PAST: (_("past"), "grey"),
}


class PlanList(ListPage):
    """All tariff plans."""

    title = _("Tariff plans")
    right = queries.VIEW_PLAN
    table_class = PlanTable
    filterset_class = PlanFilter
    search_fields = ("code", "name_zh", "name_en")
    actions = (
        Button(_("Create plan"), "tariffs:plan_create", (), "gas.tariffs.create_plan", "plus", True),
        LOAD,
    )
    first_use = FirstUse(
        _("No tariff plans yet"),
        _("Load the published tariffs that come with the product, or write down your own notice."),
        LOAD,
    )

    def queryset(self) -> Any:
        """All of them: tariffs belong to the whole company."""
        return queries.plans()


class PlanDetail(DetailPage):
    """A plan: what it costs when, by which notice, and what a bill would come to."""

    right = queries.VIEW_PLAN
    model = Plan
    template_name = "tariffs/plan.html"

    def get_title(self) -> Any:
        """Name it."""
        return self.subject.name

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Tariff plans"), reverse(LIST))]

    @cached_property
    def eras(self) -> list[queries.Era]:
        """The versions, newest first."""
        return queries.eras_of(self.subject)

    def get_actions(self) -> Sequence[Button]:
        """New versions, names."""
        pk = (self.subject.pk,)
        change = Button(_("Change plan"), "tariffs:plan_change", pk, "gas.tariffs.change_plan", "edit")
        file = Button(_("Version from a file"), "tariffs:version_upload", pk, ADD, "upload", primary=not self.eras)
        if not self.eras:
            return [file, change]
        return [Button(_("New version"), "tariffs:version_new", pk, ADD, "plus", primary=True), file, change]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What needs attention."""
        if not self.eras:
            return [("amber", _("This plan has no prices yet: add a version."))]
        return [("red", told(era.fault)) for era in self.eras if era.fault]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        current = next((era for era in self.eras if era.state == queries.CURRENT), None)
        return [
            Fact(_("Code"), self.subject.code, "code"),
            Fact(_("Category of use"), self.subject.get_category_display()),
            Fact(_("In force since"), current and current.version.effective_on, "date"),
            Fact(_("Notice"), current and current.version.notice),
        ]

    def sections(self) -> Sequence[Section]:
        """Versions and a sample bill."""
        used = queries.plainly_used(self.subject)
        shown = [
            {
                "era": era, "used": era.version.pk in used, "state": STATES[era.state],
                "steps": steps_of_version(era.rule) if era.rule else [],
                "rules": rules_of_version(era.rule) if era.rule else [],
            }
            for era in self.eras
        ]  # fmt: skip
        context = {"eras": shown, "may_change": self.may("gas.tariffs.change_version")}
        found = [Section(_("Versions"), template="tariffs/versions.html", context=context, count=len(shown))]
        if self.eras:
            begin, end = forms.usual_period(self.subject)
            sample = {"form": forms.PreviewForm(initial={"from_on": begin, "to_on": end}), "plan": self.subject}
            found.insert(0, Section(_("Sample bill"), template="tariffs/sample.html", context=sample))
        return found


class Sample(Page):
    """What a bill would come to: the part of the plan's page that changes while typing."""

    right = queries.VIEW_PLAN
    title = _("Sample bill")
    template_name = "tariffs/sample_page.html"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the plan."""
        return [(_("Tariff plans"), reverse(LIST)), (self.plan.name, self.plan.get_absolute_url())]

    @cached_property
    def plan(self) -> Plan:
        """The plan, or 404."""
        return get_object_or_404(Plan, pk=self.kwargs["pk"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Rate what was typed; for htmx only the result."""
        begin, end = forms.usual_period(self.plan)
        usual = {"volume": "60", "year_before": "0", "persons": "3", "from_on": f"{begin}", "to_on": f"{end}"}
        form = forms.PreviewForm(request.GET if "volume" in request.GET else usual)
        found: dict[str, Any] = {"form": form, "plan": self.plan}
        if form.is_valid():
            try:
                found |= rated(self.plan, form.cleaned_data)
            except rules.TariffError as error:
                found["fault"] = told(error)
        if request.headers.get("HX-Request") == "true":
            return TemplateResponse(request, "tariffs/sample_result.html", found)
        return self.page(**found)


def rated(plan: Plan, data: dict[str, Any]) -> dict[str, Any]:
    """Rate a sample: the lines, the picture of the tiers, the reasons. Raises TariffError."""
    rule = queries.rule_of_plan(plan)
    begin, end = data["from_on"], data["to_on"]
    period = rules.Period(begin, end, max(1, rules.months_between(begin, end)))
    situation = rules.Situation(
        persons=data["persons"], low_income=data["low_income"], heating=data["heating"],
        contract_price_e4=data["contract_price"],
    )  # fmt: skip
    before = data["year_before"]
    rating = rules.rate(rule, period, data["volume"], rules.Counters(before), situation)
    last = rules.last_day(begin, end)
    held = rules.schedule(
        rule.version_on(last), on=last, persons=situation.persons, low_income=situation.low_income,
        heating=situation.heating, period_months=period.months, contract_price_e4=situation.contract_price_e4,
    )  # fmt: skip
    return {
        "rating": rating,
        "lines": [(line, LINES[line.kind]) for line in rating.lines],
        "split": len({(line.from_on, line.to_on) for line in rating.lines}) > 1,
        "picture": tiers_picture(held, before, rating.counters.year_l) if held and len(held.tiers) > 1 else "",
        "reasons": reasons(fact.as_dict() for fact in rating.facts),
    }


LINES = {
    "gas": _("gas"),
    "free": _("free volume"),
    "base_fee": _("base fee"),
    "minimum": _("up to the minimum charge"),
    "tax": _("tax"),
    "rounding": _("rounding"),
}


class PlanCreate(FormPage):
    """A new plan."""

    title = _("Create plan")
    right = "gas.tariffs.create_plan"
    form_class = forms.NewPlanForm
    submit_label = _("Create plan")
    success_message = _("The plan is created. Add its prices next.")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Tariff plans"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create it."""
        return actions.create_plan(**form.cleaned_data, by=self.request.user)


class PlanChange(FormPage):
    """Names of a plan."""

    title = _("Change plan")
    right = "gas.tariffs.change_plan"
    form_class = forms.PlanForm
    submit_label = _("Save plan")

    @cached_property
    def plan(self) -> Plan:
        """The plan, or 404."""
        return get_object_or_404(Plan, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the plan."""
        return [(_("Tariff plans"), reverse(LIST)), (self.plan.name, self.plan.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.plan, name) for name in ("name_zh", "name_en", "category")}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.change_plan(plan=self.plan, **form.cleaned_data, by=self.request.user)


class LibraryLoad(FormPage):
    """Bring the published tariffs in."""

    title = _("Load the tariff library")
    right = "gas.tariffs.load_library"
    form_class = forms.EmptyForm
    submit_label = _("Load the tariff library")
    intro = _(
        "Published prices of real cities become plans of this company. Plans that are there already are left alone. "
        "Compare them with your own notice before accounts are put on them."
    )

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Tariff plans"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Load."""
        return actions.load_library(by=self.request.user)

    def success(self, result: Any) -> Outcome:
        """How many are new."""
        text = _now("New plans: %(plans)s, with %(versions)s versions.")
        return Outcome(
            title=_("The tariff library is loaded"),
            text=text % {"plans": result[0], "versions": result[1]},
            buttons=[Button(_("Tariff plans"), reverse(LIST), primary=True)],
        )
