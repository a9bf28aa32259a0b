"""What people enter about customers, addresses and accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.customers.models import Account, Area, Customer
from mainstay.gas.customers.queries import areas_named, same_customer
from mainstay.kit.dates import local_today

_CODE = {"class": "ms-code", "autocomplete": "off", "spellcheck": "false"}
_OFF = {"autocomplete": "off"}
OPEN = "gas.customers.open_account"


class CommunityInput(forms.TextInput):
    """A text with suggestions that come while typing; a list of all communities would be too long to load."""

    template_name = "customers/community.html"

    def __init__(self) -> None:
        super().__init__(
            {
                "list": "communities",
                "autocomplete": "off",
                "hx-get": reverse_lazy("customers:area_options"),
                "hx-trigger": "input changed delay:150ms, focus once",
                "hx-target": "#communities",
                "hx-sync": "this:replace",
            }
        )


class CommunityField(forms.CharField):
    """The name, or the initials, of a community; gives the area."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, widget=CommunityInput(), **kwargs)

    def clean(self, value: Any) -> Area:
        """The area of this name; several or none are said with what to do."""
        text = "".join(super().clean(value).split())
        found = areas_named(text)
        if len(found) == 1:
            return found[0]
        if found:
            names = "、".join(str(area) for area in found)
            raise forms.ValidationError(_("Several communities match: %(names)s. Choose one.") % {"names": names})
        raise forms.ValidationError(
            _("There is no community “%(name)s”. Choose one, or create it first.") % {"name": text}
        )

    def prepare_value(self, value: Any) -> Any:
        """Show an area by its name."""
        return value.name if isinstance(value, Area) else value


class CustomerForm(forms.Form):
    """A person or firm."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Customer.Kind.choices)
    name = forms.CharField(label=pgettext_lazy("customer", "Name"), max_length=80, widget=forms.TextInput(_OFF))
    phone = forms.CharField(
        label=pgettext_lazy("customer", "Phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput({**_CODE, "inputmode": "tel"}),
    )
    id_no = forms.CharField(label=_("ID or credit code"), max_length=30, required=False, widget=forms.TextInput(_CODE))


class OpeningCustomerForm(CustomerForm):
    """The customer of a new account: one we have, named by an account of his, or a new one."""

    existing = forms.CharField(
        label=_("Account number of a customer we have"), max_length=12, required=False,
        widget=forms.TextInput({**_CODE, "inputmode": "numeric"}),
        help_text=_("For a further account of the same customer; leave the rest empty then."),
    )  # fmt: skip
    another = forms.BooleanField(label=_("It is another person of the same name and phone"), required=False)
    field_order = ("existing", "kind", "name", "phone", "id_no", "another")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["name"].required = False

    def clean(self) -> dict[str, Any]:
        """Find the customer, or see to it that a new one has a name and is not there already."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("existing"):
            return data | {"customer": self._found(data["existing"])}
        if not data.get("name"):
            self.add_error("name", _("Enter the customer's name, or an account number he has."))
        elif not data.get("another"):
            self._warn_of_double(data)
        return data

    def _found(self, number: str) -> Customer | None:
        account = (
            Account.objects.visible_to(self.user, OPEN).select_related("customer").filter(account_no=number).first()
        )
        if account is None:
            self.add_error("existing", _("There is no account %(number)s in your branches.") % {"number": number})
        return account.customer if account else None

    def _warn_of_double(self, data: dict[str, Any]) -> None:
        there = same_customer(self.user, data["name"], data.get("phone", ""))
        if there is not None:
            text = _(
                "A customer of this name and phone has account %(number)s. Enter that number above, or tick below that "
                "this is another person."
            )
            self.add_error("name", text % {"number": there.account_no})


class PlaceForm(forms.Form):
    """An address: community, building, entrance, room."""

    community = CommunityField(label=_("Community or street"))
    building = forms.CharField(label=_("Building"), max_length=10, required=False, widget=forms.TextInput(_OFF))
    entrance = forms.CharField(label=_("Entrance"), max_length=10, required=False, widget=forms.TextInput(_OFF))
    room = forms.CharField(label=_("Room"), max_length=10, required=False, widget=forms.TextInput(_OFF))
    address = forms.CharField(
        label=_("Address as written"), max_length=160, required=False, widget=forms.TextInput(_OFF),
        help_text=_("Left empty it is put together from the fields above."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A community alone is no address."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("community") and not any(data.get(name) for name in ("building", "room", "address")):
            self.add_error("room", _("Enter building and room, or the address as it is written."))
        return data


class OpeningPlaceForm(PlaceForm):
    """Where gas is used, which branch serves it, as what, and from when."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("account", "Branch"))
    category = forms.ChoiceField(label=_("Category"), choices=Account.Category.choices)
    opened_on = forms.DateField(
        label=_("Opened on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), initial=local_today
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self.fields["unit"], units_visible_to(user, OPEN))


def offer_branches(field: Any, units: QuerySet[Unit]) -> None:
    """Offer branches that are open. The one that all others lie below is chosen already, unless it is the company."""
    field.queryset = units.filter(closed_on=None).order_by("path")
    found = list(field.queryset)
    choices: list[tuple[Any, Any]] = [(one.pk, str(one)) for one in found]
    if found and found[0].parent_id and all(one.path.startswith(found[0].path) for one in found):
        field.initial = found[0].pk
    else:
        choices.insert(0, ("", field.empty_label))
    field.choices = choices


class AccountForm(forms.Form):
    """Kind of use and note."""

    category = forms.ChoiceField(
        label=_("Category"), choices=Account.Category.choices, help_text=_("Prices follow the billing terms, not this.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class ReasonForm(forms.Form):
    """Why an account is stopped or goes on."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput({"autofocus": True}))


class SuspendForm(ReasonForm):
    """Why an account is stopped, and until when it shall be."""

    until_on = forms.DateField(
        label=_("Foreseen until"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Before that day somebody is reminded to restore the account, or to prolong."),
    )  # fmt: skip


class AreaForm(forms.Form):
    """A district or community by name."""

    name = forms.CharField(label=_("Name of the area"), max_length=60, widget=forms.TextInput(_OFF))
    parent = forms.ModelChoiceField(Area.objects.filter(kind=Area.Kind.DISTRICT), label=_("Lies in"), required=False)


class NewAreaForm(AreaForm):
    """A new area and the branch that serves it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Area.Kind.choices, initial=Area.Kind.COMMUNITY)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("account", "Branch"))
    field_order = ("kind", "name", "parent", "unit")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_visible_to(user, "gas.customers.create_area").filter(closed_on=None).order_by("path")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
