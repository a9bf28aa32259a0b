"""The inbox of approvals."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.queries import title_of
from mainstay.core.workflow.states import APPROVAL
from mainstay.web.pages import BadgeColumn, CodeColumn, InstantColumn, MoneyColumn


class ApprovalTable(tables.Table):
    """Requests."""

    action = tables.Column(linkify=("workflow:approval_detail", [tables.A("pk")]), orderable=False)
    subject = CodeColumn(orderable=False)
    requested_by = tables.Column(orderable=False)
    requested_at = InstantColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    state = BadgeColumn(hues=APPROVAL.hues, orderable=False)

    class Meta:
        model = Approval
        fields = ("action", "subject", "amount_fen", "requested_by", "requested_at", "state")
        order_by = "-id"

    def render_action(self, record: Approval) -> Any:
        """Show the words of the act."""
        return title_of(record)
