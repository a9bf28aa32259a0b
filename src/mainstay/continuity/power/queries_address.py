"""Where the server of a supply answers; without the database, for the hosts' own watchers."""

from __future__ import annotations

from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.declaration import Ups


def address(site: Site, ups: Ups, seen_from: Host | None = None) -> str:
    """The address of a supply's server, seen from a host."""
    host = site.host(ups.host)
    if host == seen_from or site.service.zone not in host.zones():
        return "127.0.0.1"
    return site.inner(host)
