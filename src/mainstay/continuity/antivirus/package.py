"""The carried package (携带升级包): one file, its manifest signed with ed25519; taken whole or not at all.

`cryptography` is imported where it is used: every process loads this module, few carry a package.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from mainstay.continuity.antivirus.rules import (
    MANIFEST,
    NAME,
    SEAL,
    Manifest,
    Refused,
    check_sequence,
    manifest_from,
)

CHUNK = 1 << 20
HEAD_LIMIT = 1 << 20  # a manifest or seal is never larger
CURRENT = "current"


def draw_key(private: Path, public: Path) -> str:
    """Draw a key pair: the private half stays with the outer centre, the public one goes in once by hand.

    Returns the public key's fingerprint. Raises FileExistsError: no key is ever overwritten.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    key = Ed25519PrivateKey.generate()
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    open_half = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    for path, text, mode in ((private, raw, 0o600), (public, open_half, 0o644)):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(text) + b"\n")
    return fingerprint(public)


def fingerprint(public: Path) -> str:
    """Eight groups of four digits that two people compare when the public key is carried in."""
    digest = hashlib.sha256(base64.b64decode(public.read_bytes())).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def export(files: Iterable[Path], target: Path, key: Path, manifest: Manifest) -> Manifest:
    """Write a package of some files; returns its manifest. Raises Refused for a name that cannot be carried."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    wanted = sorted(files, key=lambda one: one.name)
    if strange := [one.name for one in wanted if not NAME.fullmatch(one.name)]:
        names = ", ".join(strange)
        raise Refused("name", f"these file names cannot be carried: {names}", f"这些文件名不能携带：{names}")
    listed = {one.name: (one.stat().st_size, _hash(one)) for one in wanted}
    full = Manifest(manifest.kind, manifest.sequence, manifest.made_at, manifest.made_by, listed)
    text = full.text()
    seal = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.read_bytes())).sign(text)
    fresh = target.with_name(target.name + ".new")
    with tarfile.open(fresh, "w") as tar:
        for name, data in ((MANIFEST, text), (SEAL, base64.b64encode(seal))):
            head = tarfile.TarInfo(name)
            head.size = len(data)
            tar.addfile(head, io.BytesIO(data))
        for one in wanted:
            head = tarfile.TarInfo(one.name)
            head.size = listed[one.name][0]
            with one.open("rb") as file:
                tar.addfile(head, file)
    fresh.replace(target)
    return full


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def inspect(package: Path, public: Path) -> Manifest:
    """Verify seal and every file without taking anything. Raises Refused at the first thing that is wrong."""
    with tempfile.TemporaryDirectory(dir=package.parent if os.access(package.parent, os.W_OK) else None) as folder:
        return unpack(package, public, Path(folder))


def unpack(package: Path, public: Path, folder: Path) -> Manifest:
    """Verify a package and unpack it into an empty folder. Raises Refused; then the folder is not to be used."""
    try:
        with tarfile.open(package, "r:") as tar:
            manifest = _verified(tar, public)
            _members(tar, manifest, folder)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Refused("damaged", f"it cannot be read: {error}", f"无法读取：{error}") from None
    return manifest


def _verified(tar: tarfile.TarFile, public: Path) -> Manifest:
    """The manifest, once its seal is verified: nothing of it is believed before."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    parts = []
    for name in (MANIFEST, SEAL):
        head = tar.next()
        if head is None or head.name != name or not head.isreg() or head.size > HEAD_LIMIT:
            raise Refused("damaged", f"{name} is not where it belongs", f"{name} 不在应有的位置")
        file = tar.extractfile(head)
        parts.append(file.read() if file else b"")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.read_bytes()))
    try:
        key.verify(base64.b64decode(parts[1], validate=True), parts[0])
    except (InvalidSignature, ValueError):
        text = ("it is not sealed with the registered key, or was changed", "签名与登记的密钥不符，或内容被改动")
        raise Refused("seal", *text) from None
    return manifest_from(parts[0])


def _members(tar: tarfile.TarFile, manifest: Manifest, folder: Path) -> None:
    """Unpack exactly the files of the manifest, each checked by size and hash."""
    left = dict(manifest.files)
    while head := tar.next():
        size, sha = left.pop(head.name, (-1, ""))
        if size != head.size or not head.isreg():
            raise Refused("changed", f"{head.name} is not what the manifest says", f"{head.name} 与清单不符")
        source = tar.extractfile(head)
        digest = hashlib.sha256()
        with (folder / head.name).open("xb") as target:
            while source and (piece := source.read(CHUNK)):
                digest.update(piece)
                target.write(piece)
        if digest.hexdigest() != sha:
            raise Refused("changed", f"{head.name} was changed", f"{head.name} 被改动")
    if left:
        names = ", ".join(left)
        raise Refused("missing", f"files are missing: {names}", f"缺少文件：{names}")
    _nothing_behind(tar)


def _nothing_behind(tar: tarfile.TarFile) -> None:
    """Behind the last member stand zeros alone, as many as belong there: no byte may differ from what was made."""
    if tar.fileobj is None:
        return
    tar.fileobj.seek(tar.offset)
    behind = tar.fileobj.read(2 * tarfile.RECORDSIZE)
    whole = -(-(tar.offset + 2 * tarfile.BLOCKSIZE) // tarfile.RECORDSIZE) * tarfile.RECORDSIZE
    if behind.strip(b"\0") or tar.offset + len(behind) != whole:
        raise Refused("changed", "its end is not what it was", "数据包末尾与制作时不符")


def take(package: Path, public: Path, store: Path, now: datetime) -> Manifest:
    """Take a package into the folder that clients are served from: whole, in one step, or not at all. Raises Refused.

    Clients compare the time of a file with their own copy, so every file gets the time of the import.
    """
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".taking-", dir=store) as folder:
        fresh = Path(folder, "files")
        fresh.mkdir(mode=0o755)
        manifest = unpack(package, public, fresh)
        check_sequence(manifest, last_sequence(store))
        (fresh / MANIFEST).write_bytes(manifest.text())
        for one in fresh.iterdir():
            one.chmod(0o644)
            os.utime(one, (now.timestamp(), now.timestamp()))
        version = store / f"{manifest.sequence:08d}"
        shutil.rmtree(version, ignore_errors=True)  # of an import that was cut off before it counted
        fresh.rename(version)
        link = Path(folder, CURRENT)
        link.symlink_to(version.name)
        before = (store / CURRENT).resolve() if (store / CURRENT).exists() else None
        link.replace(store / CURRENT)
    if before is not None and before != version:
        shutil.rmtree(before, ignore_errors=True)
    return manifest


def last_sequence(store: Path) -> int:
    """The number of the package that is served now, 0 before the first."""
    path = store / CURRENT / MANIFEST
    return manifest_from(path.read_bytes()).sequence if path.exists() else 0
