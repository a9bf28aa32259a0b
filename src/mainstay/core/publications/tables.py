"""The list of publications."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.publications.models import Publication
from mainstay.core.publications.states import PUBLICATION
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn


class PublicationTable(tables.Table):
    """Texts by code and version."""

    code = CodeColumn(linkify=("publications:publication_detail", [tables.A("pk")]))
    title = tables.Column(accessor="title", verbose_name=_("title"), orderable=False)
    version = CountColumn(orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=PUBLICATION.hues, orderable=False)
    published_at = InstantColumn()
    acknowledge_by = DayColumn()

    class Meta:
        model = Publication
        fields = ("code", "title", "version", "unit", "state", "published_at", "acknowledge_by")
