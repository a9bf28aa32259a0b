"""PostgreSQL's copies, by pgBackRest: asked, made, read for damage, and restored from one repository alone."""

from __future__ import annotations

import configparser
import contextlib
import datetime as dt
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mainstay.continuity.backup.batch_seals import Busy, Seal, differences, live_postgresql, of_postgresql
from mainstay.continuity.backup.rules import Copy, Finding, Kind, Outcome, copies_in, damage_in, newest_wal

USER, PORT = "postgres", 54329
LONG_S, WAL_S, RECOVER_S, STEP_S = 6 * 3600, 90.0, 3600.0, 0.3
SETPRIV = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--")


@dataclass(frozen=True, slots=True)
class Place:
    """A site's pgBackRest: its file, the stanza, PostgreSQL's programs, repository names in the file's order."""

    conf: Path
    stanza: str
    programs: Path
    repositories: tuple[str, ...]
    offsite: tuple[str, ...]
    database: str
    scratch: Path
    journals: Mapping[str, Path] = field(default_factory=dict)  # by repository: what its host has received
    receivers: tuple[str, ...] = ()  # repositories whose hosts receive the journal

    def number(self, name: str) -> int:
        """pgBackRest's number of a repository. Raises ValueError."""
        return self.repositories.index(name) + 1


class Failed(Exception):
    """A program ended with an error; the text is its own."""


def lacking(place: Place) -> list[str]:
    """What this machine or this user lacks for working on the copies; [] when it can be done."""
    found = [] if shutil.which("pgbackrest") else ["pgbackrest"]
    found += [] if (place.programs / "pg_ctl").exists() else [str(place.programs)]
    if os.geteuid() not in {0, _uid()}:
        found.append(f"root / {USER}")
    return found


def _uid() -> int:
    try:
        return pwd.getpwnam(USER).pw_uid
    except KeyError:
        return -1


def run(*words: str | Path, seconds: float = LONG_S) -> str:
    """Run a program as the database's user; returns what it said. Raises Failed."""
    prefix = SETPRIV if os.geteuid() == 0 else ()
    command = [*prefix, *(os.fspath(word) for word in words)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, cwd="/", check=False
    )
    if done.returncode:
        raise Failed((done.stderr or done.stdout).strip()[-400:] or f"{words[0]}: {done.returncode}")
    return done.stdout + done.stderr


def ask(place: Place, *words: str, conf: Path | None = None) -> str:
    """Run pgBackRest on the stanza. Raises Failed."""
    return run("pgbackrest", f"--config={conf or place.conf}", f"--stanza={place.stanza}", *words)


def info(place: Place, conf: Path | None = None) -> list[dict[str, Any]]:
    """What pgBackRest knows about the copies."""
    said = ask(place, "--output=json", "--log-level-console=off", "info", conf=conf)
    found: list[dict[str, Any]] = json.loads(said[said.index("[") :])
    return found


def copies(place: Place, name: str) -> list[Copy]:
    """The copies of a repository, oldest first."""
    return sorted(copies_in(info(place), name, place.number(name)), key=lambda one: one.at)


# ------------------------------------------------------------------------------------------------ making, reading


def back_up(place: Place, name: str, kind: str = "incr") -> Outcome:
    """Make a copy in a repository: what changed since the last one; a full one where there is none yet."""
    began, clock = _now(), time.monotonic()
    result = Outcome(Kind.BACKUP, name, name in place.offsite, began, 0.0)
    try:
        ask(place, f"--repo={place.number(name)}", f"--type={kind}", "backup")
        last = copies(place, name)[-1]
        found = replace(result, label=last.label, moment=last.at, size=last.size, facts={"type": last.kind})
    except (Failed, IndexError, subprocess.TimeoutExpired) as error:
        found = replace(result, findings=(Finding("program", str(error)[-200:]),))
    return replace(found, seconds=time.monotonic() - clock)


def verify(place: Place, name: str) -> Outcome:
    """Read a whole repository. pgBackRest ends with 0 on damage too: its words are read."""
    began, clock = _now(), time.monotonic()
    words = (f"--repo={place.number(name)}", "--output=text", "--verbose", "verify")
    try:
        found = tuple(Finding("damage", one[:160]) for one in damage_in(ask(place, *words))[:20])
    except (Failed, subprocess.TimeoutExpired) as error:
        found = (Finding("program", str(error)[-200:]),)
    return Outcome(Kind.VERIFY, name, name in place.offsite, began, time.monotonic() - clock, findings=found)


