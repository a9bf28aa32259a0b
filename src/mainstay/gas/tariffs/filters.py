"""Filters of the list of tariff plans."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs.models import Plan


class PlanFilter(filters.FilterSet):
    """By whom the plan is for."""

    category = filters.ChoiceFilter(choices=Account.Category.choices, label=_("Category of use"))

    class Meta:
        model = Plan
        fields = ("category",)
