"""Who may do what, up to which amount, with whose approval; and the catalogue of actions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.access import queries_matrix
from mainstay.core.access.views.common import VIEW_ROLES
from mainstay.web.pages import Page


class Matrix(Page):
    """Rights down, roles across."""

    title = _("Rights matrix")
    right = VIEW_ROLES
    template_name = "access/matrix.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the matrix, narrowed to a part of the product when asked."""
        part = self.request.GET.get("part", "")
        return super().context(
            matrix=queries_matrix.rights_matrix(part), part=part, parts=queries_matrix.parts(), **extra
        )


class Catalogue(Page):
    """Every action and right by part."""

    title = _("Catalogue of actions")
    right = VIEW_ROLES
    template_name = "access/catalogue.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the catalogue."""
        return super().context(groups=queries_matrix.catalogue_by_part(), **extra)
