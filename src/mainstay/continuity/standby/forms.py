"""What people enter to move the application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SwitchForm(forms.Form):
    """Where to, and why."""

    to = forms.ChoiceField(label=_("To server"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, servers: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(name, name) for name in servers]


class RehearseForm(forms.Form):
    """Why now."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PlanForm(forms.Form):
    """How often."""

    every_days = forms.IntegerField(label=_("Every so many days (0: never)"), min_value=0, max_value=400)
