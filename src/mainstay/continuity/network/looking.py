"""Looking from a host, as root: roads out, cards, rules that run, doors that answer, neighbours."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import socket
import struct
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mainstay.continuity.network.rules import CANARY, ICMP, TCP, Cell, cells, judge_cell, zone_of
from mainstay.continuity.site import drift
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.verdict import GREEN, RED, UNKNOWN, Seen

OUTSIDE6 = "2001:4860:4860::8888"  # nothing is sent there; the kernel is only asked which way it would go
RADIO = ("wl", "ww", "ppp", "usb", "bnep", "hci")
WAIT = 0.7  # an answer inside one building takes a millisecond
AT_ONCE = 32


def isolation(site: Site, host: Host) -> Iterable[Seen]:
    """Cards, addresses, roads and resolvers as declared; at most one road out where there may be one; no radio."""
    for one in drift.network(site, host):
        yield Seen(one.subject, GREEN if one.fine else RED, one.en, one.zh)
    yield _roads("default route", drift.run(["ip", "-j", "route", "show", "default"]).stdout, site, host)
    yield _roads("IPv6 route", drift.run(["ip", "-6", "-j", "route", "get", OUTSIDE6]).stdout, site, host)
    yield from _radio()


def _isolated(site: Site, host: Host) -> bool:
    return any(one.isolated for one in site.zones if one.name in host.zones())


def _roads(subject: str, answer: str, site: Site, host: Host) -> Seen:
    """An isolated host has no default route, any other one at most one."""
    try:
        roads = [one for one in json.loads(answer or "[]") if one.get("type", "unicast") == "unicast"]
    except json.JSONDecodeError:
        roads = []
    by = ", ".join(f"{one.get('gateway', '')} {one.get('dev', '')}".strip() for one in roads)
    if len(roads) > (0 if _isolated(site, host) else 1):
        return Seen(subject, RED, f"a road leads out: {by}", f"存在出口路由：{by}")
    return Seen(subject, GREEN, figure=by)


def _radio() -> Iterable[Seen]:
    """Wireless cards, modems, telephones on a cable."""
    done = drift.run(["ip", "-j", "link"])
    if done.returncode:
        return
    names = [one["ifname"] for one in json.loads(done.stdout)]
    found = [name for name in names if name.startswith(RADIO) or Path(f"/sys/class/net/{name}/phy80211").exists()]
    if found:
        listed = ", ".join(found)
        yield Seen(
            "wireless", RED, f"a wireless card or modem is there: {listed}", f"存在无线网卡或调制解调器：{listed}"
        )
    else:
        yield Seen("wireless", GREEN)


def firewall(site: Site, host: Host) -> Iterable[Seen]:
    """The rules that run against the declared ones, loaded where nothing passes."""
    found = list(drift.firewall(site, host))
    if not found:
        return [
            Seen(
                "firewall",
                UNKNOWN,
                "nft cannot be asked; run the watcher as root",
                "无法查询 nft；请以 root 运行监测程序",
            )
        ]
    return [Seen(one.subject, GREEN if one.fine else RED, one.en, one.zh) for one in found]


def matrix(site: Site, host: Host) -> Iterable[Seen]:
    """Knock at every door of every other host, all at once. What answers, even with a refusal, is reachable."""
    wanted = list(cells(site, host))
    with ThreadPoolExecutor(AT_ONCE) as pool:  # a thread starts in the network of the one that made it
        reached = list(pool.map(knock, wanted))
    return [judge_cell(cell, yes) for cell, yes in zip(wanted, reached, strict=True)]


def knock(cell: Cell) -> bool:
    """Whether a door answers: a connection, a refusal, an echo. Silence and "no road" are not an answer."""
    if cell.protocol == ICMP:
        return echo(cell.address)
    kind = socket.SOCK_STREAM if cell.protocol == TCP else socket.SOCK_DGRAM
    family = socket.AF_INET6 if ":" in cell.address else socket.AF_INET
    with socket.socket(family, kind) as door:
        door.settimeout(WAIT)
        try:
            door.connect((cell.address, cell.port))
            if cell.protocol == TCP:
                return True
            door.send(b"mainstay")
            door.recv(1)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return True


def echo(address: str) -> bool:
    """Ask for an echo; only root may. The number tells our answer from those of others who ask at the same time."""
    number = struct.pack("!HH", os.getpid() & 0xFFFF, threading.get_native_id() & 0xFFFF)
    body = b"\x08\0\0\0" + number
    total = sum(struct.unpack("!4H", body))
    total = (total >> 16) + (total & 0xFFFF)
    asked = body[:2] + struct.pack("!H", ~total & 0xFFFF) + number
    deadline = time.monotonic() + WAIT
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as line:
            line.sendto(asked, (address, 0))
            while (left := deadline - time.monotonic()) > 0:
                line.settimeout(left)
                data, (sender, _port) = line.recvfrom(512)
                head = (data[0] & 15) * 4
                if sender == address and data[head : head + 2] == b"\0\0" and data[head + 4 : head + 8] == number:
                    return True
    except OSError:
        return False
    return False


def neighbours(site: Site, host: Host) -> Iterable[Seen]:
    """Every device this host has heard of lately: hardware address, and address, zone and card as the figure."""
    done = drift.run(["ip", "-j", "neigh"])
    if done.returncode:
        return [Seen("neighbours", UNKNOWN, "the neighbour table cannot be read", "无法读取邻居表")]
    found = {}
    for one in json.loads(done.stdout or "[]"):
        mac, address = one.get("lladdr", ""), one.get("dst", "")
        dead = {"FAILED", "INCOMPLETE"} & set(one.get("state", []))
        if mac and not dead and ":" not in address:
            found[mac] = Seen(mac, GREEN, figure=f"{address} {zone_of(site, address) or '?'} {one.get('dev', '')}")
    return list(found.values())


class Canary:
    """A sink at a port that nothing opens: what arrives there passed a firewall that should have stopped it.

    It tells one-way leaks, which a connection cannot: its answer may be stopped where the question was not.
    """

    def __init__(self) -> None:
        self.heard: dict[str, int] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("0.0.0.0", CANARY))  # noqa: S104 - it has to hear on every card
        self._socket.setblocking(False)

    def send(self, addresses: Iterable[str]) -> None:
        """Send one packet to each address; a kernel that knows no road is an answer too."""
        for address in addresses:
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
                line.sendto(b"mainstay-canary", (address, CANARY))

    def listen(self, seconds: float = 0.0) -> list[str]:
        """Addresses heard from since the last call; waits at most so long for the first."""
        select.select([self._socket], [], [], seconds)
        found: list[str] = []
        while True:
            try:
                _data, (address, _port) = self._socket.recvfrom(64)
            except BlockingIOError:
                return sorted(set(found))
            except OSError as error:
                if error.errno != errno.ECONNREFUSED:
                    raise
                continue
            found.append(address)

    def close(self) -> None:
        """Free the port."""
        self._socket.close()

    __del__ = close  # a watcher keeps one for its life


_kept = threading.local()


def _sink() -> Canary:
    """The sink of this process (of this thread: tests enter networks with threads), opened at the first look."""
    if not hasattr(_kept, "canary"):
        _kept.canary = Canary()
    found: Canary = _kept.canary
    return found


def one_way(site: Site, host: Host) -> Iterable[Seen]:
    """Send a packet to every other host and tell whose packets came in since the last look."""
    try:
        sink = _sink()
    except OSError as error:
        return [
            Seen(
                "one-way",
                UNKNOWN,
                f"port {CANARY} is taken: {error.strerror}",
                f"端口 {CANARY} 被占用：{error.strerror}",
            )
        ]
    sink.send(str(card.address) for other in site.hosts if other != host for card in other.interfaces)
    heard = sink.listen()
    if not heard:
        return [Seen("one-way", GREEN)]
    named = {str(card.address): other.name for other in site.hosts for card in other.interfaces}
    return [
        Seen(
            f"one-way from {named.get(one, one)}",
            RED,
            f"a packet of {one} came in at a closed port",
            f"{one} 的数据包到达了应关闭的端口",
        )
        for one in heard
    ]
