"""Tables of meters."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.meters.states import METER
from mainstay.kit import masking
from mainstay.web.pages import BadgeColumn, CodeColumn, DayColumn, VolumeColumn
from mainstay.web.pages.addresses import place


def account_url(pk: int | None) -> str:
    """The page of an account; "" without one."""
    try:
        return place("customers:account_detail", pk) if pk else ""
    except NoReverseMatch:
        return ""


class MeterTable(tables.Table):
    """Meters by number."""

    meter_no = CodeColumn(linkify=True)
    kind = tables.Column(orderable=False)
    maker = tables.Column(orderable=False)
    state = BadgeColumn(hues=METER.hues, orderable=False)
    unit = tables.Column(verbose_name=_("Branch"), orderable=False, default=_("company store"))
    account_no = CodeColumn(
        verbose_name=_("At account"), orderable=False, linkify=lambda record: account_url(record.at_account) or None
    )
    verified_until = DayColumn(orderable=False)

    class Meta:
        model = Meter
        fields = ("meter_no", "kind", "maker", "state", "unit", "account_no", "verified_until")


class DueTable(tables.Table):
    """Meters that hang, by the end of their verification."""

    meter_no = CodeColumn(
        accessor="meter__meter_no", verbose_name=_("Meter number"), orderable=False,
        linkify=("meters:meter_detail", [tables.A("meter_id")]),
    )  # fmt: skip
    verified_until = DayColumn(
        accessor="meter__verified_until", verbose_name=_("Verification valid until"), orderable=False
    )
    kind = tables.Column(accessor="meter__get_kind_display", verbose_name=_("Kind"), orderable=False)
    maker = tables.Column(accessor="meter__maker", verbose_name=_("Maker"), orderable=False)
    account_no = CodeColumn(
        accessor="account__account_no", verbose_name=_("Account number"), orderable=False,
        linkify=lambda record: account_url(record.account_id) or None,
    )  # fmt: skip
    address = tables.Column(accessor="account__premise__address", verbose_name=_("Address of use"), orderable=False)
    unit = tables.Column(accessor="meter__unit", verbose_name=_("Branch"), orderable=False)
    from_on = DayColumn(verbose_name=_("Hangs since"), orderable=False)

    class Meta:
        model = Installation
        fields = ("meter_no", "verified_until", "kind", "maker", "account_no", "address", "unit", "from_on")

    def render_address(self, value: str) -> str:
        """The address without the room."""
        return masking.address(value)

    def value_address(self, value: str) -> str:
        """The same in a sheet."""
        return masking.address(value)


class InstallationTable(tables.Table):
    """Where a meter hung, or which meters an account had."""

    meter_no = CodeColumn(
        accessor="meter__meter_no", verbose_name=_("Meter number"), orderable=False,
        linkify=("meters:meter_detail", [tables.A("meter_id")]),
    )  # fmt: skip
    account_no = CodeColumn(
        accessor="account__account_no", verbose_name=_("Account number"), orderable=False,
        linkify=lambda record: account_url(record.account_id) or None,
    )  # fmt: skip
    address = tables.Column(accessor="account__premise__address", verbose_name=_("Address of use"), orderable=False)
    kind = tables.Column(accessor="meter__get_kind_display", verbose_name=_("Kind"), orderable=False)
    from_on = DayColumn(verbose_name=_("Hangs since"), orderable=False)
    until_on = DayColumn(verbose_name=_("Taken down on"), orderable=False)
    first_index_l = VolumeColumn(verbose_name=_("First index (m³)"), orderable=False)
    last_index_l = VolumeColumn(verbose_name=_("Last index (m³)"), orderable=False)
    master = CodeColumn(
        accessor="master__meter__meter_no", verbose_name=_("Master meter"), orderable=False,
        linkify=lambda record: record.master and record.master.meter.get_absolute_url(),
    )  # fmt: skip
    verified_until = DayColumn(
        accessor="meter__verified_until", verbose_name=_("Verification valid until"), orderable=False
    )
    acts = tables.Column(
        empty_values=(), verbose_name="", orderable=False, exclude_from_export=True, attrs={"td": {"class": "ms-num"}}
    )

    class Meta:
        model = Installation
        fields = (
            "meter_no", "kind", "account_no", "address", "from_on", "until_on", "first_index_l", "last_index_l",
            "master", "verified_until", "acts",
        )  # fmt: skip

    def __init__(self, *args: Any, may: dict[str, bool] | None = None, **kwargs: Any) -> None:
        self.may = may or {}
        super().__init__(*args, **kwargs)

    def render_address(self, value: str) -> str:
        """The address without the room."""
        return masking.address(value)

    def render_acts(self, record: Installation) -> Any:
        """What can be done with a meter that hangs; the paper of one that came down."""
        words: dict[str, Any] = {
            "meter_exchange": pgettext("meter", "Exchange"),
            "meter_remove": pgettext("meter", "Remove"),
        }
        if record.until_on is not None:
            words = {"change_paper": _("Print paper")}
        links = [
            (reverse(f"meters:{name}", args=[record.pk]), word) for name, word in words.items() if self.may.get(name)
        ]
        return format_html_join(" · ", '<a href="{}">{}</a>', links)
