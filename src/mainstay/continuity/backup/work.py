"""Making a copy of this installation, putting one back, proving that this works: SQLite, files, software."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import importlib.metadata
import io
import json
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings

from mainstay import __version__
from mainstay.continuity.backup import places, sqlite
from mainstay.continuity.backup.batch_seals import Seal, differences, sealed_tables
from mainstay.continuity.backup.rules import Copy, Finding, Kind, Outcome, choose, dropped
from mainstay.continuity.backup.store import Damaged, Kept, Repository

DATABASE = "mainstay.sqlite3"  # its name in every copy
BESIDE = ("files", "seals", "bank", "secret.key", "site.toml", "demo-password.txt")
DATA, FILES, SOFTWARE = "data", "files", "software"
SPARE = 1.2  # free space wanted, as a multiple of what is written
PACKAGE = Path(settings.PACKAGE).parent
LEFT_OUT = {"__pycache__", ".git"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What putting a copy back would do: the copy, where its files would go, and what is there already."""

    copy: Copy
    files: list[Kept]
    facts: dict[str, Any]
    into: Path
    replaced: tuple[str, ...]


def database() -> Path | None:
    """The file of this installation's SQLite; None on PostgreSQL."""
    found = settings.DATABASES["default"]
    return Path(found["NAME"]) if found["ENGINE"].endswith("sqlite3") else None


# ------------------------------------------------------------------------------------------------ making copies


def back_up(repository: Repository) -> Outcome:
    """Copy the data into a repository: the database (SQLite), uploaded files, keys, exported seals."""
    return _made(repository, Kind.BACKUP if database() else Kind.FILES, lambda: _data(repository))


def back_up_software(repository: Repository) -> Outcome:
    """Copy what runs: the product, every library with its version, the list of Debian's packages, the declaration."""
    return _made(repository, Kind.SOFTWARE, lambda: _software(repository))


def _made(repository: Repository, kind: Kind, work: Callable[[], tuple[Copy, dict[str, Any]]]) -> Outcome:
    began, clock = _now(), time.monotonic()
    result = Outcome(kind, repository.name, repository.encrypted, began, 0.0)
    try:
        with repository.alone():
            copy, facts = work()
            gone = repository.sweep(dropped([one for one in repository.copies() if one.kind == copy.kind], _now()))
        found = replace(result, label=copy.label, moment=copy.at, size=copy.size, facts={**facts, "swept": gone})
    except (OSError, Damaged) as error:
        word = "no-space" if isinstance(error, OSError) and error.errno == errno.ENOSPC else "damage"
        found = replace(result, findings=(Finding(word, str(error)[:200]),))
    return replace(found, seconds=time.monotonic() - clock)


def _data(repository: Repository) -> tuple[Copy, dict[str, Any]]:
    facts: dict[str, Any] = {"version": __version__, "new": 0, "last_act": last_act()}
    live, at = database(), _now()
    files: list[Kept] = []
    if live is not None:
        with scratch() as folder:
            at, copied = _now(), folder / DATABASE
            seal = sqlite.take(live, copied, sealed_tables())
            facts["seal"] = seal.as_dict()
            files.append(_keep(repository, copied, DATABASE, facts))
    files += [_keep(repository, path, name, facts) for name, path in _beside()]
    return repository.close(at, DATA if live else FILES, files, facts), facts


def last_act() -> int:
    """The number of the last act that changed data; what the copies themselves note does not count."""
    from mainstay.core.audit.models import Entry

    rows = Entry.objects.exclude(action__startswith="continuity.backup.").order_by("-id")
    return rows.values_list("id", flat=True).first() or 0


def _beside() -> Iterator[tuple[str, Path]]:
    root = Path(settings.DATA)
    for name in BESIDE:
        place = root / name
        if place.is_dir():
            yield from (
                (path.relative_to(root).as_posix(), path) for path in sorted(place.rglob("*")) if path.is_file()
            )
        elif place.is_file():
            yield name, place


