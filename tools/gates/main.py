"""Runs as many gates at a time as keep the cores busy, and prints the table and the closing lines."""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from mainstay.drill import memory
from tools.gates import needs, plan, postgres
from tools.gates.gate import FAILED, PASSED, SKIPPED, Counts, Gate, Result, Running, slowest

HEARTBEAT_SECONDS = 15
AIM_SECONDS = {True: 60, False: 360}  # of a fast run, of a full one


def main(argv: list[str]) -> int:
    """Run the gates; 0 when all passed, 1 when one failed, 130 after Ctrl-C."""
    options, words = parser().parse_known_args(argv)
    words = [word for word in words if word != "--"]
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_facts: sys.exit(143))
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="mainstay-gates-", dir=memory.place(6)))
    try:
        with contextlib.ExitStack() as stack:
            lacking = _prepare(options.fast)
            database = None if options.fast else _database(stack, lacking)
            gates = plan.gates(folder, fast=options.fast, words=words, database=database)
            results = Runner(folder).run(gates)
        return _close(results, lacking, fast=options.fast, words=words, seconds=time.monotonic() - begun)
    except KeyboardInterrupt:
        _say("stopped.")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb; what it does not know goes to pytest."""
    made = argparse.ArgumentParser(
        "mainstay test",
        usage="mainstay test [--fast] [pytest arguments …]",
        description="Run every quality gate. With pytest arguments, run only those tests, on both databases.",
        allow_abbrev=False,
    )
    made.add_argument("--fast", action="store_true", help="under a minute: SQLite only, no browser, no slow tests")
    return made


def _prepare(fast: bool) -> list[str]:
    """Install what is missing where that is possible; return sentences about what stays missing."""
    missing = needs.missing(fast=fast)
    if missing and needs.can_install():
        _say(f"installing {', '.join(need.package for need in missing)} from Debian's packages …")
        if trouble := needs.install(missing):
            _say(f"that did not work:\n{trouble}")
        missing = needs.missing(fast=fast)
    lacking = [f"{need.package} is missing ({need.purpose})" for need in missing]
    for line in lacking:
        _say(line)
    return lacking


def _database(stack: contextlib.ExitStack, lacking: list[str]) -> str | None:
    """Start the throw-away PostgreSQL for as long as the stack lives, and return its address."""
    programs = needs.postgres_programs()
    if programs is None:
        return None
    try:
        address = stack.enter_context(postgres.throw_away_cluster(programs, migrated=True))
    except postgres.CannotStart as error:
        _say(f"PostgreSQL did not start: {error}")
        lacking.append("PostgreSQL did not start")
        return None
    _say(f"a PostgreSQL for this run is up (programs in {programs}).")
    return address


class Runner:
    """Starts gates in their order as soon as enough cores are free."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slots = 2 * max(2, os.cpu_count() or 2)  # two processes a core: every gate waits now and then
        self.free = self.slots
        self.running: list[Running] = []
        self.results: list[Result] = []
        self.changed = threading.Condition()
        self.stopping = False

    def run(self, gates: list[Gate]) -> list[Result]:
        """Run all gates and return their results in the order of the gates."""
        threads: list[threading.Thread] = []
        try:
            for number, gate in enumerate(gates):
                slots = min(gate.slots, self.slots)
                self._wait(functools.partial(self._has_free, slots))
                threads.append(self._start(number, gate, slots))
            self._wait(lambda: not self.running)
        finally:
            self.stopping = True
            for running in list(self.running):
                running.stop()
            for thread in threads:
                thread.join(10)
        return sorted(self.results, key=lambda result: gates.index(result.gate))

    def _has_free(self, slots: int) -> bool:
        return self.free >= slots

    def _start(self, number: int, gate: Gate, slots: int) -> threading.Thread:
        """Start one gate and the thread that waits for it."""
        data = self.folder / f"data-{number}"
        running = Running(gate, plan.environment(data), self.folder / f"{number}.log")
        with self.changed:
            self.free -= slots
            self.running.append(running)
        thread = threading.Thread(target=self._finish, args=(running, slots), daemon=True)
        thread.start()
        return thread

    def _finish(self, running: Running, slots: int) -> None:
        """Note a gate's result and free its cores."""
        result = running.finish()
        with self.changed:
            self.results.append(result)
            self.running.remove(running)
            self.free += slots
            self.changed.notify_all()
            if self.stopping:
                return
            _say(f"{result.state:<8} {result.gate.name} ({result.seconds:.1f} s) {result.note}".rstrip())
            if result.state == FAILED:
                print(result.output, flush=True)

    def _wait(self, happened: Callable[[], bool]) -> None:
        """Wait for a condition, with a line about what runs every 15 seconds."""
        with self.changed:
            while not self.changed.wait_for(happened, HEARTBEAT_SECONDS):
                _say("… " + ", ".join(running.progress() for running in self.running))


def _close(results: list[Result], lacking: list[str], *, fast: bool, words: list[str], seconds: float) -> int:
    """Print the table, the totals alone on a line, and last what did not run."""
    wide = max((len(result.gate.name) for result in results), default=4)
    print(f"\n{'gate':<{wide}}  {'result':<8} {'seconds':>8}")
    for result in results:
        print(f"{result.gate.name:<{wide}}  {result.state:<8} {result.seconds:>8.1f}  {result.note}".rstrip())
    print(f"{'in all':<{wide}}  {'':<8} {seconds:>8.1f}\n")
    if seconds > AIM_SECONDS[fast]:
        _tell_slowest(results, AIM_SECONDS[fast])
    failed = [result.gate.name for result in results if result.state == FAILED]
    if failed:
        print(f"Failed gates: {', '.join(failed)}")
    total = sum((result.counts for result in results if result.counts), Counts())
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    left = [f"{result.gate.name} ({result.note})" for result in results if result.state == SKIPPED] + lacking
    if fast:
        left.append("PostgreSQL, browser and slow tests (--fast)")
    if words:
        left.append("the gates beside pytest (arguments were given)")
    print(f"Not run: {'; '.join(left)}." if left else "Everything ran.", flush=True)
    return 1 if failed or not any(result.state == PASSED for result in results) else 0


def _tell_slowest(results: list[Result], aim: int) -> None:
    """Name the tests that cost most, so that they are made faster or marked `slow`."""
    timed = [found for result in results if result.gate.report for found in slowest(result.gate.report, 10)]
    print(f"This took longer than the {aim} s it should. The slowest tests:")
    for seconds, name in sorted(timed, reverse=True)[:10]:
        print(f"  {seconds:6.1f} s  {name}")
    print()


def _say(text: str) -> None:
    print(f"mainstay test: {text}", flush=True)
