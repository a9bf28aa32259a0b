"""What people enter about money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.payments.models import Payment, Till
from mainstay.gas.payments.posting import ABOVE_ADVANCE
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan, yuan


class YuanField(forms.CharField):
    """An amount in yuan as people write it; gives fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "ms-num"}))
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Fen, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class OpenShiftForm(forms.Form):
    """At which till, with how much in its drawer."""

    till = forms.ModelChoiceField(Till.objects.none(), label=_("till"), empty_label=None)
    float = YuanField(
        label=_("float (yuan)"), initial="0.00", help_text=_("Cash in the drawer at the beginning."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "ms-num", "autofocus": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, tills: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["till"]
        field.queryset = tills
        field.label_from_instance = lambda till: f"{till.code} {till.name}"


class CloseShiftForm(forms.Form):
    """The count, before what is expected is shown."""

    counted = YuanField(label=_("Counted (yuan)"), help_text=_("Count the drawer with its float."))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class RefundForm(forms.Form):
    """How much, how, why."""

    amount = YuanField(label=_("Amount (yuan)"))
    tender = forms.TypedChoiceField(choices=Payment.desk_tenders(), coerce=int, label=_("Way of paying"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, most_fen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_fen = most_fen

    def clean_amount(self) -> int:
        """Not more than there is: nobody is asked to agree to what cannot be done."""
        amount: int = self.cleaned_data["amount"]
        if amount > self.most_fen:
            raise forms.ValidationError(ABOVE_ADVANCE % {"advance": yuan(self.most_fen)})
        return amount


class TillForm(forms.Form):
    """A counter window."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"), empty_label=None)
    code = forms.CharField(label=_("code"), max_length=12, help_text=_("Receipt numbers begin with it, such as W01."))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=120, required=False)
    layout = forms.ChoiceField(
        label=_("paper of the printer"), required=False,
        help_text=_("Needle printers print receipts on forms; without a choice they are printed on A5."),
    )  # fmt: skip
    right_mm = forms.DecimalField(
        label=_("shift to the right (mm)"), decimal_places=1, min_value=-50, max_value=50, initial=0, required=False
    )
    down_mm = forms.DecimalField(
        label=_("shift down (mm)"), decimal_places=1, min_value=-50, max_value=50, initial=0, required=False,
        help_text=_("Save, print the test sheet, measure, correct: each printer feeds its paper differently."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, layouts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units
        layout: Any = self.fields["layout"]
        layout.choices = [("", _("A5 sheet")), *layouts]

    def clean(self) -> dict[str, Any]:
        """The shifts in tenths of a millimetre."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("right", "down"):
            found[f"{name}_mm10"] = int((found.pop(f"{name}_mm", None) or 0) * 10)
        return found


class BookForm(forms.Form):
    """A run of pre-printed forms and who gets it."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"), empty_label=None)
    holder = forms.ModelChoiceField(Unit.objects.none(), label=_("holder"))
    series = forms.CharField(
        label=_("series"), max_length=12, required=False, help_text=_("What is printed before the number, if anything.")
    )
    first_no = forms.IntegerField(label=_("first number"), min_value=1, max_value=10**12 - 1)
    last_no = forms.IntegerField(label=_("last number"), min_value=1, max_value=10**12 - 1)
    digits = forms.IntegerField(label=_("digits of a number"), min_value=1, max_value=12, initial=8)

    def __init__(self, *args: Any, units: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("unit", units), ("holder", holders)):
            field: Any = self.fields[name]
            field.queryset = rows


class WasteForm(forms.Form):
    """Up to which number, and why."""

    last_no = forms.IntegerField(label=_("wasted up to number"), min_value=1, max_value=10**12 - 1)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CountForm(forms.Form):
    """The forms left, as counted."""

    counted = forms.IntegerField(label=_("forms left, as counted"), min_value=0, max_value=1_000_000)
