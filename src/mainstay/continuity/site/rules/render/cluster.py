"""etcd (three votes), Patroni (the database pair) and the settings of the application."""

from __future__ import annotations

from typing import Any

from mainstay.continuity.site.rules.declaration import DATASRV, PAIR, WITNESS, Host, Site
from mainstay.continuity.site.rules.render.made import Made, as_json, as_yaml, lines, secret

CLIENT, PEER, REST = 2379, 2380, 8008


def files(site: Site, host: Host) -> list[Made]:
    """The cluster's files of a host."""
    found = []
    if host in site.voters():
        found.append(_etcd(site, host))
    if host in site.pair():
        found += [_patroni(site, host), _bootstrap(site), _settings(site), _role(site, host)]
    if site.database.arbiter and host.role == WITNESS:
        found.append(_arbiter(site))
    return found


def _ports(site: Site, host: Host) -> list[str]:
    """Where a server's watchman and its database listen."""
    return [f"{site.inner(host)}:{REST}", f"{site.inner(host)}:{site.database.port}"]


def _arbiter(site: Site) -> Made:
    """What the witness's arbiter has to know."""
    facts = {
        "etcd": own_first(site, site.role(WITNESS)),
        "cluster": f"/mainstay/{site.cluster}/",
        "roles": f"/mainstay/{site.cluster}/role/",
        "servers": {one.name: _ports(site, one) for one in site.pair()},
    }
    return Made(f"{site.paths.etc}/arbiter.json", as_json(facts), units=("mainstay-arbiter",), checker="json")


def _etcd(site: Site, host: Host) -> Made:
    """`pre-vote` keeps a host that was cut off from toppling the leader when it comes back (3.4 has it off)."""
    own = site.inner(host)
    members = ",".join(f"{one.name}=http://{site.inner(one)}:{PEER}" for one in site.voters())
    facts = {
        "name": host.name,
        "data-dir": f"{site.paths.data}/etcd",
        "listen-peer-urls": f"http://{own}:{PEER}",
        "listen-client-urls": f"http://{own}:{CLIENT},http://127.0.0.1:{CLIENT}",
        "initial-advertise-peer-urls": f"http://{own}:{PEER}",
        "advertise-client-urls": f"http://{own}:{CLIENT}",
        "initial-cluster": members,
        "initial-cluster-state": "new",
        "initial-cluster-token": site.cluster,
        "pre-vote": True,
        "enable-grpc-gateway": True,  # Patroni and the agents speak through it; 3.4 has it off with a file
        "heartbeat-interval": 100,
        "election-timeout": 1000,
        "auto-compaction-mode": "periodic",
        "auto-compaction-retention": "1h",
        "logger": "zap",
        "log-level": "warn",
    }
    return Made(f"{site.paths.etc}/etcd.yml", as_yaml(facts), units=("mainstay-etcd",), checker="yaml")


def endpoints(site: Site) -> list[str]:
    """host:port of every voter's etcd."""
    return [f"{site.inner(one)}:{CLIENT}" for one in site.voters()]


def own_first(site: Site, host: Host) -> list[str]:
    """The votes as a voter asks them: its own, then the others'."""
    return [f"127.0.0.1:{CLIENT}", *(one for one in endpoints(site) if not one.startswith(f"{site.inner(host)}:"))]


def _patroni(site: Site, host: Host) -> Made:
    base, own = site.database, site.inner(host)
    facts = {
        "scope": site.cluster,
        "namespace": "/mainstay/",
        "name": host.name,
        "restapi": {
            "listen": f"{own}:{REST}",
            "connect_address": f"{own}:{REST}",
            "authentication": {"username": "mainstay", "password": secret("restapi")},
        },
        # Its own host's vote first, the others when that fails: a vote that dies elsewhere is then nothing to wait for.
        "etcd3": {"hosts": sorted(endpoints(site), key=lambda one: one != f"{own}:{CLIENT}"), "use_proxies": True},
        "bootstrap": {
            "dcs": shared_settings(site),
            "initdb": ["data-checksums", {"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth-host": "scram-sha-256"}],
            "post_bootstrap": f"{site.paths.etc}/post-bootstrap.sh",
        },
        "postgresql": {
            "listen": f"{own},127.0.0.1:{base.port}",
            "connect_address": f"{own}:{base.port}",
            "data_dir": f"{site.paths.data}/postgresql",
            "bin_dir": base.programs,
            "pgpass": f"{site.paths.data}/pgpass/pgpass",
            "authentication": {
                "superuser": {"username": "postgres", "password": secret("superuser")},
                "replication": {"username": "repl", "password": secret("replication")},
                "rewind": {"username": "rewind", "password": secret("rewind")},
            },
            "parameters": {"unix_socket_directories": f"{site.paths.run}/postgresql"},
            "pg_hba": _hba(site),
        },
        "watchdog": {"mode": base.watchdog},
        "tags": {"failover_priority": 2 if host.role == DATASRV else 1},
    }
    return Made(
        f"{site.paths.etc}/patroni.yml",
        as_yaml(facts),
        owner="postgres",
        mode=0o600,
        units=("mainstay-patroni",),
        checker="patroni",
    )


