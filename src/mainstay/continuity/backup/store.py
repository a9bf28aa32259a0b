"""A repository of copies: files cut into pieces, each piece kept once under its own hash, packed, encrypted off-site.

    format                        what this is, and the salt of the key
    pieces/ab/ab12…               a piece: one letter, then the packed bytes
    copies/20261129T013000Z-4f2a  a list of files and pieces, signed

Every piece is checked against its name whenever it is read, so a changed byte is found; a copy appears last and all at
once, so one that was interrupted is not there.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import hashlib
import hmac
import json
import os
import secrets
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mainstay.continuity.backup.rules import Copy

if TYPE_CHECKING:  # loaded where it is used: every process loads this module, few write a copy
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PIECE = 128 * 1024  # bytes; a multiple of SQLite's page, so that an unchanged stretch of pages is the same piece
LEVEL = 1
FORMAT = "mainstay-backup 1"
NONCE, SALT, SIGNATURE, CHECK = 12, 16, 64, 4
PLAIN, SEALED = b"p", b"s"


class Damaged(Exception):
    """A part of the repository is missing or not what it was; the text names it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a copy: its path in the copy, size in bytes, mode, and the names of its pieces in order."""

    path: str
    size: int
    mode: int
    pieces: tuple[str, ...]


class Repository:
    """One folder. `password` encrypts what is written and names pieces so that nothing can be guessed from them."""

    def __init__(self, name: str, path: Path, password: str = "", signer: Ed25519PrivateKey | None = None) -> None:
        self.name, self.path, self.signer = name, path, signer
        self.encrypted = bool(password)
        self._password = password
        self._keys: tuple[bytes, bytes] | None = None
        self._new: list[Path] = []

    # ------------------------------------------------------------------------------------------------ format, keys

    def exists(self) -> bool:
        """Tell whether there is a repository."""
        return (self.path / "format").exists()

    def begin(self) -> None:
        """Make the folder when there is none."""
        if self.exists():
            return
        for part in ("pieces", "copies"):
            (self.path / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = {"format": FORMAT, "salt": secrets.token_hex(SALT), "encrypted": self.encrypted}
        _write(self.path / "format", json.dumps(facts).encode())

    def _secret(self) -> tuple[bytes, bytes]:
        """The keys that encrypt and that name pieces; drawn from the password once (about 0.1 s)."""
        if self._keys is None:
            salt = bytes.fromhex(self._facts()["salt"])
            if self._facts()["encrypted"] != self.encrypted:
                raise Damaged("format: encrypted and not encrypted do not mix")
            if not self.encrypted:
                self._keys = (b"", b"")
            else:
                from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

                drawn = Scrypt(salt=salt, length=64, n=2**14, r=8, p=1).derive(self._password.encode())
                self._keys = (drawn[:32], drawn[32:])
        return self._keys

    def _facts(self) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads((self.path / "format").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Damaged(f"format: {error}") from error
        if facts.get("format") != FORMAT:
            raise Damaged(f"format: {facts.get('format')!r}")
        return facts

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else write or sweep here meanwhile."""
        self.begin()
        with (self.path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # ------------------------------------------------------------------------------------------------ pieces

    def _name(self, piece: bytes) -> str:
        key = self._secret()[1]
        return hmac.new(key, piece, hashlib.sha256).hexdigest() if key else hashlib.sha256(piece).hexdigest()

    def _place(self, name: str) -> Path:
        return self.path / "pieces" / name[:2] / name

    def _packed(self, piece: bytes) -> bytes:
        body = zlib.compress(piece, LEVEL)
        if not self.encrypted:
            return PLAIN + zlib.crc32(body).to_bytes(CHECK, "big") + body
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE)
        return SEALED + nonce + AESGCM(self._secret()[0]).encrypt(nonce, body, None)

    def _unpacked(self, body: bytes, what: str) -> bytes:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            if body[:1] == SEALED:
                plain = AESGCM(self._secret()[0]).decrypt(body[1 : 1 + NONCE], body[1 + NONCE :], None)
            elif body[:1] == PLAIN and not self.encrypted:
                plain = body[1 + CHECK :]
                if zlib.crc32(plain) != int.from_bytes(body[1 : 1 + CHECK], "big"):
                    raise Damaged(what)
            else:
                raise Damaged(what)
            return zlib.decompress(plain)
        except (InvalidTag, zlib.error, ValueError) as error:
            raise Damaged(what) from error

    def put(self, file: IO[bytes]) -> tuple[tuple[str, ...], int, int]:
        """Keep a file's bytes; returns the names of its pieces, its size, and how many bytes were new here."""
        names, size, fresh = [], 0, 0
        while piece := file.read(PIECE):
            name = self._name(piece)
            path = self._place(name)
            if not path.exists():
                packed = self._packed(piece)
                path.parent.mkdir(mode=0o700, exist_ok=True)
                _write(path, packed, settle=False)
                self._new.append(path)
                fresh += len(packed)
            names.append(name)
            size += len(piece)
        return tuple(names), size, fresh

    def get(self, kept: Kept) -> Iterator[bytes]:
        """The bytes of a file, piece by piece. Raises Damaged."""
        for name in kept.pieces:
            yield self.piece(name)

    def piece(self, name: str) -> bytes:
        """One piece, checked. Raises Damaged."""
        try:
            body = self._place(name).read_bytes()
        except OSError as error:
            raise Damaged(f"pieces/{name}: {error.strerror}") from error
        piece = self._unpacked(body, f"pieces/{name}")
        if not hmac.compare_digest(self._name(piece), name):
            raise Damaged(f"pieces/{name}")
        return piece

    # ------------------------------------------------------------------------------------------------ copies

    def close(self, at: dt.datetime, kind: str, files: list[Kept], facts: dict[str, Any]) -> Copy:
        """Let a copy appear, with everything it needs safely on the disk before."""
        for path in self._new:
            _settle(path)
        for folder in {path.parent for path in self._new}:
            _settle(folder)
        self._new.clear()
        label = f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        size = sum(one.size for one in files)
        rows = [[one.path, one.size, one.mode, list(one.pieces)] for one in files]
        told = {"label": label, "at": at.astimezone(dt.UTC).isoformat(), "kind": kind, "size": size, "files": rows}
        body = json.dumps({**told, "facts": facts}, sort_keys=True).encode()
        signature = self.signer.sign(body) if self.signer else bytes(SIGNATURE)
        _write(self.path / "copies" / label, self._packed(signature + body))
        return Copy(label, at, kind, size, self.name)

    def copies(self) -> list[Copy]:
        """All copies, oldest first; a list that cannot be read is left out here and found by `damage`."""
        found = []
        for label in self.labels():
            with contextlib.suppress(Damaged):
                copy, _files, _facts = self.open(label)
                found.append(copy)
        return found

    def labels(self) -> list[str]:
        """The names of all copies."""
        folder = self.path / "copies"
        return sorted(path.name for path in folder.iterdir() if "." not in path.name) if folder.is_dir() else []

    def open(self, label: str, public: Ed25519PublicKey | None = None) -> tuple[Copy, list[Kept], dict[str, Any]]:
        """A copy, its files and what was noted with it. Raises Damaged, also for a signature that is not `public`'s."""
        from cryptography.exceptions import InvalidSignature

        what = f"copies/{label}"
        try:
            plain = self._unpacked((self.path / what).read_bytes(), what)
        except OSError as error:
            raise Damaged(f"{what}: {error.strerror}") from error
        signature, body = plain[:SIGNATURE], plain[SIGNATURE:]
        try:
            if public is not None:
                public.verify(signature, body)
            told = json.loads(body)
            rows = [Kept(path, size, mode, tuple(pieces)) for path, size, mode, pieces in told["files"]]
            at = dt.datetime.fromisoformat(told["at"])
        except InvalidSignature as error:
            raise Damaged(f"{what}: signature") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(what) from error
        if told["label"] != label:
            raise Damaged(f"{what}: {told['label']}")
        return Copy(label, at, told["kind"], told["size"], self.name), rows, told["facts"]

    def damage(self, public: Ed25519PublicKey | None = None) -> tuple[list[str], int]:
        """Read everything that any copy needs; returns what is damaged and how many pieces were read."""
        found: list[str] = []
        needed: set[str] = set()
        for label in self.labels():
            try:
                for kept in self.open(label, public)[1]:
                    needed.update(kept.pieces)
            except Damaged as error:
                found.append(str(error))
        for name in sorted(needed):
            try:
                self.piece(name)
            except Damaged as error:
                found.append(str(error))
        return found, len(needed)

    def sweep(self, labels: set[str]) -> int:
        """Forget copies and the pieces nobody needs any more; returns how many files went.

        Nothing is swept while any remaining list cannot be read: its pieces would be lost with it.
        """
        for label in labels:
            (self.path / "copies" / label).unlink(missing_ok=True)
        needed: set[str] = set()
        try:
            for label in self.labels():
                needed.update(name for kept in self.open(label)[1] for name in kept.pieces)
        except Damaged:
            return len(labels)
        gone = len(labels)
        for path in (self.path / "pieces").glob("*/*"):
            if path.name not in needed:
                path.unlink(missing_ok=True)
                gone += 1
        return gone


def _write(path: Path, body: bytes, *, settle: bool = True) -> None:
    """Write a file so that it is there whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        if settle:
            file.flush()
            os.fsync(file.fileno())
    fresh.replace(path)
    if settle:
        _settle(path.parent)


def _settle(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
