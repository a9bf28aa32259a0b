"""Forms of arrears."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.arrears import rules
from mainstay.gas.arrears.models import Kind
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import add_months, last_day, period_of
from mainstay.kit.money import share

MOST_PARTS = 12


class LadderForm(forms.Form):
    """The steps of a class: leave the days empty where a step is not used."""

    category = forms.ChoiceField(label=_("class"), choices=Account.Category.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Kind.choices:
            days, wait, least = _("days overdue"), _("days after the step before"), _("from (yuan)")
            self.fields[f"{value}_days"] = _whole(f"{label}: {days}")
            self.fields[f"{value}_wait"] = _whole(f"{label}: {wait}")
            self.fields[f"{value}_min"] = forms.DecimalField(
                label=f"{label}: {least}", required=False, min_value=0, decimal_places=2
            )

    def steps(self) -> list[rules.Step]:
        """The steps that are used, in order."""
        data = self.cleaned_data
        return [
            rules.Step(
                place, kind, data[f"{kind}_days"], int((data[f"{kind}_min"] or 0) * 100) or 1, data[f"{kind}_wait"] or 0
            )
            for place, kind in enumerate(Kind.values, 1)
            if data[f"{kind}_days"] is not None
        ]


def _whole(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=999)


class RunForm(forms.Form):
    """Whose arrears."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What came of it."""

    note = forms.CharField(
        label=_("note"), max_length=200, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why something is taken back."""

    note = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))


class PromiseForm(forms.Form):
    """How much, from when, in how many monthly parts."""

    amount = forms.DecimalField(label=_("amount (yuan)"), min_value=0, decimal_places=2, max_digits=12)
    first_on = forms.DateField(label=_("first part by"), widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.IntegerField(
        label=_("monthly parts"), min_value=1, max_value=MOST_PARTS, initial=1, help_text=_("1: all at once.")
    )
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def parts(self) -> list[tuple[dt.date, int]]:
        """The parts: equal to the fen, a month apart, on the last day of shorter months."""
        data = self.cleaned_data
        first: dt.date = data["first_on"]
        amounts = share(int(data["amount"] * 100), [1] * data["count"])
        return [(_month_later(first, number), fen) for number, fen in enumerate(amounts)]


def _month_later(day: dt.date, months: int) -> dt.date:
    end = last_day(add_months(period_of(day), months))
    return end.replace(day=min(day.day, end.day))
