"""What the drill's hosts begin with: a database with every table and a small company, made once and copied to both.

Kept in a folder of root's own under a mark of everything that shapes the tables, so that the next drill begins at once.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mainstay.continuity.site.rules.render import SECRETS
from mainstay.kit.errors import Problem

PLACE = Path("/var/tmp")  # noqa: S108  # other users must reach it; checked to be root's below
USER, BASE, PORT = "postgres", "mainstay", 54377
KEPT_S = 24 * 3600.0
REWIND = (
    "pg_ls_dir(text, boolean, boolean)",
    "pg_stat_file(text, boolean)",
    "pg_read_binary_file(text)",
    "pg_read_binary_file(text, bigint, bigint, boolean)",
)
SETPRIV = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--")
SOURCE = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Template:
    """A folder with `pg` (PostgreSQL's data), `static`, `company.json`, `secret.key`, `secrets.json`."""

    folder: Path

    def secrets(self) -> dict[str, str]:
        """The secrets its roles were made with."""
        found: dict[str, str] = json.loads((self.folder / "secrets.json").read_text(encoding="utf-8"))
        return found

    def put(self, own: Path) -> None:
        """Give a host its database and its static files; both hosts begin with the very same database."""
        app = own / "data" / "app"
        app.mkdir(mode=0o700)
        with _locked(self.folder):
            for name, target in (("pg", own / "data" / "postgresql"), ("static", app / "static")):
                subprocess.run(["/bin/cp", "-a", "--reflink=auto", self.folder / name, target], check=True)


def ensure(programs: Path, accounts: int, environment: Mapping[str, str]) -> Template:
    """The template for this code; made when there is none (about half a minute). Raises Problem."""
    place = PLACE / f"mainstay-drill-{_mark(accounts)}"
    with _locked(place):
        if not ((place / "whole").exists() and place.stat().st_uid == os.geteuid()):
            _sweep()
            shutil.rmtree(place, ignore_errors=True)  # one that never became whole
            place.mkdir(mode=0o711)
            _make(place, programs, accounts, environment)
            (place / "whole").touch()
        os.utime(place)
        _collect(place)
    return Template(place)


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Alone with a template: another drill of this machine may want it too."""
    with Path(f"{place}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep() -> None:
    """Take away what no drill began with for a day; that of another checkout may be in use."""
    for older in PLACE.glob("mainstay-drill-*"):
        with contextlib.suppress(FileNotFoundError):
            facts = older.stat()
            if older.is_dir() and facts.st_uid == os.geteuid() and time.time() - facts.st_mtime > KEPT_S:
                shutil.rmtree(older, ignore_errors=True)


def _collect(place: Path) -> None:
    """Make the static files those of this checkout, once for all hosts; they may change while the tables stay."""
    from django.test.utils import override_settings

    from mainstay.commands.site import collect_static

    with override_settings(STATIC_ROOT=place / "static"):
        collect_static()


def _mark(accounts: int) -> str:
    from mainstay.commands.ready import django_ready
    from mainstay.kit.sqlite3 import kept

    django_ready()
    filling = hashlib.sha256(Path(__file__).with_name("prepare.py").read_bytes()).hexdigest()[:8]
    return f"{kept.mark()[:16]}-{filling}-{accounts}"


def _make(place: Path, programs: Path, accounts: int, environment: Mapping[str, str]) -> None:
    drawn = {name: secrets.token_urlsafe(16) for name in SECRETS}
    (place / "secrets.json").write_text(json.dumps(drawn), encoding="utf-8")
    (place / "secret.key").write_text(secrets.token_urlsafe(50), encoding="utf-8")
    for name in ("secrets.json", "secret.key"):
        (place / name).chmod(0o600)
    data, socket = place / "pg", place / "socket"
    for folder in (data, socket):
        folder.mkdir(mode=0o700)
        shutil.chown(folder, USER, USER)
    _as_postgres(programs / "initdb", "-D", data, "-k", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust", "--no-sync")
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={socket} -c port={PORT} -c fsync=off -c wal_log_hints=on"
    )
    control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w"]
    _as_postgres(*control, "-l", socket / "log", "-o", options, "start")
    ask: list[str | Path] = [
        programs / "psql",
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        socket,
        "-p",
        str(PORT),
        "-d",
        "postgres",
        "-c",
    ]
    try:
        for text in _statements(drawn):
            _as_postgres(*ask, text)
        _fill(place, socket, accounts, environment)
        _as_postgres(*ask, "ALTER ROLE mainstay NOSUPERUSER")
    finally:
        _as_postgres(*control, "-m", "fast", "stop")
    shutil.rmtree(socket)


def _statements(drawn: Mapping[str, str]) -> list[str]:
    """The roles as Patroni would make them, and the database, whose owner may do anything while it fills."""
    found = [
        f"ALTER ROLE postgres PASSWORD '{drawn['superuser']}'",
        f"CREATE ROLE repl REPLICATION LOGIN PASSWORD '{drawn['replication']}'",
        f"CREATE ROLE rewind LOGIN PASSWORD '{drawn['rewind']}'",
        f"CREATE ROLE mainstay SUPERUSER LOGIN PASSWORD '{drawn['app']}'",
        f"CREATE DATABASE {BASE} OWNER mainstay",
    ]
    return [*found, *(f"GRANT EXECUTE ON FUNCTION pg_catalog.{one} TO rewind" for one in REWIND)]


def _fill(place: Path, socket: Path, accounts: int, environment: Mapping[str, str]) -> None:
    """Make the tables and the company with this very checkout."""
    settings = {
        "DATABASE_URL": f"postgres://mainstay@:{PORT}/{BASE}?host={socket}",
        "MAINSTAY_DATA": str(place / "prepare"),
        "MAINSTAY_SECRET_KEY_FILE": str(place / "secret.key"),
        "PYTHONPATH": str(SOURCE),
    }
    code = (
        "from mainstay.commands.ready import django_ready; django_ready(); "
        "from django.core.management import call_command; call_command('migrate', verbosity=0); "
        "from mainstay.drill.standby.prepare import main; import sys; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-P", "-c", code, str(accounts), str(place / "company.json")]
    done = subprocess.run(words, env={**environment, **settings}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(done.stderr[-2000:], code="prepare")
    shutil.rmtree(place / "prepare", ignore_errors=True)


def _as_postgres(*words: str | Path) -> None:
    command = [*SETPRIV, *(os.fspath(word) for word in words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Problem(f"{Path(words[0]).name}: {(done.stderr or done.stdout)[-500:]}", code="prepare")
