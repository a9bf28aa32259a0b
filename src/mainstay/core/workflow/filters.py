"""Filters of the inbox of approvals."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.models import Approval


class ApprovalFilter(filters.FilterSet):
    """By state."""

    state = filters.ChoiceFilter(choices=Approval.State.choices, label=_("State"))

    class Meta:
        model = Approval
        fields = ("state",)
