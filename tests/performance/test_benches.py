"""The measurements of appraisal in short form: they build, measure, and say so as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support.site import ROOT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["raters", "--people", "60", "--raters", "6", "--runs", "1"], {"median_s", "limit_ms", "correlation"}),
        (["appraisal", "--people", "100", "--times", "1"], {"score_s", "severity_s", "worst_p95_ms"}),
    ],
)
def test_benches_tell_figures(words: list[str], keys: set[str]) -> None:
    command = [sys.executable, "-m", "mainstay", "bench", *words, "--json"]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}/src"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    assert keys <= set(json.loads(done.stdout.strip().splitlines()[-1]))
