"""`bench import` measures what it says: every row of the sheet is in the table afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = {"rows", "seconds", "rows_per_s", "ratio_to_limit", "peak_mb", "mapped_mb", "database"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [(), ("--xlsx",)])
def test_every_row_comes_in(tmp_path: Path, kind: tuple[str, ...]) -> None:
    words = ["bench", "import", "--rows", "250", "--months", "3", "--json", *kind]
    done = subprocess.run(
        [sys.executable, "-m", "mainstay", *words],
        env={**os.environ, "MAINSTAY_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert set(found) >= KEYS
    assert (found["rows"], found["differ"]) == (250, 0)
    assert found["rows_per_s"] > 0
    assert found["peak_mb"] > found["mapped_mb"] > 0
