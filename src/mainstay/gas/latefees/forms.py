"""Forms of late fees."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees.models import LateFeeRule

_DATE = forms.DateInput(attrs={"type": "date"})


class RuleForm(forms.Form):
    """The terms of a class, in the units people speak of."""

    category = forms.ChoiceField(label=_("class"), choices=Account.Category.choices)
    from_on = forms.DateField(label=_("for bills due from"), widget=_DATE)
    daily_ppm = forms.DecimalField(
        label=_("rate a day (‰)"), min_value=0, max_digits=6, decimal_places=3, help_text=_("Residents at most 3 ‰.")
    )
    grace_days = forms.IntegerField(label=_("days of grace"), min_value=0, max_value=365, initial=0)
    counts_from = forms.ChoiceField(label=_("days count from"), choices=LateFeeRule.CountsFrom.choices)
    cap = forms.DecimalField(label=_("at most this part of the bill (%)"), min_value=0, max_value=1000, initial=100)
    min_volume = forms.DecimalField(label=_("no fee below a volume of (m³)"), min_value=0, initial=0)
    min_fee = forms.DecimalField(label=_("no fee below (yuan)"), min_value=0, initial=Decimal("0.01"))
    notice = forms.CharField(label=_("notice or contract clause"), max_length=80)

    def values(self) -> dict[str, Any]:
        """What the action takes: whole numbers of the stored units."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("category", "from_on", "grace_days", "counts_from", "notice")}
        return plain | {
            "daily_ppm": int(data["daily_ppm"] * 1_000), "cap_bp": int(data["cap"] * 100),
            "min_volume_l": int(data["min_volume"] * 1_000), "min_fee_fen": int(data["min_fee"] * 100),
        }  # fmt: skip


class RunForm(forms.Form):
    """Whose late fees, up to which day."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    through_on = forms.DateField(label=_("up to and with"), widget=_DATE)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
