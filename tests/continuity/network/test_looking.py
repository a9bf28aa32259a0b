"""Looking at real networks: two hosts and a stranger in namespaces, their rules loaded, then spoilt."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.utils import timezone, translation

from mainstay.commands.site_watch import look
from mainstay.continuity.network import ipv6, looking, queries
from mainstay.continuity.network.models import Terminal
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.queries import tiles
from mainstay.continuity.site.rules import Site
from mainstay.continuity.site.rules.render import files_of
from mainstay.continuity.site.rules.verdict import GREEN, RED
from tests.continuity.site.make import site, site6

T = TypeVar("T")
NEW_NETWORK = 0x40000000
A, B = "appsrv", "datasrv"
MACS = {A: "02:77:00:00:00:01", B: "02:77:00:00:00:02"}
ROOT = os.geteuid() == 0 and bool(shutil.which("nft"))


class Room:
    """Two hosts on one cable, each in a namespace of its own."""

    def __init__(self, declared: Site) -> None:
        self.site = declared
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
            self.kernel(host, "net.ipv6.conf.default.disable_ipv6=1")
        self.ip(A, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", self.space(B))
        for number, host in enumerate((A, B), 1):
            self.ip(host, "link", "set", "lo", "up")
            self.ip(host, "link", "set", "eth0", "address", MACS[host], "up")
            self.ip(host, "address", "add", f"10.77.0.{number}/24", "dev", "eth0")
            if six := self.site.host(host).interfaces[0].address6:
                self.kernel(host, "net.ipv6.conf.eth0.disable_ipv6=0")
                self.ip(host, "address", "add", f"{six}/64", "dev", "eth0", "nodad")
        heard = (self.inside(A, lambda: looking.echo("10.77.0.2")) for _time in range(20))
        assert any(heard), "the cable is up before anything is asked"

    def kernel(self, host: str, *words: str) -> None:
        words = ("ip", "netns", "exec", self.space(host), "sysctl", "-q", *words)
        subprocess.run(words, check=True, capture_output=True)

    def speak_ipv6(self, host: str) -> None:
        """Let the kernel give itself an address of the link, and wait until it has seen that nobody else has it."""
        self.kernel(host, "net.ipv6.conf.eth0.disable_ipv6=0")
        deadline = time.monotonic() + 10
        words = ["ip", "-n", self.space(host), "-6", "address", "show", "dev", "eth0"]
        while True:
            said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
            if "inet6" in said and "tentative" not in said:
                return
            assert time.monotonic() < deadline, said
            time.sleep(0.05)

    def protect(self, host: str) -> None:
        """What the host's firewall unit does."""
        self.rules(host)
        self._apply(host, "sysctl", lambda path: self.kernel(host, "-e", "-p", path))

    def rules(self, host: str) -> None:
        self._apply(host, "nft", lambda path: self.nft(host, "-f", path))

    def _apply(self, host: str, checker: str, take: Callable[[str], None]) -> None:
        made = next(one for one in files_of(self.site, self.site.host(host)) if one.checker == checker)
        path = Path(f"/tmp/{self.space(host)}.{checker}")
        path.write_text(made.text, encoding="utf-8")
        take(str(path))
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


