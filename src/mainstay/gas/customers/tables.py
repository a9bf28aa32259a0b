"""Lists of accounts and areas. Personal data is masked here; the account page shows it on request."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.gas.customers.models import Account, Area
from mainstay.gas.customers.states import HUES
from mainstay.kit import masking
from mainstay.web.pages import BadgeColumn, CodeColumn, DayColumn, NameColumn
from mainstay.web.pages.addresses import place

CHANGE_AREA = "gas.customers.change_area"


class AccountTable(tables.Table):
    """Accounts in the order of an index: no column sorts a million rows."""

    account_no = CodeColumn(linkify=True, orderable=False)
    name = NameColumn(accessor="customer__shown_name", verbose_name=pgettext_lazy("customer", "name"), orderable=False)
    address = tables.Column(
        accessor="premise__address", verbose_name=pgettext_lazy("account", "address"), orderable=False
    )
    phone = CodeColumn(accessor="customer__phone", verbose_name=pgettext_lazy("customer", "phone"), orderable=False)
    category = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    unit = tables.Column(orderable=False)
    opened_on = DayColumn(orderable=False)

    class Meta:
        model = Account
        fields = ("account_no", "name", "address", "phone", "category", "state", "unit", "opened_on")

    def render_address(self, value: str) -> str:
        """Without the room."""
        return masking.address(value)

    def render_phone(self, value: str) -> str:
        """Beginning and end."""
        return masking.phone(value)

    value_address, value_phone = render_address, render_phone


class OtherAccountTable(tables.Table):
    """Further accounts of one customer."""

    account_no = CodeColumn(linkify=True, orderable=False)
    address = tables.Column(
        accessor="premise__address", verbose_name=pgettext_lazy("account", "address"), orderable=False
    )
    state = BadgeColumn(hues=HUES, orderable=False)
    unit = tables.Column(orderable=False)

    class Meta:
        model = Account
        fields = ("account_no", "address", "state", "unit")

    def render_address(self, value: str) -> str:
        """Without the room."""
        return masking.address(value)


class AreaTable(tables.Table):
    """Districts and communities."""

    name = tables.Column(verbose_name=_("Name of the area"), orderable=False)
    kind = tables.Column(orderable=False)
    parent = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)

    class Meta:
        model = Area
        fields = ("name", "kind", "parent", "unit")

    @cached_property
    def reach(self) -> list[int] | None:
        """Branches whose areas the reader may change, None for all."""
        return rights.unit_ids(self.request.user, CHANGE_AREA)

    def render_name(self, record: Area) -> str:
        """The name; for who may change areas it leads to the form."""
        if self.reach is not None and record.unit_id not in self.reach:
            return record.name
        return format_html('<a href="{}">{}</a>', place("customers:area_change", record.pk), record.name)

    def value_name(self, value: str) -> str:
        """In a sheet only the name."""
        return value
