"""The pair with the whole product on three hosts, struck again and again: nothing acknowledged is lost. Untimed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mainstay.drill import standby
from mainstay.drill.standby.faults import FAULTS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MOST_S = 900  # a net below the test; it takes about a minute and a half


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    if lacking := standby.missing():
        pytest.skip(f"needs {', '.join(lacking)}")
    words = [
        sys.executable,
        "-P",
        "-m",
        "mainstay",
        "drill",
        "standby",
        "--namespaces",
        "--short",
        "--untimed",
        "--json",
    ]
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "DJANGO_"))}
    environment = {**ours, "MAINSTAY_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=MOST_S, check=False)
    said = done.stdout + done.stderr
    if "ip netns" in said or "could not be installed" in said:
        pytest.skip(said.strip().splitlines()[-1])
    found = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip().endswith("}") else pytest.fail(said[-3000:])
    assert found["lost"] == 0 and found["twice"] == 0, said
    assert found["acknowledged"] > 50, said
    assert [one["name"] for one in found["faults"]] == [one.name for one in FAULTS if one.short]
    assert done.returncode == 0 and found["synchronous"] is True, said
