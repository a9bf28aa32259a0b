"""The real server with a database of its own, for tests that need HTTP."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.scripts import ROOT, Scripts

ACCOUNTS = 60
START_SECONDS = 90
SETUP_SECONDS = 240


@dataclass(frozen=True)
class LiveSite:
    """A running site: its address, its data folder and the environment its commands need."""

    url: str
    data: Path
    environment: dict[str, str]
    scripts: Scripts

    def acts(self) -> list[tuple[str, str]]:
        """What the audit log holds: action and subject of each row."""
        with sqlite3.connect(f"file:{self.data / 'mainstay.sqlite3'}?mode=ro", uri=True) as base:
            return base.execute("SELECT action, subject FROM audit_entry ORDER BY id").fetchall()

    def ask(self, source: str, *words: str) -> list[str]:
        """Run a script in the site's database; returns the words it printed."""
        return self.scripts.run(source, *words).split()

    def run(self, *words: str) -> str:
        """Run `mainstay words…` against the site's database and return what it printed; fail the test if it fails."""
        command = [sys.executable, "-m", "mainstay", *words]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=SETUP_SECONDS, check=False
        )
        if done.returncode:
            pytest.fail(f"mainstay {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the demo company (60 accounts, SQLite), loaded once for all workers of the run: copy it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = shared / "company"
    with (shared / "company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            new = shared / "company.new"
            site_in(new).run("demo", "--once", "--accounts", str(ACCOUNTS))
            new.rename(folder)
    return folder


def site_in(data: Path, port: int = 0) -> LiveSite:
    """Return the site whose data lie in a folder."""
    environment = _environment(data)
    return LiveSite(f"http://127.0.0.1:{port}", data, environment, Scripts(environment))


@pytest.fixture(scope="session")
def live_site(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Serve the demo company on a free port until the session ends."""
    data = tmp_path_factory.mktemp("site")
    shutil.copytree(company, data, dirs_exist_ok=True)
    port = free_port()
    site = site_in(data, port)
    log = data / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "mainstay", "serve", "--port", str(port), "--workers", "1"],
            env=site.environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_up(site.url, server, log)
            yield site
        finally:
            site.scripts.close()
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(data: Path) -> dict[str, str]:
    """Return the environment of the site's processes: no setting of the caller's, SQLite in `data`."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith("MAINSTAY_") and k != "DATABASE_URL"}
    ours.pop("DJANGO_SETTINGS_MODULE", None)
    return ours | {"MAINSTAY_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}


def _wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the health page; fail the test with the server's own words when it does not come."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the site did not start:\n{log.read_text(errors='replace')[-4000:]}")
