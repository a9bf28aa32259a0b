"""The site declaration: reading, checking, and the files that follow from it. Pure: same input, same files."""

from mainstay.continuity.site.rules.declaration import Host, Site
from mainstay.continuity.site.rules.errors import DeclarationError
from mainstay.continuity.site.rules.reading import site_from_data, site_from_text

__all__ = ["DeclarationError", "Host", "Site", "site_from_data", "site_from_text"]
