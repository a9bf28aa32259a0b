"""Tables of the outbox."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse

from mainstay.core.outbox.models import Batch, Message
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, InstantColumn

HUES = {"waiting": "amber", "refused": "red", "sent": "blue", "delivered": "green", "failed": "red"}


class MessageTable(tables.Table):
    """Messages, the latest first; of a phone its last four figures."""

    queued_at = InstantColumn(orderable=False)
    to = tables.Column(orderable=False, attrs={"td": {"class": "text-nowrap"}})
    phone = tables.Column(orderable=False)
    text = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    reason = tables.Column(orderable=False)
    number = CodeColumn(orderable=False)

    class Meta:
        model = Message
        fields = ("queued_at", "to", "phone", "text", "state", "reason", "number")

    def render_phone(self, value: str, record: Message) -> str:
        """Refused ones as they were written, so that somebody can correct them."""
        return value if record.state == Message.State.REFUSED else f"***{value[-4:]}"

    value_phone = render_phone


class BatchTable(tables.Table):
    """Files that were written, the latest first."""

    number = CodeColumn(linkify=lambda record: reverse("outbox:batch_file", args=[record.pk]), orderable=False)
    messages = CountColumn(orderable=False)
    at = InstantColumn(orderable=False)
    by = tables.Column(orderable=False)
    handed_at = InstantColumn(orderable=False)

    class Meta:
        model = Batch
        fields = ("number", "messages", "at", "by", "handed_at")
