"""Two role agents on two hosts (network namespaces) with a real etcd: who has the address, who runs the application."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SERVICE = "10.99.0.10/24"
PREFIX = "/mainstay/test/role/"
VOTES = "10.99.0.1:2379"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
MOST_S = 90.0
LEASE_S = 6  # longer than on a real site: a busy machine must not look like a dead one
WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *_facts): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Answer).serve_forever()
"""


class Site:
    """Two hosts, `a` with etcd, joined by one cable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tag = f"msa{os.getpid() % 10000}"
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def space(self, host: str) -> str:
        return f"{self.tag}-{host}"

    def ip(self, host: str, *words: str) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", self.space(host), "ip", *words], capture_output=True, text=True, check=True
        )
        return done.stdout

    def wire(self) -> None:
        for host in ("a", "b"):
            made = subprocess.run(["ip", "netns", "add", self.space(host)], capture_output=True, check=False)
            if made.returncode:
                pytest.skip("network namespaces are not allowed here")
            self.ip(host, "link", "set", "lo", "up")
        self.ip("a", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", self.space("b"))
        for number, host in enumerate(("a", "b"), 1):
            self.ip(host, "address", "add", f"10.99.0.{number}/24", "dev", "eth0")
            self.ip(host, "link", "set", "eth0", "up")

    def start(self, name: str, host: str, *words: str) -> None:
        command = ["ip", "netns", "exec", self.space(host), *words]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.started[name] = subprocess.Popen(command, env=ENVIRONMENT, stdout=log, stderr=log)

    def start_etcd(self) -> None:
        peer, client = "http://10.99.0.1:2380", "http://10.99.0.1:2379"
        words = ["etcd", "--data-dir", str(self.folder / "etcd"), "--listen-client-urls", client]
        words += ["--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer]
        words += [
            "--initial-cluster",
            f"default={peer}",
            "--unsafe-no-fsync",
            "--log-level",
            "error",
            "--logger",
            "zap",
        ]
        self.start("etcd", "a", *words)

    def start_agent(self, host: str) -> None:
        web = [sys.executable, "-c", WEB]
        facts = {
            "host": host,
            "peer": "b" if host == "a" else "a",
            "preferred": host == "a",
            "etcd": [VOTES],
            "prefix": PREFIX,
            "lease_s": LEASE_S,
            "address": SERVICE,
            "interface": "eth0",
            "ready": "127.0.0.1:8000",
            "web": web,
            "worker": ["sleep", "1000"],
            "user": "nobody-here",
            "environment": str(self.folder / "environment"),
            "state": str(self.folder / f"{host}.json"),
        }
        path = self.folder / f"role-{host}.json"
        path.write_text(json.dumps(facts))
        self.start(
            f"agent-{host}", host, sys.executable, "-m", "mainstay.continuity.standby.agent", "--config", str(path)
        )

    def stop(self, name: str, number: int) -> None:
        process = self.started.pop(name)
        process.send_signal(number)
        process.wait(20)

    def has_address(self, host: str) -> bool:
        return f" {SERVICE} " in self.ip(host, "-o", "address", "show", "dev", "eth0")

    def programs(self, host: str) -> int:
        """How many processes there are in a host's network, the agent and etcd not counted."""
        done = subprocess.run(["ip", "netns", "pids", self.space(host)], capture_output=True, text=True, check=True)
        own = {process.pid for process in self.started.values()}
        return len({int(word) for word in done.stdout.split()} - own)

    def votes(self, work: str) -> str:
        """Do something with the votes from host b, and return what it prints."""
        code = f"import json; from mainstay.continuity.standby.etcd import Etcd; votes = Etcd(['{VOTES}'], 2); {work}"
        words = ["ip", "netns", "exec", self.space("b"), sys.executable, "-c", code]
        done = subprocess.run(words, capture_output=True, text=True, env=ENVIRONMENT, check=False)
        return done.stdout

    def roles(self) -> dict[str, str]:
        """What the agents tell each other."""
        return dict(json.loads(self.votes(f"print(json.dumps(votes.below('{PREFIX}')))") or "{}"))

    def history(self) -> list[dict[str, Any]]:
        """The moves of the role, oldest first."""
        return [json.loads(value) for key, value in sorted(self.roles().items()) if key.startswith("history/")]

    def ask(self, key: str, value: str) -> None:
        """Write a key, as a person's request does."""
        self.votes(f"votes.put('{PREFIX}{key}', '{value}')")


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for it. Fails after a minute and a half, with what did not happen."""
    deadline = time.monotonic() + MOST_S
    while not happened():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Site]:
    """Two hosts with their agents running; the role is on `a`, and `b` is ready."""
    if os.geteuid() != 0 or not all(shutil.which(name) for name in ("ip", "etcd", "setpriv", "pgrep")):
        pytest.skip("needs root, ip, etcd, setpriv and pgrep")
    site = Site(tmp_path)
    (tmp_path / "environment").write_text("NOTHING=1\n")
    try:
        site.wire()
        site.start_etcd()
        site.start_agent("a")
        until(lambda: site.has_address("a"), "the service address on a")
        site.start_agent("b")
        until(lambda: {"ready/a", "ready/b"} <= set(site.roles()), "both applications ready")
        yield site
    finally:
        for process in site.started.values():
            process.kill()
            process.wait()
        for host in ("a", "b"):
            subprocess.run(["ip", "netns", "del", site.space(host)], capture_output=True, check=False)


def test_the_role_moves_on_request_on_failure_and_never_is_on_both(hosts: Site) -> None:
    assert hosts.roles()["holder"] == "a" and not hosts.has_address("b")
    hosts.ask("switch", "b")
    until(lambda: hosts.has_address("b"), "a planned switch")
    assert not hosts.has_address("a"), "given before it was taken"
    until(lambda: hosts.roles().get("holder") == "b" and "switch" not in hosts.roles(), "the request is done with")
    hosts.stop("agent-b", signal.SIGKILL)
    until(lambda: hosts.has_address("a"), "the lease of the dead agent ended")
    until(lambda: hosts.history()[-1]["to"] == "a", "the move is in the history")
    history = hosts.history()
    assert {one["to"] for one in history} == {"a", "b"} and history[0]["reason"] == "start"
    assert history[-1]["reason"] == "vacant"
    assert history[-1]["seconds"] > 0, "measured from the last sign of the other"


def test_a_host_without_votes_stops_everything(hosts: Site) -> None:
    assert hosts.programs("a") >= 2
    hosts.stop("etcd", signal.SIGKILL)
    until(lambda: not hosts.has_address("a"), "the address is taken off")
    until(lambda: hosts.programs("a") == 0, "the programs are stopped")
    assert not hosts.has_address("b"), "nobody takes what the votes did not give"


def test_a_dead_application_is_answered_for_by_the_other_host(hosts: Site) -> None:
    found = subprocess.run(["pgrep", "-f", "ThreadingHTTPServer"], capture_output=True, text=True, check=True)
    inside = subprocess.run(["ip", "netns", "pids", hosts.space("a")], capture_output=True, text=True, check=True)
    for pid in set(found.stdout.split()) & set(inside.stdout.split()):
        os.kill(int(pid), signal.SIGKILL)
    until(lambda: hosts.has_address("b") and not hosts.has_address("a"), "the other host answers")
    until(lambda: {"ready/a", "ready/b"} <= set(hosts.roles()), "the dead one was started again, warm")
    assert hosts.roles()["holder"] == "b", "moving back is a person's decision"
    hosts.stop("agent-b", signal.SIGTERM)
    until(lambda: hosts.has_address("a"), "an agent that is told to stop gives the role at once")
    assert not hosts.has_address("b") and hosts.programs("b") == 0, "and leaves nothing behind"
