"""What the scenarios of a year share: scripts on the site's database, going on as somebody else, sending forms."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.site import ROOT


def run(live_site, tmp_path, source: str) -> list[str]:
    """Run a script on the site's database; returns the words it printed."""
    script = tmp_path / "script.py"
    script.write_text(source)
    environment = {
        **live_site.environment,
        "PYTHONPATH": f"{ROOT}/src{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "mainstay.config.settings",
    }
    command = [sys.executable, os.fspath(script)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def become(page, live_site, cookie: str) -> None:
    """Go on as somebody else."""
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])


def send(page) -> None:
    """Press the one button of a form page."""
    page.click("#form .btn-primary")
    page.wait_for_load_state()
