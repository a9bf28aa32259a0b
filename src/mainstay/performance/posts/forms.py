"""What people enter about posts, descriptions, processes and qualifications."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.performance.plans.models import Indicator
from mainstay.performance.posts.models import JobAnalysis, Qualification
from mainstay.performance.posts.models.qualifications import LEVELS

BP = 100
WAY = _("Other ways, one a line: number of the step, then the condition in Chinese | in English.")


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """A day with the browser's own picker."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text(label: Any, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea({"rows": rows}), **kwargs)


class EmptyForm(forms.Form):
    """Nothing but the button."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class SuperiorForm(forms.Form):
    """Whom a post reports to."""

    superior = forms.ModelChoiceField(
        Post.objects.select_related("unit"), label=_("Superior post"), required=False, empty_label=_("nobody")
    )


class AnalysisForm(forms.Form):
    """A new analysis of a post."""

    method = forms.ChoiceField(label=_("Method"), choices=JobAnalysis.Method.choices)
    participants = forms.ModelMultipleChoiceField(Person.objects.none(), label=_("Participants"))
    question = text(_("What is asked"), required=False)
    due_on = day(_("Answer by"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participants"].queryset = people  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """A participant's answer."""

    text = text(_("Your answer"), 10)


class FindingsForm(forms.Form):
    """What an analysis found."""

    findings = text(_("Findings"), 10)


class DescriptionForm(forms.Form):
    """The running texts of a description."""

    purpose = text(_("Purpose of the post"), 3)
    authority = text(_("Authority"), 3, required=False)
    relations = text(_("Working relations"), 3, required=False)
    conditions = text(_("Working conditions"), 2, required=False)
    development = text(_("Development path"), 2, required=False)


class DutyForm(forms.Form):
    """One duty."""

    name_zh = forms.CharField(label=_("Duty in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Duty in English"), max_length=120, required=False)
    weight = forms.DecimalField(
        label=_("Weight (%)"), min_value=Decimal("0.01"), max_value=Decimal(100), decimal_places=2
    )
    detail = text(_("Tasks and expected results"), required=False)

    def values(self) -> dict[str, Any]:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        data["weight_bp"] = int(data.pop("weight") * BP)
        return data


class RequirementForm(forms.Form):
    """One requirement."""

    qualification = forms.ModelChoiceField(Qualification.objects.all(), label=_("Qualification"))
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int)
    essential = forms.BooleanField(label=_("Essential"), required=False, initial=True)


class ConsultForm(forms.Form):
    """Until when answers are awaited."""

    answer_by = day(_("Answer by"), required=False, help_text=_("Empty: within a week."))


class OpinionForm(forms.Form):
    """What an incumbent says to a draft."""

    agrees = forms.TypedChoiceField(
        label=_("Do you agree?"),
        choices=[("yes", _("I agree")), ("no", _("I object"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    comment = text(_("Comment"), 5, required=False)


class ApprovalForm(forms.Form):
    """The reply to objections."""

    reply = text(_("Reply to objections"), 4, required=False)


class IndicatorForm(forms.Form):
    """An indicator that measures a duty."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    formula_zh = forms.CharField(label=_("Formula in Chinese words"), max_length=300)
    formula_en = forms.CharField(label=_("Formula in English words"), max_length=300, required=False)
    unit_zh = forms.CharField(label=_("Unit of measure (Chinese)"), max_length=20)
    unit_en = forms.CharField(label=_("Unit of measure (English)"), max_length=30, required=False)
    direction = forms.ChoiceField(label=_("Direction"), choices=Indicator.Direction.choices)
    combine = forms.ChoiceField(label=_("From parts"), choices=Indicator.Combine.choices)
    source = forms.CharField(label=_("Data source"), max_length=200, required=False)


class ProcessForm(forms.Form):
    """Name and purpose of a process."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    purpose = text(_("Purpose"), 3, required=False)


class NewProcessForm(ProcessForm):
    """A new process."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("The next version has the same code."))
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("Unit"))
    field_order = ("code", "unit")


class StepForm(forms.Form):
    """One step."""

    name_zh = forms.CharField(label=_("Step in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Step in English"), max_length=120, required=False)
    post = forms.ModelChoiceField(Post.objects.select_related("unit"), label=_("Done by the post"), required=False)
    outside = forms.CharField(label=_("Done outside by"), max_length=60, required=False)
    input = forms.CharField(label=_("Input"), max_length=120, required=False)
    output = forms.CharField(label=_("Output"), max_length=120, required=False)
    form = forms.CharField(label=_("Form"), max_length=80, required=False)
    limit_hours = forms.IntegerField(label=_("Time limit (hours)"), min_value=1, max_value=9_999, required=False)
    ways = text(_("Ways"), 2, required=False, help_text=WAY)

    def clean_ways(self) -> list[dict[str, Any]]:
        """Return the ways as data."""
        found = []
        for line in self.cleaned_data["ways"].splitlines():
            number, _space, when = line.strip().partition(" ")
            if not number:
                continue
            if not number.isdigit():
                raise forms.ValidationError(_("Begin each way with the number of a step: “3 not passed”."))
            zh, _bar, en = when.partition("|")
            found.append({"to": int(number), "when_zh": zh.strip(), "when_en": en.strip()})
        return found

    def values(self) -> dict[str, Any]:
        """As the action takes it."""
        data = dict(self.cleaned_data)
        data["next_to"] = data.pop("ways")
        return data


class QualificationForm(forms.Form):
    """Something posts may require."""

    code = forms.CharField(label=_("Code"), max_length=20)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Qualification.Kind.choices)
    valid_months = forms.IntegerField(
        label=_("Valid for months"), min_value=1, max_value=600, required=False, help_text=_("Empty: without end.")
    )


class HeldForm(forms.Form):
    """What a person has shown to have."""

    qualification = forms.ModelChoiceField(Qualification.objects.all(), label=_("Qualification"))
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int)
    proof = forms.CharField(label=_("Certificate or proof"), max_length=120)
    from_on = day(_("From"), required=False)
    until_on = day(_("Valid until"), required=False)


class TrainingForm(forms.Form):
    """A training to plan."""

    qualification = forms.ModelChoiceField(Qualification.objects.all(), label=_("Qualification"))
    level = forms.TypedChoiceField(label=_("Level"), choices=LEVELS, coerce=int)
    due_on = day(_("Due"))


class PassedForm(forms.Form):
    """A training that was passed."""

    proof = forms.CharField(label=_("Certificate or proof"), max_length=120)
    on = day(_("Passed on"), required=False)
