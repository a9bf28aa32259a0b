"""What people enter when accounts are opened, transferred and closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.accounts.queries import last_indexes
from mainstay.gas.customers.forms import CustomerForm, OpeningCustomerForm, offer_branches
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.customers.queries import Obstacle
from mainstay.gas.meters.forms import DayField, VolumeField
from mainstay.gas.meters.models import Installation
from mainstay.kit.dates import local_today
from mainstay.kit.volume import m3

BALANCES = (
    ("refund", _("it was paid back, or there is none")),
    ("move", _("move it to the new account")),
    ("keep", _("it stays with the old account")),
)


class LeavingForm(forms.Form):
    """The last index of each meter, the day, the reason."""

    on = DayField(label=_("Day of the last reading"), initial=local_today)
    reason = forms.CharField(label=_("Reason"), max_length=200)
    doubts_known = forms.BooleanField(
        label=_("I have checked the indexes: they are right although they look unlikely"), required=False
    )

    def __init__(self, *args: Any, installations: Sequence[Installation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = [one.pk for one in installations]
        read = last_indexes(installations)
        for one in installations:
            label = _("Last index of meter %(number)s (m³)") % {"number": one.meter.meter_no}
            last = read.get(one.pk) or (one.first_index_l, one.from_on)
            told = _("Read last: %(index)s m³ on %(day)s.") % {"index": m3(last[0]), "day": last[1].isoformat()}
            self.fields[f"index_{one.pk}"] = VolumeField(label=label, help_text=told)
        self.order_fields(["on", *(f"index_{key}" for key in self.keys), "reason", "doubts_known"])

    @property
    def indexes(self) -> dict[int, int]:
        """Litres by key of the installation."""
        return {key: self.cleaned_data[f"index_{key}"] for key in self.keys}


class DespiteForm(forms.Form):
    """What may stay although the account closes: the clerk ticks each, knowing it."""

    def __init__(self, *args: Any, obstacles: Sequence[Obstacle], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_stay = [one for one in obstacles if one.may_stay]
        for one in self.may_stay:
            self.fields[f"stays_{one.key}"] = forms.BooleanField(
                label=_("It stays so: %(what)s") % {"what": one.text}, required=False
            )

    @property
    def despite(self) -> list[str]:
        """Keys of what was ticked."""
        return [one.key for one in self.may_stay if self.cleaned_data.get(f"stays_{one.key}")]


class TransferForm(OpeningCustomerForm, DespiteForm):
    """Who takes over, for how many persons, and what becomes of the advance."""

    persons = forms.IntegerField(label=_("Persons"), min_value=1, max_value=99, initial=3)
    balance = forms.ChoiceField(label=_("The old customer's advance"), choices=BALANCES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: User, obstacles: Sequence[Obstacle], **kwargs: Any) -> None:
        kept = [one for one in obstacles if one.key != "advance"]  # the choice of the balance speaks of it
        super().__init__(*args, user=user, obstacles=kept, **kwargs)
        self.order_fields([*OpeningCustomerForm.field_order, "persons", "balance"])

    @property
    def customer(self) -> Customer | dict[str, Any]:
        """The customer we have, or the facts of a new one."""
        data = self.cleaned_data
        return data.get("customer") or {name: data[name] for name in ("kind", "name", "phone", "id_no")}


class ApplicationForm(CustomerForm):
    """What somebody applies for."""

    address = forms.CharField(label=_("Address as told"), max_length=160)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("account", "Branch"))
    category = forms.ChoiceField(label=_("Category"), choices=Account.Category.choices)
    wished_on = DayField(label=_("Wished for"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self.fields["unit"], units_visible_to(user, "gas.accounts.file_application"))


class WithdrawForm(forms.Form):
    """Why a case is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput({"autofocus": True}))
