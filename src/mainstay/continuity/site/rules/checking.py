"""What must hold between the entries of a declaration."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from mainstay.continuity.site.rules.declaration import (
    APPSRV,
    DATASRV,
    PAIR,
    WITNESS,
    Interface,
    Site,
    Terminal,
    Zone,
)
from mainstay.continuity.site.rules.errors import DeclarationError, Path

RESERVED = 2  # numbers of a network that no machine has: the network itself and its broadcast


def check(site: Site) -> None:
    """Raise DeclarationError at the first contradiction."""
    for part in (
        _names,
        _networks,
        _roles,
        _places,
        _addresses,
        _separation,
        _service,
        _flows,
        _watchman,
        _uses,
        _power,
    ):
        part(site)


def _names(site: Site) -> None:
    """Names are unique; hosts, zones and terminals share one set, because flows name any of them."""
    seen: set[str] = set()
    for key in ("zones", "hosts", "terminals"):
        _each_once(site, key, seen)
    for key in ("ups", "antivirus", "repositories"):
        _each_once(site, key, set())


def _each_once(site: Site, key: str, seen: set[str]) -> None:
    for number, one in enumerate(getattr(site, key)):
        if one.name in seen:
            raise DeclarationError((key, number, "name"), f"{one.name} is there twice.", f"“{one.name}”重复。")
        seen.add(one.name)


def _networks(site: Site) -> None:
    for number, one in enumerate(site.zones):
        for other in site.zones[:number]:
            for key in ("network", "network6"):
                mine, theirs = getattr(one, key), getattr(other, key)
                if mine and theirs and mine.overlaps(theirs):
                    raise DeclarationError(
                        ("zones", number, key),
                        f"{mine} overlaps zone {other.name}; give each zone a network of its own.",
                        f"{mine} 与区域“{other.name}”重叠；每个区域应有自己的网段。",
                    )


def _roles(site: Site) -> None:
    for role in (APPSRV, DATASRV, WITNESS):
        count = sum(one.role == role for one in site.hosts)
        if count != 1:
            raise DeclarationError(
                ("hosts",),
                f"Exactly one host has the role {role}; here are {count}. Two servers alone cannot tell who failed.",
                f"角色 {role} 应恰有一台主机，现有 {count} 台。只有两台服务器无法判断哪一台失效。",
            )


def _places(site: Site) -> None:
    """Interfaces and terminals stand in zones that exist, inside their networks."""
    zones = {one.name: one for one in site.zones}
    for path, zone, address in _standing(site):
        if zone not in zones:
            raise DeclarationError((*path[:-1], "zone"), f"There is no zone {zone}.", f"没有区域“{zone}”。")
        _inside(path, zones[zone], address)


def _inside(path: Path, zone: Zone, address: IPv4Address | IPv6Address) -> None:
    """An address lies in its zone's network of the same kind, and is one that a machine may have."""
    network = zone.network if isinstance(address, IPv4Address) else zone.network6
    if network is None:
        raise DeclarationError(
            path,
            f"Zone {zone.name} declares no IPv6; give it network6, or leave this out.",
            f"区域“{zone.name}”未声明 IPv6；请为其写明 network6，或删去此项。",
        )
    if address not in network:
        raise DeclarationError(
            path,
            f"{address} is not in {network}, the network of zone {zone.name}.",
            f"{address} 不在区域“{zone.name}”的网段 {network} 内。",
        )
    none = {network.network_address, *([network.broadcast_address] if network.version == 4 else [])}  # noqa: PLR2004
    if network.num_addresses > RESERVED and address in none:
        raise DeclarationError(path, f"{address} cannot be a machine's.", f"{address} 不能用作主机地址。")


def _standing(site: Site) -> Iterator[tuple[Path, str, IPv4Address | IPv6Address]]:
    """Every place, zone and address: interfaces, terminals, the service."""
    for place, one in _cards_and_terminals(site):
        for address in one.addresses():
            yield (*place, "address" if address.version == 4 else "address6"), one.zone, address  # noqa: PLR2004
    yield ("service", "address"), site.service.zone, site.service.address


def _cards_and_terminals(site: Site) -> Iterator[tuple[Path, Interface | Terminal]]:
    for number, host in enumerate(site.hosts):
        for card, interface in enumerate(host.interfaces):
            yield ("hosts", number, "interfaces", card), interface
    for number, terminal in enumerate(site.terminals):
        yield ("terminals", number), terminal


def _addresses(site: Site) -> None:
    seen: dict[IPv4Address | IPv6Address, str] = {}
    for path, _zone, address in _standing(site):
        if address in seen:
            raise DeclarationError(
                path, f"{address} is {seen[address]}'s already.", f"{address} 已被 {seen[address]} 使用。"
            )
        seen[address] = DeclarationError(path[:-1], "", "").place
    macs: set[str] = set()
    for number, one in enumerate(site.terminals):
        if one.mac in macs:
            raise DeclarationError(("terminals", number, "mac"), f"{one.mac} is there twice.", f"“{one.mac}”重复。")
        macs.add(one.mac)


