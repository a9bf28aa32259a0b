"""Which imports a person may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from mainstay.core.door import rights
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import import_kinds

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def imports_visible_to(user: User) -> QuerySet[SheetImport]:
    """Imports of the kinds and units in the user's hands, and the user's own."""
    match = Q(pk=None)
    for kind in import_kinds():
        if rights.allowed(user, kind.right):
            ids = rights.unit_ids(user, kind.right)
            reach = Q() if ids is None else Q(unit_id__in=ids) | Q(by=user.pk)
            match |= Q(kind=kind.kind) & reach
    return SheetImport.objects.filter(match).select_related("source__file", "by__person")
