"""A web process has loaded everything, and keeps it, before it answers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import mainstay

LOOK = """
import gc, sys
import mainstay.config.wsgi
from mainstay.config.urls import urlpatterns
print("mainstay.gas.payments.api" in sys.modules, "mainstay.gas.payments.views.counter" in sys.modules)
print(gc.get_freeze_count() > 50_000, gc.get_count()[2])
"""


@pytest.mark.slow
def test_everything_is_loaded_and_kept_before_the_first_request() -> None:
    source = str(Path(mainstay.__file__).parent.parent)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mainstay.config.settings", "PYTHONPATH": source}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True", "0"], done.stderr