def _separation(site: Site) -> None:
    """A host in an isolated zone has no foot elsewhere: physical separation has no bridge."""
    isolated = {one.name for one in site.zones if one.isolated}
    for number, host in enumerate(site.hosts):
        zones = host.zones()
        if zones & isolated and len(zones) > 1:
            raise DeclarationError(
                ("hosts", number, "interfaces"),
                f"{host.name} would join zones {', '.join(sorted(zones))}; one of them is isolated. Use two machines.",
                f"{host.name} 会把区域 {'、'.join(sorted(zones))} 连在一起，其中有隔离区。请用两台机器。",
            )
        if len({one.zone for one in host.interfaces}) < len(host.interfaces):
            raise DeclarationError(
                ("hosts", number, "interfaces"), "One interface per zone is enough.", "每个区域只用一块网卡。"
            )


def _service(site: Site) -> None:
    for role in (*PAIR, WITNESS):
        host = site.role(role)
        if site.service.zone not in host.zones():
            raise DeclarationError(
                ("service", "zone"),
                f"{host.name} has no interface in zone {site.service.zone}; all three voters need one.",
                f"{host.name} 在区域“{site.service.zone}”没有网卡；三台表决主机都需要。",
            )


def _flows(site: Site) -> None:
    sources = {one.name: {one.name} for one in site.zones}
    sources |= {one.name: set(one.zones()) for one in site.hosts}
    targets = dict(sources)
    sources |= {one.name: {one.zone} for one in site.terminals}
    isolated = {one.name for one in site.zones if one.isolated}
    for number, flow in enumerate(site.flows):
        for key, name, known in (("from", flow.source, sources), ("to", flow.target, targets)):
            if name not in known:
                raise DeclarationError(
                    ("flows", number, key), f"{name} is no zone or host.", f"“{name}”不是区域或主机。"
                )
        if not flow.tcp and not flow.udp:
            raise DeclarationError(("flows", number), "Name its ports (tcp or udp).", "请写明端口（tcp 或 udp）。")
        both = sources[flow.source] | targets[flow.target]
        if not sources[flow.source] & targets[flow.target] and both & isolated:
            raise DeclarationError(
                ("flows", number),
                f"Nothing may pass between {flow.source} and {flow.target}: one side is isolated.",
                f"“{flow.source}”与“{flow.target}”之间不得有流量：其中一方是隔离区。",
            )


def _watchman(site: Site) -> None:
    base = site.database
    needed = base.loop_wait + 2 * base.retry_timeout
    if needed > base.ttl:
        raise DeclarationError(
            ("database", "ttl"),
            f"loop_wait + 2 × retry_timeout = {needed} must not exceed ttl {base.ttl}.",
            f"loop_wait + 2 × retry_timeout = {needed}，不得大于 ttl {base.ttl}。",
        )


def _uses(site: Site) -> None:
    """Supplies and antivirus centres stand on hosts that exist; backups have a local place and one elsewhere."""
    hosts = {one.name for one in site.hosts}
    for key in ("ups", "antivirus"):
        for number, one in enumerate(getattr(site, key)):
            if one.host not in hosts:
                raise DeclarationError(
                    (key, number, "host"), f"There is no host {one.host}.", f"没有主机“{one.host}”。"
                )
    isolated = {one.name for one in site.zones if one.isolated}
    for number, centre in enumerate(site.antivirus):
        if centre.kind == "outer" and site.host(centre.host).zones() & isolated:
            raise DeclarationError(
                ("antivirus", number, "host"),
                f"The outer centre fetches from outside; {centre.host} is in an isolated zone.",
                f"外网防病毒中心要从外部下载；{centre.host} 位于隔离区。",
            )
    _receivers(site)
    kinds = [one.kind for one in site.repositories]
    if kinds and (kinds.count("local") != 1 or "offsite" not in kinds):
        raise DeclarationError(
            ("repositories",),
            "Declare one local repository and at least one off-site.",
            "应声明一个本地备份库和至少一个异地备份库。",
        )


def _receivers(site: Site) -> None:
    """Who receives the journal stands off-site, reaches the servers, is none of them, and serves one repository."""
    hosts = {one.name: one for one in site.hosts}
    seen: set[str] = set()
    for number, one in enumerate(site.repositories):
        if not one.host:
            continue
        host = hosts.get(one.host)
        if host is None:
            said = (f"There is no host {one.host}.", f"没有主机“{one.host}”。")
        elif one.kind != "offsite" or host in site.pair():
            said = (
                "Only an off-site repository has a host of its own, and neither server is one.",
                "只有异地备份库另有主机，且不能是两台服务器之一。",
            )
        elif site.service.zone not in host.zones():
            said = (
                f"{one.host} has no interface in zone {site.service.zone}, so it cannot reach the database.",
                f"{one.host} 在区域“{site.service.zone}”没有网卡，无法访问数据库。",
            )
        elif one.host in seen:
            said = (f"{one.host} has a repository already.", f"{one.host} 已有一个备份库。")
        else:
            seen.add(one.host)
            continue
        raise DeclarationError(("repositories", number, "host"), *said)


def _power(site: Site) -> None:
    """Each step says when; what is left only shrinks, so that the steps come in the order they are written in."""
    left: int | None = None
    for number, step in enumerate(site.power):
        if (step.after_s is None) == (step.below_s is None):
            raise DeclarationError(
                ("power", number), "Give either after_s or below_s.", "after_s 与 below_s 应恰写其一。"
            )
        if step.below_s is None:
            continue
        if left is not None and step.below_s > left:
            raise DeclarationError(
                ("power", number, "below_s"),
                f"{step.below_s} comes before {left}: write the steps in the order in which they happen.",
                f"{step.below_s} 应在 {left} 之前：请按发生顺序书写。",
            )
        left = step.below_s
