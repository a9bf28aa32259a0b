"""The supervisor of a served site, with real processes."""

from __future__ import annotations

import http.server
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.commands import processes
from mainstay.commands.processes import Child


class _Healthy(http.server.BaseHTTPRequestHandler):
    """Answers the health page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture
def health() -> Iterator[tuple[str, int]]:
    """Give the address of a health page that answers."""
    server = http.server.HTTPServer(("127.0.0.1", 0), _Healthy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield "127.0.0.1", server.server_port
    server.shutdown()
    server.server_close()


def child(code: str, *, essential: bool) -> Child:
    """Return a child that runs some Python."""
    return Child("child", [sys.executable, "-c", code], essential)


def _soon(seconds: float, number: int) -> None:
    """Send this process a signal a little later."""
    threading.Timer(seconds, os.kill, (os.getpid(), number)).start()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_all_children(health: tuple[str, int], number: int) -> None:
    children = [child("import time; time.sleep(60)", essential=True) for _ in range(2)]
    ready = []
    before = signal.getsignal(number)

    def on_ready() -> None:
        ready.append(True)
        _soon(0.1, number)

    assert processes.supervise(children, health=health, on_ready=on_ready) == 0
    assert ready == [True]
    assert all(one.ended() for one in children)
    assert signal.getsignal(number) is before


def test_the_end_of_the_server_ends_the_site(
    health: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0.05)
    up = tmp_path / "up"
    code = f"import os, time\nwhile not os.path.exists({str(up)!r}): time.sleep(0.02)\nraise SystemExit(3)"
    server = child(code, essential=True)
    other = child("import time; time.sleep(60)", essential=False)
    assert processes.supervise([server, other], health=health, on_ready=up.touch) == 1
    assert other.ended()
    assert "3" in capsys.readouterr().err


def test_a_server_that_does_not_start_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    server = child("raise SystemExit(1)", essential=True)
    assert processes.supervise([server], health=("127.0.0.1", 1), on_ready=lambda: None) == 1
    assert capsys.readouterr().err


@pytest.mark.slow
def test_a_worker_that_ends_is_started_again(
    health: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "RESTART_SECONDS", 0.1)
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0.05)
    starts = tmp_path / "starts"
    worker = child(f"open({str(starts)!r}, 'a').write('x')", essential=False)
    server = child("import time; time.sleep(60)", essential=True)

    def stop_after_three() -> None:
        while not starts.exists() or len(starts.read_text()) < 3:
            time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGTERM)

    waiting = threading.Thread(target=stop_after_three, daemon=True)
    waiting.start()
    assert processes.supervise([server, worker], health=health, on_ready=lambda: None) == 0
    assert len(starts.read_text()) >= 3


@pytest.mark.slow
def test_a_deaf_child_is_killed(health: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    deaf = child("import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", essential=True)
    _soon(1.0, signal.SIGTERM)
    assert processes.supervise([deaf], health=health, on_ready=lambda: None) == 0
    assert deaf.ended()
