"""What may be reached from where, and whether a device is where it belongs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.declaration import Interface
from mainstay.continuity.site.rules.render.firewall import into
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen

TCP, UDP, ICMP = "tcp", "udp", "icmp"
CANARY = 47_900  # a port that no declaration opens; what arrives there passed a firewall that should have stopped it
TRIED = (22, 23, 80, 135, 443, 445, 3389, 5432)  # doors that are commonly left open, beside the declared ones


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: from this host to an address and port; `open` is what the declaration says."""

    target: str
    address: str
    protocol: str
    port: int
    open: bool

    @property
    def name(self) -> str:
        """As it is shown: `datasrv tcp/5432`, `datasrv IPv6 tcp/5432`."""
        kind = "IPv6 " if ":" in self.address else ""
        return f"{self.target} {kind}{self.protocol}" + (f"/{self.port}" if self.port else "")


def cells(site: Site, source: Host) -> Iterator[Cell]:
    """The matrix of a host: every other host's addresses by every declared and commonly open port, and by echo."""
    for target in site.hosts:
        if target == source:
            continue
        for card in target.interfaces:
            yield from _card_cells(site, source, target, card)


def _card_cells(site: Site, source: Host, target: Host, card: Interface) -> Iterator[Cell]:
    rules = [*into(site, target, card)]
    shared = [one for one in source.interfaces if one.zone == card.zone]
    for address in card.addresses():
        six = address == card.address6
        if six and not any(one.address6 for one in source.interfaces):
            continue  # who has no IPv6 cannot knock; that nothing answers it is asked on the cable itself
        mine = [rule for rule in rules if (":" in rule[0]) == six]
        for protocol in (TCP, UDP):
            known = {port for _from, word, ports, _why in mine if word == protocol for port in ports}
            for port in sorted(known | set(TRIED if protocol == TCP else ())):
                is_open = any(
                    word == protocol and port in ports and _covers(origin, source) for origin, word, ports, _why in mine
                )
                yield Cell(target.name, str(address), protocol, port, is_open)
        yield Cell(target.name, str(address), ICMP, 0, any(one.address6 or not six for one in shared))


def _covers(origin: str, host: Host) -> bool:
    network = ip_network(origin)
    return any(address in network for one in host.interfaces for address in one.addresses())


@dataclass(frozen=True, slots=True)
class Heard:
    """A device that speaks IPv6 on a cable: the address it spoke from, whether it offers itself as a router."""

    address: str
    router: bool


def judge_cable(
    site: Site, host: Host, card: Interface, heard: Mapping[str, Heard], names: Mapping[str, str]
) -> list[Seen]:
    """Of those who speak IPv6 on a card's cable (by hardware address): hosts that declare none, and routers.

    A router may offer itself only in a zone that declares IPv6 and is not isolated. `names` are hosts by hardware
    address; other devices are the register's matter.
    """
    zone = site.zone(card.zone)
    found = []
    for other in site.hosts:
        mine = [one for one in other.interfaces if one.zone == card.zone and one.address6 is None]
        if other == host or not mine:
            continue
        speaks = [one.address for mac, one in heard.items() if names.get(mac) == other.name]
        text = ", ".join(speaks)
        said = (f"speaks IPv6, which is not declared: {text}", f"未声明却使用 IPv6：{text}") if speaks else ("", "")
        found.append(Seen(f"{other.name} IPv6", RED if speaks else GREEN, *said))
    if zone.isolated or zone.network6 is None:
        routers = sorted(f"{mac} {one.address}" for mac, one in heard.items() if one.router)
        text = ", ".join(routers)
        said = (f"offers a road out: {text}", f"有设备通告出口：{text}") if routers else ("", "")
        found.append(Seen("IPv6 router", RED if routers else GREEN, *said))
    return found


def judge_cell(cell: Cell, reached: bool) -> Seen:
    """Reached though closed is red; declared open and silent is amber: the service may be down, nothing leaks."""
    if reached and not cell.open:
        return Seen(
            cell.name, RED, f"{cell.address} answers, but nothing declares it", f"{cell.address} 可达，但未声明开放"
        )
    if cell.open and not reached:
        return Seen(
            cell.name,
            AMBER,
            f"{cell.address} is declared open and does not answer",
            f"{cell.address} 已声明开放，但无应答",
        )
    return Seen(cell.name, GREEN, figure=cell.address)


@dataclass(frozen=True, slots=True)
class Known:
    """A device of the register: name, zone, address and switch port ("" where not fixed), whether it was given up."""

    name: str
    zone: str
    address: str = ""
    port: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Sighted:
    """A device seen on the network: hardware address, address, zone, switch port ("" unknown), by whom."""

    mac: str
    address: str
    zone: str
    port: str
    by: str


def zone_of(site: Site, address: str) -> str:
    """The zone whose network an address lies in, "" for none or no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    inside = [one.name for one in site.zones if any(found in network for network in one.networks())]
    return inside[0] if inside else ""


def judge_devices(known: Mapping[str, Known], sighted: Iterable[Sighted]) -> list[Seen]:
    """One verdict for each device that was seen, the worst of its sightings; by hardware address."""
    found: dict[str, Seen] = {}
    order = (GREEN, AMBER, RED)
    for one in sighted:
        seen = _device(known.get(one.mac), one)
        there = found.get(one.mac)
        if there is None or order.index(seen.verdict) > order.index(there.verdict):
            found[one.mac] = seen
    return [found[mac] for mac in sorted(found)]


def _device(known: Known | None, one: Sighted) -> Seen:
    where = " ".join(part for part in (one.address, one.zone, one.port) if part)
    if known is None:
        return Seen(one.mac, RED, f"is in no register; seen at {where}", f"不在终端台账中；出现在 {where}", one.by)
    name = f"{known.name} {one.mac}"
    if known.retired:
        return Seen(name, RED, f"was given up, but is on the network at {where}", f"已停用，却仍在网：{where}", one.by)
    if known.zone and one.zone and known.zone != one.zone:
        return Seen(
            name,
            RED,
            f"belongs into {known.zone}, stands in {one.zone}",
            f"应在 {known.zone} 区，实际在 {one.zone} 区",
            one.by,
        )
    if known.port and one.port and known.port != one.port:
        return Seen(
            name, RED, f"moved from port {known.port} to {one.port}", f"已从端口 {known.port} 移到 {one.port}", one.by
        )
    same_kind = (":" in known.address) == (":" in one.address)
    if known.address and one.address and same_kind and known.address != one.address:
        return Seen(
            name,
            AMBER,
            f"has the address {one.address}, not {known.address}",
            f"地址为 {one.address}，应为 {known.address}",
            one.by,
        )
    return Seen(name, GREEN, figure=where)
