"""Keeping uploaded files."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, undo_with
from mainstay.core.evidence.models import Attachment, File
from mainstay.core.evidence.scanning import scan
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.kit.uploads import too_large

if TYPE_CHECKING:
    from mainstay.core.access.models import User

_CHUNK = 256 * 1024
_SIGNATURES = {
    b"PK\x03\x04": "application/zip",
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n": "image/png",
}


@action(
    "core.evidence.store_file", title=_("Keep an uploaded file"), subject=lambda subject, **_f: subject, everyone=True
)
def store_file(*, file: BinaryIO, name: str, subject: str, by: User) -> Attachment:
    """Keep a file under the hash of its content and attach it to `subject` ("sheets.sheetimport:7").

    The same content is kept once. Raises Problem for an empty file, one above the limit, and one that the virus scanner
    finds fault with or does not answer about; such a file stays quarantined.
    """
    path, digest, size, head = _write(file)
    try:
        stored = _stored(path, digest, size, head)
    finally:
        path.unlink(missing_ok=True)
    attachment = Attachment.objects.create(file=stored, subject=subject[:80], name=_plain_name(name), by=by)
    note_change(after={"file": digest, "size": size, "scan": stored.scan})
    return attachment


def file_path(file: File) -> Path:
    """Where the content of a file lies."""
    return Path(settings.DATA) / "files" / file.digest[:2] / file.digest


def open_file(file: File) -> BinaryIO:
    """Open a kept file for reading. Raises Problem for one in quarantine."""
    if file.scan == File.Scan.QUARANTINED:
        raise _quarantined()
    return file_path(file).open("rb")


def _write(source: BinaryIO) -> tuple[Path, str, int, bytes]:
    """Copy to a temporary file beside the others; returns its path, hash, size and first bytes."""
    folder = Path(settings.DATA) / "files"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sha, size, head = hashlib.sha256(), 0, b""
    descriptor, name = tempfile.mkstemp(dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as target:
            for chunk in _chunks(source):
                head = head or chunk[:16]
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    raise too_large()
                sha.update(chunk)
                target.write(chunk)
        if not size:
            raise Problem(_("The file is empty."), field="file", code="empty")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, sha.hexdigest(), size, head


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    source.seek(0)
    while chunk := source.read(_CHUNK):
        yield chunk


def _stored(path: Path, digest: str, size: int, head: bytes) -> File:
    lock("evidence.file", _number(digest))
    known = File.objects.filter(digest=digest).first()
    if known and known.scan != File.Scan.QUARANTINED and file_path(known).exists():
        return known
    result = scan(path, settings.CLAMD)
    file = known or File(digest=digest, size=size, media_type=_media_type(head))
    file.scan = result
    target = file_path(file)
    target.parent.mkdir(mode=0o700, exist_ok=True)
    path.replace(target)
    if result == File.Scan.QUARANTINED:
        # The act is undone, the file stays where it is: nothing refers to it and nothing opens it.
        raise _quarantined()
    undo_with(lambda: _forget(digest))
    file.save()
    return file


def _forget(digest: str) -> None:
    """Remove bytes whose row was undone with the act; the lock lets whoever keeps the same content finish first."""
    if connection.needs_rollback:
        return
    with transaction.atomic():
        lock("evidence.file", _number(digest))
        if not File.objects.filter(digest=digest).exists():
            file_path(File(digest=digest)).unlink(missing_ok=True)


def _number(digest: str) -> int:
    return int(digest[:15], 16)


def _quarantined() -> Problem:
    text = _("The virus scanner does not clear this file; it is kept in quarantine. Ask your system administrator.")
    return Problem(text, field="file", code="quarantined")


def _media_type(head: bytes) -> str:
    """By content, never by what the browser says."""
    return next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), "application/octet-stream")


def _plain_name(name: str) -> str:
    """A file name without folders and control characters."""
    plain = "".join(character for character in Path(name.replace("\\", "/")).name if character.isprintable())
    return plain.strip()[-200:] or "file"
