"""The agent's errand: the host that leads the database gives it to the other once, when a person asked for it."""

from __future__ import annotations

import base64
import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mainstay.continuity.standby import database
from tests.continuity.standby.etcd_here import etcd_here

PREFIX = "/mainstay/x/role/"


class _Watchman(http.server.BaseHTTPRequestHandler):
    leads, asked = True, []  # type: ignore[var-annotated]

    def do_GET(self) -> None:
        self._answer(200 if type(self).leads and self.path == "/leader" else 503)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append((self.path, body, self.headers["Authorization"]))
        type(self).leads = False
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        """Nothing."""


@pytest.fixture
def watchman(tmp_path: Path) -> Iterator[tuple[str, type[_Watchman]]]:
    """A watchman that leads, and the file its host has for it."""
    kind: Any = type("Mine", (_Watchman,), {"leads": True, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    facts = {"connect_address": f"127.0.0.1:{server.server_address[1]}", "authentication": {"password": "open"}}
    (tmp_path / "patroni.yml").write_text(json.dumps({"restapi": facts}), encoding="utf-8")
    yield str(tmp_path / "patroni.yml"), kind
    server.shutdown()
    server.server_close()


def _serve(votes: Any, file: str, host: str, rounds: int) -> None:
    """Let the errand look so many times at what is asked for."""
    stopping, left = threading.Event(), [rounds]

    def wanted() -> str:
        left[0] -= 1
        if left[0] <= 0:
            stopping.set()
        return str(votes.below(PREFIX).get("base", ""))

    database.serve(host, file, (votes, PREFIX), wanted, stopping)


def test_it_gives_the_database_once_and_writes_it_down(
    watchman: tuple[str, type[_Watchman]], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("etcd") is None:
        pytest.skip("etcd is not installed")
    monkeypatch.setattr(database, "EVERY_S", 0.0)
    file, kind = watchman
    with etcd_here() as votes:
        _serve(votes, file, "datasrv", 2)
        assert kind.asked == [], "nobody asked"
        votes.put(f"{PREFIX}base", "appsrv")
        _serve(votes, file, "datasrv", 4)
        token = "Basic " + base64.b64encode(b"mainstay:open").decode()
        assert kind.asked == [("/switchover", {"leader": "datasrv", "candidate": "appsrv"}, token)]
        told = votes.below(PREFIX)
        assert "base" not in told
        facts = [json.loads(text) for key, text in told.items() if key.startswith("history/")]
        assert [(one["to"], one["reason"]) for one in facts] == [("appsrv", "database")]
        votes.put(f"{PREFIX}base", "datasrv")
        _serve(votes, file, "datasrv", 2)
        assert len(kind.asked) == 1, "a host that does not lead leaves the request to the one that does"
        kind.leads = True
        _serve(votes, file, "datasrv", 2)
        assert len(kind.asked) == 1 and "base" not in votes.below(PREFIX), "it leads already"
