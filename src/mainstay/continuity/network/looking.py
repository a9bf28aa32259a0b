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

from mainstay.continuity.network import ipv6
from mainstay.continuity.network.rules import CANARY, ICMP, TCP, Cell, cells, judge_cable, judge_cell, zone_of
from mainstay.continuity.site import drift
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.declaration import Interface
from mainstay.continuity.site.rules.verdict import GREEN, RED, UNKNOWN, Seen

RADIO = ("wl", "ww", "ppp", "usb", "bnep", "hci")
WAIT = 0.7  # an answer inside one building takes a millisecond
AT_ONCE = 32


def isolation(site: Site, host: Host) -> Iterable[Seen]:
    """Cards, addresses, roads and resolvers as declared; at most one road out where there may be one; no radio."""
    for one in drift.network(site, host):
        yield Seen(one.subject, GREEN if one.fine else RED, one.en, one.zh)
    yield _roads("default route", "-4", site, host, most=1)
    yield _roads("IPv6 default route", "-6", site, host, most=int(any(one.address6 for one in host.interfaces)))
    yield from _radio()


def _isolated(site: Site, host: Host) -> bool:
    return any(one.isolated for one in site.zones if one.name in host.zones())


def _roads(subject: str, kind: str, site: Site, host: Host, most: int) -> Seen:
    """An isolated host has no default route in any table, another at most so many; none that a router has offered."""
    answer = drift.run(["ip", kind, "-j", "route", "show", "table", "all", "default"]).stdout
    try:
        roads = [one for one in json.loads(answer or "[]") if one.get("type", "unicast") == "unicast"]
    except json.JSONDecodeError:
        roads = []
    hops = [(one.get("protocol", ""), hop) for one in roads for hop in one.get("nexthops", [one])]
    by = ", ".join(f"{hop.get('gateway', '')} {hop.get('dev', '')}".strip() for _by, hop in hops)
    if any(protocol == "ra" for protocol, _hop in hops):
        return Seen(subject, RED, f"a router on the cable offered a road out: {by}", f"网上有路由器通告了出口：{by}")
    if len(hops) > (0 if _isolated(site, host) else most):
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
    cables = [seen for card in host.interfaces for seen in _cable(site, host, card)]
    return [*(judge_cell(cell, yes) for cell, yes in zip(wanted, reached, strict=True)), *cables]


def _cable(site: Site, host: Host, card: Interface) -> Iterable[Seen]:
    """Ask on a cable who speaks IPv6: hosts that declare none must be silent, routers where none may be offered too."""
    try:
        heard = ipv6.roll_call(card.name)
    except OSError as error:
        text = error.strerror or str(error)
        return [Seen(f"IPv6 on {card.name}", UNKNOWN, f"cannot be asked for: {text}", f"无法探测：{text}")]
    return judge_cable(site, host, card, heard, _macs(site))


def _macs(site: Site) -> dict[str, str]:
    """Hosts by hardware address: as declared, otherwise as the neighbour table has it."""
    done = drift.run(["ip", "-4", "-j", "neigh"])
    rows = json.loads(done.stdout or "[]") if done.returncode == 0 else []
    table = {one["dst"]: one["lladdr"] for one in rows if one.get("lladdr")}
    cards = [(host.name, card) for host in site.hosts for card in host.interfaces]
    return {mac: name for name, card in cards if (mac := card.mac or table.get(str(card.address), ""))}


def knock(cell: Cell) -> bool:
    """Whether a door answers: a connection, a refusal, an echo. Silence and "no road" are not an answer."""
    if cell.protocol == ICMP:
        return echo6(cell.address) if ":" in cell.address else echo(cell.address)
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
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as line:
            line.sendto(asked, (address, 0))
            deadline = time.monotonic() + WAIT
            while (left := deadline - time.monotonic()) > 0:
                line.settimeout(left)
                data, (sender, _port) = line.recvfrom(512)
                head = (data[0] & 15) * 4
                if sender == address and data[head : head + 2] == b"\0\0" and data[head + 4 : head + 8] == number:
                    return True
    except OSError:
        return False
    return False


