"""The declaration this installation runs by."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.files import load
from mainstay.continuity.site.rules import Site
from mainstay.core.door import register_right

VIEW = register_right("continuity.site.view_site", _("View the site declaration"))


def declared() -> Site | None:
    """The site of the setting MAINSTAY_SITE, None where there is no such file. Raises DeclarationError."""
    path = Path(settings.SITE_FILE)
    return load(path) if path.exists() else None
