"""The secrets of a site: drawn once, one file, carried to each host by hand."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from mainstay.continuity.site.rules.render import SECRETS

NAME = "secrets.env"
BYTES = 24


def draw(path: Path) -> None:
    """Write a new file of secrets that only its owner can read. Raises FileExistsError: none is ever overwritten."""
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        for name, purpose in SECRETS.items():
            file.write(f"# {purpose}\n{name}={secrets.token_urlsafe(BYTES)}\n")


def read(path: Path) -> dict[str, str]:
    """The secrets of a file by name; {} when there is none."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _sign, value in pairs}
