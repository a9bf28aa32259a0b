"""Filters of the list of publications."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.core.publications.forms import KINDS
from mainstay.core.publications.models import Publication


class PublicationFilter(filters.FilterSet):
    """By state and kind."""

    state = filters.ChoiceFilter(choices=Publication.State.choices, label=_("State"))
    kind = filters.ChoiceFilter(choices=KINDS, label=_("Kind"))

    class Meta:
        model = Publication
        fields = ("state", "kind")
