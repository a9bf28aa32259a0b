"""What people enter about a discharge test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOMENT = {"type": "datetime-local"}


class DischargeForm(forms.Form):
    """Which supply, from when to when; the rest was sampled."""

    ups = forms.ChoiceField(label=_("supply"))
    began_at = forms.DateTimeField(label=_("began"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    ended_at = forms.DateTimeField(label=_("ended"), widget=forms.DateTimeInput(MOMENT, format="%Y-%m-%dT%H:%M"))
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def __init__(self, *args: Any, supplies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ups"].choices = [(name, name) for name in supplies]  # type: ignore[attr-defined]
