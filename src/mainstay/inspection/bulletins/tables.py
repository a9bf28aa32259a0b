"""Tables of papers."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.bulletins.states import PAPER
from mainstay.web.pages import BadgeColumn, CodeColumn, InstantColumn


class PaperTable(tables.Table):
    """Summaries and bulletins."""

    title = tables.Column(linkify=True, orderable=False)
    kind = tables.Column(orderable=False)
    campaign = tables.Column(orderable=False)
    state = BadgeColumn(hues=PAPER.hues, orderable=False)
    number = CodeColumn(accessor="document__number", verbose_name=_("Number of the paper"), orderable=False)
    drafted_by = tables.Column(orderable=False)
    issued_at = InstantColumn(orderable=False)

    class Meta:
        model = Paper
        fields = ("title", "kind", "campaign", "state", "number", "drafted_by", "issued_at")
