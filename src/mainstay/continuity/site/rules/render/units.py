"""systemd units. A killed agent leaves nothing behind: its whole group ends with it, and the address is taken off."""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import WITNESS, Host, Repository, Site
from mainstay.continuity.site.rules.render.firewall import kernel_path
from mainstay.continuity.site.rules.render.made import Made, lines


def files(site: Site, host: Host) -> list[Made]:
    """The units of a host."""
    found = [_firewall(site), _watch(site)]
    if host in site.voters():
        found.append(_etcd(site, host))
    if site.database.arbiter and host.role == WITNESS:
        found.append(_arbiter(site))
    found += [_journal(site, one) for one in site.journals() if one.host == host.name]
    if host in site.pair():
        found += [_patroni(site), _role(site, host)]
        if site.ups and site.power:
            found.append(_power(site))
        found += _backups(site)
    return found


def _unit(site: Site, name: str, *text: str) -> Made:
    return Made(
        f"{site.paths.system}/systemd/system/{name}", lines(*text), units=(name.partition(".")[0],), checker="unit"
    )


def _firewall(site: Site) -> Made:
    return _unit(
        site,
        "mainstay-firewall.service",
        "[Unit]",
        "Description=Mainstay firewall: nothing passes that is not declared",
        "DefaultDependencies=no",
        "Before=network-pre.target",
        "Wants=network-pre.target",
        "",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        f"ExecStart=/usr/sbin/nft -f {site.paths.etc}/firewall.nft",
        f"ExecStart=-/usr/sbin/sysctl -q -e -p {kernel_path(site)}",
        f"ExecReload=/usr/sbin/nft -f {site.paths.etc}/firewall.nft",
        f"ExecReload=-/usr/sbin/sysctl -q -e -p {kernel_path(site)}",
        "",
        "[Install]",
        "WantedBy=sysinit.target",
    )


