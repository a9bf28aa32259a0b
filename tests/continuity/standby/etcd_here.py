"""A real etcd with one member, for as long as a block lasts."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

from mainstay.continuity.standby.etcd import Etcd, Silent

START_S = 30.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def etcd_here() -> Iterator[Etcd]:
    """Start it, give a client, end it."""
    client, peer = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        words = ["etcd", "--data-dir", folder, "--listen-client-urls", f"http://127.0.0.1:{client}"]
        words += ["--advertise-client-urls", f"http://127.0.0.1:{client}"]
        words += ["--listen-peer-urls", f"http://127.0.0.1:{peer}", "--unsafe-no-fsync"]
        words += ["--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}", "--log-level", "error"]
        words += ["--initial-cluster", f"default=http://127.0.0.1:{peer}", "--logger", "zap"]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            found = Etcd([f"127.0.0.1:{client}"], 5.0)
            deadline = time.monotonic() + START_S
            while True:
                try:
                    found.below("/up/")
                    break
                except Silent:
                    assert time.monotonic() < deadline and process.poll() is None, "etcd did not start"
                    time.sleep(0.02)
            yield found
        finally:
            process.kill()
            process.wait()
