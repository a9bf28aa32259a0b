"""What people enter about rules, violations, rights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.registry import MEASURES
from mainstay.core.access.models import Role, User
from mainstay.core.organisation.models import Unit
from mainstay.kit.dates import local_today

DAY = {"type": "date"}


class DraftsForm(forms.Form):
    """For whom the drafts are."""

    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("for unit and below"))
    owner = forms.CharField(label=_("owner"), max_length=40)


class RuleForm(forms.Form):
    """A rule."""

    code = forms.CharField(label=_("code"), max_length=40, help_text=_("The code of its text among the publications."))
    owner = forms.CharField(label=_("owner"), max_length=40)
    review_on = forms.DateField(label=_("next review"), widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    review_days = forms.IntegerField(label=_("review every (days)"), min_value=30, max_value=1100, initial=365)
    evidence = forms.MultipleChoiceField(
        label=_("evidence"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The rule turns red when one of these measures is red or no longer proven."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, f"{one.key} {one.title}") for one in MEASURES.values()]
        self.fields["evidence"].choices = choices  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What was found."""

    note = forms.CharField(label=_("note"), max_length=200)


class ViolationForm(forms.Form):
    """A breach."""

    on = forms.DateField(label=_("on"), widget=forms.DateInput(DAY, format="%Y-%m-%d"), initial=local_today)
    who = forms.CharField(label=_("who"), max_length=80)
    what = forms.CharField(label=_("what happened"), max_length=300)


class SettleForm(forms.Form):
    """What was decided."""

    outcome = forms.CharField(label=_("outcome"), max_length=300)


class RightsForm(forms.Form):
    """What the review found."""

    found = forms.CharField(label=_("found"), max_length=300, required=False)


class GlassForm(forms.Form):
    """Who gets which role for how long, and why."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True, kind="person").select_related("person"), label=_("user")
    )
    role = forms.ModelChoiceField(Role.objects.filter(protected=False), label=_("role"))
    unit = forms.ModelChoiceField(Unit.objects.filter(closed_on=None), label=_("unit"))
    hours = forms.IntegerField(label=_("hours"), min_value=1, max_value=24, initial=4)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class EmptyForm(forms.Form):
    """Nothing to enter."""
