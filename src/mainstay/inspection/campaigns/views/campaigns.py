"""Campaigns: the list, one with its coverage, its plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns import actions, forms, hooks, queries
from mainstay.inspection.campaigns.filters import CampaignFilter
from mainstay.inspection.campaigns.models import Campaign
from mainstay.inspection.campaigns.models.plan import Class
from mainstay.inspection.campaigns.rules import together
from mainstay.inspection.campaigns.states import CAMPAIGN
from mainstay.inspection.campaigns.tables import AssignmentTable, CampaignTable, percent
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest, steps_of

LIST = "campaigns:campaign_list"
PRE = "inspection.campaigns."
CREATE = PRE + "create_campaign"
STATE = Campaign.State


class CampaignList(ListPage):
    """All campaigns a person sees."""

    title = _("Campaigns")
    right = queries.VIEW
    table_class = CampaignTable
    filterset_class = CampaignFilter
    search_fields = ("code", "name_zh", "name_en", "basis_number")
    actions = (Button(_("Plan campaign"), "campaigns:campaign_create", (), CREATE, "plus", True),)
    first_use = FirstUse(
        _("No campaigns yet"), _("A campaign has a basis, organisers, groups and a list of targets."), actions[0]
    )

    def queryset(self) -> Any:
        """What this person sees; rounds of patrols have their own page."""
        return queries.campaigns_visible_to(self.request.user).filter(round_on=None)


class CampaignDetail(DetailPage):
    """One campaign: where it stands, what is covered, what is not."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.campaigns_visible_to(self.request.user).prefetch_related(
            "organisers__unit", "versions__checklist"
        )

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Campaigns"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = CAMPAIGN.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a campaign."""
        return steps_of(CAMPAIGN.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        pk = (self.subject.pk,)
        plan = Button(_("Plan document"), "campaigns:campaign_plan", pk, queries.VIEW, "printer", new_tab=True)
        if self.subject.state == STATE.DRAFT:
            return [*_of_draft(pk), plan]
        late = Button(_("Add late target"), "campaigns:late", pk, PRE + "add_late_target", "plus")
        board = Button(_("Board by stair"), "campaigns:board", pk, queries.VIEW, "layout-dashboard")
        found = [board] if self.subject.kind == "household" else []
        if self.subject.state in (STATE.ACTIVE, STATE.COLLECTING):
            end = Button(_("End inspecting"), "campaigns:review", pk, PRE + "review_campaign", primary=True)
            return [end, *found, late, plan]
        if self.subject.state == STATE.REVIEWING:
            return [Button(_("Go on inspecting"), "campaigns:reopen", pk, PRE + "reopen_campaign"), late, plan, *found]
        if self.subject.state == STATE.ISSUED:
            return [Button(_("Close campaign"), "campaigns:close", pk, PRE + "close_campaign", primary=True), plan]
        return [plan, *found]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        basis = f"{one.basis_title} {one.basis_number}".strip()
        return [
            Fact(_("Basis"), basis or "–"),
            Fact(_("Organisers"), "、".join(str(organiser) for organiser in one.organisers.all())),
            Fact(_("From"), one.from_on, "date"),
            Fact(_("Until"), one.until_on, "date"),
            Fact(_("Checklists"), "、".join(str(version) for version in one.versions.all())),
            Fact(_("Kind"), one.get_kind_display()),
            Fact(_("Inspectors who sign"), one.min_inspectors),
        ]

    def sections(self) -> Sequence[Section]:
        """Coverage, days, groups, what is open; and what other apps add."""
        one = self.subject
        listed = reverse("campaigns:assignment_list", args=[one.pk])
        covered = queries.coverage_by(one.assignments.all(), "group_id", "klass")
        whole = together(covered.values())
        names = dict(Class.choices)
        classes = [
            {"key": key, "title": names.get(key, key), "found": found, "rate": percent(found.inspected_bp)}
            for key, found in queries.regrouped(covered, 1).items()
        ]
        coverage = {
            "whole": whole, "classes": classes, "list_url": listed, "inspected_rate": percent(whole.inspected_bp),
            "reached_rate": percent(whole.reached_bp),
        }  # fmt: skip
        groups = {
            "groups": queries.groups_of(one, queries.regrouped(covered, 0)), "list_url": listed, "campaign": one,
            "may_change": one.state == STATE.DRAFT and self.may(PRE + "save_member"),
        }  # fmt: skip
        found = [
            Section(_("Coverage"), template="campaigns/coverage.html", context=coverage, key="coverage"),
            Section(_("Groups"), template="campaigns/groups.html", context=groups, key="groups"),
        ]
        if one.state != STATE.DRAFT:
            days = {"days": queries.days_of(one, local_today())[-14:]}
            found.insert(1, Section(_("Day by day"), template="campaigns/days.html", context=days, key="days"))
            rows = queries.open_ones(one)
            table = AssignmentTable(rows, exclude=("block", "stair", "inspected_on"))
            table.empty_text = _("Nothing: every target is inspected or exempt.")
            every = Button(_("All that is not covered"), f"{listed}?open=true")
            buttons = [every] if whole.open > queries.MOST_NAMED else []
            found.insert(
                2, Section(_("Not covered, by name"), table=table, key="open", count=whole.open, buttons=buttons)
            )
        return [*found, *hooks.sections_for(one, self.request.user)]


def _of_draft(pk: tuple[int]) -> list[Button]:
    return [
        Button(_("Put campaign in force"), "campaigns:activate", pk, PRE + "activate_campaign", primary=True),
        Button(_("Change campaign plan"), "campaigns:campaign_change", pk, PRE + "change_campaign", "edit"),
        Button(_("Organisers"), "campaigns:organisers", pk, PRE + "set_organisers", "users"),
        Button(_("Add group"), "campaigns:group_save", pk, PRE + "save_group", "plus"),
        Button(_("Assign targets"), "campaigns:assign", pk, PRE + "assign_targets", "map-pin"),
        Button(_("Take up all targets"), "campaigns:plan_targets", pk, PRE + "plan_targets", "list-check"),
    ]


class CampaignCreate(FormPage):
    """A new campaign."""

    title = _("Plan campaign")
    right = CREATE
    form_class: type[BaseForm] = forms.NewCampaignForm
    submit_label = _("Save campaign plan")

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which units can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Campaigns"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Make it."""
        return actions.create_campaign(**form.cleaned_data, by=self.request.user)


class CampaignPage(FormPage):
    """A form about one campaign."""

    form_class: type[BaseForm] = forms.EmptyForm

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, or 404."""
        rows = Campaign.objects.visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which campaign."""
        return f"{self.title}: {self.campaign}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the campaign."""
        return [(_("Campaigns"), reverse(LIST)), (self.campaign.name, self.campaign.get_absolute_url())]

    def success(self, result: Any) -> Any:
        """Back to the campaign."""
        return self.campaign.get_absolute_url()


class CampaignChange(CampaignPage):
    """Change the plan."""

    title = _("Change campaign plan")
    right = PRE + "change_campaign"
    form_class = forms.CampaignForm
    submit_label = _("Save campaign plan")

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which units can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.campaign
        names = ("name_zh", "name_en", "basis_title", "basis_number", "from_on", "until_on", "min_inspectors")
        facts = {name: getattr(one, name) for name in (*names, "companion_needed")}
        return {**facts, "versions": list(one.versions.all())}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.change_campaign(campaign=self.campaign, **form.cleaned_data, by=self.request.user)


class Organisers(CampaignPage):
    """Who acts jointly."""

    title = _("Organisers")
    right = PRE + "set_organisers"
    form_class = forms.OrganisersForm
    submit_label = _("Save organisers")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"units": [one.unit_id for one in self.campaign.organisers.all()]}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save; the lead stands first."""
        units = sorted(form.cleaned_data["units"], key=lambda unit: unit.pk != self.campaign.unit_id)
        return actions.set_organisers(campaign=self.campaign, units=units, by=self.request.user)


class Activate(CampaignPage):
    """Put it in force."""

    title = _("Put campaign in force")
    right = PRE + "activate_campaign"
    submit_label = _("Put campaign in force")
    intro = _("From now on plan and list of targets are frozen; what joins later is marked late.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Freeze."""
        return actions.activate_campaign(campaign=self.campaign, by=self.request.user)


class Review(CampaignPage):
    """End the inspecting."""

    title = _("End inspecting")
    right = PRE + "review_campaign"
    submit_label = _("End inspecting")
    intro = _("Confirmed records are locked. Then the groups write their summaries and the bulletin is drafted.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """End it."""
        return actions.review_campaign(campaign=self.campaign, by=self.request.user)


class Reopen(CampaignPage):
    """Go on inspecting."""

    title = _("Go on inspecting")
    right = PRE + "reopen_campaign"
    form_class = forms.ReasonForm
    submit_label = _("Go on inspecting")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Reopen."""
        return actions.reopen_campaign(campaign=self.campaign, **form.cleaned_data, by=self.request.user)


class Close(CampaignPage):
    """Close it."""

    title = _("Close campaign")
    right = PRE + "close_campaign"
    submit_label = _("Close campaign")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Close."""
        return actions.close_campaign(campaign=self.campaign, by=self.request.user)
