"""The lock files: exact, hashed, without addresses, and as their .in files ask."""

from __future__ import annotations

import re

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contracts import tree

REQUIREMENTS = tree.ROOT / "requirements"
SETS = ("run", "dev", "standby")


def _wanted(name: str) -> list[Requirement]:
    """Return what an .in file asks for."""
    lines = (REQUIREMENTS / f"{name}.in").read_text().splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith(("#", "-"))]


def _locked(name: str) -> dict[str, list[Requirement]]:
    """Return the pinned packages of a lock file by name; one package may have a line per Python version."""
    found: dict[str, list[Requirement]] = {}
    joined = (REQUIREMENTS / f"{name}.lock").read_text().replace("\\\n", " ")
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        assert "--hash=sha256:" in line, f"no hash: {line[:80]}"
        pinned = Requirement(line.partition("--hash")[0].strip())
        found.setdefault(canonicalize_name(pinned.name), []).append(pinned)
    return found


@pytest.mark.parametrize("name", SETS)
def test_lock_holds_no_address(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.lock").read_text()
    assert not re.search(r"://|^\s*--(?!hash)|^\s*-[a-z] ", text, re.MULTILINE)


@pytest.mark.parametrize("name", SETS)
def test_lock_matches_its_source(name: str) -> None:
    locked = _locked(name)
    for wanted in _wanted(name):
        pins = locked.get(canonicalize_name(wanted.name))
        assert pins, f"{wanted.name} is not locked: run tools/lock"
        for pin in pins:
            version = next(iter(pin.specifier)).version
            assert wanted.specifier.contains(version), f"{pin} is not {wanted}: run tools/lock"


def test_both_locks_agree() -> None:
    run, dev = _locked("run"), _locked("dev")
    both = run.keys() & dev.keys()
    assert not {name for name in both if _versions(run[name]) != _versions(dev[name])}


def _versions(pins: list[Requirement]) -> set[str]:
    """The versions alone: a library of the product for one system only may be one of the tests' for all."""
    return {str(pin.specifier) for pin in pins}


def test_every_pin_is_exact() -> None:
    assert default_environment()["python_version"] >= "3.11"
    pins = [pin for name in SETS for group in _locked(name).values() for pin in group]
    assert all([item.operator for item in pin.specifier] == ["=="] for pin in pins)
