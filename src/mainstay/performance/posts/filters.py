"""Filters of posts and processes."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Post, Unit
from mainstay.performance.posts.models import WorkProcess


class PostFilter(filters.FilterSet):
    """By unit."""

    unit = filters.ModelChoiceFilter(queryset=Unit.objects.filter(closed_on=None), label=_("Unit"))

    class Meta:
        model = Post
        fields = ("unit",)


class ProcessFilter(filters.FilterSet):
    """By state and unit."""

    state = filters.ChoiceFilter(choices=WorkProcess.State.choices, label=_("State"))
    unit = filters.ModelChoiceFilter(queryset=Unit.objects.filter(closed_on=None), label=_("Unit"))

    class Meta:
        model = WorkProcess
        fields = ("state", "unit")
