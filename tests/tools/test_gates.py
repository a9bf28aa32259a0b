"""The runner of the gates: results, totals, time limits, closing lines."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from mainstay.kit.sqlite3 import kept
from tools.gates import main, needs, plan, postgres
from tools.gates.gate import FAILED, PASSED, SKIPPED, Counts, Gate, Result, Running


def python(code: str, **facts: object) -> Gate:
    """Return a gate that runs some Python."""
    return Gate(facts.pop("name", "gate"), [sys.executable, "-c", code], **facts)  # type: ignore[arg-type]


def finish(gate: Gate, folder: Path) -> Result:
    """Run one gate to its end."""
    return Running(gate, dict(os.environ), folder / "log").finish()


def test_a_gate_passes_or_fails_by_its_exit_code(tmp_path: Path) -> None:
    assert finish(python("print('fine')"), tmp_path).state == PASSED
    failed = finish(python("print('why'); raise SystemExit(1)"), tmp_path)
    assert (failed.state, failed.output) == (FAILED, "why")


@pytest.mark.slow
def test_a_gate_over_its_time_fails_with_all_it_started(tmp_path: Path) -> None:
    mark = tmp_path / "late"
    grandchild = f"import time; time.sleep(1.5); open({str(mark)!r}, 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {grandchild!r}])"
    assert finish(python(code, limit=0.5), tmp_path).state == FAILED
    assert finish(python("import time; time.sleep(9)", limit=0.2, may_skip=True), tmp_path).state == SKIPPED
    time.sleep(1.5)
    assert not mark.exists()


def _pytest_gate(folder: Path, source: str) -> Gate:
    """Return a gate that runs pytest on one small file outside the project."""
    file = folder / "test_small.py"
    file.write_text(source)
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    command += [f"--rootdir={folder}", f"--junitxml={report}", str(file)]
    return Gate("tests", command, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, report=report)


def test_totals_are_those_of_pytest(tmp_path: Path) -> None:
    source = "import pytest\ndef test_a(): pass\ndef test_b(): assert 0\n"
    source += "@pytest.mark.skip\ndef test_c(): pass\n@pytest.fixture\ndef bad(): assert 0\ndef test_d(bad): pass\n"
    result = finish(_pytest_gate(tmp_path, source), tmp_path)
    assert (result.state, result.counts) == (FAILED, Counts(passed=1, failed=2, skipped=1))


def test_a_broken_run_counts_as_a_failure(tmp_path: Path) -> None:
    assert finish(_pytest_gate(tmp_path, "import nothing_like_this"), tmp_path).counts == Counts(failed=1)
    silent = python("raise SystemExit(1)", report=tmp_path / "never.xml")
    assert finish(silent, tmp_path).counts == Counts(failed=1)


def test_no_tests_is_no_failure(tmp_path: Path) -> None:
    result = finish(_pytest_gate(tmp_path, ""), tmp_path)
    assert (result.state, result.counts) == (PASSED, Counts())


def test_gates_share_the_cores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gates = [python(f"print({number})", name=str(number), slots=slots) for number, slots in enumerate((1, 1, 99, 1))]
    results = main.Runner(tmp_path).run(gates)
    assert [result.gate.name for result in results] == ["0", "1", "2", "3"]
    assert {result.state for result in results} == {PASSED}
    assert capsys.readouterr().out.count(PASSED) == 4


def _closing(capsys: pytest.CaptureFixture[str], results: list[Result], **facts: object) -> tuple[int, list[str]]:
    """Return exit code and printed lines of the end of a run."""
    lacking: list[str] = facts.pop("lacking", [])  # type: ignore[assignment]
    options = {"fast": False, "words": [], "seconds": 1.0} | facts
    code = main._close(results, lacking, **options)  # type: ignore[arg-type]
    return code, capsys.readouterr().out.splitlines()


def test_the_closing_lines(capsys: pytest.CaptureFixture[str]) -> None:
    first = Result(python("", name="one"), PASSED, 1, counts=Counts(3, 0, 1))
    second = Result(python("", name="two"), PASSED, 1, counts=Counts(4, 0, 0))
    still = Result(python("", name="still"), PASSED, 1)
    code, lines = _closing(capsys, [first, second, still])
    assert (code, lines[-2:]) == (0, ["7 passed, 0 failed, 1 skipped", "Everything ran."])


def test_the_last_line_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    good = Result(python("", name="one"), PASSED, 1, counts=Counts(1))
    late = Result(python("", name="mypy"), SKIPPED, 1, note="over 40 s")
    code, lines = _closing(capsys, [good, late], lacking=["chromium is missing (browser tests)"], fast=True)
    assert code == 0
    assert lines[-2] == "1 passed, 0 failed, 0 skipped"
    for words in ("mypy (over 40 s)", "chromium is missing", "PostgreSQL"):
        assert words in lines[-1]


def test_a_failed_gate_fails_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = _closing(capsys, [Result(python("", name="ruff"), FAILED, 1)])
    assert code == 1
    assert "Failed gates: ruff" in lines
    assert _closing(capsys, [])[0] == 1


def test_a_slow_run_names_its_slowest_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = "import time\ndef test_quick(): pass\ndef test_dozing(): time.sleep(0.3)\n"
    result = finish(_pytest_gate(tmp_path, source), tmp_path)
    _code, lines = _closing(capsys, [result], fast=True, seconds=61.0)
    named = [line for line in lines if "test_" in line]
    assert "test_dozing" in named[0]
    assert "test_quick" in named[1]
    assert not any("test_" in line for line in _closing(capsys, [result], fast=True, seconds=59.0)[1])


def test_a_gate_sees_nothing_of_the_callers_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTAY_HTTPS", "true")
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/live")
    environment = plan.environment(tmp_path / "data")
    assert "DATABASE_URL" not in environment
    assert [name for name in environment if name.startswith("MAINSTAY_")] == ["MAINSTAY_DATA"]


def test_the_plan(tmp_path: Path) -> None:
    full = [gate.name for gate in plan.gates(tmp_path, fast=False, words=[], database="postgres://x")]
    assert {"mypy", "ruff check", "imports", "drills", "tests on SQLite", "tests on PostgreSQL"} <= set(full)
    gates = plan.gates(tmp_path, fast=False, words=[], database="postgres://x")
    words = [word for gate in gates if gate.report for word in gate.command]
    left_out = {word.removeprefix("--ignore=") for word in words if word.startswith("--ignore=")}
    assert left_out and left_out <= set(words) | {"tests/browser"}, "what one gate leaves out is another one's"
    fast = plan.gates(tmp_path, fast=True, words=[], database=None)
    assert not any("PostgreSQL" in gate.name or "browser" in gate.name for gate in fast)
    chosen = plan.gates(tmp_path, fast=False, words=["tests/kit"], database="postgres://x")
    assert [gate.name for gate in chosen] == ["tests on SQLite", "tests on PostgreSQL"]
    assert chosen[1].environment == {"DATABASE_URL": "postgres://x"}


@pytest.mark.slow
def test_the_cluster_comes_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    programs = needs.postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    import psycopg

    told = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with postgres.throw_away_cluster(programs, migrated=True) as address:
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
            mark = connection.execute(told, [postgres.TEMPLATE]).fetchone()
        assert mark == ((kept.mark_of(),) if kept.place() else None)
        assert "@127.0.0.1:" in address
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)
