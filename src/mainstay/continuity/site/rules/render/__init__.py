"""The files of every host that follow from a declaration. Secrets stand in them as `@SECRET:name@` until installed."""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import Host, Site
from mainstay.continuity.site.rules.render import antivirus, backup, cluster, firewall, power, units
from mainstay.continuity.site.rules.render.made import SECRETS, Made, filled, secrets_in

__all__ = ["SECRETS", "Made", "files_of", "filled", "secrets_in"]


def files_of(site: Site, host: Host) -> tuple[Made, ...]:
    """Every file of a host, in the order of their paths."""
    found = [
        *cluster.files(site, host),
        *backup.files(site, host),
        *firewall.files(site, host),
        *power.files(site, host),
        *antivirus.files(site, host),
        *units.files(site, host),
    ]
    return tuple(sorted(found, key=lambda one: one.path))
