"""Which gates there are, in which order they start, and the environment they run in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.support.browser import program as chromium
from tools.gates.gate import ROOT, Gate

FAST_SECONDS = 40  # what a cold mypy may take of a fast run before it is left out
BROWSERS = 2  # stories told at once at most, by as many Chromiums
STANDBY = "tests/drills/test_standby.py"  # as long as all other drills together
WAITING = tuple(f"tests/continuity/backup/test_{name}.py" for name in ("journal", "pgbackrest"))  # as drills do
BIN = Path(sys.executable).parent
PATHS = ["src", "tests", "tools"]


def environment(data: Path) -> dict[str, str]:
    """Return a gate's environment: nothing of the caller's settings, a data folder of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAINSTAY_")}
    # The last one would have each of a hundred processes compile all modules for itself.
    for name in (
        "DATABASE_URL",
        "DJANGO_SETTINGS_MODULE",
        "PYTEST_ADDOPTS",
        "PYTHONWARNINGS",
        "PYTHONDONTWRITEBYTECODE",
    ):
        ours.pop(name, None)
    data.mkdir(parents=True, exist_ok=True)
    # Temporary files go there too, so that nothing stays behind, not even of a gate that was killed.
    places = {"MAINSTAY_DATA": str(data), "TMPDIR": str(data), "PYTHONPATH": str(ROOT / "src")}
    return ours | places | {"COLUMNS": "120", "NO_COLOR": "1"}


def gates(folder: Path, *, fast: bool, words: list[str], database: str | None) -> list[Gate]:
    """Return the gates of this run: all, the fast ones, or only pytest with the caller's arguments."""
    on_postgres = {"DATABASE_URL": database} if database else None
    if words:
        chosen = [_pytest(folder, "tests on SQLite", words)]
        if on_postgres:
            chosen.append(_pytest(folder, "tests on PostgreSQL", ["--only-database", *words], on_postgres))
        return chosen
    apart = [f"--ignore={path}" for path in ("tests/browser", "tests/drills", *WAITING)]
    if fast:
        marks = ["-m", "not slow", "-n", "2", "--dist", "worksteal", "--fast", "--hypothesis-profile=fast"]
        return [*_quick(), _pytest(folder, "tests on SQLite", [*apart, *marks]), _mypy(fast=True)]
    # What mostly waits begins first and beside everything; then the longest, so that no core is left alone at the end.
    chosen = [_pytest(folder, "standby drill", [STANDBY], slots=0)]
    chosen.append(_pytest(folder, "drills", ["tests/drills", f"--ignore={STANDBY}", *WAITING], slots=0))
    chosen += _quick()
    share = max(1, (os.cpu_count() or 2) // 2)
    workers = max(2, share)  # two even on two cores: no gate ends with a core left alone
    based = [*apart, "-n", str(workers), "--dist", "worksteal"]  # or one would end long after the other
    if on_postgres:
        chosen.append(_pytest(folder, "tests on PostgreSQL", ["--only-database", *based], on_postgres, slots=workers))
    if chromium():
        stories = min(BROWSERS, share)  # on two cores one: a second site and Chromium would cost a third more
        beside = ["-n", str(stories), "--dist", "loadfile"] if stories > 1 else []
        chosen.append(_pytest(folder, "browser tests", ["tests/browser", *beside], slots=share))
    chosen.append(_pytest(folder, "tests on SQLite", based, slots=workers))  # and those that use no database
    return [*chosen, _mypy(fast=False)]  # never waits: it fills what the last tests leave of the cores


def _quick() -> list[Gate]:
    """Return the gates that read the code in a few seconds."""
    manage = [sys.executable, "-P", "-m", "mainstay", "manage"]
    paths = [path for path in PATHS if (ROOT / path).exists()]
    return [
        Gate("ruff check", [str(BIN / "ruff"), "check", *paths], limit=60),
        Gate("ruff format", [str(BIN / "ruff"), "format", "--check", *paths], limit=60),
        Gate("imports", [str(BIN / "lint-imports")], limit=120),
        Gate("migrations", [*manage, "makemigrations", "--check", "--dry-run"], limit=120),
    ]


def _mypy(*, fast: bool) -> Gate:
    """Return the gate of types. A fast run leaves it out when it has no cache and takes too long."""
    return Gate("mypy", [str(BIN / "mypy")], limit=FAST_SECONDS if fast else 600, may_skip=fast)


def _pytest(folder: Path, name: str, words: list[str], extra: dict[str, str] | None = None, slots: int = 1) -> Gate:
    """Return a pytest run that also writes its totals to a file."""
    report = folder / f"{name.replace(' ', '-')}.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--tb=short",
        "--no-header",
        "-p",
        "no:cacheprovider",
        f"--junitxml={report}",
    ]
    return Gate(name, [*command, *words], slots=slots, environment=extra or {}, report=report)
