"""nftables: nothing passes that is not declared, in either direction; every rule says why it is there."""

from __future__ import annotations

from collections.abc import Iterable

from mainstay.continuity.site.rules.declaration import Host, Interface, Site
from mainstay.continuity.site.rules.render.cluster import CLIENT, PEER, REST
from mainstay.continuity.site.rules.render.made import Made, lines

NUT = 3493
HEAD = (
    "table inet mainstay",
    "delete table inet mainstay",
    "table inet mainstay {",
)


def files(site: Site, host: Host) -> list[Made]:
    """The firewall of a host."""
    text = [*HEAD, *_chain("incoming", "input", _incoming(site, host))]
    text += [*_chain("passing", "forward", []), *_chain("outgoing", "output", _outgoing(site, host)), "}"]
    path = f"{site.paths.etc}/firewall.nft"
    return [Made(path, lines(*text), mode=0o600, units=("mainstay-firewall",), checker="nft")]


def _chain(name: str, hook: str, rules: Iterable[str]) -> list[str]:
    head = [f"  chain {name} {{", f"    type filter hook {hook} priority filter; policy drop;"]
    return [*head, *(f"    {one}" for one in rules), "  }"]


def _always(side: str) -> list[str]:
    return [
        f'{"iifname" if side == "saddr" else "oifname"} "lo" accept',
        "ct state invalid drop",
        "ct state established,related accept",
    ]


def _incoming(site: Site, host: Host) -> list[str]:
    rules = _always("saddr")
    for card in host.interfaces:
        rules.append(f'iifname "{card.name}" ip saddr {_network(site, card)} icmp type echo-request accept')
        for source, protocol, ports, why in into(site, host, card):
            rules.append(_rule(f'iifname "{card.name}" ip saddr {source}', protocol, ports, why))
    return rules


def _outgoing(site: Site, host: Host) -> list[str]:
    """A host may speak to what is declared; echo within its own network, so that the room's staff can look."""
    rules = _always("daddr")
    for card in host.interfaces:
        rules.append(f'oifname "{card.name}" ip daddr {_network(site, card)} icmp type echo-request accept')
        for other in (one for one in site.hosts if one != host and card.zone in one.zones()):
            target = next(one for one in other.interfaces if one.zone == card.zone)
            for source, protocol, ports, why in into(site, other, target):
                if _covers(site, source, card):
                    rules.append(_rule(f'oifname "{card.name}" ip daddr {target.address}', protocol, ports, why))
        rules += _leaving(site, host, card)
    return rules


def _rule(match: str, protocol: str, ports: tuple[int, ...], why: str) -> str:
    numbers = ", ".join(str(one) for one in ports)
    comment = why.replace('"', "'")[:120]
    return f'{match} {protocol} dport {{ {numbers} }} counter accept comment "{comment}"'


def _network(site: Site, card: Interface) -> str:
    return str(site.zone(card.zone).network)


def into(site: Site, host: Host, card: Interface) -> list[tuple[str, str, tuple[int, ...], str]]:
    """What may reach a host by one of its interfaces: source, protocol, ports, why."""
    found: list[tuple[str, str, tuple[int, ...], str]] = []
    if card.zone == site.service.zone:
        found += _cluster(site, host)
    centre = next((one for one in site.antivirus if one.host == host.name and one.kind == "inner"), None)
    if centre:
        found.append((_network(site, card), "tcp", (centre.port,), "antivirus signatures"))
    if any(one.host == host.name for one in site.ups) and card.zone == site.service.zone:
        found += [(site.inner(one), "tcp", (NUT,), "state of the supply") for one in site.pair() if one != host]
    for flow in site.flows:
        if flow.target not in (host.name, card.zone):
            continue
        for source in _sources(site, flow.source, card.zone):
            found += [
                (source, word, ports, flow.why) for word, ports in (("tcp", flow.tcp), ("udp", flow.udp)) if ports
            ]
    return found


def _cluster(site: Site, host: Host) -> list[tuple[str, str, tuple[int, ...], str]]:
    """What the three voters need of each other."""
    if host not in site.voters():
        return []
    found: list[tuple[str, str, tuple[int, ...], str]] = []
    for other in site.voters():
        if other == host:
            continue
        found.append((site.inner(other), "tcp", (CLIENT, PEER), "votes"))
        if host in site.pair():
            ports = (
                (site.database.port, REST, site.service.port) if other in site.pair() else (site.database.port, REST)
            )
            found.append((site.inner(other), "tcp", tuple(sorted(ports)), "standby pair"))
    return found


def _sources(site: Site, name: str, zone: str) -> list[str]:
    """Addresses or networks that a flow's source means, seen from a zone."""
    for one in site.terminals:
        if one.name == name:
            return [str(one.address)]
    for host in site.hosts:
        if host.name == name:
            inside = [one for one in host.interfaces if one.zone == zone] or list(host.interfaces)
            return [str(one.address) for one in inside]
    return [str(site.zone(name).network)]


def _covers(site: Site, source: str, card: Interface) -> bool:
    return source in (str(card.address), _network(site, card))


def _leaving(site: Site, host: Host, card: Interface) -> list[str]:
    """Flows from this host or its zone to another zone, and what an outer antivirus centre fetches."""
    rules = []
    for flow in site.flows:
        if flow.source not in (host.name, card.zone) or flow.target in (card.zone, host.name):
            continue
        if flow.target not in {one.name for one in site.zones}:
            continue
        for word, ports in (("tcp", flow.tcp), ("udp", flow.udp)):
            if ports:
                rules.append(_rule(f"ip daddr {site.zone(flow.target).network}", word, ports, flow.why))
    if any(one.host == host.name and one.kind == "outer" for one in site.antivirus):
        rules.append(_rule(f'oifname "{card.name}"', "tcp", (80, 443), "fetching antivirus signatures"))
        rules.append(_rule(f'oifname "{card.name}"', "udp", (53,), "fetching antivirus signatures"))
    return rules
