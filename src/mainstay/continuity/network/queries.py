"""Who is registered, who was seen, and how the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.network.models import Sighting, Terminal
from mainstay.continuity.network.rules import Known, Sighted, judge_devices
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.queries import declared
from mainstay.continuity.site.rules.verdict import UNKNOWN, Seen
from mainstay.core.door import register_right

VIEW = register_right("continuity.network.view_terminal", _("View the register of terminals"))
NEIGHBOURS, TERMINALS = "network.neighbours", "network.terminals"
FRESH = timedelta(days=1)  # an export older than that says nothing about now


def known() -> dict[str, Known]:
    """Every registered device by hardware address: the register, before it the declaration's terminals and hosts."""
    found: dict[str, Known] = {}
    site = declared()
    if site is not None:
        for host in site.hosts:
            found |= {one.mac: Known(host.name, one.zone, str(one.address)) for one in host.interfaces if one.mac}
        found |= {one.mac: Known(one.name, one.zone, str(one.address)) for one in site.terminals}
    for row in Terminal.objects.all():
        found[row.mac] = Known(row.name, row.zone, row.address or "", row.port, row.retired_on is not None)
    return found


def sighted(now: datetime) -> list[Sighted]:
    """Every device seen lately: by the hosts' neighbour tables, by switches and address servers."""
    found = []
    for row in Observation.objects.filter(probe=NEIGHBOURS, current=True, seen_at__gte=now - FRESH):
        address, zone, card = [*row.figure.split(), "", "", ""][:3]
        if card:
            found.append(Sighted(row.subject, address, "" if zone == "?" else zone, "", f"{row.place} {card}"))
    for one in Sighting.objects.filter(seen_at__gte=now - FRESH):
        found.append(Sighted(one.mac, one.address, one.zone, one.port, one.source))
    return found


def compare(now: datetime) -> Iterable[Seen]:
    """The probe of D3: each device that was seen, against the register."""
    register = known()
    if not register:
        return [Seen("register", UNKNOWN, "no terminal is registered yet", "终端台账尚无记录")]
    seen = judge_devices(register, sighted(now))
    return seen or [Seen("network", UNKNOWN, "no device was seen yet", "尚未看到任何设备")]


@dataclass(frozen=True, slots=True)
class Line:
    """What was seen of a terminal: when last, by whom."""

    at: datetime
    by: str


def last_seen(macs: Iterable[str]) -> dict[str, Line]:
    """When each device was seen last: two queries."""
    wanted = list(macs)
    found: dict[str, Line] = {}
    rows = Observation.objects.filter(probe=NEIGHBOURS, subject__in=wanted).values_list("subject", "seen_at", "place")
    other = Sighting.objects.filter(mac__in=wanted).values_list("mac", "seen_at", "source")
    for mac, at, by in [*rows, *other]:
        if mac not in found or at > found[mac].at:
            found[mac] = Line(at, by)
    return found


def strangers(now: datetime) -> list[Sighted]:
    """Devices that were seen and are in no register, each once."""
    register = known()
    return list({one.mac: one for one in sighted(now) if one.mac not in register}.values())
