"""The processes of a served site, and the small supervisor that keeps them together."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from mainstay.commands.words import _, say

START_SECONDS = 60
STOP_SECONDS = 15
RESTART_SECONDS = 3
IDLE_SECONDS = 600  # a thread that ends takes its database connection with it, which is kept as long (CONN_MAX_AGE)
LOOK_SECONDS = 0.5


@dataclass
class Child:
    """A process to keep: `essential` ones end the site when they end, others are started again."""

    name: str
    command: list[str]
    essential: bool
    process: subprocess.Popen[bytes] | None = None
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches only the supervisor, which then stops all in order."""
        self.process = subprocess.Popen(self.command, start_new_session=True)

    def ended(self) -> bool:
        """Tell whether the process was started and is gone."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ask the process to end; one that does not within 15 seconds is killed."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def web_server(host: str, port: int, workers: int, threads: int) -> Child:
    """Return the web server as a child: `workers` processes of `threads` threads each."""
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--respawn-failed-workers"]
    options += ["--workers", str(max(1, workers)), "--blocking-threads", str(threads), "--log-level", "warning"]
    options += ["--blocking-threads-idle-timeout", str(IDLE_SECONDS)]
    command = [sys.executable, "-P", "-m", "mainstay.config.granian", *options, "mainstay.config.wsgi:application"]
    return Child("web", command, essential=True)


def worker() -> Child:
    """Return one worker for jobs as a child."""
    return Child("worker", [sys.executable, "-P", "-m", "mainstay", "worker"], essential=False)


def supervise(children: list[Child], *, health: tuple[str, int], on_ready: Callable[[], None]) -> int:
    """Run the children until a stop signal (0) or until an essential one ends by itself (1)."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda *_facts: stop.set())
    try:
        for child in children:
            child.start()
        if not _wait_until_healthy(children, health, stop):
            return 0 if stop.is_set() else 1
        on_ready()
        return _watch(children, stop)
    finally:
        for child in children:
            child.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _watch(children: list[Child], stop: threading.Event) -> int:
    """Look after running children twice a second."""
    while not stop.wait(LOOK_SECONDS):
        for child in children:
            if not child.ended():
                continue
            code = child.process.returncode if child.process else None
            if child.essential:
                say(_("The {name} process ended ({code}).").format(name=child.name, code=code), error=True)
                return 1
            if not child.restart_at:
                text = _("The {name} process ended ({code}); starting it again.")
                say(text.format(name=child.name, code=code), error=True)
                child.restart_at = time.monotonic() + RESTART_SECONDS
            elif time.monotonic() >= child.restart_at:
                child.restart_at = 0.0
                child.start()
    return 0


def _wait_until_healthy(children: list[Child], health: tuple[str, int], stop: threading.Event) -> bool:
    """Wait until the health page answers; False when told to stop, when the server ends, or after a minute."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and not stop.is_set():
        if any(child.essential and child.ended() for child in children):
            break
        if _healthy(*health):
            return True
        stop.wait(0.1)
    if not stop.is_set():
        say(_("The web server did not start."), error=True)
    return False


def _healthy(host: str, port: int) -> bool:
    """Ask the health page once; an address that means every interface is asked at the loopback one."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    connection = http.client.HTTPConnection(loopback, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
