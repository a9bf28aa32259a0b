"""What people enter about a take-over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.meters.forms import DayField
from mainstay.kit.dates import local_today


class BeginForm(forms.Form):
    """From which system, into which branch, from which day."""

    name = forms.CharField(label=_("Name of the old system"), max_length=60)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("account", "Branch"))
    on = DayField(
        label=_("First day here"), initial=local_today,
        help_text=_("Readings up to this day were billed by the old system; the next bill is made here."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_visible_to(user, "gas.takeover.begin").filter(closed_on=None).order_by("path")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why it is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput({"autofocus": True}))


class SureForm(forms.Form):
    """The last look before it becomes real."""

    sure = forms.BooleanField(label=_("Numbers and sums agree with the closing lists of the old system"))
