"""Where copies go: the repositories of this installation, the password of the off-site one, the signing key.

`cryptography` is imported where it is used: every process loads this module, few write a copy.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from mainstay.continuity.backup.store import Repository

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOCAL, OFFSITE = "local", "offsite"
PASSWORD, SIGNING = "backup.key", "backup-signing.key"


def repositories() -> list[Repository]:
    """The local repository, and the encrypted off-site one where a folder is set for it."""
    signer = signing_key()
    found = [Repository(LOCAL, Path(settings.BACKUP_FOLDER), signer=signer)]
    if settings.BACKUP_OFFSITE:
        found.append(Repository(OFFSITE, Path(settings.BACKUP_OFFSITE), password(), signer))
    return found


def repository(name: str = "") -> Repository:
    """The named repository; without a name the off-site one where there is one. Raises KeyError."""
    found = {one.name: one for one in repositories()}
    return found[name] if name else found.get(OFFSITE, found[LOCAL])


def password() -> str:
    """What encrypts the off-site repository: drawn once, into a file only its owner can read.

    Without this file nobody can restore from off-site; it has to be kept where the backups are not.
    """
    path = Path(settings.BACKUP_KEY_FILE)
    if not path.exists():
        _draw(path, secrets.token_urlsafe(32).encode())
    return path.read_text(encoding="utf-8").strip()


def signing_key() -> Ed25519PrivateKey:
    """The key that signs copies; drawn once."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = Path(settings.DATA) / SIGNING
    if not path.exists():
        key = Ed25519PrivateKey.generate()
        _draw(path, key.private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def public_key() -> Ed25519PublicKey | None:
    """What signatures are checked with; None on a machine that has never made a copy: there the pieces' own hashes
    are checked, but not who wrote the list."""
    path = Path(settings.DATA) / SIGNING
    return signing_key().public_key() if path.exists() else None


def public_text() -> str:
    """The public key as a line of text, to be written down."""
    return signing_key().public_key().public_bytes_raw().hex()


def _draw(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