def _keep(repository: Repository, path: Path, name: str, facts: dict[str, Any]) -> Kept:
    with path.open("rb") as file:
        pieces, size, fresh = repository.put(file)
    facts["new"] += fresh
    return Kept(name, size, path.stat().st_mode & 0o777, pieces)


def _software(repository: Repository) -> tuple[Copy, dict[str, Any]]:
    facts: dict[str, Any] = {"version": __version__, "new": 0, "libraries": libraries()}
    roots = {"product": PACKAGE, "libraries": Path(sysconfig.get_paths()["purelib"])}
    requirements = PACKAGE.parent / "requirements"
    if requirements.is_dir():
        roots["requirements"] = requirements
    if (site := Path(settings.SITE_FILE)).exists():
        roots["configuration/site.toml"] = site
    files = []
    for name, root in roots.items():
        for path in _tree(root):
            inside = f"{name}/{path.relative_to(root).as_posix()}" if path != root else name
            files.append(_keep(repository, path, inside, facts))
    listed = "\n".join(debian_packages()).encode()
    pieces, size, fresh = repository.put(io.BytesIO(listed))
    facts["new"] += fresh
    files.append(Kept("configuration/debian-packages.txt", size, 0o644, pieces))
    return repository.close(_now(), SOFTWARE, files, facts), facts


