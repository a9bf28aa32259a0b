"""ClamAV: the scanner of uploads on both servers, signatures from the inner centre, the outer centre's fetcher."""

from __future__ import annotations

from mainstay.continuity.site.rules.declaration import Centre, Host, Site
from mainstay.continuity.site.rules.render.made import Made, lines

LARGEST = "100M"


def files(site: Site, host: Host) -> list[Made]:
    """ClamAV's files of a host: outer centre, inner centre, or client of the inner centre in the same zone."""
    outer = next((one for one in site.antivirus if one.host == host.name and one.kind == "outer"), None)
    if outer:
        return [_fetcher(site, outer)]
    inner = next((one for one in site.antivirus if one.kind == "inner"), None)
    if inner is None or not host.zones() & site.host(inner.host).zones() or host not in site.voters():
        return []
    return [_client(site, host, inner), _scanner(site)]


def _base(site: Site) -> list[str]:
    return [
        "DatabaseDirectory /var/lib/clamav",
        "DatabaseOwner clamav",
        f"UpdateLogFile /var/log/clamav/freshclam-{site.cluster}.log",
        "LogTime yes",
        "TestDatabases yes",
    ]


def _fetcher(site: Site, centre: Centre) -> Made:
    text = [*_base(site), f"DatabaseMirror {centre.mirror}", "Checks 12"]
    return _made(site, "freshclam.conf", *text)


def _client(site: Site, host: Host, centre: Centre) -> Made:
    """No patches (`ScriptedUpdates no`): the centre serves whole files; their HTTP time is their version."""
    where = site.host(centre.host)
    shared = sorted(host.zones() & where.zones())[0]
    address = "127.0.0.1" if where == host else str(where.address_in(shared))
    url = f"http://{address}:{centre.port}"
    text = [*_base(site), f"PrivateMirror {url}", "ScriptedUpdates no", f"DatabaseCustomURL {url}/local.hdb"]
    text += ["Checks 24", f"NotifyClamd {site.paths.system}/clamav/clamd.conf"]
    return _made(site, "freshclam.conf", *text)


def _scanner(site: Site) -> Made:
    """The limit of a stream is above the product's largest upload; what is larger is refused, never passed."""
    return _made(
        site,
        "clamd.conf",
        "LocalSocket /var/run/clamav/clamd.ctl",
        "LocalSocketMode 666",
        "User clamav",
        "DatabaseDirectory /var/lib/clamav",
        f"StreamMaxLength {LARGEST}",
        f"MaxScanSize {LARGEST}",
        f"MaxFileSize {LARGEST}",
        "AlertExceedsMax yes",
        "ExitOnOOM yes",
        "SelfCheck 600",
        "Foreground yes",
        "LogTime yes",
    )


def _made(site: Site, name: str, *text: str) -> Made:
    unit = "clamav-freshclam" if name.startswith("fresh") else "clamav-daemon"
    return Made(f"{site.paths.system}/clamav/{name}", lines(*text), units=(unit,), checker="clamav")
