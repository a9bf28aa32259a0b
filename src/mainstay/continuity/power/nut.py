"""NUT's text protocol: `LIST VAR` on TCP."""

from __future__ import annotations

import socket

from mainstay.continuity.power.rules import State, state_of

PORT = 3493
SECONDS = 3.0
LONGEST = 1 << 20


def variables(host: str, name: str, port: int = PORT) -> dict[str, str]:
    """Every variable of a supply. Raises OSError: no answer, no such supply, its driver is dead or its data stale."""
    with socket.create_connection((host, port), timeout=SECONDS) as line:
        line.sendall(f"LIST VAR {name}\n".encode())
        text = b""
        while not text.endswith(f"END LIST VAR {name}\n".encode()):
            piece = line.recv(4096)
            if text.startswith(b"ERR") or not piece or len(text) > LONGEST:
                break
            text += piece
            if text.startswith(b"ERR"):
                break
    said = text.decode("utf-8", "replace")
    if not said.startswith("BEGIN"):
        raise OSError(said.strip() or "no answer")
    rows = (row.split(" ", 3) for row in said.splitlines() if row.startswith("VAR "))
    return {row[2]: row[3].strip().strip('"') for row in rows if len(row) == 4}  # noqa: PLR2004


def state(host: str, name: str, port: int = PORT) -> State:
    """What a supply says now; a silent one says nothing."""
    try:
        return state_of(variables(host, name, port))
    except OSError:
        return state_of({})
