"""Filters of calibration and consequences."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.performance.appraisal.models import Appraisal, Consequence


class CalibrationFilter(filters.FilterSet):
    """By unit, grade, box, state."""

    unit = filters.ModelChoiceFilter(queryset=Unit.objects.filter(closed_on=None), label=_("Unit"))
    grade = filters.CharFilter(label=_("Grade"))
    box = filters.ChoiceFilter(choices=[(number, str(number)) for number in range(1, 10)], label=_("Box"))
    state = filters.ChoiceFilter(choices=Appraisal.State.choices, label=_("State"))

    class Meta:
        model = Appraisal
        fields = ("unit", "grade", "box", "state")


class ConsequenceFilter(filters.FilterSet):
    """By kind and state."""

    kind = filters.ChoiceFilter(choices=Consequence.Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Consequence.State.choices, label=_("State"))

    class Meta:
        model = Consequence
        fields = ("kind", "state")