# ------------------------------------------------------------------------------------------------ restoring


def alone(place: Place, name: str, folder: Path) -> Path:
    """A configuration that knows one repository and nothing else, so that nothing else can help the restore."""
    known = configparser.ConfigParser(interpolation=None)
    known.read_string(run("cat", place.conf))
    prefix = f"repo{place.number(name)}-"
    found = {key: value for key, value in known["global"].items() if not key.startswith("repo")}
    found |= {f"repo1-{k.removeprefix(prefix)}": v for k, v in known["global"].items() if k.startswith(prefix)}
    found |= {f"{part}-path": str(folder / part) for part in ("lock", "log", "spool")}
    found["archive-async"] = "n"
    lines = ["[global]", *(f"{key}={value}" for key, value in found.items())]
    lines += [f"[{place.stanza}]", f"pg1-path={folder / 'data'}"]
    path = folder / "alone.conf"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    path.chmod(0o600)
    for part in ("lock", "log", "spool", "data", "socket"):
        (folder / part).mkdir(mode=0o700)
    if os.geteuid() == 0:
        for one in (folder, *folder.iterdir()):
            shutil.chown(one, USER, USER)
    return path


def restore(place: Place, name: str, conf: Path, into: Path, target: tuple[str, ...]) -> None:
    """Restore files of a repository into an empty folder, with the target of the recovery noted in them. Raises Failed.

    The recovery follows every switch since the copy; after the archive it reads what the repository's host received.
    """
    words = [f"--pg1-path={into}", *target, "--archive-mode=off", "--target-timeline=latest"]
    words += ["--target-action=promote"] if target else []
    if received := place.journals.get(name):
        words.append(f"--recovery-option=restore_command={_fetch(place, conf, into, received)}")
    ask(place, *words, "restore", conf=conf)


def _fetch(place: Place, conf: Path, into: Path, received: Path) -> str:
    """The command that fetches a segment: from the archive, else as received, whole or as far as it had come."""
    archive = f'pgbackrest --config={conf} --stanza={place.stanza} --pg1-path={into} archive-get %f "%p"'
    return f'{archive} || cp {received}/%f "%p" || cp {received}/%f.partial "%p"'


def at_moment(moment: dt.datetime | None) -> tuple[str, ...]:
    """pgBackRest's words for a moment; none for everything there is."""
    return ("--type=time", f"--target={moment.isoformat(sep=' ')}") if moment else ()


