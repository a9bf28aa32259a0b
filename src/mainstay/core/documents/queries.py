"""Reads about papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.models import Document
from mainstay.core.door import register_right, rights

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("core.documents.view_document", _("View documents"))
PRINT = "core.documents.print_document"


def visible_to(user: User, right: str = VIEW) -> QuerySet[Document]:
    """Papers of the units the user may see with a right."""
    ids = rights.unit_ids(user, right)
    rows = Document.objects.select_related("issued_by__person")
    return rows if ids is None else rows.filter(Q(unit_id__in=ids))
