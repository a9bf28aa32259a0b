"""What to say of a file that is above the limit for uploads."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

MEGABYTE = 1024 * 1024


def too_large() -> Problem:
    """The problem to tell when a file is above the limit."""
    limit = settings.UPLOAD_LIMIT // MEGABYTE
    text = _("The file is larger than %(limit)s MB. Split it, or send it without pictures.")
    return Problem(text % {"limit": limit}, field="file", code="too_large")
