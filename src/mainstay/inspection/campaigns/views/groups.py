"""Groups, members, and which targets they are sent to."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns import actions, forms
from mainstay.inspection.campaigns.models import GroupMember, InspectionGroup
from mainstay.inspection.campaigns.views.campaigns import PRE, CampaignPage


class GroupSave(CampaignPage):
    """A new group."""

    title = _("Add group")
    right = PRE + "save_group"
    form_class = forms.GroupForm
    submit_label = _("Save group")

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Save."""
        return actions.save_group(campaign=self.campaign, **form.cleaned_data, by=self.request.user)


class MemberSave(CampaignPage):
    """Somebody in a group."""

    title = _("Add member")
    right = PRE + "save_member"
    form_class: type[BaseForm] = forms.MemberForm
    submit_label = _("Save member")

    @cached_property
    def group(self) -> InspectionGroup:
        """The group, or 404."""
        return get_object_or_404(self.campaign.groups.select_related("campaign"), pk=self.kwargs["group"])

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Save."""
        data = dict(form.cleaned_data)
        return actions.save_member(group=self.group, person=data.pop("staff_no"), **data, by=self.request.user)


class MemberDrop(MemberSave):
    """Take somebody out."""

    title = _("Take somebody out of a group")
    right = PRE + "drop_member"
    form_class = forms.EmptyForm
    submit_label = _("Take out")
    danger = True

    @cached_property
    def member(self) -> GroupMember:
        """The member, or 404."""
        return get_object_or_404(self.group.members.select_related("person"), pk=self.kwargs["member"])

    def get_title(self) -> Any:
        """Name him."""
        return f"{self.title}: {self.member}"

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Take out."""
        return actions.drop_member(group=self.group, member=self.member, by=self.request.user)


class Assign(CampaignPage):
    """Targets for a group."""

    title = _("Assign targets")
    right = PRE + "assign_targets"
    form_class = forms.AssignForm
    submit_label = _("Assign targets")

    def form_kwargs(self) -> dict[str, Any]:
        """Its campaign gives groups and targets."""
        return {"campaign": self.campaign}

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Assign."""
        data = dict(form.cleaned_data)
        return actions.assign_targets(
            campaign=self.campaign, targets=list(data["targets"]), group=data["group"], due_on=data["due_on"],
            by=self.request.user,
        )  # fmt: skip


class PlanTargets(CampaignPage):
    """All targets of the kind at once."""

    title = _("Take up all targets")
    right = PRE + "plan_targets"
    form_class = forms.PlanForm
    submit_label = _("Take up all targets")
    intro = _(
        "Every target of this kind below the lead organiser is taken up; days and groups are shared out by stair."
    )

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Plan."""
        return actions.plan_targets(campaign=self.campaign, classes=form.cleaned_data["classes"], by=self.request.user)


class Late(CampaignPage):
    """A target that joins late."""

    title = _("Add late target")
    right = PRE + "add_late_target"
    form_class = forms.LateForm
    submit_label = _("Add late target")

    def form_kwargs(self) -> dict[str, Any]:
        """Its campaign gives groups and kind."""
        return {"campaign": self.campaign}

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Add."""
        data = form.cleaned_data
        return actions.add_late_target(
            campaign=self.campaign,
            target=data["code"],
            group=data["group"],
            reason=data["reason"],
            by=self.request.user,
        )
