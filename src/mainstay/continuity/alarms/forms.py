"""What people enter about duty."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.continuity.alarms.models import Duty
from mainstay.core.access.models import User

MOMENT = {"type": "datetime-local"}


class DutyForm(forms.Form):
    """Who, from when until when, of what."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True, kind=User.Kind.PERSON).select_related("person"),
        label=pgettext_lazy("duty", "on duty"),
    )
    phone = forms.CharField(
        label=_("mobile number"), max_length=20, required=False, help_text=_("Empty: the one on record.")
    )
    least = forms.ChoiceField(label=_("alarms"), choices=Duty.Least.choices)
    from_at = forms.DateTimeField(
        label=_("from"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), initial=timezone.localtime
    )
    until_at = forms.DateTimeField(
        label=_("until"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"), required=False,
        help_text=_("Empty: until somebody ends it."),
    )  # fmt: skip


class EmptyForm(forms.Form):
    """Nothing to enter."""