def _built(declared: Site) -> Iterator[Room]:
    if not ROOT:
        pytest.skip("network namespaces and nft need root")
    one = Room(declared)
    try:
        one.build()
        yield one
    finally:
        one.clear()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On this cable an answer is there at once, and silence has to be waited for many times."""
    monkeypatch.setattr(looking, "WAIT", 0.2)
    monkeypatch.setattr(ipv6, "WAIT", 0.3)


@pytest.fixture
def room() -> Iterator[Room]:
    """The two hosts, without rules; nobody declares IPv6."""
    yield from _built(site())


@pytest.fixture
def room6() -> Iterator[Room]:
    """The same, both with a declared IPv6 address."""
    yield from _built(site6())


def test_an_inserted_rule_is_seen(room: Room) -> None:
    room.protect(A)
    assert room.verdicts(A, looking.firewall) == {"firewall": GREEN}
    room.nft(A, "insert", "rule", "inet", "mainstay", "incoming", "tcp", "dport", "23", "accept")
    assert room.verdicts(A, looking.firewall) == {"firewall": RED}


@pytest.mark.parametrize(
    "words",
    [
        ("insert", "rule", "inet", "mainstay", "incoming", "ip6", "saddr", "fd99::1", "accept"),
        ("insert", "rule", "inet", "mainstay", "incoming", "icmpv6", "type", "nd-router-advert", "accept"),
        ("add", "table", "ip6", "back"),
    ],
)
def test_an_inserted_rule_of_ipv6_is_seen(room6: Room, words: tuple[str, ...]) -> None:
    room6.protect(A)
    assert room6.verdicts(A, looking.firewall) == {"firewall": GREEN}
    room6.nft(A, *words)
    assert room6.verdicts(A, looking.firewall) == {"firewall": RED}


@pytest.mark.slow
def test_ipv6_that_nobody_declared_is_a_second_way_in(room: Room) -> None:
    room.rules(A)
    room.rules(B)
    room.speak_ipv6(B)
    found = room.verdicts(B, looking.isolation)
    assert (found["eth0"], found["IPv6"]) == (RED, RED), "it gave itself an address of the link"
    assert room.verdicts(A, looking.matrix)["datasrv IPv6"] == GREEN, "its rules let none of it pass"
    room.nft(B, "flush", "ruleset")
    assert room.verdicts(A, looking.matrix)["datasrv IPv6"] == RED, "asked by a host that speaks none itself"
    assert MACS[B] in room.verdicts(A, looking.neighbours)
    room.protect(B)
    found = room.verdicts(B, looking.isolation)
    assert (found["eth0"], found["IPv6"]) == (GREEN, GREEN)
    assert room.verdicts(A, looking.matrix)["datasrv IPv6"] == GREEN


def _advertise(room: Room, stop: threading.Event) -> None:
    """Offer a prefix and a road out on the cable, as a router that somebody plugged in."""
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86_400, 14_400, 0) + ip_address("fd66::").packed
    offer = ipv6.frame(
        MACS[B], ipv6.ALL_NODES, ipv6.ICMP, struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix
    )

    def work() -> None:
        with ipv6.cable("eth0") as (line, _mac):
            while not stop.wait(0.1):
                line.send(offer)

    room.inside(B, work)


@pytest.fixture
def router(room: Room) -> Iterator[Room]:
    """A room in which a stranger's router speaks all the time."""
    stop = threading.Event()
    thread = threading.Thread(target=_advertise, args=(room, stop))
    thread.start()
    yield room
    stop.set()
    thread.join()


def test_a_router_on_the_isolated_cable_is_seen_and_leads_nowhere(router: Room) -> None:
    router.kernel(A, "net.ipv6.conf.eth0.disable_ipv6=0")
    deadline = time.monotonic() + 10
    while (found := router.verdicts(A, looking.isolation))["IPv6 default route"] != RED and time.monotonic() < deadline:
        time.sleep(0.2)
    assert [found[one] for one in ("IPv6 default route", "IPv6 route", "eth0", "IPv6")] == [RED] * 4
    assert found["default route"] == found["route"] == GREEN, "by IPv4 all is well"
    router.protect(A)
    found = router.verdicts(A, looking.isolation)
    assert [found[one] for one in ("IPv6 default route", "IPv6 route", "eth0", "IPv6")] == [GREEN] * 4
    assert router.verdicts(A, looking.matrix)["IPv6 router"] == RED, "it still speaks on the cable"


