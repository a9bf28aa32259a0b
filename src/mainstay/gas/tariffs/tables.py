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
    name = tables.Column(accessor="name", verbose_name=_("Plan name"), orderable=False)
    category = tables.Column(verbose_name=_("Category of use"), orderable=False)
    since_on = DayColumn(verbose_name=_("Present prices since"), orderable=False)
    newest_on = DayColumn(verbose_name=_("Newest version from"), orderable=False)
    version_count = CountColumn(verbose_name=_("Versions"), orderable=False)

    class Meta:
        model = Plan
        fields = ("code", "name", "category", "since_on", "newest_on", "version_count")
        order_by = "code"


class TermsTable(tables.Table):
    """What an account is and was billed by."""

    from_on = DayColumn(verbose_name=_("From"), orderable=False)
    until_on = DayColumn(verbose_name=_("Until (not included)"), orderable=False)
    plan = tables.Column(verbose_name=_("Tariff plan"), linkify=True, orderable=False)
    persons = CountColumn(verbose_name=_("Persons"), orderable=False)
    low_income = BadgeColumn(verbose_name=_("Low income"), hues={True: "blue"}, words=YES_NO, orderable=False)
    heating = BadgeColumn(verbose_name=_("Heats with gas"), hues={True: "amber"}, words=YES_NO, orderable=False)
    contract_price_e4 = PriceColumn(verbose_name=_("Agreed price (yuan/m³)"), orderable=False)

    class Meta:
        model = Terms
        fields = ("from_on", "until_on", "plan", "persons", "low_income", "heating", "contract_price_e4")
