"""The benchmark of pages: percentiles by nearest rank, as many openings as a figure needs, and a company that stays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mainstay.bench import figures
from mainstay.bench.figures import ENOUGH, milliseconds, percentile, timed
from tests.support.site import ROOT


@pytest.mark.parametrize(
    ("count", "percent", "expected"),
    [(0, 95, 0), (1, 95, 1), (20, 95, 19), (20, 100, 20), (21, 95, 20), (100, 95, 95), (100, 99, 99), (3, 50, 2)],
)
def test_a_percentile_is_the_value_of_the_nearest_rank(count: int, percent: int, expected: int) -> None:
    values = [float(number) for number in range(count, 0, -1)]
    assert percentile(values, percent) == expected
    assert sum(value <= expected for value in values) * 100 >= percent * count
    assert milliseconds(values, percent) == expected * 1000


@pytest.mark.parametrize(("each_ms", "times", "expected"), [(1, 20, 20), (60, 20, 100), (250, 20, 100), (900, 20, 20),
                                                            (60, 1, 1), (60, 200, 200)])  # fmt: skip
def test_what_lies_near_the_goal_is_timed_a_hundred_times(
    monkeypatch: pytest.MonkeyPatch, each_ms: int, times: int, expected: int
) -> None:
    clock = [0.0]

    def work(_number: int) -> None:
        clock[0] += each_ms / 1000

    monkeypatch.setattr(figures.time, "perf_counter", lambda: clock[0])
    assert len(timed(work, times, 100.0)) == expected
    assert ENOUGH == 100


def _bench(folder: Path) -> tuple[str, dict[str, Any]]:
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment |= {"MAINSTAY_DATA": str(folder), "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(folder)}
    environment.pop("DATABASE_URL", None)
    words = ["bench", "pages", "--accounts", "400", "--times", "1", "--only", "arrears_list", "--keep", "--json"]
    command = [sys.executable, "-m", "mainstay", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_a_kept_company_is_built_once_and_again_when_it_was_not_completed(tmp_path: Path) -> None:
    kept = tmp_path / "bench-pages_400.sqlite3"
    kept.write_bytes(b"")  # as if the first run had been killed
    first, found = _bench(tmp_path)
    assert "400" in first.splitlines()[0] and str(kept) in first
    second, again = _bench(tmp_path)
    assert len(second.splitlines()) == len(first.splitlines()) - 2  # it says neither that it builds nor that it has
    assert len(found["pages"]) == 2 and found["pages"].keys() == again["pages"].keys() and not again["failed"]
