"""Looking at real networks: two hosts and a stranger in namespaces, their rules loaded, then spoilt."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.utils import timezone, translation

from mainstay.commands.site_watch import look
from mainstay.continuity.network import looking, queries
from mainstay.continuity.network.models import Terminal
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.queries import tiles
from mainstay.continuity.site.rules import Site
from mainstay.continuity.site.rules.render import files_of
from mainstay.continuity.site.rules.verdict import GREEN, RED
from tests.continuity.site.make import site

T = TypeVar("T")
NEW_NETWORK = 0x40000000
A, B = "appsrv", "datasrv"
MACS = {A: "02:77:00:00:00:01", B: "02:77:00:00:00:02"}
ROOT = os.geteuid() == 0 and bool(shutil.which("nft"))


class Room:
    """Two hosts on one cable, each in a namespace of its own."""

    def __init__(self) -> None:
        self.site: Site = site()
        self.mark = f"sn{os.getpid()}"

    def space(self, host: str) -> str:
        return f"{self.mark}-{host}"

    def ip(self, host: str, *words: str) -> None:
        subprocess.run(["ip", "-n", self.space(host), *words], check=True, capture_output=True)

    def nft(self, host: str, *words: str) -> None:
        subprocess.run(["ip", "netns", "exec", self.space(host), "nft", *words], check=True, capture_output=True)

    def build(self) -> None:
        for host in (A, B):
            if subprocess.run(["ip", "netns", "add", self.space(host)], capture_output=True, check=False).returncode:
                pytest.skip("no network namespaces here")
        self.ip(A, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", self.space(B))
        for number, host in enumerate((A, B), 1):
            self.ip(host, "link", "set", "lo", "up")
            self.ip(host, "link", "set", "eth0", "address", MACS[host], "up")
            self.ip(host, "address", "add", f"10.77.0.{number}/24", "dev", "eth0")
        heard = (self.inside(A, lambda: looking.echo("10.77.0.2")) for _time in range(20))
        assert any(heard), "the cable is up before anything is asked"

    def protect(self, host: str) -> None:
        made = next(one for one in files_of(self.site, self.site.host(host)) if one.checker == "nft")
        path = Path(f"/tmp/{self.space(host)}.nft")
        path.write_text(made.text, encoding="utf-8")
        self.nft(host, "-f", str(path))
        path.unlink()

    def inside(self, host: str, ask: Callable[[], T]) -> T:
        """Run a function with the network of a host, in a thread that enters it for good."""
        found: list[Any] = []

        def enter() -> None:
            try:
                with Path("/var/run/netns", self.space(host)).open() as file:
                    assert ctypes.CDLL(None, use_errno=True).setns(file.fileno(), NEW_NETWORK) == 0
                found.append(ask())
            except BaseException as error:
                found.append(error)

        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()
        if isinstance(found[0], BaseException):
            raise found[0]
        return found[0]  # type: ignore[no-any-return]

    def verdicts(self, host: str, probe: Callable[..., Any]) -> dict[str, str]:
        one = self.site.host(host)
        return {seen.subject: seen.verdict for seen in self.inside(host, lambda: list(probe(self.site, one)))}

    def clear(self) -> None:
        for host in (A, B):
            subprocess.run(["ip", "netns", "del", self.space(host)], capture_output=True, check=False)


@pytest.fixture
def room() -> Iterator[Room]:
    """The two hosts, without rules."""
    if not ROOT:
        pytest.skip("network namespaces and nft need root")
    one = Room()
    try:
        one.build()
        yield one
    finally:
        one.clear()


def test_an_inserted_rule_is_seen(room: Room) -> None:
    room.protect(A)
    assert room.verdicts(A, looking.firewall) == {"firewall": GREEN}
    room.nft(A, "insert", "rule", "inet", "mainstay", "incoming", "tcp", "dport", "23", "accept")
    assert room.verdicts(A, looking.firewall) == {"firewall": RED}


def test_a_road_out_and_a_second_one_are_seen(room: Room) -> None:
    found = room.verdicts(A, looking.isolation)
    assert (found["default route"], found["route"], found["eth0"], found["wireless"]) == (GREEN,) * 4
    room.ip(A, "route", "add", "default", "via", "10.77.0.9")
    assert room.verdicts(A, looking.isolation)["default route"] == RED
    room.ip(A, "link", "add", "wlan0", "type", "veth", "peer", "name", "other")
    assert room.verdicts(A, looking.isolation)["wireless"] == RED


def test_doors_that_answer_are_compared_with_the_declaration(room: Room) -> None:
    open_to_all = room.verdicts(A, looking.matrix)
    assert open_to_all["datasrv tcp/23"] == RED, "a refusal is an answer"
    assert open_to_all["datasrv tcp/5432"] == GREEN and open_to_all["datasrv icmp"] == GREEN
    room.protect(A)
    room.protect(B)
    closed = room.verdicts(A, looking.matrix)
    assert closed["datasrv tcp/23"] == GREEN and closed["datasrv tcp/5432"] == GREEN
    assert not [name for name, verdict in closed.items() if verdict == RED]


def test_a_packet_that_comes_in_one_way_is_heard(room: Room) -> None:
    one = room.site

    def from_other() -> None:
        sink = looking.Canary()
        sink.send(["10.77.0.1"])
        sink.close()

    def listen() -> list[str]:
        sink = looking.Canary()
        threading.Thread(target=lambda: room.inside(B, from_other)).start()
        heard = sink.listen(5)
        sink.close()
        return heard

    assert room.inside(A, listen) == ["10.77.0.2"], f"nothing stops it in {one.name}"
    room.protect(A)

    def hears_nothing() -> list[str]:
        sink = looking.Canary()
        room.inside(B, from_other)
        heard = sink.listen(0.2)
        sink.close()
        return heard

    assert room.inside(A, hears_nothing) == []


@pytest.mark.django_db
def test_one_pass_of_the_watcher_turns_the_tiles(room: Room, settings: Any, tmp_path: Path) -> None:
    """An inserted rule, a second road and an unknown device: seen by the next pass, and the pass of a watcher that
    looks every 20 seconds is never a minute away."""
    from mainstay.continuity.site.library import example

    settings.SITE_FILE = str(tmp_path / "site.toml")
    Path(settings.SITE_FILE).write_text(example(), encoding="utf-8")
    room.protect(A)
    host = room.site.host(A)
    sent: list[tuple[Any, ...]] = []

    def one_pass() -> dict[str, dict[str, str]]:
        room.inside(A, lambda: look(room.site, host, lambda *facts: sent.append(facts)))
        for probe, place, seen, took_ms in sent:
            record(probe, place, seen, timezone.now(), took_ms)
        record(queries.TERMINALS, "", queries.compare(timezone.now()), timezone.now())
        sent.clear()
        found = tiles(timezone.now() + timedelta(seconds=1), ("D1", "D2", "D3"))
        with translation.override("en"):
            return {tile.measure.key: {str(one): one.verdict for one in tile.seen} for tile in found}

    calm = one_pass()
    assert calm["D2"] == {"appsrv firewall": GREEN} and calm["D1"]["appsrv default route"] == GREEN
    assert RED not in calm["D3"].values()
    room.nft(A, "insert", "rule", "inet", "mainstay", "outgoing", "accept")
    room.ip(A, "route", "add", "default", "via", "10.77.0.9")
    room.ip(A, "neigh", "add", "10.77.0.66", "lladdr", "66:66:66:66:66:66", "dev", "eth0", "nud", "reachable")
    storm = one_pass()
    assert storm["D2"]["appsrv firewall"] == RED and storm["D1"]["appsrv default route"] == RED
    assert storm["D3"]["66:66:66:66:66:66"] == RED
    Terminal.objects.create(name="printer", mac="66:66:66:66:66:66", zone="core", place="机房")
    assert RED not in one_pass()["D3"].values()
    assert Observation.objects.filter(probe=queries.TERMINALS, verdict=RED, current=False).exists(), (
        "it stays on record"
    )
