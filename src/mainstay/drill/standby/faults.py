"""What can go wrong, done on purpose: each fault by name, its goal in seconds, how it is done."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mainstay.commands.words import gettext_noop as noop
from mainstay.continuity.site.rules.render.cluster import CLIENT
from mainstay.continuity.standby.etcd import Etcd
from mainstay.continuity.standby.observe import prefix_of, switch_database
from mainstay.drill.standby.measure import Acknowledged
from mainstay.drill.standby.visitor import rehearse
from mainstay.drill.standby.world import World
from mainstay.kit.errors import Problem

HOST_S, PLANNED_S, POSTGRES_S, APP_S = 21.0, 3.0, 6.0, 6.0
ARBITER_S = 3.0
AGENT_S = 10.0  # the lease of the dead agent has to end
CUT_S = 30.0  # a cut leaves half-open connections behind; measured 21.5 to 25.8 s for the database alone
WITNESS = "witness"


@dataclass(frozen=True)
class Fault:
    """One fault. `most_s` is its goal; `short` puts it into the short form; `pinned` watches the cut-off database.

    What `strike` returns is told beside the seconds.
    `control` faults are for the control alone: without synchronous copies they must lose payments.
    """

    name: str
    title: str
    most_s: float
    strike: Callable[[World, str, str], Any]
    short: bool = False
    pinned: bool = False
    control: bool = False
    dead: str = ""  # "database" or "application" or "witness": which host is switched on again afterwards


def _kill(role: str) -> Callable[[World, str, str], None]:
    return lambda world, base, app: world.kill(_host(role, base, app))


def _cut(role: str) -> Callable[[World, str, str], None]:
    return lambda world, base, app: world.cut(_host(role, base, app))


def _between(one: str, other: str) -> Callable[[World, str, str], None]:
    return lambda world, base, app: world.cut_between(_host(one, base, app), _host(other, base, app))


def _host(role: str, base: str, app: str) -> str:
    return {"database": base, "application": app, "witness": WITNESS}[role]


def _processes(role: str, unit: str, *words: str) -> Callable[[World, str, str], None]:
    def strike(world: World, base: str, app: str) -> None:
        if not world.kill_named(_host(role, base, app), unit, *words):
            raise Problem(f"nothing of {unit} to kill", code="nothing_hit")

    return strike


def _switch_app(world: World, _base: str, app: str) -> None:
    switch_application(world, _other(app))


def _switch_base(world: World, base: str, _app: str) -> None:
    move_database(world, base, _other(base))


def _other(host: str) -> str:
    return {"appsrv": "datasrv", "datasrv": "appsrv"}[host]


def switch_application(world: World, to: str) -> None:
    """A planned switch of the application, asked for from the witness."""
    address = f"{world.site.inner(world.site.host(WITNESS))}:{CLIENT}"
    world.from_host(WITNESS, lambda: Etcd([address]).put(f"{prefix_of(world.site)}switch", to))


def move_database(world: World, leader: str, to: str) -> None:
    """A planned switch of the database, asked for on one of the servers. Raises Problem when it is refused."""
    said = world.from_host(leader, lambda: switch_database(world.site, leader, to, world.secrets["restapi"]))
    if said:
        raise Problem(f"switchover: {said}", code="refused")


BEHIND_S = 3.0  # so long payments go on while the standby gets nothing of them


def _kill_behind(world: World, base: str, app: str) -> None:
    """Both parts on one server, its standby cut off from it while the client goes on paying, then the server dies."""
    switch_application(world, base)
    world.wait(lambda one: one.application_on == base and world.whole(one), 60, "application beside its database")
    time.sleep(BEHIND_S)
    world.cut_between(app, base)
    time.sleep(BEHIND_S)
    world.kill(base)


PATRONI, ROLE, ETCD = "mainstay-patroni", "mainstay-role", "mainstay-etcd"
BASE, APP = "database", "application"
_kill_app = _processes(APP, ROLE, "serve", "granian")
_kill_postgres = _processes(BASE, PATRONI, "postgres")
_kill_standby = _processes(APP, PATRONI, "postgres")
_kill_patroni = _processes(BASE, PATRONI, "bin/patroni")
_kill_agent = _processes(APP, ROLE, "site agent")
_kill_etcd = _processes(BASE, ETCD, "etcd")
FAULTS = (
    Fault("app-killed", noop("application killed"), APP_S, _kill_app),
    Fault("postgres-killed", noop("PostgreSQL killed"), POSTGRES_S, _kill_postgres, short=True),
    Fault("switch-app", noop("planned switch of the application"), PLANNED_S, _switch_app),
    Fault("switch-database", noop("planned switch of the database"), PLANNED_S, _switch_base, short=True),
    Fault("rehearsal", noop("rehearsal asked for on its page"), PLANNED_S, rehearse, short=True),
    Fault("database-host-killed", noop("host of the database killed"), HOST_S, _kill(BASE), short=True, dead=BASE),
    Fault("app-host-killed", noop("host of the application killed"), HOST_S, _kill(APP), dead=APP),
    Fault("witness-killed", noop("witness killed"), HOST_S, _kill(WITNESS), dead=WITNESS),
    Fault("database-cut", noop("link of the database host cut"), CUT_S, _cut(BASE), pinned=True),
    Fault("app-cut", noop("link of the application host cut"), CUT_S, _cut(APP)),
    Fault("witness-cut", noop("link of the witness cut"), CUT_S, _cut(WITNESS)),
    Fault("pair-cut", noop("link between the servers cut"), CUT_S, _between(APP, BASE)),
    Fault("app-witness-cut", noop("link between application and witness cut"), CUT_S, _between(APP, WITNESS)),
    Fault("database-witness-cut", noop("link between database and witness cut"), CUT_S, _between(BASE, WITNESS)),
    Fault("patroni-killed", noop("Patroni of the database killed"), HOST_S, _kill_patroni),
    Fault("standby-postgres-killed", noop("PostgreSQL of the standby killed"), POSTGRES_S, _kill_standby),
    Fault("agent-killed", noop("role agent killed"), AGENT_S, _kill_agent),
    Fault("etcd-killed", noop("etcd of the database host killed"), APP_S, _kill_etcd),
    Fault(
        "standby-behind", noop("database host killed, standby behind"), HOST_S, _kill_behind, control=True, dead=BASE
    ),
)


@dataclass
class Pinned:
    """Writes tried on the cut-off host itself: none may be acknowledged after the cut, no acknowledged one be gone."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    writing: threading.Event = field(default_factory=threading.Event)
    stop: threading.Event = field(default_factory=threading.Event)


