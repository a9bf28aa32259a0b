"""Programs the tests need beside Python. On Debian, root gets what is missing; everybody else is told."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.browser import program as chromium

POSTGRESQL = 15
APT_SECONDS = 600


@dataclass(frozen=True)
class Need:
    """A Debian package, what it is for, and how to tell that it is there."""

    package: str
    purpose: str
    present: Callable[[], object]
    fast: bool = False  # a fast run needs it too


def postgres_programs() -> Path | None:
    """Return the folder of initdb and postgres, of the newest version that is at least 15."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin")) + list(Path("/usr").glob("pgsql-*/bin"))
    folders += list(Path("/opt/homebrew/opt").glob("postgresql@*/bin"))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    usable = [(version, folder) for folder in folders if (version := _version(folder)) >= POSTGRESQL]
    return max(usable)[1] if usable else None


def _version(folder: Path) -> int:
    """Return the major version of PostgreSQL's programs in a folder, 0 when they are not there."""
    if not (folder / "initdb").exists():
        return 0
    done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    numbers = "".join(mark if mark.isdigit() else " " for mark in done.stdout).split()
    return int(numbers[0]) if numbers else 0


def chinese_font() -> bool:
    """Tell whether a font with Chinese glyphs is installed."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path("/Library/Fonts")]
    return any(next(folder.rglob("*CJK*.[ot]t[cf]"), None) for folder in folders)


NEEDS = (
    Need("postgresql", "the second database", postgres_programs),
    Need("chromium-headless-shell", "browser tests", chromium),
    Need("fonts-noto-cjk", "Chinese text in documents", chinese_font, fast=True),
    Need("poppler-utils", "reading documents back", lambda: shutil.which("pdftotext"), fast=True),
    Need("iproute2", "networks of the standby drill", lambda: shutil.which("ip")),
    Need("etcd-server", "votes of the standby drill", lambda: shutil.which("etcd")),
    Need("nftables", "reading firewall rules back", lambda: shutil.which("nft")),
    Need("nut-server", "power supplies", lambda: shutil.which("upsdrvctl")),
    Need("clamav-daemon", "scanning uploads", lambda: shutil.which("clamd")),
    Need("pgbackrest", "backups", lambda: shutil.which("pgbackrest")),
)


def missing(*, fast: bool = False) -> list[Need]:
    """Return the needs this machine does not meet: all, or those of a fast run."""
    return [need for need in NEEDS if (need.fast or not fast) and not need.present()]


def install(needs: list[Need]) -> str:
    """Install packages from Debian without a question; return the output when that failed, else an empty text."""
    # Run level 1: packages of servers are installed without starting them.
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    packages = [need.package for need in needs]
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        try:
            done = subprocess.run(
                ["apt-get", *words],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=APT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"apt-get {words[0]} took more than {APT_SECONDS} s"
        if done.returncode:
            return (done.stdout + done.stderr).strip()
    return ""


def can_install() -> bool:
    """Tell whether this is root on a Debian system."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/etc/debian_version").exists()
