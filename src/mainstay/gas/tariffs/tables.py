"""Tables of tariffs."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.gas.tariffs.models import Plan, Terms
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, PriceColumn

YES_NO = {True: _("yes"), False: _("no")}


class PlanTable(tables.Table):
    """Plans by code."""

    code = CodeColumn(linkify=True)
    name = tables.Column(accessor="name", verbose_name=_("name"), orderable=False)
    category = tables.Column(verbose_name=_("for"), orderable=False)
    since_on = DayColumn(verbose_name=_("present prices since"), orderable=False)
    newest_on = DayColumn(verbose_name=_("newest version from"), orderable=False)
    version_count = CountColumn(verbose_name=_("versions"), orderable=False)

    class Meta:
        model = Plan
        fields = ("code", "name", "category", "since_on", "newest_on", "version_count")
        order_by = "code"


class TermsTable(tables.Table):
    """What an account is and was billed by."""

    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    plan = tables.Column(linkify=True, orderable=False)
    persons = CountColumn(orderable=False)
    low_income = BadgeColumn(hues={True: "blue"}, words=YES_NO, orderable=False)
    heating = BadgeColumn(hues={True: "amber"}, words=YES_NO, orderable=False)
    contract_price_e4 = PriceColumn(verbose_name=_("agreed price (yuan/m³)"), orderable=False)

    class Meta:
        model = Terms
        fields = ("from_on", "until_on", "plan", "persons", "low_income", "heating", "contract_price_e4")