@contextlib.contextmanager
def pinned(world: World, host: str) -> Iterator[Pinned]:
    """Write to a host's database through its own socket for as long as the block lasts."""
    found = Pinned()
    thread = threading.Thread(target=_write, args=(world, host, found), daemon=True)
    thread.start()
    try:
        found.writing.wait(10)
        yield found
    finally:
        found.stop.set()
        thread.join(15)


def _write(world: World, host: str, found: Pinned) -> None:
    import psycopg

    from mainstay.kit.postgresql.doubt import raise_if_in_doubt, watch

    facts: dict[str, Any] = {
        "host": "127.0.0.1", "port": world.site.database.port, "user": "postgres", "connect_timeout": 2,
        "password": world.secrets["superuser"], "dbname": world.site.database.name,
    }  # fmt: skip

    def work() -> None:
        while not found.stop.is_set():
            try:
                with psycopg.connect(**facts, autocommit=True) as connection:
                    watch(connection)
                    connection.execute("CREATE TABLE IF NOT EXISTS drill_pinned (key text)")
                    while not found.stop.is_set():
                        key = f"pinned-{time.monotonic_ns()}"
                        connection.execute("INSERT INTO drill_pinned VALUES (%s)", [key])
                        raise_if_in_doubt(connection)
                        found.acknowledged.append(Acknowledged(time.monotonic(), key))
                        found.writing.set()
                        time.sleep(0.02)
            except psycopg.Error:
                found.stop.wait(0.2)

    with contextlib.suppress(Problem):
        world.from_host(host, work)
