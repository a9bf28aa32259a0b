"""The benchmark of the search runs, finds what it looks for, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_the_search_is_measured(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment |= {"MAINSTAY_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path)}
    words = ["bench", "search", "--accounts", "400", "--searches", "4", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "mainstay", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["accounts"], found["missed"]) == (400, 0)
    assert found["searches"]["phone_tail/branch"]["p95_ms"] > 0
    assert found["worst_p95_ms"] == max(one["p95_ms"] for one in found["searches"].values())
    assert not list(tmp_path.glob("mainstay-bench-*"))
