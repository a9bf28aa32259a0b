"""A site as it should be (站点声明): hosts, zones, what may flow, terminals, power, antivirus, backup."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

APPSRV, DATASRV, WITNESS, OTHER = "appsrv", "datasrv", "witness", "other"
ROLES = (APPSRV, DATASRV, WITNESS, OTHER)
PAIR = (APPSRV, DATASRV)


@dataclass(frozen=True, slots=True)
class Paths:
    """Where things lie on every host. `system` is the folder of Debian's own configuration."""

    etc: str
    data: str
    run: str
    product: str
    patroni: str
    system: str


@dataclass(frozen=True, slots=True)
class Service:
    """The address people reach the site by; it moves to the host that runs the application (服务地址)."""

    address: IPv4Address
    zone: str
    port: int
    names: tuple[str, ...]
    lease_s: int  # how long a host that fell silent keeps the role


@dataclass(frozen=True, slots=True)
class Database:
    """The database pair and the times of its watchman (seconds)."""

    name: str
    port: int
    programs: str
    synchronous: bool
    watchdog: str
    ttl: int
    loop_wait: int
    retry_timeout: int
    arbiter: bool = False  # the witness deposes a dead leader before its lease ends
    rehearse_days: int = 92  # a switch has to be rehearsed at least so often
    keep_wal_mb: int = 16_384  # so much journal waits at most for a copy that fell silent: a full disk stops everything


@dataclass(frozen=True, slots=True)
class Zone:
    """A network of its own (区域). Nothing enters or leaves an isolated one; without `network6` it speaks no IPv6."""

    name: str
    network: IPv4Network
    isolated: bool
    title: str
    network6: IPv6Network | None = None

    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Its networks, IPv4 first."""
        return (self.network, self.network6) if self.network6 else (self.network,)


@dataclass(frozen=True, slots=True)
class Interface:
    """A network card of a host: its zone, its addresses, its hardware address. Without `address6` IPv6 is off on it."""

    name: str
    zone: str
    address: IPv4Address
    mac: str
    address6: IPv6Address | None = None

    def addresses(self) -> tuple[IPv4Address | IPv6Address, ...]:
        """Its addresses, IPv4 first."""
        return (self.address, self.address6) if self.address6 else (self.address,)


@dataclass(frozen=True, slots=True)
class Host:
    """A machine."""

    name: str
    role: str
    interfaces: tuple[Interface, ...]

    def address_in(self, zone: str) -> IPv4Address:
        """Its address in a zone. Raises KeyError when it has none."""
        for one in self.interfaces:
            if one.zone == zone:
                return one.address
        raise KeyError(zone)

    def zones(self) -> frozenset[str]:
        """The zones it has a foot in."""
        return frozenset(one.zone for one in self.interfaces)


@dataclass(frozen=True, slots=True)
class Flow:
    """Traffic that is allowed: from a zone, host or terminal to a zone or host, and why."""

    source: str
    target: str
    tcp: tuple[int, ...]
    udp: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Terminal:
    """A device people work at (终端)."""

    name: str
    mac: str
    address: IPv4Address
    zone: str
    place: str
    user: str
    purpose: str
    address6: IPv6Address | None = None

    def addresses(self) -> tuple[IPv4Address | IPv6Address, ...]:
        """Its addresses, IPv4 first."""
        return (self.address, self.address6) if self.address6 else (self.address,)


@dataclass(frozen=True, slots=True)
class Ups:
    """An uninterruptible supply, the host it is plugged into, and how long it must carry the design load (s)."""

    name: str
    host: str
    driver: str
    port: str
    runtime_s: int
    design_load: int = 80  # per cent of what it can give; its runtime is reckoned for this load


@dataclass(frozen=True, slots=True)
class Centre:
    """An antivirus centre. The outer one fetches signatures, the inner one serves what was carried in."""

    name: str
    host: str
    kind: str
    port: int
    mirror: str


@dataclass(frozen=True, slots=True)
class Repository:
    """A place for backups. An off-site one is always encrypted; its `host`, if named, gets each change as it is made.

    The path is the same on that host and on the servers, which reach it by a mount.
    """

    name: str
    kind: str
    path: str
    keep_full: int
    host: str = ""

    @property
    def slot(self) -> str:
        """The replication slot of its host."""
        return f"journal_{self.host.replace('-', '_')}"

    @property
    def journal(self) -> str:
        """Where its host lays the journal that it receives."""
        return f"{self.path}/journal"


@dataclass(frozen=True, slots=True)
class PowerStep:
    """What happens on battery: after so many seconds, or below so many seconds left."""

    do: str
    after_s: int | None
    below_s: int | None

    @property
    def below_minutes(self) -> int:
        """The same in whole minutes, as screens show it."""
        return (self.below_s or 0) // 60


@dataclass(frozen=True, slots=True)
class Site:
    """The whole declaration."""

    name: str
    cluster: str
    paths: Paths
    service: Service
    database: Database
    zones: tuple[Zone, ...]
    hosts: tuple[Host, ...]
    flows: tuple[Flow, ...]
    terminals: tuple[Terminal, ...]
    ups: tuple[Ups, ...]
    antivirus: tuple[Centre, ...]
    repositories: tuple[Repository, ...]
    power: tuple[PowerStep, ...]

    def host(self, name: str) -> Host:
        """A host by name. Raises KeyError."""
        for one in self.hosts:
            if one.name == name:
                return one
        raise KeyError(name)

    def zone(self, name: str) -> Zone:
        """A zone by name. Raises KeyError."""
        for one in self.zones:
            if one.name == name:
                return one
        raise KeyError(name)

    def role(self, role: str) -> Host:
        """The host with a role. Raises KeyError."""
        for one in self.hosts:
            if one.role == role:
                return one
        raise KeyError(role)

    def voters(self) -> tuple[Host, ...]:
        """The three hosts whose votes count, in the order of their roles."""
        return tuple(self.role(role) for role in (APPSRV, DATASRV, WITNESS))

    def pair(self) -> tuple[Host, ...]:
        """The two servers that stand in for each other."""
        return tuple(self.role(role) for role in PAIR)

    def journals(self) -> tuple[Repository, ...]:
        """Repositories whose host receives the journal as it is written."""
        return tuple(one for one in self.repositories if one.host)

    def inner(self, host: Host) -> str:
        """A host's address in the zone of the service, as text."""
        return str(host.address_in(self.service.zone))
