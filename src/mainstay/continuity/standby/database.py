"""The agent's other errand: when a person asks for it, the host that leads the database gives it to the other."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from mainstay.continuity.standby.etcd import Etcd, Silent
from mainstay.continuity.standby.observe import BASE, change_leader

EVERY_S, ASK_S = 0.5, 2.0


def serve(
    host: str, watchman: str, votes: tuple[Etcd, str], wanted: Callable[[], str], stopping: threading.Event
) -> None:
    """Watch for the request until told to stop. `watchman`: Patroni's file on this host; `wanted`: who should lead."""
    etcd, prefix = votes
    while watchman and not stopping.wait(EVERY_S):
        to = wanted()
        if not to:
            continue
        with contextlib.suppress(OSError, KeyError, ValueError, Silent):
            facts = yaml.safe_load(Path(watchman).read_text(encoding="utf-8"))["restapi"]
            if not _leads(facts["connect_address"]):
                continue
            etcd.delete(f"{prefix}{BASE}")  # first, so that a request is served once whatever comes of it
            if to != host:
                _give(host, to, facts, etcd, prefix)


def _leads(address: str) -> bool:
    """Whether the database of this host accepts writes, by its own watchman."""
    connection = http.client.HTTPConnection(address, timeout=ASK_S)
    try:
        connection.request("GET", "/leader")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _give(host: str, to: str, facts: dict[str, dict[str, str]], etcd: Etcd, prefix: str) -> None:
    """Let the watchman do it, and write down how long it took."""
    begun = time.monotonic()
    said = change_leader(str(facts["connect_address"]), host, to, facts["authentication"]["password"])
    took = round(time.monotonic() - begun, 2)
    fact = {"at": time.time(), "to": host if said else to, "reason": "refused" if said else "database", "seconds": took}
    etcd.put(f"{prefix}history/{time.time_ns()}", json.dumps(fact))
