"""Sheets into the register, by set; comparing at once when a host's neighbours change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from mainstay.continuity.network.models import Sighting, Terminal
from mainstay.continuity.network.queries import NEIGHBOURS, TERMINALS, compare
from mainstay.continuity.site.batch import Recorded, record
from mainstay.core.events.bus import listen

FIELDS = ("name", "kind", "zone", "address", "port", "place", "user", "purpose")


def write_terminals(rows: Sequence[dict[str, Any]]) -> int:
    """Write checked rows: new ones, and changes of those whose hardware address is known; returns how many are new."""
    known = {one.mac: one for one in Terminal.objects.filter(mac__in=[row["mac"] for row in rows])}
    fresh: list[Terminal] = []
    changed: list[Terminal] = []
    for row in rows:
        there = known.get(row["mac"])
        target = there or Terminal(mac=row["mac"])
        for name in FIELDS:
            setattr(target, name, row[name])
        (changed if there else fresh).append(target)
    Terminal.objects.bulk_update(changed, list(FIELDS))
    Terminal.objects.bulk_create(fresh)
    return len(fresh)


def write_sightings(rows: Sequence[dict[str, Any]], source: str) -> int:
    """Replace what a switch or address server said before by what it says now; returns how many devices that are."""
    now = timezone.now()
    Sighting.objects.filter(source=source).delete()
    made = Sighting.objects.bulk_create(
        Sighting(source=source, seen_at=now, **{name: row[name] for name in ("mac", "address", "zone", "port")})
        for row in rows
    )
    look()
    return len(made)


def look() -> None:
    """Compare now what was seen with the register, and keep it."""
    now = timezone.now()
    record(TERMINALS, "", compare(now), now)


@listen(Recorded)
def on_recorded(event: Recorded) -> None:
    """A host heard of another device: compare at once, not only at the next minute."""
    if event.probe == NEIGHBOURS:
        look()
