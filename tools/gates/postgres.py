"""A PostgreSQL of our own for one test run: in a temporary folder, on a free port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 30
USER = "mainstay"
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
def throw_away_cluster(programs: Path) -> Iterator[str]:
    """Start a cluster and give its address for DATABASE_URL; stop and remove it at the end. Raise CannotStart."""
    owner = _owner()
    # Another user cannot enter the private folder in which a test run of root keeps its temporary files.
    folder = Path(tempfile.mkdtemp(prefix="mainstay-pg-", dir="/tmp" if owner else None))
    server: subprocess.Popen[bytes] | None = None
    try:
        password = secrets.token_hex(16)
        secret = folder / "password"
        secret.write_text(password)
        _give_to(owner, folder, secret)
        _init(programs, folder, owner, secret)
        port = _free_port()
        server = _start(programs, folder, owner, port)
        _wait_until_up(server, port, folder / "log")
        yield f"postgres://{USER}:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)  # immediate: the data is thrown away anyhow
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


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
