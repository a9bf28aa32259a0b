"""The upload limit, enforced while a file streams in: what is too large is never written anywhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class Limit(FileUploadHandler):
    """First of the upload handlers: lets chunks through to the next one until the limit is reached."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count; beyond the limit drop the file and note it on the request."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_LIMIT:
            self.request.upload_too_large = self.file_name  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
        return
