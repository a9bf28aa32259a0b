"""Forms of billing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import BillingRun, Rebilling
from mainstay.gas.readings.models import Book
from mainstay.gas.tariffs.models import Plan, Version
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


class BooksField(forms.CharField):
    """Books by their codes with commas between them; every code must be that of a book."""

    def clean(self, value: Any) -> list[Book]:
        """The books."""
        text = super().clean(value).replace("，", ",").replace("、", ",")
        codes = {code.strip() for code in text.split(",") if code.strip()}
        found = list(Book.objects.filter(code__in=codes).select_related("unit"))
        if missing := sorted(codes - {book.code for book in found}):
            raise forms.ValidationError(_("There is no book %(codes)s.") % {"codes": ", ".join(missing)})
        return found


class PlanForm(forms.Form):
    """What a run is to cover."""

    period = PeriodField(label=_("period"), help_text=_("Write the month like 2026-11."))
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    books = BooksField(
        label=_("books"), required=False, max_length=1000,
        help_text=_("Codes with commas between them; without any, all books that are due."),
    )  # fmt: skip
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


class RebillingForm(forms.Form):
    """Which bills, and what to do with them."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    mode = forms.ChoiceField(
        label=_("what to do"), choices=Rebilling.Mode.choices, widget=forms.RadioSelect, initial=Rebilling.Mode.AGAIN
    )
    from_period = PeriodField(label=_("from period"), help_text=_("Write the month like 2026-11."))
    to_period = PeriodField(label=_("to period"))
    books = BooksField(
        label=_("books"), required=False, max_length=1000,
        help_text=_(
            "Codes of books with commas between them. Books, a billing run or a price version are needed."
        ),
    )  # fmt: skip
    run = forms.ModelChoiceField(
        BillingRun.objects.none(), label=_("billing run"), required=False, empty_label=_("any run")
    )
    version = forms.ModelChoiceField(
        Version.objects.none(), label=_("tariff version"), required=False, empty_label=_("any version"),
        help_text=_("Bills that rest on this version, wholly or in part."),
    )  # fmt: skip
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=_("right tariff plan"), required=False, empty_label=_("as the accounts have it"),
        help_text=_("The accounts are put on this plan from the first of these bills on."),
    )  # fmt: skip
    business_on = forms.DateField(
        label=_("business date"), widget=_DATE, help_text=_("The day on which the new documents are posted.")
    )  # fmt: skip
    reason = forms.CharField(label=_("reason"), max_length=200)

    def __init__(self, *args: Any, units: Any, runs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["run"].queryset = runs  # type: ignore[attr-defined]
        versions = Version.objects.select_related("plan").order_by("plan__code", "-effective_on")
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        self.fields["version"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.plan} · {one.effective_on} {one.notice}".strip()
        )
