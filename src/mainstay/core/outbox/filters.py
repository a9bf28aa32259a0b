"""Filters of the outbox."""

import django_filters as filters

from mainstay.core.outbox.models import Message


class MessageFilter(filters.FilterSet):
    """By state."""

    class Meta:
        model = Message
        fields = ("state",)
