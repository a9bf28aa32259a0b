"""What a process loads before it has anything to do: each megabyte is paid by every worker."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("scipy", "numpy", "docx", "lxml", "typst", "cryptography", "statsmodels", "xlsxwriter")
CODE = f"""
import sys
from mainstay.commands.ready import django_ready
django_ready()
print(*[name for name in {HEAVY} if name in sys.modules])
"""


@pytest.mark.slow
def test_no_process_loads_a_library_that_few_need(tmp_path: Path) -> None:
    environment = os.environ | {"MAINSTAY_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
