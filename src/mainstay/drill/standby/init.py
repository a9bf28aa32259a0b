"""The first process of a drill's host: does what systemd does with the rendered units, and nothing else.

Started in a process and mount namespace of its own: when it is killed, every process of the host dies with it.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

MARK = "DRILL_UNIT"
TICK_S = 0.1


@dataclass
class Unit:
    """One service: its settings by name, its main process, when it may start again."""

    name: str
    settings: dict[str, list[str]]
    process: subprocess.Popen[bytes] | None = None
    again_at: float = 0.0
    log: Path = field(default=Path(os.devnull))

    def one(self, key: str, default: str = "") -> str:
        """The last value of a setting."""
        return self.settings.get(key, [default])[-1]

    def start(self) -> None:
        """Run ExecStartPre, then the program as its user."""
        user = self.one("User")
        for line in self.settings.get("ExecStartPre", []):
            self._run(line, "" if line.startswith("+") else user)
        with self.log.open("ab") as log:
            words = [*_as(user), *shlex.split(self.one("ExecStart"))]
            environment = {**os.environ, MARK: self.name}
            self.process = subprocess.Popen(
                words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def run_once(self) -> None:
        """Run every program of a service that ends by itself, one after the other."""
        for line in self.settings.get("ExecStart", []):
            self._run(line, self.one("User"))

    def ended(self) -> None:
        """Its main process is gone: what belongs to it goes too, where the unit says so."""
        self.process = None
        if self.one("KillMode", "control-group") == "control-group":
            for pid in members(self.name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        for line in self.settings.get("ExecStopPost", []):
            self._run(line, self.one("User"))
        self.again_at = time.monotonic() + float(self.one("RestartSec", "1"))

    def _run(self, line: str, user: str) -> None:
        with self.log.open("ab") as log:
            words = [*_as(user), *shlex.split(line.lstrip("+-"))]
            subprocess.run(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=20, check=False)


def _as(user: str) -> list[str]:
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"] if user else []


def members(unit: str) -> list[int]:
    """Processes of a unit, by the mark in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if f"{MARK}={unit}\0".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found


def read_unit(path: Path, log: Path) -> Unit:
    """The service section of a unit file."""
    settings: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _sign, value = line.partition("=")
            settings.setdefault(key, []).append(value)
    return Unit(path.stem, settings, log=log)


def main(argv: list[str]) -> int:
    """`python -m mainstay.drill.standby.init HERE OWN UNITS LOGS`: bind OWN to HERE, then keep the units there."""
    here, own, units, logs = argv
    subprocess.run(["/usr/bin/mount", "--bind", own, here], check=True)
    kept = [read_unit(path, Path(logs, f"{path.stem}.log")) for path in sorted(Path(units).glob("mainstay-*.service"))]
    kept = [unit for unit in kept if not {"backup", "drill", "watch", "power"} & set(unit.name.split("-"))]
    for unit in (one for one in kept if one.one("Type") == "oneshot"):
        unit.run_once()
    running = [one for one in kept if one.one("Type") != "oneshot"]
    while True:
        for unit in running:
            if unit.process is None and time.monotonic() >= unit.again_at and not held(own, unit.name):
                unit.start()
            elif unit.process is not None and unit.process.poll() is not None:
                unit.ended()
        _reap({unit.process.pid for unit in running if unit.process})
        time.sleep(TICK_S)


def held(own: str, unit: str) -> bool:
    """Whether a unit is not to be started yet."""
    return Path(own, f"hold-{unit}").exists()


def _reap(kept: set[int]) -> None:
    """Take away dead orphans, as a first process must; main processes are waited for by their units."""
    with contextlib.suppress(ChildProcessError):
        while (dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and dead.si_pid not in kept:
            os.waitpid(dead.si_pid, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
