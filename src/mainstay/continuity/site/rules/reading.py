"""From the tables of `site.toml` to a `Site`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from mainstay.continuity.site.rules.checking import check
from mainstay.continuity.site.rules.declaration import (
    ROLES,
    Centre,
    Database,
    Flow,
    Host,
    Interface,
    Paths,
    PowerStep,
    Repository,
    Service,
    Site,
    Terminal,
    Ups,
    Zone,
)
from mainstay.continuity.site.rules.errors import DeclarationError
from mainstay.continuity.site.rules.fields import Fields

STEPS = ("notify", "stop-reports", "extra-backup", "stop-app", "stop-standby", "stop-primary", "power-off")


def site_from_text(text: str) -> Site:
    """Read and check a declaration. Raises DeclarationError at the first thing that cannot be."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError((), f"This is not TOML: {error}.", f"不是合法的 TOML：{error}。") from None
    return site_from_data(data)


def site_from_data(data: Mapping[str, Any]) -> Site:
    """Read and check a declaration that is tables already. Raises DeclarationError."""
    fields = Fields(data, ())
    site = Site(
        name=fields.text("name"),
        cluster=fields.name("cluster", "mainstay"),
        paths=fields.table("paths", _paths),
        service=fields.table("service", _service),
        database=fields.table("database", _database),
        zones=fields.rows("zones", _zone),
        hosts=fields.rows("hosts", _host),
        flows=fields.rows("flows", _flow),
        terminals=fields.rows("terminals", _terminal),
        ups=fields.rows("ups", _ups),
        antivirus=fields.rows("antivirus", _centre),
        repositories=fields.rows("repositories", _repository),
        power=fields.rows("power", _step),
    )
    fields.close()
    check(site)
    return site


def _paths(fields: Fields) -> Paths:
    return Paths(
        etc=fields.place("etc", "/etc/mainstay"),
        data=fields.place("data", "/var/lib/mainstay"),
        run=fields.place("run", "/run/mainstay"),
        product=fields.place("product", "/opt/mainstay"),
        patroni=fields.place("patroni", "/opt/mainstay-patroni"),
        system=fields.place("system", "/etc"),
    )


def _service(fields: Fields) -> Service:
    names = fields.raw("names", [])
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise fields.fail("names", "Give a list of host names.", "应为主机名列表。")
    return Service(
        address=fields.address("address"),
        zone=fields.name("zone"),
        port=fields.number("port", range(1, 65536), 8000),
        names=tuple(names),
        lease_s=fields.number("lease_s", range(3, 61), 4),
    )


def _database(fields: Fields) -> Database:
    return Database(
        name=fields.name("name", "mainstay"),
        port=fields.number("port", range(1024, 65536), 5432),
        programs=fields.place("programs", "/usr/lib/postgresql/15/bin"),
        synchronous=fields.yes("synchronous", True),
        watchdog=fields.choice("watchdog", ("required", "automatic", "off"), "required"),
        ttl=fields.number("ttl", range(20, 301), 20),  # Patroni refuses less
        loop_wait=fields.number("loop_wait", range(1, 61), 2),
        retry_timeout=fields.number("retry_timeout", range(3, 61), 5),
        arbiter=fields.yes("arbiter", False),
        rehearse_days=fields.number("rehearse_days", range(1, 367), 92),
        keep_wal_mb=fields.number("keep_wal_mb", range(1024, 1_048_577), 16_384),
    )


def _zone(fields: Fields) -> Zone:
    return Zone(
        name=fields.name("name"),
        network=fields.network("network"),
        isolated=fields.yes("isolated", False),
        title=fields.text("title", ""),
        network6=fields.network6("network6"),
    )


def _host(fields: Fields) -> Host:
    return Host(fields.name("name"), fields.choice("role", ROLES), fields.rows("interfaces", _interface))


def _interface(fields: Fields) -> Interface:
    return Interface(
        name=fields.name("name"),
        zone=fields.name("zone"),
        address=fields.address("address"),
        mac=fields.mac("mac", ""),
        address6=fields.address6("address6"),
    )


def _flow(fields: Fields) -> Flow:
    return Flow(
        source=fields.name("from"),
        target=fields.name("to"),
        tcp=fields.ports("tcp"),
        udp=fields.ports("udp"),
        why=fields.text("why"),
    )


def _terminal(fields: Fields) -> Terminal:
    return Terminal(
        name=fields.name("name"),
        mac=fields.mac("mac"),
        address=fields.address("address"),
        zone=fields.name("zone"),
        place=fields.text("place"),
        user=fields.text("user", ""),
        purpose=fields.text("purpose", ""),
        address6=fields.address6("address6"),
    )


def _ups(fields: Fields) -> Ups:
    return Ups(
        name=fields.name("name"),
        host=fields.name("host"),
        driver=fields.name("driver", "usbhid-ups"),
        port=fields.text("port", "auto"),
        runtime_s=fields.number("runtime_s", range(60, 604_801), 28_800),
        design_load=fields.number("design_load", range(10, 101), 80),
    )


def _centre(fields: Fields) -> Centre:
    return Centre(
        name=fields.name("name"),
        host=fields.name("host"),
        kind=fields.choice("kind", ("inner", "outer")),
        port=fields.number("port", range(1024, 65536), 8077),
        mirror=fields.text("mirror", "database.clamav.net"),
    )


def _repository(fields: Fields) -> Repository:
    return Repository(
        name=fields.name("name"),
        kind=fields.choice("kind", ("local", "offsite")),
        path=fields.place("path"),
        keep_full=fields.number("keep_full", range(1, 100), 2),
        host=fields.name("host") if fields.has("host") else "",
    )


def _step(fields: Fields) -> PowerStep:
    seconds = range(604_801)
    return PowerStep(
        do=fields.choice("do", STEPS),
        after_s=fields.number("after_s", seconds) if fields.has("after_s") else None,
        below_s=fields.number("below_s", seconds) if fields.has("below_s") else None,
    )
