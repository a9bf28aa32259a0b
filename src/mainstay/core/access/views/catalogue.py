"""Who may do what, up to which amount, with whose approval; and the catalogue of actions."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from mainstay.core.access import queries_matrix
from mainstay.core.access.views.common import VIEW_ROLES
from mainstay.kit.dates import local_today
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.web.pages import Button, Page, SignedRequest


class Matrix(Page):
    """Rights down, roles across."""

    title = _("Rights matrix")
    right = VIEW_ROLES
    template_name = "access/matrix.html"
    actions = (Button(_("Export matrix"), "?export=xlsx", icon="file-export"),)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the whole matrix as a sheet: who may do what on this day."""
        return self.sheet() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def sheet(self) -> HttpResponseBase:
        """Rights down, roles across, one cell a scope."""
        found = queries_matrix.rights_matrix()
        heads = [OutColumn(one) for one in (_("right"), _("title"), _("second person"), *map(str, found.roles))]
        rows = ([one.spec.name, str(one.spec.title), one.second, *one.cells] for one in found.lines)
        file = BytesIO()
        write_xlsx(file, self.title, heads, rows)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{self.title}-{local_today()}.xlsx")

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