def _watch(site: Site) -> Made:
    """Whose host has no database of its own gives `--to` and `--token-file` in the file of options."""
    return _unit(
        site,
        "mainstay-watch.service",
        "[Unit]",
        "Description=Mainstay watcher: compares this host with its declaration",
        "After=network.target",
        "",
        "[Service]",
        f"EnvironmentFile=-{site.paths.etc}/watch.env",
        f"ExecStart={site.paths.product}/mainstay site watch --file {site.paths.etc}/site.toml $WATCH_OPTIONS",
        "Restart=always",
        "RestartSec=5",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _power(site: Site) -> Made:
    """It is not bound to what it stops: it has to be there to start it again."""
    return _unit(
        site,
        "mainstay-power.service",
        "[Unit]",
        "Description=Mainstay power policy: stops this host's part in order when the supply ends",
        "After=network.target",
        "",
        "[Service]",
        f"ExecStart={site.paths.product}/mainstay site power --file {site.paths.etc}/site.toml",
        "Restart=always",
        "RestartSec=5",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _etcd(site: Site, host: Host) -> Made:
    """Three questions 0.1 s apart instead of 1 s: a dead neighbour is then an error at once, not a wait."""
    card = next(one for one in host.interfaces if one.zone == site.service.zone)
    return _unit(
        site,
        "mainstay-etcd.service",
        "[Unit]",
        "Description=Mainstay votes (etcd)",
        "After=network-online.target",
        "Wants=network-online.target",
        "",
        "[Service]",
        "User=etcd",
        f"ExecStartPre=+/usr/bin/install -d -o etcd -g etcd -m 700 {site.paths.data}/etcd",
        f"ExecStartPre=+-/usr/sbin/sysctl -q -w net.ipv4.neigh.{card.name}.retrans_time_ms=100",
        f"ExecStart=/usr/bin/etcd --config-file {site.paths.etc}/etcd.yml",
        "Restart=always",
        "RestartSec=1",
        "OOMScoreAdjust=-900",
        "LimitNOFILE=65536",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _patroni(site: Site) -> Made:
    """Patroni killed alone would leave a server nobody watches: it comes back at once and takes it up again."""
    data, run = site.paths.data, site.paths.run
    make = "ExecStartPre=+/usr/bin/install -d -o postgres -g postgres -m"
    return _unit(
        site,
        "mainstay-patroni.service",
        "[Unit]",
        "Description=Mainstay database (PostgreSQL under Patroni)",
        "After=network-online.target mainstay-etcd.service",
        "Wants=network-online.target",
        "",
        "[Service]",
        "User=postgres",
        f"{make} 700 {data}/postgresql {data}/pgpass {data}/spool",
        f"{make} 750 {data}/log {run}/pgbackrest",
        f"{make} 755 {run}/postgresql",
        f"ExecStart={site.paths.patroni}/bin/patroni {site.paths.etc}/patroni.yml",
        "ExecReload=/bin/kill -s HUP $MAINPID",
        "KillMode=process",
        "TimeoutStopSec=60",
        "Restart=always",
        "RestartSec=1",
        "OOMScoreAdjust=-900",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _role(site: Site, host: Host) -> Made:
    card = next(one for one in host.interfaces if one.zone == site.service.zone)
    prefix = site.zone(site.service.zone).network.prefixlen
    data = site.paths.data
    return _unit(
        site,
        "mainstay-role.service",
        "[Unit]",
        "Description=Mainstay role agent: runs the application and the service address where the lease is",
        "After=network-online.target mainstay-etcd.service mainstay-patroni.service",
        "Wants=network-online.target mainstay-etcd.service",
        "",
        "[Service]",
        f"ExecStartPre=/usr/bin/install -d -o mainstay -g mainstay -m 700 {data}/app",
        f"ExecStartPre=/usr/bin/install -d -m 755 {site.paths.run}",
        f"ExecStart={site.paths.product}/mainstay site agent --config {site.paths.etc}/role.json",
        f"ExecStopPost=-/usr/sbin/ip address del {site.service.address}/{prefix} dev {card.name}",
        "KillMode=control-group",
        "TimeoutStopSec=20",
        "Restart=always",
        "RestartSec=1",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _arbiter(site: Site) -> Made:
    return _unit(
        site,
        "mainstay-arbiter.service",
        "[Unit]",
        "Description=Mainstay arbiter: ends the lease of a dead database leader",
        "After=network-online.target mainstay-etcd.service",
        "Wants=network-online.target mainstay-etcd.service",
        "",
        "[Service]",
        "DynamicUser=yes",
        f"ExecStart={site.paths.product}/mainstay site arbiter --config {site.paths.etc}/arbiter.json",
        "Restart=always",
        "RestartSec=1",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _journal(site: Site, mine: Repository) -> Made:
    """Its folders are made by root once; the program runs as the database's user."""
    make = "ExecStartPre=+/usr/bin/install -d -o postgres -g postgres -m"
    return _unit(
        site,
        "mainstay-journal.service",
        "[Unit]",
        "Description=Mainstay journal: receives every change of the database as it is written",
        "After=network-online.target",
        "Wants=network-online.target",
        "",
        "[Service]",
        "User=postgres",
        f"{make} 700 {mine.path} {mine.journal} {site.paths.data}/spool",
        f"{make} 750 {site.paths.data}/log {site.paths.run}/pgbackrest",
        f"ExecStart={site.paths.product}/mainstay site journal --config {site.paths.etc}/journal.json",
        "Restart=always",
        "RestartSec=1",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    )


def _backups(site: Site) -> list[Made]:
    """A full backup each Sunday, what changed on other nights, then the drill; only on the server that leads."""
    if not site.repositories:
        return []
    jobs = (
        ("backup-full", "Mainstay backup (full)", "Sun *-*-* 01:30", "backup --type full"),
        ("backup-diff", "Mainstay backup (what changed)", "Mon..Sat *-*-* 01:30", "backup --type diff"),
        ("restore-drill", "Mainstay restore drill", "*-*-* 03:30", "drill restore"),
    )
    found = []
    for name, title, when, words in jobs:
        found.append(_unit(site, f"mainstay-{name}.service", *_nightly(site, title, words)))
        timer = ["[Unit]", f"Description={title}", "", "[Timer]", f"OnCalendar={when}", "Persistent=yes"]
        found.append(_unit(site, f"mainstay-{name}.timer", *timer, "", "[Install]", "WantedBy=timers.target"))
    return found


def _nightly(site: Site, title: str, words: str) -> list[str]:
    """A service that runs the product as root, which works on the copies as the database's user and keeps a record."""
    ready = f"{site.database.programs}/psql -h {site.paths.run}/postgresql -p {site.database.port} -d postgres -Atc"
    asked = f'setpriv --reuid=postgres --regid=postgres --init-groups {ready} "SELECT pg_is_in_recovery()"'
    return [
        "[Unit]",
        f"Description={title}",
        "After=mainstay-patroni.service",
        "",
        "[Service]",
        "Type=oneshot",
        f"EnvironmentFile={site.paths.etc}/mainstay.env",
        f"ExecCondition=/bin/sh -c '{asked} | grep -qx f'",
        f"ExecStart={site.paths.product}/mainstay {words}",
    ]