@contextlib.contextmanager
def started(place: Place, folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Start a restored server for this machine alone; gives its address once recovery has ended. Raises Failed.

    A drill, whose files are thrown away, need not wait for the disk (`durable` False).
    """
    data, socket = folder / "data", folder / "socket"
    hba = folder / "hba.conf"
    hba.write_text("local all all trust\n", encoding="utf-8")
    hba.chmod(0o644)
    settings = {
        "listen_addresses": "", "unix_socket_directories": socket, "port": PORT, "hba_file": hba, "archive_mode": "off",
        "ssl": "off", "shared_buffers": "64MB", "synchronous_standby_names": "", "primary_conninfo": "",
        "logging_collector": "off", "cluster_name": "", "fsync": "on" if durable else "off",
    }  # fmt: skip
    options = " ".join(f"-c {key}={value!s}" if str(value) else f"-c {key}=''" for key, value in settings.items())
    (data / "standby.signal").unlink(missing_ok=True)
    log = folder / "log" / "server.log"
    run(place.programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-t", "3600", "-w", "start")
    try:
        address = f"host={socket} port={PORT} dbname={place.database} user={USER}"
        _recovered(address, data, log)
        yield address
    finally:
        with contextlib.suppress(Failed):
            run(place.programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _recovered(address: str, data: Path, log: Path) -> None:
    """Wait until the server has replayed everything: it answers before that, with an older state.

    Raises Failed with the server's own words when it gave up, as it does where the journal ends before the moment.
    """
    import psycopg

    deadline = time.monotonic() + RECOVER_S
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(address, autocommit=True) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
            if row and row[0] is False:
                return
        if not (data / "postmaster.pid").exists():
            said = [line for line in log.read_text(errors="replace").splitlines() if "FATAL" in line]
            raise Failed(said[-1] if said else "the restored server ended by itself")
        time.sleep(STEP_S)
    raise Failed("recovery did not end")


@contextlib.contextmanager
def scratch(place: Place) -> Iterator[Path]:
    """An empty folder that the database's user can enter, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mainstay-restore-", dir=place.scratch))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# ------------------------------------------------------------------------------------------------ proving


def prove(place: Place, name: str, dsn: str, sealed: list[str], moment: dt.datetime | None = None) -> Outcome:
    """Seal the running database, restore that very state from one repository alone, from nothing, and compare.

    With a moment, that state is restored instead; nothing was sealed then, so only the structure is proven.
    """
    began, clock = _now(), time.monotonic()
    result = Outcome(Kind.DRILL, name, name in place.offsite, began, 0.0)
    try:
        live = None if moment else live_postgresql(dsn, sealed)
        if live:
            _journal_there(place, name, dsn, live.wal)
        found = _restored(place, name, live, moment, result)
    except (Failed, OSError, subprocess.TimeoutExpired, Busy) as error:
        word = {"Busy": "busy", "NoJournal": "no-journal"}.get(type(error).__name__, "program")
        found = replace(result, findings=(Finding(word, str(error)[-200:]),))
    return replace(found, seconds=time.monotonic() - clock)


class NoJournal(Failed):
    """The repository did not get the journal in time."""


def _journal_there(place: Place, name: str, dsn: str, wal: str) -> None:
    """Wait until the repository has the segment the sealed state ends in."""
    import psycopg

    with psycopg.connect(dsn, autocommit=True) as connection, contextlib.suppress(psycopg.Error):
        connection.execute("SELECT pg_switch_wal()")  # without the right to it, archive_timeout does the same, later
    deadline = time.monotonic() + WAL_S
    while newest_wal(info(place), place.number(name)) < wal:
        if time.monotonic() > deadline:
            raise NoJournal(wal)
        time.sleep(STEP_S)


def _restored(place: Place, name: str, live: Seal | None, moment: dt.datetime | None, result: Outcome) -> Outcome:
    with scratch(place) as folder:
        conf = alone(place, name, folder)
        begun = time.monotonic()
        last = max(copies_in(info(place, conf), name, 1), key=lambda one: one.at, default=None)
        if last is None:
            return replace(result, findings=(Finding("no-copy"),))
        target = ("--type=lsn", f"--target={live.lsn}", "--target-exclusive") if live else at_moment(moment)
        restore(place, name, conf, folder / "data", target)
        copied = time.monotonic()
        with started(place, folder, durable=False) as address:
            up = time.monotonic()
            wrong = _structure(place, address)
            restored = _sealed(address, sorted(live.hashes) if live else [])
        findings = [Finding("structure", wrong)] if wrong else []
        findings += [Finding(*one) for one in differences(live, restored)] if live else []
        facts = {
            "copied_s": round(copied - begun, 2), "recovered_s": round(up - copied, 2),
            "restore_s": round(up - begun, 2), "tables": len(restored.counts), "rows": sum(restored.counts.values()),
            "hashes": restored.hashes,
        }  # fmt: skip
        at = dt.datetime.fromisoformat(live.at) if live else moment
        return replace(result, label=last.label, moment=at, size=last.size, findings=tuple(findings), facts=facts)


def _structure(place: Place, address: str) -> str:
    """What pg_amcheck says against tables and indexes; "" when all is in order."""
    words = dict(one.split("=", 1) for one in address.split())
    try:
        run(
            place.programs / "pg_amcheck", "-h", words["host"], "-p", words["port"], "-U", USER, "-d", words["dbname"],
            "--install-missing", "--heapallindexed",
        )  # fmt: skip
    except Failed as error:
        return str(error)[-200:]
    return ""


def _sealed(address: str, sealed: list[str]) -> Seal:
    import psycopg

    with psycopg.connect(address) as connection:
        return of_postgresql(connection, sealed)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
