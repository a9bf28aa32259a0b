"""Patroni's own environment for tests and drills: made once per lock file, outside of homes, never the product's."""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[4] / "requirements" / "standby.lock"
PLACE = Path("/var/tmp")  # noqa: S108  # readable for the user of PostgreSQL, checked to be root's below
SECONDS = 300
PYTHON = "/usr/bin/python3"


class CannotInstall(Exception):
    """The environment could not be made; the text is the installer's."""


def folder() -> Path:
    """Where the environment of the present lock file is or will be."""
    return PLACE / f"mainstay-patroni-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def present() -> bool:
    """Tell whether it is there, whole, and nobody else's."""
    place = folder()
    return (place / "whole").exists() and place.stat().st_uid == 0


def ensure() -> Path:
    """Make it when it is not there. Raises CannotInstall when that fails."""
    place = folder()
    with Path(f"{place}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if present():
            return place
        python = PYTHON if Path(PYTHON).exists() else sys.executable
        steps = [
            [python, "-m", "venv", "--clear", str(place)],
            [str(place / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input",
             "--require-hashes", "-r", str(LOCK)],
        ]  # fmt: skip
        for words in steps:
            done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
            if done.returncode:
                raise CannotInstall((done.stderr or done.stdout).strip()[-400:])
        (place / "whole").touch()
    return place
