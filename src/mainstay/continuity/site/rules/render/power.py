"""NUT: the driver and server on the host a supply is plugged into, a watcher on every other server."""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import Host, Site
from mainstay.continuity.site.rules.render.made import Made, lines, secret

PORT = 3493


def files(site: Site, host: Host) -> list[Made]:
    """NUT's files of a host: server where a supply hangs, client on the voters that watch it over the network."""
    own = [one for one in site.ups if one.host == host.name]
    watched = [one for one in site.ups if host in site.voters()]
    if not own and not watched:
        return []
    folder = f"{site.paths.system}/nut"
    mode = "netserver" if own else "netclient"
    found = [_made(f"{folder}/nut.conf", f"MODE={mode}")]
    if own:
        found += _server(site, host, folder)
    found.append(_watcher(site, host, folder))
    return found


def _made(path: str, *text: str, secret_inside: bool = False) -> Made:
    unit = ("nut-monitor",) if path.endswith("upsmon.conf") else ("nut-server",)
    return Made(path, lines(*text), owner="nut", mode=0o640 if secret_inside else 0o644, units=unit, checker="nut")


def _server(site: Site, host: Host, folder: str) -> list[Made]:
    supplies: list[str] = ["maxretry = 3"]
    for one in site.ups:
        if one.host == host.name:
            supplies += [
                "",
                f"[{one.name}]",
                f"  driver = {one.driver}",
                f"  port = {one.port}",
                f'  desc = "{one.name}"',
            ]
    listen = ["LISTEN 127.0.0.1 3493"]
    if site.service.zone in host.zones():
        listen.append(f"LISTEN {site.inner(host)} {PORT}")
    users = ["[watcher]", f"  password = {secret('power')}", "  upsmon primary", "", "[reader]"]
    users += [f"  password = {secret('power')}", "  upsmon secondary"]
    return [
        _made(f"{folder}/ups.conf", *supplies),
        _made(f"{folder}/upsd.conf", *listen, "MAXAGE 15"),
        _made(f"{folder}/upsd.users", *users, secret_inside=True),
    ]


def _watcher(site: Site, host: Host, folder: str) -> Made:
    """The last resort only: at "battery low" the host goes down; the steps before that are the product's policy."""
    text = ["MINSUPPLIES 1", "POLLFREQ 5", "POLLFREQALERT 2", "HOSTSYNC 15", "DEADTIME 15", "FINALDELAY 5"]
    text += ['SHUTDOWNCMD "/sbin/shutdown -h +0"', "POWERDOWNFLAG /etc/killpower"]
    for one in site.ups:
        if one.host == host.name:
            text.append(f"MONITOR {one.name}@127.0.0.1 1 watcher {secret('power')} primary")
        elif host in site.voters() and site.service.zone in site.host(one.host).zones():
            where = site.inner(site.host(one.host))
            text.append(f"MONITOR {one.name}@{where} 1 reader {secret('power')} secondary")
    return _made(f"{folder}/upsmon.conf", *text, secret_inside=True)
