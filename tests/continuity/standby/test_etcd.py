"""The client of the votes against a real etcd: leases, claims by one only, silence."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.continuity.standby.etcd import Etcd, Silent


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def votes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Etcd]:
    """One etcd of our own."""
    if shutil.which("etcd") is None:
        pytest.skip("etcd is not installed")
    folder: Path = tmp_path_factory.mktemp("etcd")
    client, peer = _free(), _free()
    words = ["etcd", "--data-dir", str(folder), "--listen-client-urls", f"http://127.0.0.1:{client}"]
    words += ["--advertise-client-urls", f"http://127.0.0.1:{client}", "--listen-peer-urls", f"http://127.0.0.1:{peer}"]
    words += ["--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}", "--unsafe-no-fsync"]
    words += ["--initial-cluster", f"default=http://127.0.0.1:{peer}", "--log-level", "error", "--logger", "zap"]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        found = Etcd([f"127.0.0.1:{client}"], 5.0)
        deadline = time.monotonic() + 30
        while True:
            try:
                found.below("/up/")
                break
            except Silent:
                assert time.monotonic() < deadline and process.poll() is None, "etcd did not start"
        yield found
    finally:
        process.kill()
        process.wait()


def test_one_claims_and_the_other_does_not(votes: Etcd) -> None:
    mine, yours = votes.grant(60), votes.grant(60)
    assert votes.claim("/a/holder", "appsrv", mine)
    assert not votes.claim("/a/holder", "datasrv", yours)
    assert votes.below("/a/") == {"holder": "appsrv"}
    assert not votes.release("/a/holder", "datasrv"), "nobody removes another's claim"
    assert votes.release("/a/holder", "appsrv")
    assert votes.claim("/a/holder", "datasrv", yours)


def test_what_hangs_on_a_lease_ends_with_it(votes: Etcd) -> None:
    lease = votes.grant(60)
    assert votes.claim("/b/holder", "appsrv", lease) and votes.renew(lease)
    votes.put("/b/ready/appsrv", "1", lease)
    votes.put("/b/history/1", "站点", "0")
    votes.revoke(lease)
    assert votes.below("/b/") == {"history/1": "站点"}
    assert not votes.renew(lease)


def test_a_member_that_does_not_answer_is_passed_over(votes: Etcd) -> None:
    dead = f"127.0.0.1:{_free()}"
    client = Etcd([dead, *votes.members], 5.0)
    assert client.below("/none/") == {}
    assert client.members[0] == votes.members[0], "the one that answered is asked first from now on"
    with pytest.raises(Silent):
        Etcd([dead], 1.0).below("/none/")
