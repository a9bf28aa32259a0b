"""nftables: nothing passes that is not declared, in either direction, IPv4 or IPv6; every rule says why it is there.

The table is of both kinds and drops by policy: a card without a declared IPv6 address lets no IPv6 pass, and the kernel
is told not to speak it there. Where one is declared, neighbours are asked for and told (RFC 4861; hop limit 255: from
the same cable) and groups joined (RFC 3810). Router advertisements and redirects are dropped everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from mainstay.continuity.site.rules.declaration import Host, Interface, Site
from mainstay.continuity.site.rules.render.cluster import CLIENT, PEER, REST
from mainstay.continuity.site.rules.render.made import Made, lines

NUT = 3493
NEIGHBOURS = "ip6 hoplimit 255 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept"
GROUPS_ASKED = "ip6 saddr fe80::/10 ip6 hoplimit 1 icmpv6 type mld-listener-query accept"
GROUPS_TOLD = "ip6 hoplimit 1 icmpv6 type mld2-listener-report accept"
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
    made = Made(path, lines(*text), mode=0o600, units=("mainstay-firewall",), checker="nft")
    kernel = lines(*(f"{key} = {value}" for key, value in kernel_of(host).items()))
    return [made, Made(kernel_path(site), kernel, units=("mainstay-firewall",), checker="sysctl")]


def kernel_path(site: Site) -> str:
    """Where the kernel's settings lie, so that a card that comes up gets them too."""
    return f"{site.paths.system}/sysctl.d/60-mainstay.conf"


def kernel_of(host: Host) -> dict[str, int]:
    """Settings of the kernel: no IPv6 on a card unless declared, and no address or road that a router offers."""
    found = {"net.ipv6.conf.default.disable_ipv6": 1}
    for card in host.interfaces:
        key = f"net.ipv6.conf.{card.name}"
        found |= {f"{key}.{name}": 0 for name in ("accept_ra", "autoconf", "accept_redirects", "use_tempaddr")}
        found[f"{key}.disable_ipv6"] = 0 if card.address6 else 1
    return found


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
        name = f'iifname "{card.name}"'
        rules += [f"{name} {NEIGHBOURS}", f"{name} {GROUPS_ASKED}"] if card.address6 else []
        rules += [f"{name} {_echo(network, 'saddr')}" for network in networks(site, card)]
        for source, protocol, ports, why in into(site, host, card):
            rules.append(_rule(f"{name} {_kind(source)} saddr {source}", protocol, ports, why))
    return rules


def _outgoing(site: Site, host: Host) -> list[str]:
    """A host may speak to what is declared; echo within its own network, so that the room's staff can look."""
    rules = _always("daddr")
    for card in host.interfaces:
        name = f'oifname "{card.name}"'
        rules += [f"{name} {NEIGHBOURS}", f"{name} {GROUPS_TOLD}"] if card.address6 else []
        rules += [f"{name} {_echo(network, 'daddr')}" for network in networks(site, card)]
        for other in (one for one in site.hosts if one != host and card.zone in one.zones()):
            target = next(one for one in other.interfaces if one.zone == card.zone)
            for source, protocol, ports, why in into(site, other, target):
                if _covers(site, source, card):
                    to = target.address6 if _kind(source) == "ip6" else target.address
                    rules.append(_rule(f"{name} {_kind(source)} daddr {to}", protocol, ports, why))
        rules += _leaving(site, host, card)
    return rules


def _rule(match: str, protocol: str, ports: tuple[int, ...], why: str) -> str:
    numbers = ", ".join(str(one) for one in ports)
    comment = why.replace('"', "'")[:120]
    return f'{match} {protocol} dport {{ {numbers} }} counter accept comment "{comment}"'


def _kind(address: object) -> str:
    """nft's word for the kind of an address or network."""
    return "ip6" if ":" in str(address) else "ip"


def _echo(network: str, side: str) -> str:
    kind = _kind(network)
    return f"{kind} {side} {network} {'icmpv6' if kind == 'ip6' else 'icmp'} type echo-request accept"


def networks(site: Site, card: Interface) -> list[str]:
    """The networks a card takes part in: that of IPv6 only when it has an address there."""
    zone = site.zone(card.zone)
    return [str(zone.network), *([str(zone.network6)] if card.address6 else [])]


def into(site: Site, host: Host, card: Interface) -> list[tuple[str, str, tuple[int, ...], str]]:
    """What may reach a host by one of its interfaces: source, protocol, ports, why.

    The hosts' own programs speak IPv4 among themselves; declared flows hold for both kinds where both ends have both.
    """
    found: list[tuple[str, str, tuple[int, ...], str]] = []
    if card.zone == site.service.zone:
        found += _cluster(site, host)
        if host in site.pair():
            receivers = [site.inner(site.host(one.host)) for one in site.journals()]
            found += [(one, "tcp", (site.database.port,), "journal off-site") for one in receivers]
    centre = next((one for one in site.antivirus if one.host == host.name and one.kind == "inner"), None)
    if centre:
        found.append((str(site.zone(card.zone).network), "tcp", (centre.port,), "antivirus signatures"))
    if any(one.host == host.name for one in site.ups) and card.zone == site.service.zone:
        found += [(site.inner(one), "tcp", (NUT,), "state of the supply") for one in site.pair() if one != host]
    for flow in site.flows:
        if flow.target not in (host.name, card.zone):
            continue
        for source in _sources(site, flow.source, card):
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


def _sources(site: Site, name: str, card: Interface) -> list[str]:
    """Addresses or networks that a flow's source means, seen from a card; of the kinds that the card has."""
    found: list[object] = []
    for one in site.terminals:
        if one.name == name:
            found += one.addresses()
    for host in site.hosts:
        if host.name == name:
            inside = [one for one in host.interfaces if one.zone == card.zone] or list(host.interfaces)
            found += [address for one in inside for address in one.addresses()]
    if not found:
        found += site.zone(name).networks()
    return [str(one) for one in found if card.address6 or _kind(one) == "ip"]


def _covers(site: Site, source: str, card: Interface) -> bool:
    return source in {str(one) for one in card.addresses()} | set(networks(site, card))


def _leaving(site: Site, host: Host, card: Interface) -> list[str]:
    """Flows from this host or its zone to another zone, and what an outer antivirus centre fetches."""
    rules = []
    for flow in site.flows:
        if flow.source not in (host.name, card.zone) or flow.target in (card.zone, host.name):
            continue
        if flow.target not in {one.name for one in site.zones}:
            continue
        for network in site.zone(flow.target).networks():
            if _kind(network) == "ip6" and not card.address6:
                continue
            for word, ports in (("tcp", flow.tcp), ("udp", flow.udp)):
                if ports:
                    rules.append(_rule(f"{_kind(network)} daddr {network}", word, ports, flow.why))
    if any(one.host == host.name and one.kind == "outer" for one in site.antivirus):
        kinds = "{ ipv4, ipv6 }" if card.address6 else "ipv4"
        match = f'oifname "{card.name}" meta nfproto {kinds}'
        rules.append(_rule(match, "tcp", (80, 443), "fetching antivirus signatures"))
        rules.append(_rule(match, "udp", (53,), "fetching antivirus signatures"))
    return rules
