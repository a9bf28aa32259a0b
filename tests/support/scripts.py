"""Scripts in a served site's database, done one after another by one process: Python and Django start only once.

Run as a module it is that process: it reads scripts from its input, one JSON line each, and answers with what each
printed and with the error that ended it. Modules stay loaded from script to script; names of a script do not.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import json
import os
import select
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 180


class Scripts:
    """The process beside one site; it starts with the first script."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Keep the environment of the site's commands."""
        paths = {"PYTHONPATH": f"{ROOT}/src{os.pathsep}{ROOT}", "DJANGO_SETTINGS_MODULE": "mainstay.config.settings"}
        self._environment = environment | paths
        self._process: subprocess.Popen[str] | None = None

    def run(self, source: str, *words: str) -> str:
        """Run a script with words as its arguments; returns what it printed, and fails if the script fails."""
        if self._process is None:
            command = [sys.executable, "-m", "tests.support.scripts"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, env=self._environment, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, encoding="utf-8"
            )
        asking, answering = self._process.stdin, self._process.stdout
        assert asking and answering
        asking.write(json.dumps([source, words]) + "\n")
        asking.flush()
        assert select.select([answering], [], [], SECONDS)[0], f"no answer within {SECONDS} s from:\n{source}"
        line = answering.readline()
        assert line, f"the process ended with {self._process.wait()} in:\n{source}"
        printed, fault = json.loads(line)
        assert not fault, fault
        return str(printed)

    def close(self) -> None:
        """End the process: it ends by itself when its input does."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def answer() -> None:
    """Do each script that comes in."""
    import django

    from mainstay.kit.collector import collector_at_rest

    atexit.register(gc.freeze)  # its end would take as long as its start
    with collector_at_rest():
        django.setup()
    answers = sys.stdout
    for line in sys.stdin:
        source, words = json.loads(line)
        sys.argv = ["script", *words]
        printed, fault = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(source, "script", "exec"), {"__name__": "__main__"})
        except Exception:
            fault = traceback.format_exc()
        answers.write(json.dumps([printed.getvalue(), fault]) + "\n")
        answers.flush()


if __name__ == "__main__":
    answer()
