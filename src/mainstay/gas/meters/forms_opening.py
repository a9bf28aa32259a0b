"""The meter of a new account: one from the store, or one that is registered on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.opening import Place
from mainstay.gas.meters.actions import install_meter, register_meter
from mainstay.gas.meters.forms import DayField, VolumeField
from mainstay.gas.meters.models import Meter
from mainstay.gas.meters.rules import tidy_number
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account


class OpeningMeterForm(forms.Form):
    """Which meter counts from which index on."""

    meter_no = forms.CharField(
        label=_("Meter number"), max_length=24,
        widget=forms.TextInput({"class": "ms-code", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    first_index = VolumeField(label=_("First index (m³)"), initial="0")
    seal_no = forms.CharField(
        label=_("Seal number"), max_length=30, required=False,
        widget=forms.TextInput({"class": "ms-code", "autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    new = forms.BooleanField(label=_("The meter is new: register it"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=Meter.Kind.choices, help_text=_("This and the following is for a new meter only.")
    )
    maker = forms.CharField(label=_("Maker"), max_length=40, required=False)
    digits = forms.IntegerField(label=_("Digits before the point"), min_value=3, max_value=9, initial=5)
    verified_until = DayField(label=_("Verification valid until"), required=False)

    def __init__(self, *args: Any, place: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place

    def clean_meter_no(self) -> str:
        """The number as it is stored."""
        number = tidy_number(self.cleaned_data["meter_no"])
        if not number:
            raise forms.ValidationError(_("A meter number has 4 to 24 letters and digits."))
        return number

    def clean(self) -> dict[str, Any]:
        """Find the meter in the branch's store or the company's; a number nobody knows must be meant to be new."""
        data: dict[str, Any] = super().clean() or {}
        litres = data.get("first_index") or 0
        data |= {"first_index_l": litres, "first_index": m3(litres)}  # as the check at the end shows it
        number = data.get("meter_no")
        if not number or self.place is None:
            return data
        meter = Meter.objects.filter(meter_no=number).first()
        if meter is None and not data.get("new"):
            self.add_error("meter_no", _("No meter has this number. Check it, or tick below that the meter is new."))
        elif meter is not None and meter.state != Meter.State.STOCK:
            self.add_error(
                "meter_no", _("This meter is not in stock: %(state)s.") % {"state": meter.get_state_display()}
            )
        elif meter is not None and meter.unit_id not in {None, self.place.unit.pk}:
            self.add_error("meter_no", _("This meter lies in the store of another branch."))
        return data | {"meter": meter}


def opening_form() -> type[OpeningMeterForm]:
    """The form of the step."""
    return OpeningMeterForm


def hang(account: Account, data: Mapping[str, Any], by: User) -> None:
    """Hang the meter at the new account, registered first when it is new."""
    meter = data.get("meter") or register_meter(
        meter_no=data["meter_no"],
        unit=account.unit,
        kind=data["kind"],
        maker=data["maker"],
        digits=data["digits"],
        verified_until=data["verified_until"],
        by=by,
    )
    assert account.opened_on is not None  # noqa: S101  # an account is opened on a day
    install_meter(
        account=account, meter=meter, from_on=account.opened_on, first_index_l=data["first_index_l"],
        seal_no=data.get("seal_no") or "", stays=bool(data.get("stays")), by=by,
    )  # fmt: skip
