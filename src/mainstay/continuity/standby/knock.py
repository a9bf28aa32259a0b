"""Knocking at a host's ports: does somebody accept, refuse, or is there no answer."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Sequence

from mainstay.continuity.standby.rules_arbiter import Ports

PATIENCE_S, TURN_S = 0.3, 0.1


def knock(addresses: Sequence[str], patience_s: float = PATIENCE_S) -> Ports:
    """Connect to one host:port after the other and wait no longer than `patience_s`. One that accepts says HEARD.

    The next one's turn comes when those before refuse or stay silent: a database makes a process for every knock.
    """
    refused, begun = 0, time.monotonic()
    with selectors.DefaultSelector() as waiting, contextlib.ExitStack() as stack:
        for turn, address in enumerate(addresses, 1):
            host, _colon, port = address.rpartition(":")
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(OSError):
                one.connect_ex((host, int(port)))
                waiting.register(one, selectors.EVENT_WRITE)
            until = begun + (patience_s if turn == len(addresses) else min(patience_s, turn * TURN_S))
            while waiting.get_map() and (left := until - time.monotonic()) > 0:
                for key, _events in waiting.select(left):
                    waiting.unregister(key.fileobj)
                    assert isinstance(key.fileobj, socket.socket)  # noqa: S101  # registered above
                    error = key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    if not error:
                        return Ports.HEARD
                    refused += error == REFUSED
    return Ports.REFUSED if refused == len(addresses) else Ports.SILENT


REFUSED = 111  # ECONNREFUSED
