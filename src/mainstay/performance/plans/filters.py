"""Filters of the lists."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.performance.plans.models import BudgetLine, Contract, Period, Target


class ContractFilter(filters.FilterSet):
    """By period, kind and state; search by number or name."""

    period = filters.ModelChoiceFilter(
        queryset=Period.objects.exclude(kind__in=["week", "month"]), label=pgettext_lazy("plan", "period")
    )
    kind = filters.ChoiceFilter(choices=Contract.Kind.choices, label=_("kind"))
    state = filters.ChoiceFilter(choices=Contract.State.choices, label=_("state"))

    class Meta:
        model = Contract
        fields = ("period", "kind", "state")


class TargetFilter(filters.FilterSet):
    """By period and state of the contract."""

    period = filters.ModelChoiceFilter(
        field_name="contract__period",
        queryset=Period.objects.exclude(kind__in=["week", "month"]),
        label=pgettext_lazy("plan", "period"),
    )
    state = filters.ChoiceFilter(field_name="contract__state", choices=Contract.State.choices, label=_("state"))

    class Meta:
        model = Target
        fields = ("period", "state")


class BudgetFilter(filters.FilterSet):
    """By period and account."""

    period = filters.ModelChoiceFilter(
        queryset=Period.objects.exclude(kind="week"), label=pgettext_lazy("plan", "period")
    )

    class Meta:
        model = BudgetLine
        fields = ("period", "account")
