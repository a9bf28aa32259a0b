"""People at the client's place who use the pages as a browser does: log in, open a form, send it; and a rehearsal."""

from __future__ import annotations

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

from mainstay.drill.standby.measure import rows
from mainstay.drill.standby.world import CLIENT, World
from mainstay.kit.errors import Problem

ENDED = {"done", "failed", "cancelled"}
SECONDS, REHEARSAL_S = 20.0, 150.0
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
APPROVAL = re.compile(r'href="(/workflow/\d+/)"')
REHEARSED = """SELECT from_host, to_host, gap_ms, acknowledged, lost, trouble FROM standby_rehearsal ORDER BY id"""
JOB = "SELECT state FROM jobs_job WHERE kind = 'continuity.standby.rehearse' ORDER BY id DESC LIMIT 1"


class Visitor:
    """One person with a browser of their own."""

    def __init__(self, base: str) -> None:
        self.base = base
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def open(self, path: str, data: Mapping[str, str] | None = None) -> tuple[str, str]:
        """Load a page, or send a form to it; returns where that led and what it shows. Raises Problem."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        try:
            with self.opener.open(f"{self.base}{path}", body, timeout=SECONDS) as answer:
                return urllib.parse.urlsplit(answer.url).path, answer.read().decode()
        except (urllib.error.URLError, OSError) as error:
            raise Problem(f"{path}: {error}", code="page") from error

    def send(self, path: str, **fields: str) -> tuple[str, str]:
        """Open the form of a page, fill it in and send it. Raises Problem."""
        _where, text = self.open(path)
        token = TOKEN.search(text)
        if token is None:
            raise Problem(f"{path}: no form", code="page")
        return self.open(path, {"csrfmiddlewaretoken": token[1], **fields})

    def log_in(self, username: str, password: str) -> None:
        """Raises Problem where the name or password is refused."""
        where, _text = self.send("/access/login/", username=username, password=password)
        if where.startswith("/access/login"):
            raise Problem(f"{username} was not let in", code="page")


def rehearse(world: World, base: str, _app: str) -> dict[str, Any]:
    """Ask for a rehearsal on its page, let a second person agree on theirs, wait for what the job has measured.

    Returns what the product itself put on record. Raises Problem when it was not done, or begun by one person alone.
    """
    before = len(rows(world, base, REHEARSED))
    world.from_host(CLIENT, lambda: _agreed(world, base))
    deadline = time.monotonic() + REHEARSAL_S
    while time.monotonic() < deadline:
        time.sleep(1)
        leader = world.look().database_on
        try:
            if not leader or rows(world, leader, JOB)[0][0] not in ENDED:
                continue
            found = rows(world, leader, REHEARSED)[before:]
        except Problem:
            continue  # it moves just now
        names = ("from", "to", "gap_ms", "acknowledged", "lost", "trouble")
        return {"rehearsed": [dict(zip(names, row, strict=True)) for row in found]}
    raise Problem("the rehearsal did not end", code="late")


def _agreed(world: World, base: str) -> None:
    company = json.loads((world.template.folder / "company.json").read_text(encoding="utf-8"))
    address = f"http://{world.site.service.address}:{world.site.service.port}"
    asks, agrees = (Visitor(address) for _person in company["staff"])
    for person, (username, password) in zip((asks, agrees), company["staff"].items(), strict=True):
        person.log_in(username, password)
    asks.send("/standby/rehearse/", reason="每季度切换演练")
    if rows(world, base, JOB):
        raise Problem("one person alone began a rehearsal", code="one_person")
    found = APPROVAL.search(agrees.open("/workflow/")[1])
    if found is None:
        raise Problem("nothing waits for the second person", code="page")
    agrees.send(f"{found[1]}approve/", note="同意")
