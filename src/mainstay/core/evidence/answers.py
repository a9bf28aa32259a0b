"""Kept files as answers: always to save, never shown inside the site."""

from __future__ import annotations

from django.http import FileResponse

from mainstay.core.evidence.actions import open_file
from mainstay.core.evidence.models import Attachment


def download(attachment: Attachment) -> FileResponse:
    """Answer with the file as a download. The caller has checked that the person may have it."""
    response = FileResponse(
        open_file(attachment.file),
        as_attachment=True,
        filename=attachment.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
