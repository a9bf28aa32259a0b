"""What people enter about the machine room."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.machineroom.models import Item
from mainstay.kit.dates import local_today

DAY = {"type": "date"}


class ItemForm(forms.Form):
    """Something that is checked regularly."""

    kind = forms.ChoiceField(label=_("kind"), choices=Item.Kind.choices)
    label = forms.CharField(label=_("label"), max_length=30, help_text=_("As it stands on the thing itself."))
    name = forms.CharField(label=_("item"), max_length=80)
    place = forms.CharField(label=_("standing place"), max_length=80, required=False)
    every_days = forms.IntegerField(label=_("check every (days)"), min_value=1, max_value=1100, initial=90)
    address = forms.CharField(
        label=_("network address"), max_length=60, required=False,
        help_text=_("Of a camera, with its port if it is not 554: it is asked every minute whether it lives."),
    )  # fmt: skip


class CheckForm(forms.Form):
    """What was found."""

    on = forms.DateField(label=_("on"), widget=forms.DateInput(DAY, format="%Y-%m-%d"), initial=local_today)
    fine = forms.TypedChoiceField(
        label=_("found"), choices=[("1", _("in order")), ("0", _("not in order"))], coerce=lambda word: word == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=_("note"), max_length=200, required=False)


class RetireForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class VisitForm(forms.Form):
    """Who comes, why, with whom."""

    who = forms.CharField(label=_("visitor"), max_length=40)
    company = forms.CharField(label=_("company"), max_length=80, required=False)
    why = forms.CharField(label=_("reason"), max_length=120)
    escort = forms.CharField(label=_("escort"), max_length=40, help_text=_("A colleague who stays with the visitor."))
    planned_on = forms.DateField(
        label=_("for the day"), widget=forms.DateInput(DAY, format="%Y-%m-%d"), initial=local_today
    )


class EmptyForm(forms.Form):
    """Nothing to enter."""
