"""One gate: a command with a time limit, whose output is shown only when it fails."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NO_TESTS = 5  # pytest's exit code when nothing was collected
PASSED, FAILED, SKIPPED = "passed", "FAILED", "not run"
PERCENT = re.compile(r"\[ *(\d+)%\]")


@dataclass(frozen=True)
class Gate:
    """A named command. `slots` is how many processes it has, 0 where it mostly waits; `report` is its JUnit file.

    `may_skip` gates that take longer than `limit` seconds count as not run instead of failed.
    """

    name: str
    command: list[str]
    slots: int = 1
    limit: float = 1_800
    environment: dict[str, str] = field(default_factory=dict)
    report: Path | None = None
    may_skip: bool = False


@dataclass(frozen=True)
class Counts:
    """Tests of one or more pytest runs."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True)
class Result:
    """How a gate went: its state, seconds, output, a note for the table, and its tests if it ran any."""

    gate: Gate
    state: str
    seconds: float
    output: str = ""
    note: str = ""
    counts: Counts | None = None


class Running:
    """A started gate; `finish()` waits for it, `stop()` ends it and everything it started."""

    def __init__(self, gate: Gate, environment: dict[str, str], log: Path) -> None:
        self.gate = gate
        self.log = log
        self.begun = time.monotonic()
        self._stopped = threading.Event()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                gate.command,
                cwd=ROOT,
                env=environment | gate.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def progress(self) -> str:
        """Return how far it is, as its own output says."""
        found = PERCENT.findall(self.log.read_text(errors="replace")[-4000:])
        return f"{self.gate.name} {found[-1]} %" if found else self.gate.name

    def stop(self) -> None:
        """End the gate's whole process group."""
        self._stopped.set()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(5)
            except (ProcessLookupError, PermissionError):
                return
            except subprocess.TimeoutExpired:
                continue

    def finish(self) -> Result:
        """Wait until the gate ends or its time is up, and say how it went."""
        note = ""
        try:
            self.process.wait(self.gate.limit)
        except subprocess.TimeoutExpired:
            note = f"over {self.gate.limit:.0f} s"
            self.stop()
        seconds = time.monotonic() - self.begun
        output = self.log.read_text(errors="replace").strip()
        code = self.process.returncode
        if note and self.gate.may_skip:
            return Result(self.gate, SKIPPED, seconds, note=note)
        good = not note and (code == 0 or (self.gate.report is not None and code == NO_TESTS))
        counts = _counts(self.gate.report, good) if self.gate.report else None
        if counts:
            note = note or f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped"
        return Result(self.gate, PASSED if good else FAILED, seconds, output, note, counts)


def _counts(report: Path, good: bool) -> Counts:
    """Read the totals of a JUnit file; a run that broke down before writing one counts as one failure."""
    try:
        suites = ET.parse(report).getroot().iter("testsuite")
    except (OSError, ET.ParseError):
        return Counts() if good else Counts(failed=1)
    total = Counts()
    for suite in suites:
        tests, skipped = int(suite.get("tests", "0")), int(suite.get("skipped", "0"))
        failed = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        total += Counts(max(0, tests - failed - skipped), failed, skipped)
    return total if good or total.failed else total + Counts(failed=1)


def slowest(report: Path, count: int) -> list[tuple[float, str]]:
    """Return seconds and names of the slowest tests of a JUnit file, the slowest first."""
    try:
        cases = ET.parse(report).getroot().iter("testcase")
    except (OSError, ET.ParseError):
        return []
    timed = [(float(case.get("time", "0")), f"{case.get('classname')}.{case.get('name')}") for case in cases]
    return sorted(timed, reverse=True)[:count]
