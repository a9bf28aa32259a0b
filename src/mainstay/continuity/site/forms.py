"""What people enter about findings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ExcuseForm(forms.Form):
    """Until when, and why."""

    until = forms.DateTimeField(
        label=_("accepted until"), widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("At most seven days away. Afterwards it is red again."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200)