@pytest.mark.slow
def test_where_ipv6_is_declared_it_is_held_to_the_declaration(room6: Room) -> None:
    assert room6.verdicts(A, looking.matrix)["datasrv IPv6 tcp/23"] == RED, "a refusal is an answer"
    room6.protect(A)
    room6.protect(B)
    closed = room6.verdicts(A, looking.matrix)
    assert closed["datasrv IPv6 tcp/9000"] == closed["datasrv IPv6 icmp"] == GREEN, "neighbours find each other"
    assert closed["datasrv IPv6 tcp/23"] == GREEN and "datasrv IPv6" not in closed
    assert not [name for name, verdict in closed.items() if verdict == RED]
    calm = room6.verdicts(A, looking.isolation)
    assert (calm["eth0"], calm["IPv6"], calm["IPv6 default route"]) == (GREEN,) * 3
    room6.ip(A, "-6", "route", "add", "default", "via", "fd77::9")
    room6.ip(A, "address", "add", "fd77::99/64", "dev", "eth0", "nodad")
    room6.kernel(A, "net.ipv6.conf.eth0.accept_ra=1")
    storm = room6.verdicts(A, looking.isolation)
    assert (storm["eth0"], storm["IPv6"], storm["IPv6 default route"], storm["IPv6 route"]) == (RED,) * 4


def test_a_packet_of_ipv6_that_comes_in_one_way_is_heard(room: Room) -> None:
    room.rules(A)
    room.kernel(A, "net.ipv6.conf.eth0.disable_ipv6=0")

    def listen(seconds: float) -> list[str]:
        sink = looking.Canary()
        room.inside(B, lambda: ipv6.send_canary("eth0", looking.CANARY))
        heard = sink.listen(seconds)
        sink.close()
        return heard

    assert room.inside(A, lambda: listen(0.3)) == [], "the rules stop it"
    room.nft(A, "insert", "rule", "inet", "mainstay", "incoming", "meta", "nfproto", "ipv6", "accept")
    assert room.inside(A, lambda: listen(5)) == [str(ipv6.link_local(MACS[B]))]


def test_a_road_out_and_a_second_one_are_seen(room: Room) -> None:
    room.protect(A)
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


def test_a_road_out_in_another_table_is_seen(room: Room) -> None:
    room.ip(A, "route", "add", "default", "via", "10.77.0.9", "table", "77")
    assert room.verdicts(A, looking.isolation)["default route"] == RED


def _first_handle(room: Room, chain: str) -> str:
    words = ["ip", "netns", "exec", room.space(A), "nft", "-j", "-a", "list", "chain", "inet", "mainstay", chain]
    facts = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["nftables"]
    return str(next(one["rule"]["handle"] for one in facts if "rule" in one))


@pytest.mark.slow
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
    room.ip(A, "route", "del", "default")
    room.nft(A, "delete", "rule", "inet", "mainstay", "outgoing", "handle", _first_handle(room, "outgoing"))
    mended = one_pass()
    assert {mended["D2"]["appsrv firewall"], mended["D1"]["appsrv default route"]} == {GREEN}
    room.nft(A, "insert", "rule", "inet", "mainstay", "outgoing", "meta", "nfproto", "ipv6", "accept")
    room.kernel(A, "net.ipv6.conf.eth0.disable_ipv6=0")
    room.ip(A, "address", "add", "fd66::1/64", "dev", "eth0", "nodad")
    room.ip(A, "-6", "route", "add", "default", "via", "fd66::9")
    six = one_pass()
    assert six["D2"]["appsrv firewall"] == RED
    assert (six["D1"]["appsrv IPv6 default route"], six["D1"]["appsrv eth0"]) == (RED, RED)
    Terminal.objects.create(name="printer", mac="66:66:66:66:66:66", zone="core", place="机房")
    assert RED not in one_pass()["D3"].values()
    assert Observation.objects.filter(probe=queries.TERMINALS, verdict=RED, current=False).exists(), (
        "it stays on record"
    )
