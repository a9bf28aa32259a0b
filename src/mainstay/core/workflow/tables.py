"""The inbox of approvals."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.queries import Thing, title_of
from mainstay.core.workflow.states import APPROVAL
from mainstay.web.pages import BadgeColumn, InstantColumn, MoneyColumn


class ApprovalTable(tables.Table):
    """Requests."""

    action = tables.Column(linkify=("workflow:approval_detail", [tables.A("pk")]), orderable=False)
    subject = tables.Column(
        empty_values=(), orderable=False, linkify=lambda table, record: table.things[record.pk].href or None
    )
    requested_by = tables.Column(orderable=False)
    requested_at = InstantColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    state = BadgeColumn(hues=APPROVAL.hues, orderable=False)

    class Meta:
        model = Approval
        fields = ("action", "subject", "amount_fen", "requested_by", "requested_at", "state")
        order_by = "-id"

    things: ClassVar[dict[int, Thing]] = {}

    def render_subject(self, record: Approval) -> str:
        """What it is about, in its own words."""
        return self.things[record.pk].text or "–"

    value_subject = render_subject

    def render_action(self, record: Approval) -> Any:
        """Show the words of the act."""
        return title_of(record)
