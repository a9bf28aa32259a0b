"""Three hosts and a client in network namespaces, joined by a switch; every host runs what its rendered units say."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from mainstay.continuity.site.install import Change, install, plan
from mainstay.continuity.site.library import example
from mainstay.continuity.site.rules import Site, site_from_data
from mainstay.continuity.site.rules.render.cluster import CLIENT as CLIENT_PORT
from mainstay.continuity.site.rules.render.cluster import shared_settings
from mainstay.continuity.standby.etcd import Etcd
from mainstay.continuity.standby.observe import PAIR, Status, observe
from mainstay.drill.memory import place
from mainstay.drill.standby import template
from mainstay.kit.errors import Problem

T = TypeVar("T")
IP = shutil.which("ip") or "/usr/sbin/ip"
HOSTS = ("appsrv", "datasrv", "witness")
CLIENT, SWITCH, CARD = "client", "switch", "eth0"
CLIENT_ADDRESS = "10.77.0.101"  # the first counter of the example
BITS = 24
SOURCE = Path(__file__).resolve().parents[3]


class World:
    """The hosts, their links and what can be done to them. Use as a context; nothing of it stays behind."""

    def __init__(self, patroni: Path, wanted: dict[str, bool], *, postgresql: Path, accounts: int) -> None:
        self.template = template.ensure(postgresql, accounts, plain())
        self.folder = Path(tempfile.mkdtemp(prefix="msd-", dir=place() or "/var/tmp"))  # noqa: S108
        self.folder.chmod(0o755)
        self.tag = self.folder.name[4:8].lower().replace("_", "x")
        self.here = self.folder / "here"
        self.secrets = self.template.secrets()
        self.site = self._declare(patroni, wanted, postgresql)
        self.hosts: dict[str, subprocess.Popen[bytes]] = {}
        self.others: list[subprocess.Popen[bytes]] = []

    def _declare(self, patroni: Path, wanted: dict[str, bool], postgresql: Path) -> Site:
        data: dict[str, Any] = tomllib.loads(example())
        data["paths"] = {name: f"{self.here}/{name}" for name in ("etc", "data", "run", "system")}
        data["paths"] |= {"product": f"{self.folder}/bin", "patroni": str(patroni)}
        data["database"] |= {**wanted, "watchdog": "off", "programs": str(postgresql)}
        data["hosts"] = [host for host in data["hosts"] if host["role"] != "other"]
        data["antivirus"] = [one for one in data["antivirus"] if one["kind"] == "inner"]
        for key in ("repositories", "ups", "power", "antivirus"):
            data.pop(key)
        for host in data["hosts"]:
            for card in host["interfaces"]:
                card.pop("mac")
        self.text = as_toml(data)
        return site_from_data(data)

    def __enter__(self) -> World:
        self._shim()
        self._wire()
        for name in HOSTS:
            own = self.folder / name
            for part in ("etc", "data", "run", "system", "logs"):
                (own / part).mkdir(parents=True)
            host = self.site.host(name)
            install(self._moved(plan(self.site, host, self.secrets), name), self.secrets)
            (own / "etc" / "site.toml").write_text(self.text, encoding="utf-8")
            shutil.copy(self.template.folder / "secret.key", own / "etc" / "secret.key")
            if host in self.site.pair():
                self.template.put(own)
        self.here.mkdir()
        return self

    def _shim(self) -> None:
        """The product's launcher of this very checkout, with this Python."""
        path = self.folder / "bin" / "mainstay"
        path.parent.mkdir()
        path.write_text(f'#!/bin/sh\nPYTHONPATH={SOURCE} exec {sys.executable} -P -m mainstay "$@"\n')
        path.chmod(0o755)

    def _moved(self, changes: list[Change], host: str) -> list[Change]:
        """Files go to the host's own folder, which its first process binds to the declared place."""
        own = str(self.folder / host)
        places = [one.made.path.replace(str(self.here), own, 1) for one in changes]
        return [replace(one, made=replace(one.made, path=path)) for one, path in zip(changes, places, strict=True)]

    def __exit__(self, *_facts: object) -> None:
        for one in self.others:
            one.kill()
            one.wait()
        for name in list(self.hosts):
            self._kill_init(name)
        for name in (*HOSTS, CLIENT, SWITCH):
            subprocess.run([IP, "netns", "del", self.space(name)], capture_output=True, check=False)
        if not os.environ.get("DRILL_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---------------------------------------------------------------- network

    def space(self, name: str) -> str:
        """The network namespace of a host, the client or the switch."""
        return f"msd{self.tag}-{name}"

    def _wire(self) -> None:
        for name in (SWITCH, *HOSTS, CLIENT):
            done = subprocess.run([IP, "netns", "add", self.space(name)], capture_output=True, text=True, check=False)
            if done.returncode:
                raise Problem(f"ip netns: {done.stderr.strip()}", code="no_namespaces")
            self.inside(name, "ip", "link", "set", "lo", "up")
        self.inside(SWITCH, "ip", "link", "add", "br0", "type", "bridge")
        self.inside(SWITCH, "ip", "link", "set", "br0", "up")
        for name in (*HOSTS, CLIENT):
            address = CLIENT_ADDRESS if name == CLIENT else self.site.inner(self.site.host(name))
            far = ["peer", "name", CARD, "netns", self.space(name)]
            self.inside(SWITCH, "ip", "link", "add", name, "type", "veth", *far)
            self.inside(SWITCH, "ip", "link", "set", name, "master", "br0", "up")
            self.inside(name, "ip", "address", "add", f"{address}/{BITS}", "dev", CARD)
            self.inside(name, "ip", "link", "set", CARD, "up")

    def inside(self, name: str, *words: str) -> str:
        """Run a command in a namespace. Raises Problem when it fails."""
        done = subprocess.run(
            [IP, "netns", "exec", self.space(name), *words], capture_output=True, text=True, timeout=30, check=False
        )
        if done.returncode:
            raise Problem(f"{' '.join(words)}: {done.stderr.strip()}", code="command")
        return done.stdout

    def cut(self, name: str) -> None:
        """Pull a host's cable."""
        self.inside(SWITCH, "ip", "link", "set", name, "down")

    def join(self, name: str) -> None:
        """Put it back."""
        self.inside(SWITCH, "ip", "link", "set", name, "up")

    def cut_between(self, one: str, other: str) -> None:
        """Let the switch drop everything between two hosts, both ways; they reach everybody else."""
        rules = [f'iifname "{a}" oifname "{b}" drop' for a, b in ((one, other), (other, one))]
        chain = ["table bridge cut {", "chain f {", "type filter hook forward priority 0", *rules, "}", "}"]
        path = self.folder / "cut.nft"
        path.write_text("\n".join([*chain, ""]), encoding="utf-8")
        self.inside(SWITCH, "nft", "-f", str(path))

    def join_all(self) -> None:
        """Undo every cut."""
        for name in HOSTS:
            self.join(name)
        with contextlib.suppress(Problem):
            self.inside(SWITCH, "nft", "delete", "table", "bridge", "cut")

    # ---------------------------------------------------------------- hosts

    def boot(self, name: str) -> None:
        """Switch a host on."""
        own = self.folder / name
        units = own / "system" / "systemd" / "system"
        words = [IP, "netns", "exec", self.space(name), "unshare", "--mount", "--pid", "--fork", "--kill-child",
                 "--mount-proc", sys.executable, "-P", "-m", "mainstay.drill.standby.init"]  # fmt: skip
        words += [str(self.here), str(own), str(units), str(own / "logs")]
        environment = {**plain(), "PYTHONPATH": str(SOURCE)}
        self.hosts[name] = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)

    def rise(self, seconds: float) -> Status:
        """Switch all three on for the first time; the database of `appsrv` only when that of `datasrv` leads.

        What both servers of the database share is told to the votes beforehand: Patroni does that itself only where it
        makes the database.
        """
        waits = self.folder / "appsrv" / "hold-mainstay-patroni"
        waits.touch()
        for name in HOSTS:
            self.boot(name)
        address = f"{self.site.inner(self.site.host('witness'))}:{CLIENT_PORT}"
        shared = json.dumps(shared_settings(self.site))
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.from_host("witness", lambda: Etcd([address]).put(f"/mainstay/{self.site.cluster}/config", shared))
                break
            except Problem:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        self.wait(lambda one: one.database_on == "datasrv", seconds, "first leader")
        waits.unlink()
        return self.settle(seconds)

    def kill(self, name: str) -> None:
        """Take the power away: every process at once, and the cable is dead too."""
        self.cut(name)
        self._kill_init(name)

    def _kill_init(self, name: str) -> None:
        process = self.hosts.pop(name, None)
        if process is not None:
            for pid in [*_children(process.pid), process.pid]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()

    def revive(self, name: str) -> None:
        """Switch it on again."""
        self.join(name)
        self.boot(name)

    def processes(self, name: str, unit: str) -> list[int]:
        """Processes of a unit on a host, by our own numbers."""
        root = _children(self.hosts[name].pid)[0]
        found = []
        for pid in _family(root):
            with contextlib.suppress(OSError):
                if f"DRILL_UNIT={unit}\0".encode() in Path("/proc", str(pid), "environ").read_bytes():
                    found.append(pid)
        return found

    def kill_named(self, name: str, unit: str, *words: str) -> int:
        """Kill -9 the processes of a unit whose command line has one of the words; returns how many."""
        hit = 0
        for pid in self.processes(name, unit):
            with contextlib.suppress(OSError):
                line = Path("/proc", str(pid), "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if any(word in line for word in words):
                    os.kill(pid, signal.SIGKILL)
                    hit += 1
        return hit

    # ---------------------------------------------------------------- looking

    def look(self) -> Status:
        """The state of the pair, asked from the witness: the firewall lets nobody else ask."""
        return self.from_host("witness", lambda: observe(self.site))

    def from_host(self, name: str, ask: Callable[[], T]) -> T:
        """Run a function with the network of a host: in a thread that enters it for good and ends with its answer."""
        found: list[T] = []
        failed: list[Exception] = []

        def enter() -> None:
            try:
                with Path("/var/run/netns", self.space(name)).open() as file:
                    _setns(file.fileno())
                found.append(ask())
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=enter, daemon=True)
        thread.start()
        thread.join()
        if failed:
            raise Problem(f"{name}: {failed[0]!r}", code="no_answer") from failed[0]
        return found[0]

    def wait(self, fine: Callable[[Status], bool], seconds: float, what: str) -> Status:
        """Look until it is so. Raises Problem after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.look()
            if fine(found):
                return found
            if time.monotonic() > deadline:
                raise Problem(f"{what}: not within {seconds:.0f} s; {found.as_dict()}", code="late")
            time.sleep(0.5)

    def settle(self, seconds: float = 120) -> Status:
        """Wait until both servers stand in for each other again, nothing unprotected."""
        return self.wait(self.whole, seconds, "pair whole again")

    def whole(self, found: Status) -> bool:
        """Whether nothing is unprotected; in the control without synchronous copies, whether everything runs."""
        if self.site.database.synchronous:
            return found.mode == PAIR and not found.unprotected
        return set(found.unprotected) <= {"no-copy"} and all(one.running and one.votes for one in found.members)

    def client(self, *words: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a program at the client's place."""
        return self._start(CLIENT, list(words), log, {})

    def _start(self, name: str, words: list[str], log: Path, extra: dict[str, str]) -> subprocess.Popen[bytes]:
        environment = {**plain(), "PYTHONPATH": str(SOURCE), **extra}
        with log.open("ab") as file:
            process = subprocess.Popen(
                [IP, "netns", "exec", self.space(name), *words],
                env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip
        self.others.append(process)
        return process

    def socket(self, host: str) -> str:
        """The folder of PostgreSQL's socket on a host; reachable from every namespace."""
        return str(self.folder / host / "run" / "postgresql")


def as_toml(data: Any) -> str:
    """A declaration as its file: tables inside lists and tables are written inline, the rest as JSON writes it."""

    def value(one: Any) -> str:
        if isinstance(one, dict):
            return "{" + ", ".join(f"{key} = {value(item)}" for key, item in one.items()) + "}"
        if isinstance(one, list):
            return "[" + ", ".join(value(item) for item in one) + "]"
        return json.dumps(one, ensure_ascii=False)

    return "".join(f"{key} = {value(one)}\n" for key, one in data.items())


def plain() -> dict[str, str]:
    """The environment without settings of the caller's."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAINSTAY_", "DRILL_"))}
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        ours.pop(name, None)
    return ours


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _family(pid: int) -> list[int]:
    found, level = [pid], [pid]
    while level:
        level = [child for one in level for child in _children_of_all_threads(one)]
        found += level
    return found


def _children_of_all_threads(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                found += [int(word) for word in (task / "children").read_text().split()]
    return found


def _setns(descriptor: int) -> None:
    clone_newnet = 0x40000000
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, clone_newnet):
        raise OSError(ctypes.get_errno(), "setns")
