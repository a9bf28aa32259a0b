"""What people enter about approvals and contracts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts.models import Relief
from mainstay.gas.meters.forms import DayField
from mainstay.gas.tariffs.forms import PriceField
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan


class ReliefForm(forms.Form):
    """An approval with its proof."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Relief.Kind.choices)
    persons = forms.IntegerField(
        label=_("Persons"), required=False, min_value=1, max_value=99, help_text=_("For a large household.")
    )
    certificate_no = forms.CharField(
        label=_("Certificate number"), max_length=40, widget=forms.TextInput({"class": "ms-code"})
    )
    from_on = DayField(
        label=_("From"), initial=local_today, help_text=_("Days that are billed already are billed again.")
    )
    until_on = DayField(label=_("Last day of the approval"))
    file = forms.FileField(label=_("Copy of the proof"), help_text=_("Photograph, scan or PDF."))
    reason = forms.CharField(label=_("Note"), max_length=200, required=False)


class ContractForm(forms.Form):
    """A contract as signed."""

    number = forms.CharField(
        label=_("Contract number"), max_length=30, required=False, help_text=_("Empty: the next number of the year."),
        widget=forms.TextInput({"class": "ms-code"}),
    )  # fmt: skip
    signed_on = DayField(label=_("Signed on"), initial=local_today)
    signatory = forms.CharField(label=_("Signed for the customer by"), max_length=40)
    from_on = DayField(label=_("From"), initial=local_today)
    until_on = DayField(label=_("Last day of the contract"))
    price = PriceField(
        label=_("Agreed price (yuan/m³)"), required=False,
        help_text=_("Only for plans with a maximum price; a contract may agree on less."),
    )  # fmt: skip
    deposit = forms.CharField(
        label=_("Deposit agreed (yuan)"), required=False, max_length=24,
        widget=forms.TextInput({"inputmode": "decimal", "class": "ms-num"}),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean_deposit(self) -> int:
        """Fen."""
        text = self.cleaned_data["deposit"]
        try:
            return parse_yuan(text) if text else 0
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from problem


class EndForm(forms.Form):
    """The last day, and why."""

    last_on = DayField(label=_("Last day"), initial=local_today)
    reason = forms.CharField(label=_("Reason"), max_length=200)


def facts_of(form: Any) -> dict[str, Any]:
    """The cleaned data of a contract under the names of the action."""
    data = dict(form.cleaned_data)
    price_e4, deposit_fen = data.pop("price"), data.pop("deposit")
    return {**data, "price_e4": price_e4, "deposit_fen": deposit_fen}
