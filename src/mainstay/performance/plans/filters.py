"""Filters of the lists."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans.models import Contract, Period


class ContractFilter(filters.FilterSet):
    """By period, kind and state; search by number or name."""

    period = filters.ModelChoiceFilter(queryset=Period.objects.exclude(kind__in=["week", "month"]), label=_("period"))
    kind = filters.ChoiceFilter(choices=Contract.Kind.choices, label=_("kind"))
    state = filters.ChoiceFilter(choices=Contract.State.choices, label=_("state"))

    class Meta:
        model = Contract
        fields = ("period", "kind", "state")