def shared_settings(site: Site) -> dict[str, Any]:
    """What both servers share. Not strict: with one server left the other goes on alone, and the screen says so."""
    base = site.database
    parameters: dict[str, Any] = {
        "wal_level": "replica",
        "hot_standby": "on",
        "wal_log_hints": "on",
        "max_connections": 200,
        "max_wal_senders": 6,
        "max_replication_slots": 6,
        "wal_keep_size": "512MB",
        "max_slot_wal_keep_size": f"{base.keep_wal_mb}MB",
        "recovery_init_sync_method": "syncfs",  # after a crash one call in place of one for each file
        "wal_sender_timeout": "5s",
        "wal_receiver_timeout": "5s",
        "tcp_user_timeout": "5s",
        "synchronous_commit": "on",
    }
    shared: dict[str, Any] = {"use_pg_rewind": True, "use_slots": True, "parameters": parameters}
    if site.repositories:
        parameters["archive_mode"] = "on"
        parameters["archive_timeout"] = "30s"
        parameters["archive_command"] = f"pgbackrest --stanza={site.cluster} archive-push %p"
        shared["recovery_conf"] = {"restore_command": f'pgbackrest --stanza={site.cluster} archive-get %f "%p"'}
    slots = {"slots": {one.slot: {"type": "physical"} for one in site.journals()}} if site.journals() else {}
    return {
        "ttl": base.ttl,
        "loop_wait": base.loop_wait,
        "retry_timeout": base.retry_timeout,
        "synchronous_mode": base.synchronous,
        "synchronous_mode_strict": False,
        "maximum_lag_on_failover": 1_048_576,
        "postgresql": shared,
        **slots,  # Patroni keeps them on the other server too, so that the receiver goes on after a switch
    }


def _hba(site: Site) -> list[str]:
    """Who may connect. Patroni opens a replication connection to itself; without that line a node never rejoins."""
    pair = [f"{site.inner(one)}/32" for one in site.pair()]
    rules = ["local all all peer", "local replication all peer"]
    for place in ("127.0.0.1/32", *pair):
        rules += [f"host replication repl {place} scram-sha-256", f"host all all {place} scram-sha-256"]
    receivers = [site.inner(site.host(one.host)) for one in site.journals()]
    return [*rules, *(f"host replication repl {one}/32 scram-sha-256" for one in receivers)]


def _bootstrap(site: Site) -> Made:
    """Runs once, on the first leader: the application's own login, which owns its database and nothing else."""
    text = "\n".join(
        [
            "#!/bin/sh",
            "# Made by `mainstay site render` from site.toml; change that and apply it again.",
            "set -eu",
            f"exec {site.database.programs}/psql --no-psqlrc --set ON_ERROR_STOP=1 \"$1\" <<'SQL'",
            f"CREATE ROLE mainstay LOGIN PASSWORD '{secret('app')}';",
            f'CREATE DATABASE "{site.database.name}" OWNER mainstay;',
            "SQL",
            "",
        ]
    )
    return Made(f"{site.paths.etc}/post-bootstrap.sh", text, owner="postgres", mode=0o700, checker="sh")


def database_url(site: Site) -> str:
    """Where the application finds the database: both servers, whichever accepts writes."""
    hosts = ",".join(site.inner(site.role(role)) for role in reversed(PAIR))
    base = site.database
    wanted = "target_session_attrs=read-write&connect_timeout=2&tcp_user_timeout=2000"
    return f"postgres://mainstay:{secret('app')}@{hosts}:{base.port}/{base.name}?{wanted}"


def _settings(site: Site) -> Made:
    names = [*site.service.names, str(site.service.address), *(site.inner(one) for one in site.pair())]
    text = lines(
        f"DATABASE_URL={database_url(site)}",
        f"MAINSTAY_DATA={site.paths.data}/app",
        f"MAINSTAY_HOSTS={','.join([*names, '127.0.0.1', 'localhost'])}",
        f"MAINSTAY_SECRET_KEY_FILE={site.paths.etc}/secret.key",
        f"MAINSTAY_SITE={site.paths.etc}/site.toml",
    )
    return Made(f"{site.paths.etc}/mainstay.env", text, owner="mainstay", mode=0o600, units=("mainstay-role",))


def _role(site: Site, host: Host) -> Made:
    """What the role agent has to know."""
    card = next(one for one in host.interfaces if one.zone == site.service.zone)
    peer = next(one for one in site.pair() if one != host)
    product = f"{site.paths.product}/mainstay"
    prefix = site.zone(site.service.zone).network.prefixlen
    facts = {
        "host": host.name,
        "peer": peer.name,
        "preferred": host.role == PAIR[0],
        "etcd": own_first(site, host),
        "prefix": f"/mainstay/{site.cluster}/role/",
        "lease_s": site.service.lease_s,
        "address": f"{site.service.address}/{prefix}",
        "interface": card.name,
        "ready": f"127.0.0.1:{site.service.port}",
        "web": [product, "serve", "--host", "0.0.0.0", "--port", str(site.service.port), "--no-worker"],  # noqa: S104
        "worker": [product, "worker"],
        "user": "mainstay",
        "environment": f"{site.paths.etc}/mainstay.env",
        "state": f"{site.paths.run}/role.json",
        "peer_ports": _ports(site, peer),
        "peer_address": site.inner(peer),
        "arbiter": site.database.arbiter,
        "watchman": f"{site.paths.etc}/patroni.yml",
        "witness": f"{site.inner(site.role(WITNESS))}:{CLIENT}",
    }
    return Made(f"{site.paths.etc}/role.json", as_json(facts), units=("mainstay-role",), checker="json")
