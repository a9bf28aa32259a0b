"""Forms of billing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.kit.dates import parse_period
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan

_DATE = forms.DateInput(attrs={"type": "date"})


class PeriodField(forms.CharField):
    """A period typed as 2026-11, 202611 or 2026年11月."""

    def clean(self, value: Any) -> int:
        """The period as a number."""
        try:
            return parse_period(super().clean(value))
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from problem


class PlanForm(forms.Form):
    """What a run is to cover."""

    period = PeriodField(label=_("period"), help_text=_("Write the month like 2026-11."))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    issued_on = forms.DateField(label=_("bill date"), widget=_DATE)
    due_on = forms.DateField(label=_("due date"), widget=_DATE)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a bill or run is taken back."""

    reason = forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True}))


class AccountBillForm(forms.Form):
    """Bill one account at once."""

    period = PeriodField(label=_("period"), help_text=_("Write the month like 2026-11."))
    final = forms.BooleanField(label=_("final bill"), required=False)


class YuanField(forms.CharField):
    """An amount in yuan as people write it; gives fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=24, widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "ms-num"}), **kwargs
        )

    def clean(self, value: Any) -> int:
        """Fen."""
        try:
            return parse_yuan(super().clean(value))
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class AmountForm(ReasonForm):
    """How much, and why."""

    amount_fen = YuanField(label=_("amount (yuan)"))
    field_order: tuple[str, ...] = ("amount_fen", "reason")


class AdjustForm(AmountForm):
    """Which way, how much, and why."""

    way = forms.ChoiceField(
        label=_("adjustment"), choices=[("more", _("charge more")), ("back", _("give back"))], widget=forms.RadioSelect
    )
    field_order = ("way", "amount_fen", "reason")

    def values(self) -> dict[str, Any]:
        """The amount with its sign, and the reason."""
        amount = self.cleaned_data["amount_fen"]
        return {
            "amount_fen": amount if self.cleaned_data["way"] == "more" else -amount,
            "reason": self.cleaned_data["reason"],
        }
