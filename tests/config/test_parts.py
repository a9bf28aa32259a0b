"""A company switches on the parts it needs: a property company 4R alone, an office of safety inspections alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = """
import sys
from mainstay.commands.ready import django_ready
django_ready()
from django.core.management import call_command
from django.urls import reverse
from mainstay.config.parts import PARTS
call_command("check")
loaded = {name.split(".")[1] for name in sys.modules if name.startswith("mainstay.") and name.count(".") > 1}
print(*sorted(loaded & set(PARTS)))
print(reverse(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "page"),
    [("performance", "tracking:my_page"), ("inspection", "hazards:hazard_list"), ("gas", "payments:till_list")],
)
def test_a_part_works_alone(part: str, page: str, tmp_path: Path) -> None:
    environment = os.environ | {"MAINSTAY_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "MAINSTAY_PARTS": part}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "-c", CODE, page], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *_told, loaded, address = done.stdout.splitlines()
    assert loaded.split() == [part] and address.startswith("/")
