"""What the pair looks like now, asked of the hosts themselves: votes, watchmen of the database, role agents."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mainstay.continuity.site.rules import Site
from mainstay.continuity.site.rules.render.cluster import CLIENT, REST, endpoints
from mainstay.continuity.standby.etcd import Etcd, Silent

SECONDS = 2.0
SWITCH_SECONDS = 30.0
BASE = "base"  # the key by which a person asks for the database to move
PAIR, SINGLE, DOWN = "pair", "single", "down"
OFFSITE = "no-journal"
VOTES = 3
STREAMING = {"streaming", "running"}


@dataclass(frozen=True, slots=True)
class Member:
    """A server of the pair as its neighbours see it. `lag_bytes` None: not known."""

    host: str
    votes: bool
    database: str  # leader, sync, replica, or "" when it does not answer
    running: bool
    lag_bytes: int | None
    application: str  # holder, ready, or ""


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the site: `mode` pair (双机), single (单机) or down, what is not protected, who runs what."""

    mode: str
    database_on: str
    application_on: str
    members: tuple[Member, ...]
    witness: bool
    synchronous: bool
    unprotected: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether each server stands in for the other; the journal off-site is no part of the pair."""
        return self.mode == PAIR and set(self.unprotected) <= {OFFSITE}

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def observe(site: Site) -> Status:
    """Ask every host at once, none longer than two seconds; never raises."""
    asked = {host.name: _Asked() for host in site.voters()}
    threads = [threading.Thread(target=_ask, args=(site, host.name, asked[host.name])) for host in site.voters()]
    for thread in threads:
        thread.start()
    roles = _roles(site)
    for thread in threads:
        thread.join(SECONDS * 3)
    return judge(site, asked, roles)


class _Asked:
    """Answers of one host."""

    def __init__(self) -> None:
        self.votes = False
        self.cluster: dict[str, Any] = {}
        self.receivers: frozenset[str] = frozenset()


def judge(site: Site, asked: Mapping[str, Any], roles: Mapping[str, str]) -> Status:
    """Put the answers together. Of several views of the database the one of the leader itself counts most."""
    views = [one.cluster for one in asked.values() if one.cluster]
    leaders = {_leader(view) for view in views} - {""}
    own = [one.cluster for name, one in asked.items() if one.cluster and _leader(one.cluster) == name]
    view = own[0] if own else (views[0] if views else {})
    leader = _leader(view) if len(leaders) <= 1 or own else ""
    rows = {row["name"]: row for row in view.get("members", [])}
    holder = roles.get("holder", "")
    members = tuple(_member(host.name, asked, rows, roles) for host in site.pair())
    synchronous = any(one.database == "sync" and one.running for one in members)
    votes = sum(one.votes for one in asked.values())
    unprotected = _unprotected(votes, members, synchronous=synchronous, leader=leader, holder=holder)
    if leader and {one.host for one in site.journals()} - asked[leader].receivers:
        unprotected = (*unprotected, OFFSITE)
    whole = leader and holder and all(one.running and one.votes for one in members)
    mode = DOWN if not (leader and holder) else PAIR if whole and synchronous else SINGLE
    witness = asked[site.voters()[2].name].votes
    return Status(mode, leader, holder, members, witness, synchronous, unprotected)


def _unprotected(
    votes: int, members: tuple[Member, ...], *, synchronous: bool, leader: str, holder: str
) -> tuple[str, ...]:
    """Words for what a further failure would cost now."""
    found = []
    if not leader:
        found.append("no-database")
    if not holder:
        found.append("no-application")
    if leader and not synchronous:
        found.append("no-copy")
    if votes < VOTES:
        found.append("votes")
    if holder and not any(one.application == "ready" for one in members):
        found.append("no-spare")
    return tuple(found)


def _leader(view: Mapping[str, Any]) -> str:
    for row in view.get("members", []):
        if row.get("role") == "leader" and row.get("state") in STREAMING:
            return str(row["name"])
    return ""


WORDS = {"leader": "leader", "sync_standby": "sync", "quorum_standby": "sync", "replica": "replica"}


def _member(name: str, asked: Mapping[str, Any], rows: Mapping[str, Any], roles: Mapping[str, str]) -> Member:
    row = rows.get(name, {})
    lag = row.get("lag")
    application = "holder" if roles.get("holder") == name else "ready" if f"ready/{name}" in roles else ""
    return Member(
        host=name,
        votes=asked[name].votes,
        database=WORDS.get(str(row.get("role", "")), ""),
        running=row.get("state") in STREAMING and bool(asked[name].cluster),
        lag_bytes=int(lag) if isinstance(lag, int) else 0 if row.get("role") == "leader" else None,
        application=application,
    )


def _ask(site: Site, name: str, found: _Asked) -> None:
    address = site.inner(site.host(name))
    try:
        found.votes = bool(json.loads(_get(f"{address}:{CLIENT}", "/health")).get("health") in {True, "true"})
    except (OSError, http.client.HTTPException, ValueError):
        found.votes = False
    if site.host(name) not in site.pair():
        return
    try:
        found.cluster = json.loads(_get(f"{address}:{REST}", "/cluster"))
        own = json.loads(_get(f"{address}:{REST}", "/patroni")).get("replication") or []
        found.receivers = frozenset(one["application_name"] for one in own if one["state"] == "streaming")
    except (OSError, http.client.HTTPException, ValueError):
        found.cluster = {}


def _get(address: str, path: str) -> bytes:
    connection = http.client.HTTPConnection(address, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def prefix_of(site: Site) -> str:
    """Where the role agents of a site keep what they tell each other."""
    return f"/mainstay/{site.cluster}/role/"


def votes_of(site: Site) -> Etcd:
    """A client of the site's votes."""
    return Etcd(endpoints(site), SECONDS)


def _roles(site: Site) -> dict[str, str]:
    try:
        return votes_of(site).below(prefix_of(site))
    except Silent:
        return {}


def ask_for_application(site: Site, to: str) -> None:
    """Ask the holder of the application to give it to another host; it does so when that one is ready. Silent."""
    votes_of(site).put(f"{prefix_of(site)}switch", to)


def ask_for_database(site: Site, to: str) -> None:
    """Ask the leader's host to give the database to another in an orderly way; its agent does so. Raises Silent."""
    votes_of(site).put(f"{prefix_of(site)}{BASE}", to)


def switch_database(site: Site, leader: str, to: str, password: str) -> str:
    """Let the database change its leader in an orderly way; "" when it did, else what the watchman says."""
    return change_leader(f"{site.inner(site.host(leader))}:{REST}", leader, to, password)


def change_leader(address: str, leader: str, to: str, password: str) -> str:
    """The same, asked of the leader's watchman at host:port."""
    body = json.dumps({"leader": leader, "candidate": to})
    token = base64.b64encode(f"mainstay:{password}".encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
    connection = http.client.HTTPConnection(address, timeout=SWITCH_SECONDS)
    try:
        connection.request("POST", "/switchover", body, headers)
        answer = connection.getresponse()
        said = answer.read().decode(errors="replace")
        return "" if answer.status == http.HTTPStatus.OK else said or str(answer.status)
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