def echo6(address: str) -> bool:
    """The same by IPv6, where the kernel reckons the checksum."""
    number = struct.pack("!HH", os.getpid() & 0xFFFF, threading.get_native_id() & 0xFFFF)
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as line:
            line.sendto(b"\x80\0\0\0" + number, (address, 0))
            deadline = time.monotonic() + WAIT
            while (left := deadline - time.monotonic()) > 0:
                line.settimeout(left)
                data, sender = line.recvfrom(512)
                if sender[0] == address and data[:2] == b"\x81\0" and data[4:8] == number:
                    return True
    except OSError:
        return False
    return False


def neighbours(site: Site, host: Host) -> Iterable[Seen]:
    """Every device this host has heard of lately: hardware address, and address, zone and card as the figure.

    Who speaks IPv6 alone is in no table of a host that does not: the cable itself is asked.
    """
    done = drift.run(["ip", "-j", "neigh"])
    if done.returncode:
        return [Seen("neighbours", UNKNOWN, "the neighbour table cannot be read", "无法读取邻居表")]
    found = {}
    for card in host.interfaces:
        with contextlib.suppress(OSError):
            for mac, heard in ipv6.roll_call(card.name).items():
                found[mac] = Seen(mac, GREEN, figure=f"{heard.address} {card.zone} {card.name}")
    rows = json.loads(done.stdout or "[]")
    for one in sorted(rows, key=lambda row: ":" not in row.get("dst", "")):  # a device's IPv4 address tells most: last
        mac, address = one.get("lladdr", ""), one.get("dst", "")
        dead = {"FAILED", "INCOMPLETE"} & set(one.get("state", []))
        if mac and not dead:
            found[mac] = Seen(mac, GREEN, figure=f"{address} {zone_of(site, address) or '?'} {one.get('dev', '')}")
    return list(found.values())


class Canary:
    """A sink at a port that nothing opens: what arrives there passed a firewall that should have stopped it.

    It tells one-way leaks, which a connection cannot: its answer may be stopped where the question was not.
    """

    def __init__(self) -> None:
        self.heard: dict[str, int] = {}
        self._socket = _sink_socket()
        self._socket.setblocking(False)

    def send(self, addresses: Iterable[str]) -> None:
        """Send one packet to each address; a kernel that knows no road is an answer too."""
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
                line.sendto(b"mainstay-canary", (address, CANARY))

    def listen(self, seconds: float = 0.0) -> list[str]:
        """Addresses heard from since the last call; waits at most so long for the first."""
        select.select([self._socket], [], [], seconds)
        found: list[str] = []
        while True:
            try:
                _data, sender = self._socket.recvfrom(64)
            except BlockingIOError:
                return sorted(set(found))
            except OSError as error:
                if error.errno != errno.ECONNREFUSED:
                    raise
                continue
            found.append(sender[0].removeprefix("::ffff:").partition("%")[0])

    def close(self) -> None:
        """Free the port."""
        self._socket.close()

    __del__ = close  # a watcher keeps one for its life


def _sink_socket() -> socket.socket:
    """It has to hear on every card, IPv6 and IPv4; on a kernel without IPv6, IPv4."""
    for family, everywhere in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):  # noqa: S104
        try:
            made = socket.socket(family, socket.SOCK_DGRAM)
        except OSError:
            continue
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            made.bind((everywhere, CANARY))
        except OSError:
            made.close()
            raise
        return made
    raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))


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
    cards = [(other, card) for other in site.hosts for card in other.interfaces]
    sink.send(str(address) for other, card in cards if other != host for address in card.addresses())
    for card in host.interfaces:
        with contextlib.suppress(OSError):
            ipv6.send_canary(card.name, CANARY)
    heard = sink.listen()
    if not heard:
        return [Seen("one-way", GREEN)]
    named = {str(ipv6.link_local(mac)): name for mac, name in _macs(site).items()}
    named |= {str(address): other.name for other, card in cards for address in card.addresses()}
    return [
        Seen(
            f"one-way from {named.get(one, one)}",
            RED,
            f"a packet of {one} came in at a closed port",
            f"{one} 的数据包到达了应关闭的端口",
        )
        for one in heard
    ]
