"""What people enter about meters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.meters.rules import tidy_number
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.volume import parse_m3

FULL_FACTOR = 10_000


class DayField(forms.DateField):
    """A day, today unless told otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class VolumeField(forms.CharField):
    """Cubic metres as people write them; gives litres."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "class": "ms-num", "autocomplete": "off"}))
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Litres, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_m3(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class NumberField(forms.CharField):
    """A number that names one row of `rows`: typed or scanned, never chosen from a list of a million."""

    def __init__(self, *, column: str, missing: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"class": "ms-code", "autocomplete": "off", "spellcheck": "false"}))
        self.column, self.missing = column, missing
        self.rows: QuerySet[Any] | None = None
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> Any:
        """The row, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        wanted = tidy_number(text) or text.strip()
        found = None if self.rows is None else self.rows.filter(**{self.column: wanted}).first()
        if found is None:
            raise forms.ValidationError(self.missing)
        return found


class MeterForm(forms.Form):
    """A meter as a thing."""

    meter_no = forms.CharField(
        label=_("Meter number"), max_length=24, widget=forms.TextInput({"class": "ms-code", "autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Meter.Kind.choices)
    maker = forms.CharField(label=_("Maker"), max_length=40, required=False)
    digits = forms.IntegerField(label=_("Digits before the point"), min_value=3, max_value=9, initial=5)
    factor = forms.DecimalField(
        label=_("Unit factor"), min_value=0, max_digits=8, decimal_places=4, initial=1,
        help_text=_("Cubic metres for one unit of the dial; 1 for household meters."),
    )  # fmt: skip
    made_on = DayField(label=_("Made on"), required=False)
    verified_until = DayField(label=_("Verification valid until"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Branch"), required=False, empty_label=_("company store"),
        help_text=_("Whose store it lies in. A meter that hangs belongs to the branch of its account."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_visible_to(user, right).filter(closed_on=None)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """The cleaned data as the actions take it."""
        data = dict(self.cleaned_data)
        data["factor_e4"] = int(data.pop("factor") * FULL_FACTOR)
        return data


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class _Places(forms.Form):
    """Fields that name meters and accounts find only what the person may see."""

    def __init__(self, *args: Any, user: User, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = Installation.objects.filter(until_on=None).select_related("meter", "master")
        rows: dict[str, QuerySet[Any]] = {
            "account": Account.objects.visible_to(user, right).select_related("unit"),
            "meter": Meter.objects.visible_to(user, right).select_related("unit"),
            "master": open_ones.filter(account__in=Account.objects.visible_to(user, right)),
        }
        for name in rows.keys() & self.fields.keys():
            self.fields[name].rows = rows[name]  # type: ignore[attr-defined]


def _account() -> NumberField:
    return NumberField(
        column="account_no", label=_("Account number"), missing=_("No account of your branches has this number.")
    )


def _meter(label: Any) -> NumberField:
    return NumberField(
        column="meter_no", label=label, missing=_("No meter of your branches has this number. Register it first."),
    )  # fmt: skip


def _master() -> NumberField:
    return NumberField(
        column="meter__meter_no", label=_("Master meter"), required=False,
        missing=_("No meter with this number hangs at an account of your branches."),
        help_text=_("Number of the meter whose volume contains this one's."),
    )  # fmt: skip


class InstallForm(_Places):
    """A meter at an account."""

    account = _account()
    meter = _meter(_("Meter number"))
    on = DayField(label=_("Installed on"), initial=local_today)
    first_index = VolumeField(label=_("First index (m³)"), initial="0")
    master = _master()


class RemoveForm(forms.Form):
    """The end of an installation."""

    on = DayField(label=_("Removed on"), initial=local_today)
    last_index = VolumeField(label=_("Last index (m³)"), help_text=_("It becomes the meter's final reading."))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ExchangeForm(_Places):
    """One meter in the place of another."""

    on = DayField(label=_("Exchanged on"), initial=local_today)
    last_index = VolumeField(label=_("Last index of the old meter (m³)"), help_text=_("It becomes the final reading."))
    meter = _meter(_("Number of the new meter"))
    first_index = VolumeField(label=_("First index of the new meter (m³)"), initial="0")
    reason = forms.CharField(label=_("Reason"), max_length=200)
    scrap_old = forms.BooleanField(label=_("Scrap the old meter"), required=False)


class MasterForm(_Places):
    """Which meter's volume contains this one's."""

    master = _master()
