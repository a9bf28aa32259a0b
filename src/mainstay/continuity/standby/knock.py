"""Knocking at a host's ports: does somebody accept, refuse, or is there no answer."""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Sequence

from mainstay.continuity.standby.rules_arbiter import Ports

PATIENCE_S = 0.3


def knock(addresses: Sequence[str], patience_s: float = PATIENCE_S) -> Ports:
    """Connect to every host:port at once and wait no longer than `patience_s`. One that accepts is enough for HEARD."""
    refused, deadline = 0, time.monotonic() + patience_s
    with selectors.DefaultSelector() as waiting, contextlib.ExitStack() as stack:
        for address in addresses:
            host, _colon, port = address.rpartition(":")
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(OSError):
                one.connect_ex((host, int(port)))
                waiting.register(one, selectors.EVENT_WRITE)
        while waiting.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _events in waiting.select(left):
                waiting.unregister(key.fileobj)
                assert isinstance(key.fileobj, socket.socket)  # noqa: S101  # registered above
                error = key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if not error:
                    return Ports.HEARD
                refused += error == REFUSED
    return Ports.REFUSED if refused == len(addresses) else Ports.SILENT


REFUSED = 111  # ECONNREFUSED
