"""Payments over HTTP: the real server on a free port, one kept-alive connection for each client process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from mainstay.bench.payments import Result, clock, figures, together
from mainstay.kit.errors import Problem

UP_SECONDS = 60
WARM_UP = 10


def over_http(company: Any, connections: int, seconds: float) -> dict[str, Any]:
    """Serve the bench database, send payments with a token, and return the figures."""
    port = _free_port()
    command = [sys.executable, "-m", "mainstay", "serve", "--port", str(port), "--workers", str(os.cpu_count() or 2)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_until_up(port, server)
        _ask(port, 20 * (os.cpu_count() or 2))
        before = _cpu_s(server.pid)
        found = figures(together(connections, _client(port), company, seconds)[0])
        del found["server_cpu_ms"]
        served = max(1, found["payments"] + found["failed"] + connections * WARM_UP)
        found["web_cpu_ms"] = round((_cpu_s(server.pid) - before) * 1000 / served, 3)
        return found
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _client(port: int) -> Any:
    """Return what each process does: payments for accounts of its own until the time is over."""

    def send(company: Any, number: int, seconds: float, barrier: Any) -> list[Result]:
        from mainstay.gas.customers.models import Account

        ids = company.slice_of(number, 3, 2)
        rows = Account.objects.filter(pk__gte=ids.start, pk__lt=ids.stop).order_by("pk")
        numbers = list(rows.values_list("account_no", flat=True))
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Authorization": f"Bearer {company.token}", "Content-Type": "application/json"}
        result = Result()
        for _time in range(WARM_UP):  # every worker has loaded its code and opened its connection
            connection.request("GET", "/api/v1/payments/none/", headers=headers)
            connection.getresponse().read()
        barrier.wait()
        begun, client_s = clock(), time.process_time()
        for account_no in numbers:
            if clock() - begun > seconds:
                break
            body = json.dumps({"account_no": account_no, "amount": "52.20", "tender": "transfer"})
            started = time.perf_counter()
            connection.request("POST", "/api/v1/payments/", body, {**headers, "Idempotency-Key": f"http-{account_no}"})
            answer = connection.getresponse()
            answer.read()
            if answer.status in {200, 201}:
                result.seconds.append(time.perf_counter() - started)
            else:
                result.failed += 1
        result.slices.append((begun, clock()))
        result.client_s = time.process_time() - client_s
        return [result]

    return send


def _ask(port: int, times: int) -> None:
    """Ask for something small, so that every web process has begun to work."""
    for _time in range(times):
        probe = HTTPConnection("127.0.0.1", port, timeout=30)
        probe.request("GET", "/api/v1/payments/none/")
        probe.getresponse().read()
        probe.close()


def _cpu_s(pid: int) -> float:
    """CPU seconds of a process and all below it; 0 where the system does not tell."""
    rows = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = process.joinpath("stat").read_text()
        except OSError:
            continue
        facts = text.rpartition(")")[2].split()
        rows[int(process.name)] = int(facts[1]), (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
    family = {pid}
    while more := {child for child, (parent, _s) in rows.items() if parent in family} - family:
        family |= more
    return sum(rows[one][1] for one in family if one in rows)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + UP_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            probe = HTTPConnection("127.0.0.1", port, timeout=2)
            probe.request("GET", "/healthz")
            if probe.getresponse().status == 200:  # noqa: PLR2004
                return
        except OSError:
            time.sleep(0.2)
    raise Problem("The server for the measurement did not start; run `mainstay doctor`.", code="no_server")
