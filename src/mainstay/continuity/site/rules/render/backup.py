"""pgBackRest: one local repository and encrypted ones elsewhere; backups run on whichever server leads."""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import Host, Site
from mainstay.continuity.site.rules.render.made import Made, lines, secret


def files(site: Site, host: Host) -> list[Made]:
    """pgBackRest's file, on both servers."""
    if not site.repositories or host not in site.pair():
        return []
    text = ["[global]"]
    for number, one in enumerate(site.repositories, 1):
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
    return [Made(path, lines(*text), owner="postgres", mode=0o600, checker="pgbackrest")]
