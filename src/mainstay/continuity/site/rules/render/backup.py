"""pgBackRest: one local repository and encrypted ones elsewhere; backups run on whichever server leads.

The host of an off-site repository receives the journal as it is written, and can restore from what it has.
"""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import Host, Repository, Site
from mainstay.continuity.site.rules.render.made import Made, as_json, lines, secret


def files(site: Site, host: Host) -> list[Made]:
    """pgBackRest's file on both servers and on hosts of repositories; there also what receives the journal."""
    mine = [one for one in site.journals() if one.host == host.name]
    if host in site.pair() and site.repositories:
        return [_pgbackrest(site, site.repositories)]
    if not mine:
        return []
    return [_pgbackrest(site, mine), *_receiver(site, mine[0]), _settings(site)]


def _pgbackrest(site: Site, repositories: tuple[Repository, ...] | list[Repository]) -> Made:
    """A repository has the same number everywhere. More than may wait for one that fell silent is given up."""
    text = ["[global]"]
    for one in repositories:
        number = site.repositories.index(one) + 1
        text += [
            f"repo{number}-path={one.path}",
            f"repo{number}-retention-full={one.keep_full}",
            f"repo{number}-bundle=y",
        ]
        if one.kind == "offsite":
            text += [f"repo{number}-cipher-type=aes-256-cbc", f"repo{number}-cipher-pass={secret('backup')}"]
    text += [
        "process-max=2",
        "start-fast=y",
        "compress-type=lz4",
        "archive-async=y",
        f"archive-push-queue-max={site.database.keep_wal_mb}MB",
        f"spool-path={site.paths.data}/spool",
        f"lock-path={site.paths.run}/pgbackrest",
        f"log-path={site.paths.data}/log",
        "",
        f"[{site.cluster}]",
        f"pg1-path={site.paths.data}/postgresql",
        f"pg1-socket-path={site.paths.run}/postgresql",
        f"pg1-port={site.database.port}",
    ]
    path = f"{site.paths.system}/pgbackrest/pgbackrest.conf"
    return Made(path, lines(*text), owner="postgres", mode=0o600, checker="pgbackrest")


def _receiver(site: Site, repository: Repository) -> list[Made]:
    """Whom to ask for the journal: whichever server accepts writes; a silent one is left after five seconds."""
    servers = [site.inner(one) for one in reversed(site.pair())]
    passwords = f"{site.paths.etc}/journal.pgpass"
    words = {
        "host": ",".join(servers),
        "port": str(site.database.port),
        "user": "repl",
        "passfile": passwords,
        "target_session_attrs": "read-write",
        "connect_timeout": "2",
        "tcp_user_timeout": "5000",
        "keepalives_idle": "5",
        "keepalives_interval": "2",
        "keepalives_count": "3",
        "application_name": repository.host,
    }
    facts = {
        "dsn": " ".join(f"{key}={value}" for key, value in words.items()),
        "slot": repository.slot,
        "programs": site.database.programs,
        "folder": repository.journal,
        "archive": f"{repository.path}/archive/{site.cluster}",
    }
    text = lines(*(f"{one}:{site.database.port}:*:repl:{secret('replication')}" for one in servers))
    return [
        Made(f"{site.paths.etc}/journal.json", as_json(facts), units=("mainstay-journal",), checker="json"),
        Made(passwords, text, owner="postgres", mode=0o600, units=("mainstay-journal",)),
    ]


def _settings(site: Site) -> Made:
    """For `mainstay restore` on this host, whose PostgreSQL there is only after it."""
    text = lines(
        f"DATABASE_URL=postgres://mainstay@:{site.database.port}/{site.database.name}?host={site.paths.run}/postgresql",
        f"MAINSTAY_DATA={site.paths.data}/app",
        f"MAINSTAY_SITE={site.paths.etc}/site.toml",
    )
    return Made(f"{site.paths.etc}/mainstay.env", text)
