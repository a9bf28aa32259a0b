"""Vendored files are exactly the ones assets.lock names, with their licences beside them."""

from __future__ import annotations

import hashlib
import json

from tests.contracts import tree

LOCK = tree.PACKAGE / "web" / "assets.lock"


def _listed() -> dict[str, str]:
    """Return path → sha256 of every listed file."""
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return {file["path"]: file["sha256"] for package in packages for file in package["files"]}


def test_vendored_files_are_the_locked_ones() -> None:
    listed = _listed()
    assert listed
    present = {path: hashlib.sha256((LOCK.parent / path).read_bytes()).hexdigest() for path in listed}
    assert present == listed, "run tools/vendor"


def test_no_vendored_file_is_unlisted() -> None:
    listed = {LOCK.parent / path for path in _listed()}
    folders = {path.parent for path in listed}
    unlisted = [tree.name(path) for path in tree.files() if path.parent in folders and path not in listed]
    assert not unlisted


def test_every_package_brings_its_licence() -> None:
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    bare = [p["name"] for p in packages if not any("LICENSE" in file["path"].upper() for file in p["files"])]
    assert not bare
