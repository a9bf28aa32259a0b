"""The list of papers."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.models import Document
from mainstay.core.documents.papers import kind_name
from mainstay.web.pages import BadgeColumn, CodeColumn, InstantColumn

HUES = {Document.State.ISSUED: "green", Document.State.VOID: "red"}


class DocumentTable(tables.Table):
    """Papers, newest first."""

    number = CodeColumn(linkify=("documents:document_detail", [tables.A("pk")]), orderable=False)
    kind = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    issued_by = tables.Column(orderable=False)
    issued_at = InstantColumn(orderable=False)
    prints = tables.Column(orderable=False, verbose_name=_("prints"))

    class Meta:
        model = Document
        fields = ("number", "kind", "state", "issued_by", "issued_at", "prints")
        order_by = "-id"

    def render_kind(self, value: str) -> str:
        """Its name."""
        return kind_name(value)
