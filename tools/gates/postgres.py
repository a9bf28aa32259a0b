"""A PostgreSQL of our own for one test run: in a temporary folder, on a free port, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mainstay.drill import memory
from mainstay.kit.sqlite3 import kept
from tools.gates.plan import environment

START_SECONDS = 30
USER, TEMPLATE = "mainstay", "postgres_template"
MOST = 4  # migrated clusters kept, of a hundred megabytes each
# Nothing here outlives the run, so nothing needs to reach the disk; no query is long enough to be compiled for.
FASTER = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "max_wal_size": "4GB",
    "max_connections": "100",
}


class CannotStart(Exception):
    """PostgreSQL did not start; the text is its own."""


@contextmanager
def throw_away_cluster(programs: Path, *, migrated: bool = False) -> Iterator[str]:
    """Start a cluster and give its address for DATABASE_URL; stop and remove it at the end. Raise CannotStart.

    A `migrated` one has a template for the tests' database (see `tests.support.database`): it is made once and copied
    for each run, because to make a cluster and its tables takes longer than most tests.
    """
    owner = _owner()
    # Another user cannot enter the private folder in which a test run of root keeps its temporary files.
    folder = Path(tempfile.mkdtemp(prefix="mainstay-pg-", dir=memory.place(6) or ("/tmp" if owner else None)))
    cluster = Cluster(programs, folder, owner)
    try:
        place = _place(programs) if migrated else None
        if place is not None and place.exists():
            cluster.begin_as(place)
            cluster.start()
        else:
            cluster.init()
            cluster.start()
            if place is not None:
                cluster.keep(place)
        yield cluster.address
    finally:
        cluster.stop(signal.SIGQUIT)  # immediate: the data is thrown away anyhow
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Cluster:
    """A cluster's files in `folder`, its server while it runs, and the password of its only user."""

    programs: Path
    folder: Path
    owner: str | None
    port: int = 0
    server: subprocess.Popen[bytes] | None = None

    @property
    def secret(self) -> Path:
        """The file that the password is in."""
        return self.folder / "password"

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"postgres://{USER}:{self.secret.read_text()}@127.0.0.1:{self.port}/postgres"

    def init(self) -> None:
        """Make the files."""
        self.secret.write_text(secrets.token_hex(16))
        _give_to(self.owner, self.folder, self.secret)
        _init(self.programs, self.folder, self.owner, self.secret)

    def begin_as(self, place: Path) -> None:
        """Take the files of one that was kept."""
        _copy(place, self.folder)
        _give_to(self.owner, self.folder)

    def keep(self, place: Path) -> None:
        """Make the template and leave a copy of the files to later runs, whole or not at all."""
        with tempfile.TemporaryDirectory(prefix="mainstay-") as data:
            _make_template(self.address, Path(data))
        self.stop(signal.SIGINT)  # with everything in its files
        place.parent.mkdir(exist_ok=True)
        for older in sorted(place.parent.glob("cluster-*"), key=lambda path: path.stat().st_mtime)[: 1 - MOST]:
            shutil.rmtree(older, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="new-cluster-", dir=place.parent))
        _copy(self.folder, new)
        with contextlib.suppress(OSError):  # another run was quicker
            new.rename(place)
        shutil.rmtree(new, ignore_errors=True)
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.port = _free_port()
        self.server = _start(self.programs, self.folder, self.owner, self.port)
        _wait_until_up(self.server, self.port, self.folder / "log")

    def stop(self, how: signal.Signals) -> None:
        """Stop it, if it runs."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(how)
            try:
                self.server.wait(15)
            except subprocess.TimeoutExpired:
                self.server.kill()


def _place(programs: Path) -> Path | None:
    """Return where the migrated cluster for this code and these programs is or will be kept, if it can be."""
    if sys.prefix == sys.base_prefix or not os.access(sys.prefix, os.W_OK):
        return None
    told = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    settings = kept.PACKAGE / "config" / "settings.py"
    return kept.FOLDER / f"cluster-{kept.mark_of(told, settings.read_text(encoding='utf-8'))}"


def _copy(source: Path, target: Path) -> None:
    words: list[str | Path] = ["cp", "-a", source / "data", source / "password", target]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotStart(done.stderr)


def _make_template(address: str, data: Path) -> None:
    """Migrate a database beside the given one, and mark it with what its tables were made from."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {TEMPLATE}")
        done = subprocess.run(
            [sys.executable, "-m", "mainstay", "manage", "migrate", "--verbosity", "0"],
            env=environment(data) | {"DATABASE_URL": address.removesuffix("postgres") + TEMPLATE},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CannotStart(done.stderr[-2000:])
        server.execute(f"COMMENT ON DATABASE {TEMPLATE} IS '{kept.mark_of()}'")


def _owner() -> str | None:
    """Return the account to run as when we are root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _give_to(owner: str | None, *paths: Path) -> None:
    if owner is not None:
        for path in paths:
            shutil.chown(path, owner)


def _init(programs: Path, folder: Path, owner: str | None, secret: Path) -> None:
    words: list[str | Path] = [programs / "initdb", "-D", folder / "data", "-U", USER, "--pwfile", secret, "--no-sync"]
    # Others on this machine have no password either way; scram would make each of thousands of connections dear.
    words += ["--auth", "md5", "--encoding", "UTF8", "--locale", "C"]
    done = subprocess.run(words, user=owner, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise CannotStart(done.stderr or done.stdout)


def _start(programs: Path, folder: Path, owner: str | None, port: int) -> subprocess.Popen[bytes]:
    words: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-p", str(port), "-h", "127.0.0.1"]
    words += ["-k", ""]  # loopback only; a socket's path may be too long in a temporary folder
    for name, value in FASTER.items():
        words += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            words, user=owner, cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if "ready to accept connections" in log.read_text(errors="replace"):
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                return
        time.sleep(0.1)
    raise CannotStart(log.read_text(errors="replace")[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
