"""What people enter about campaigns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person, Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.inspection.campaigns.models import Campaign, InspectionGroup, Target
from mainstay.inspection.campaigns.models.plan import Class, Kind
from mainstay.inspection.checklists.models import ChecklistVersion
from mainstay.inspection.checklists.queries import versions_in_force


class DayField(forms.DateField):
    """A day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class CampaignForm(forms.Form):
    """The plan of a campaign."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    basis_title = forms.CharField(label=_("Basis"), max_length=200, required=False, help_text=_("Title of the notice."))
    basis_number = forms.CharField(label=_("Number of the notice"), max_length=60, required=False)
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until"))
    versions = forms.ModelMultipleChoiceField(ChecklistVersion.objects.none(), label=_("Checklists"))
    min_inspectors = forms.IntegerField(label=_("Inspectors who sign"), min_value=1, max_value=5, initial=2)
    companion_needed = forms.BooleanField(label=_("Somebody of the unit signs too"), required=False, initial=True)

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["versions"].queryset = versions_in_force()  # type: ignore[attr-defined]
        if "unit" in self.fields:
            self.fields["unit"].queryset = units_visible_to(user, right).filter(closed_on=None)  # type: ignore[attr-defined]


class NewCampaignForm(CampaignForm):
    """A new campaign with its code, kind and lead organiser."""

    code = forms.CharField(label=_("Code"), max_length=30)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Lead organiser"))
    field_order = ("code", "kind", "unit")


class OrganisersForm(forms.Form):
    """Who acts jointly."""

    units = forms.ModelMultipleChoiceField(Unit.objects.filter(closed_on=None), label=_("Organisers"))


class GroupForm(forms.Form):
    """A group."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name of the group"), max_length=60)
    area = forms.CharField(label=_("Area of the group"), max_length=120, required=False)


class MemberForm(forms.Form):
    """Somebody in a group."""

    staff_no = forms.CharField(label=_("Staff number"), max_length=20)
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("Sent by"))
    leads = forms.BooleanField(label=_("Leads the group"), required=False)
    duty = forms.CharField(label=_("Share of the work"), max_length=120, required=False)

    def clean_staff_no(self) -> Person:
        """The person, or what to do."""
        found = Person.objects.filter(staff_no=self.cleaned_data["staff_no"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this staff number: look it up under people."))
        return found


class AssignForm(forms.Form):
    """Targets for a group."""

    group = forms.ModelChoiceField(InspectionGroup.objects.none(), label=_("Group"))
    due_on = DayField(label=_("Planned for"), required=False)
    targets = forms.ModelMultipleChoiceField(
        Target.objects.none(), label=_("Inspection targets"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = campaign.groups.all()  # type: ignore[attr-defined]
        free = Target.objects.filter(kind=campaign.kind, closed_on=None)
        self.fields["targets"].queryset = free.order_by("klass", "code")[:MOST_TARGETS]  # type: ignore[attr-defined]


MOST_TARGETS = 500


class PlanForm(forms.Form):
    """Which classes a yearly plan takes up."""

    classes = forms.MultipleChoiceField(
        label=_("Classes"), choices=Class.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("None chosen: all of them."),
    )  # fmt: skip


class LateForm(forms.Form):
    """A target that joins late."""

    code = forms.CharField(label=_("Code of the target"), max_length=40)
    group = forms.ModelChoiceField(InspectionGroup.objects.none(), label=_("Group"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = campaign.kind
        self.fields["group"].queryset = campaign.groups.all()  # type: ignore[attr-defined]

    def clean_code(self) -> Target:
        """The target, or what to do."""
        found = Target.objects.filter(code=self.cleaned_data["code"].strip(), kind=self.kind).first()
        if found is None:
            raise forms.ValidationError(_("There is no target of this kind with this code: register it first."))
        return found


class TargetForm(forms.Form):
    """A target as a thing."""

    code = forms.CharField(label=_("Code"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    klass = forms.ChoiceField(label=_("Class"), choices=Class.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Owning unit"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    block = forms.CharField(label=_("Block"), max_length=60, required=False)
    stair = forms.CharField(label=_("Stair"), max_length=20, required=False)
    room = forms.CharField(label=_("Room"), max_length=20, required=False)
    account_no = forms.CharField(label=_("Customer account"), max_length=24, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_visible_to(user, right).filter(closed_on=None)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing but the button."""
