"""Of several servers only those that answer are asked, so that a dead one costs nothing.

libpq asks hosts in their order and waits at least two seconds for one that is switched off, every time anew. On the
network of a server room a living host accepts within milliseconds. While the only living server does not accept writes
yet, an attempt fails at once and can be repeated, instead of waiting for the dead one first.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections.abc import Sequence

PATIENCE_S = 0.5


def answering(hosts: str, ports: str, patience_s: float = PATIENCE_S) -> tuple[str, str]:
    """Return the hosts and ports, each as libpq's list, that accept a connection; all of them when none does.

    One port may stand for all hosts. Waits at most `patience_s`, and no longer than until all have answered.
    """
    names = hosts.split(",")
    numbers = str(ports or "5432").split(",")
    numbers = numbers * len(names) if len(numbers) == 1 else numbers
    pairs = list(zip(names, numbers, strict=True))
    there = _answering(pairs, patience_s)
    asked = [pair for pair in pairs if pair in there] or pairs
    return ",".join(name for name, _port in asked), ",".join(port for _name, port in asked)


def _answering(pairs: Sequence[tuple[str, str]], patience_s: float) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    deadline = time.monotonic() + patience_s
    with selectors.DefaultSelector() as waiting, contextlib.ExitStack() as stack:
        for name, port in pairs:
            with contextlib.suppress(OSError, ValueError):
                family, kind, _number, _name, address = socket.getaddrinfo(name, int(port), type=socket.SOCK_STREAM)[0]
                one = stack.enter_context(socket.socket(family, kind))
                one.setblocking(False)
                one.connect_ex(address)
                waiting.register(one, selectors.EVENT_WRITE, (name, port))
        while waiting.get_map() and (left := deadline - time.monotonic()) > 0:
            for key, _events in waiting.select(left):
                waiting.unregister(key.fileobj)
                if isinstance(key.fileobj, socket.socket) and not key.fileobj.getsockopt(
                    socket.SOL_SOCKET, socket.SO_ERROR
                ):
                    found.add(key.data)
    return found
