"""Putting a host's files in their places: what would change, all or nothing, then the units that read them."""

from __future__ import annotations

import contextlib
import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mainstay.continuity.site.programs import complaint
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.render import Made, files_of, filled

# Units are touched in this order: votes before the database, the database before the application.
ORDER = (
    "mainstay-firewall", "mainstay-etcd", "mainstay-patroni", "mainstay-role", "mainstay-arbiter",
    "mainstay-journal", "mainstay-watch", "mainstay-power",
)  # fmt: skip
RELOADED = {"mainstay-firewall", "mainstay-patroni"}  # these take up changes while they run
SECONDS = 120


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not there yet (`new`) or differs."""

    made: Made
    new: bool


def plan(site: Site, host: Host, secrets: Mapping[str, str], root: str = "") -> list[Change]:
    """What installing would change. Raises KeyError for a secret that is missing."""
    found = []
    for made in files_of(site, host):
        path = Path(root + made.path)
        there = path.read_text(encoding="utf-8") if path.exists() else None
        same = there == filled(made.text, secrets) and path.stat().st_mode & 0o777 == made.mode
        if not same:
            found.append(Change(made, there is None))
    return found


def complaints(site: Site, changes: list[Change]) -> dict[str, str]:
    """What programs say against changed files, by path; empty when all accept them or are not installed."""
    found = {}
    for change in changes:
        said = complaint(change.made, site.paths.patroni)
        if said:
            found[change.made.path] = said
    return found


def install(changes: list[Change], secrets: Mapping[str, str], root: str = "") -> None:
    """Write the files: new ones beside the old first, then each moved into place; what was there stays as `.before`."""
    written: list[tuple[Path, Path]] = []
    try:
        for change in changes:
            path = Path(root + change.made.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(path.name + ".new")
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            written.append((fresh, path))
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(filled(change.made.text, secrets))
            _own(fresh, change.made)
    except OSError:
        for fresh, _path in written:
            fresh.unlink(missing_ok=True)
        raise
    for fresh, path in written:
        if path.exists():
            path.replace(path.with_name(path.name + ".before"))
        fresh.replace(path)


def _own(path: Path, made: Made) -> None:
    """Mode and owner; an owner who does not exist on this host leaves the file to root."""
    path.chmod(made.mode)
    if os.geteuid() == 0:
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(made.owner)
            os.chown(path, user.pw_uid, user.pw_gid)


def units_of(changes: list[Change]) -> list[str]:
    """Our units that read changed files, in the order in which they are to be touched."""
    names = {unit for change in changes for unit in change.made.units}
    return [name for name in ORDER if name in names]


def take_up(changes: list[Change]) -> list[str]:
    """Let systemd read the units and start, reload or restart what reads the changed files; returns what failed."""
    failed = []
    calls = [["systemctl", "daemon-reload"]]
    for name in units_of(changes):
        calls += [["systemctl", "enable", name]]
        calls += [["systemctl", "reload-or-restart" if name in RELOADED else "restart", name]]
    for words in calls:
        done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
        if done.returncode:
            failed.append(f"{' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return failed