def _tree(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    return sorted(path for path in root.rglob("*") if path.is_file() and not LEFT_OUT & set(path.parts))


def libraries() -> dict[str, str]:
    """Every installed library and its version."""
    return {str(one.metadata["Name"]): one.version for one in importlib.metadata.distributions()}


def debian_packages() -> list[str]:
    """Installed packages of Debian with their versions; [] elsewhere."""
    program = shutil.which("dpkg-query")
    if program is None:
        return []
    done = subprocess.run([program, "-W"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.splitlines()


# ------------------------------------------------------------------------------------------------ putting back


def plan(repository: Repository, moment: dt.datetime | None, into: Path, kind: str = "") -> Plan | None:
    """What a restore to a moment would do; None when there is no copy that old. Raises Damaged."""
    wanted = {kind} if kind else {DATA, FILES}
    chosen = choose([one for one in repository.copies() if one.kind in wanted], moment)
    if chosen is None:
        return None
    copy, files, facts = repository.open(chosen.label, places.public_key())
    replaced = tuple(sorted({one.path.split("/")[0] for one in files if (into / one.path.split("/")[0]).exists()}))
    return Plan(copy, files, facts, into, replaced)


def write(repository: Repository, planned: Plan, into: Path) -> None:
    """Write every file of a copy below a folder, each checked as it is read. Raises Damaged, OSError."""
    root = into.resolve()
    for kept in planned.files:
        path = (root / kept.path).resolve()
        if not path.is_relative_to(root):
            raise Damaged(f"copies/{planned.copy.label}: {kept.path}")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("wb") as file:
            for piece in repository.get(kept):
                file.write(piece)
        path.chmod(kept.mode)


def take_up(restored: Path, root: Path, live: Path) -> Path:
    """Put a restored folder in the place of the data folder's; returns where the former files are. Raises InUse."""
    aside = root / f"before-restore-{sqlite.stamp(_now())}"
    sqlite.put_back(restored / DATABASE, live, aside)
    aside.mkdir(exist_ok=True)
    for path in sorted(restored.iterdir()):
        if (root / path.name).exists():
            (root / path.name).replace(aside / path.name)
        path.replace(root / path.name)
    restored.rmdir()
    return aside


# ------------------------------------------------------------------------------------------------ proving


def prove(repository: Repository, moment: dt.datetime | None = None) -> Outcome:
    """Restore the newest copy of a repository alone, from nothing, and compare it with its seal.

    Nothing but the repository is read for it; then the audit log's own seals are compared with the live ones.
    """
    began, clock = _now(), time.monotonic()
    result = Outcome(Kind.DRILL, repository.name, repository.encrypted, began, 0.0)
    try:
        found = _proven(repository, moment, result, clock)
    except (OSError, Damaged) as error:
        word = "no-space" if isinstance(error, OSError) and error.errno == errno.ENOSPC else "damage"
        found = replace(result, findings=(Finding(word, str(error)[:200]),))
    return found if found.seconds else replace(found, seconds=time.monotonic() - clock)


def _proven(repository: Repository, moment: dt.datetime | None, result: Outcome, clock: float) -> Outcome:
    with scratch() as folder:
        planned = plan(repository, moment, folder)
        if planned is None:
            return replace(result, findings=(Finding("no-copy"),))
        if shutil.disk_usage(folder).free < planned.copy.size * SPARE:
            return replace(result, findings=(Finding("no-space"),))
        write(repository, planned, folder)
        copy = planned.copy
        findings: list[Finding] = []
        facts: dict[str, Any] = {"files": len(planned.files)}
        result = replace(result, label=copy.label, moment=copy.at, size=copy.size)
        if (folder / DATABASE).exists():
            noted = Seal(**planned.facts["seal"])
            wrong, restored = sqlite.examine(folder / DATABASE, sorted(noted.hashes))
            findings += [Finding("structure", wrong)] if wrong else []
            findings += [Finding(*one) for one in differences(noted, restored)]
            findings += _against_live(restored)
            facts |= {"tables": len(restored.counts), "rows": sum(restored.counts.values()), "hashes": restored.hashes}
        return replace(result, seconds=time.monotonic() - clock, findings=tuple(findings), facts=facts)


def _against_live(restored: Seal) -> list[Finding]:
    """Every seal of the audit log in the copy must still be the same in the live database."""
    from django.db import connection

    from mainstay.continuity.backup.batch_seals import CHAINS

    with connection.cursor() as cursor:
        cursor.execute(CHAINS)
        live = {str(last): str(chain) for last, chain in cursor.fetchall()}
    wrong = [last for last, chain in restored.chains.items() if live.get(last) != chain]
    return [Finding("seals", wrong[0])] if wrong else []


def differs(into: Path, facts: dict[str, Any]) -> str:
    """What differs between a restored database and the seal noted with its copy; "" for nothing."""
    if not (into / DATABASE).exists() or "seal" not in facts:
        return ""
    noted = Seal(**facts["seal"])
    wrong, restored = sqlite.examine(into / DATABASE, sorted(noted.hashes))
    return "; ".join([*([wrong] if wrong else []), *(table for _word, table in differences(noted, restored))])


def verify(repository: Repository) -> Outcome:
    """Read every piece of every copy, so that a changed byte is found before it is needed."""
    began, clock = _now(), time.monotonic()
    found, count = repository.damage(places.public_key())
    findings = tuple(Finding("damage", one) for one in found[:20])
    facts = {"pieces": count, "damaged": len(found), "copies": len(repository.labels())}
    seconds = time.monotonic() - clock
    return Outcome(Kind.VERIFY, repository.name, repository.encrypted, began, seconds, findings=findings, facts=facts)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder in the data folder that is gone afterwards: copies hold everybody's data and stay where only the owner
    may read."""
    folder = Path(tempfile.mkdtemp(prefix="backup-work-", dir=settings.DATA))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def told(outcome: Outcome) -> str:
    """An outcome as one line of JSON."""
    facts = {
        "kind": str(outcome.kind), "repository": outcome.repository, "offsite": outcome.offsite,
        "began_at": outcome.began_at.isoformat(), "seconds": round(outcome.seconds, 3), "label": outcome.label,
        "moment": outcome.moment.isoformat() if outcome.moment else None, "size": outcome.size, "fine": outcome.fine,
        "findings": [[one.word, one.about] for one in outcome.findings], "facts": dict(outcome.facts),
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
