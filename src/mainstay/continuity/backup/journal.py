"""The off-site host's receiver: every change reaches the other building as it is written, not when a segment is full.

`mainstay site journal --config /etc/mainstay/journal.json`, kept by systemd on the host of an off-site repository. It
runs PostgreSQL's own `pg_receivewal` by a replication slot from whichever server accepts writes, and mends what that
program cannot: a history that went another way, and a gap after the servers had to drop what was kept for it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, fields
from pathlib import Path

from mainstay.continuity.backup.pgbackrest import SETPRIV, USER

AGAIN_S, SWEEP_S, KEPT = 1.0, 60.0, 2
SEGMENT = re.compile(r"[0-9A-F]{24}")
PARTIAL = ".partial"
DIVERGED = "is not in this server's history"
GONE = "has already been removed"


@dataclass(frozen=True, slots=True)
class Config:
    """What `journal.json` says: libpq's words for the servers, the slot, PostgreSQL's programs, the folder for the
    journal, and the part of the repository that holds the journal for good."""

    dsn: str
    slot: str
    programs: str
    folder: str
    archive: str

    @classmethod
    def read(cls, path: Path) -> Config:
        """Read the file; a key that is missing or unknown raises TypeError."""
        facts = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{one.name: facts.pop(one.name) for one in fields(cls) if one.name in facts}, **facts)


class Receiver:
    """Keeps `pg_receivewal` running, mends its folder, takes away what the repository holds for good."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.folder = Path(config.folder)
        self.stopping = threading.Event()
        self.process: subprocess.Popen[str] | None = None

    def run(self) -> int:
        """Until told to stop."""
        self._ready()
        while not self.stopping.is_set():
            said = self._receive()
            self._mend(said)
            self.stopping.wait(AGAIN_S)
        return 0

    def stop(self) -> None:
        """End the program and the loop."""
        self.stopping.set()
        if self.process:
            self.process.terminate()

    def _ready(self) -> None:
        """The folder belongs to the database's user alone: the journal holds everybody's data."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER, USER)

    def _receive(self) -> str:
        """Run the program until it ends; returns its last words. Sweeps while it runs."""
        words = [*self._program(), "-D", self.config.folder, "--slot", self.config.slot]
        words += ["--synchronous", "--no-loop", "--status-interval", "1"]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/")
        said: list[str] = []
        listener = threading.Thread(target=self._listen, args=(self.process, said), daemon=True)
        listener.start()
        if self.stopping.is_set():  # told so between the two
            self.process.terminate()
        while True:
            try:
                self.process.wait(SWEEP_S)
                break
            except subprocess.TimeoutExpired:
                self.sweep()
        listener.join(AGAIN_S)
        self.sweep()
        return "\n".join(said[-20:])

    @staticmethod
    def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
        assert process.stderr is not None  # noqa: S101 - it was asked for
        with process.stderr as lines:
            for line in lines:
                said.append(line.rstrip())
                sys.stderr.write(line)
                sys.stderr.flush()

    def _mend(self, said: str) -> None:
        """The new leader never had what came last: fetch it again, a segment at a time until it knows where we are.

        What we still lacked was given up: begin anew, the rest set aside. With nothing left here it is the slot that
        points there, moved back by our own last word before the server refused: it is made anew too, at what is newest.
        """
        if DIVERGED in said:
            if received := self.segments(partial=True):
                received[-1].rename(self.folder / f"{received[-1].name}.diverged-{time.time_ns()}")
        elif GONE in said and not (self.segments() or self.segments(partial=True)):
            self._slot_anew()
        elif GONE in said:
            aside = self.folder / f"before-gap-{time.time_ns()}"
            aside.mkdir(mode=0o700)
            for path in self.folder.iterdir():
                if path.is_file() and not path.name.endswith(".history"):
                    path.rename(aside / path.name)

    def _slot_anew(self) -> None:
        """A slot of no position: the program then begins where the server writes. One that is in use waits a turn."""
        for act in (("--drop-slot",), ("--create-slot", "--if-not-exists")):
            words = [*self._program(), "--slot", self.config.slot, *act]
            subprocess.run(words, check=False, cwd="/", timeout=SWEEP_S)

    def _program(self) -> list[str]:
        """PostgreSQL's receiver as the database's user, on the server that accepts writes."""
        prefix = SETPRIV if os.geteuid() == 0 else ()
        return [*prefix, f"{self.config.programs}/pg_receivewal", "-d", self.config.dsn]

    def segments(self, *, partial: bool = False) -> list[Path]:
        """Whole segments received, oldest first; with the one that is being received when asked for."""
        end = PARTIAL if partial else ""
        return sorted(path for path in self.folder.iterdir() if SEGMENT.fullmatch(path.name.removesuffix(end)))

    def sweep(self) -> int:
        """Remove segments that the repository holds for good, but the last ones; returns how many."""
        gone = [path for path in self.segments()[:-KEPT] if self.archived(path.name)]
        for path in gone:
            path.unlink()
        for aside in self.folder.glob("before-gap-*"):
            for path in aside.iterdir():
                if self.archived(path.name):
                    path.unlink()
            if not any(aside.iterdir()):
                aside.rmdir()
        return len(gone)

    def archived(self, segment: str) -> bool:
        """Whether the repository holds a segment: pgBackRest files it by its first 16 letters."""
        if not SEGMENT.fullmatch(segment):
            return False
        return any(Path(self.config.archive).glob(f"*/{segment[:16]}/{segment}-*"))


def main(argv: list[str]) -> int:
    """Run until SIGTERM."""
    made = argparse.ArgumentParser("mainstay site journal", description=__doc__)
    made.add_argument("--config", type=Path, default=Path("/etc/mainstay/journal.json"))
    receiver = Receiver(Config.read(made.parse_args(argv).config))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: receiver.stop())
    return receiver.run()
