"""What the agent runs and takes away: the web server, the worker, the service address."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
IP = shutil.which("ip") or "/usr/sbin/ip"
SETPRIV = shutil.which("setpriv") or "/usr/bin/setpriv"
ETH_ARP = 0x0806
ANNOUNCEMENTS = 3


def adopt_orphans() -> None:
    """Become the parent of processes whose own parent died, so that none gets out of sight."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def environment_of(path: str) -> dict[str, str]:
    """The settings of a file of NAME=value lines, as systemd reads it."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _sign, value in pairs}


class Program:
    """A program to keep running as some user; started again after a rest when it ends."""

    def __init__(self, command: list[str], user: str, environment: str, rest_s: float = 1.0) -> None:
        self.command, self.user, self.environment, self.rest_s = command, user, environment, rest_s
        self.process: subprocess.Popen[bytes] | None = None
        self.ended_at = 0.0

    def runs(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def keep(self) -> None:
        """Start it when it does not run and has rested."""
        if self.runs():
            return
        if self.process is not None:
            self.stop()
            self.ended_at = time.monotonic()
        if time.monotonic() - self.ended_at >= self.rest_s:
            self.start()

    def start(self) -> None:
        """Start it; it dies with the agent."""
        # setpriv also sees to it that the program dies with the agent.
        words = [SETPRIV, "--pdeathsig", "KILL", *_as_user(self.user), "--", *self.command]
        wanted = {**os.environ, **environment_of(self.environment), "HOME": "/nonexistent"}
        self.process = subprocess.Popen(words, env=wanted, stdin=subprocess.DEVNULL)

    def stop(self) -> None:
        """Kill it and everything it started, at once: what was in hand was not acknowledged and is asked again."""
        if self.process is None:
            return
        family = [self.process.pid, *descendants(self.process.pid)]
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        self.process = None


def kill_orphans(known: set[int]) -> None:
    """Kill children of this process that are not its own programs: what a dead program left behind."""
    for pid in own_children():
        if pid not in known:
            for one in (pid, *descendants(pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def _as_user(name: str) -> list[str]:
    """setpriv's words for a user; none for somebody who is not root, or where nobody of that name exists."""
    if os.geteuid() != 0:
        return []
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return []
    return ["--reuid", str(found.pw_uid), "--regid", str(found.pw_gid), "--init-groups"]


def own_children() -> list[int]:
    """Direct children of this process, dead ones that nobody waited for included."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(word) for word in (task / "children").read_text().split()]
    return found


def descendants(pid: int) -> list[int]:
    """Everything a process started, and what those started."""
    pairs = list(_parents())
    found: list[int] = []
    level = {pid}
    while level:
        level = {child for child, parent in pairs if parent in level}
        found += sorted(level)
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                text = Path("/proc", entry.name, "stat").read_text()
                yield int(entry.name), int(text.rpartition(")")[2].split()[1])


def address_here(address: str, interface: str) -> bool:
    """Tell whether this host has the address now."""
    done = subprocess.run(
        [IP, "-o", "address", "show", "dev", interface], capture_output=True, text=True, timeout=5, check=False
    )
    return f" {address} " in done.stdout


def take_address(address: str, interface: str) -> None:
    """Put the address on and announce it, so that everybody's table of neighbours follows at once."""
    subprocess.run([IP, "address", "add", address, "dev", interface], capture_output=True, timeout=5, check=False)
    for _time in range(ANNOUNCEMENTS):
        with contextlib.suppress(OSError):
            announce(address.partition("/")[0], interface)


def drop_address(address: str, interface: str) -> None:
    """Take the address off."""
    subprocess.run([IP, "address", "del", address, "dev", interface], capture_output=True, timeout=5, check=False)


def forget_neighbour(address: str, interface: str) -> None:
    """Forget the hardware address of a neighbour, so that the next packet asks for it first."""
    subprocess.run([IP, "neighbour", "del", address, "dev", interface], capture_output=True, timeout=5, check=False)


def announce(address: str, interface: str) -> None:
    """Send a gratuitous ARP request and reply for an address (RFC 5227)."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_ARP)) as wire:
        wire.bind((interface, ETH_ARP))
        mac = wire.getsockname()[4]
        own = socket.inet_aton(address)
        everybody = b"\xff" * 6
        for operation in (1, 2):
            packet = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, operation, mac, own, everybody, own)
            wire.send(everybody + mac + struct.pack("!H", ETH_ARP) + packet)
