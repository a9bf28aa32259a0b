"""The declaration this installation runs by, and the board: what was seen of each measure, how old that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site import registry
from mainstay.continuity.site.files import load
from mainstay.continuity.site.models import Observation, Watch
from mainstay.continuity.site.rules import Site
from mainstay.continuity.site.rules.verdict import RED, UNKNOWN, WORST_FIRST, Proof, judged
from mainstay.core.door import register_right

VIEW = register_right("continuity.site.view_site", _("View the site declaration"))
BOARD = register_right("continuity.site.view_board", _("View the board of operational safety"))
HANDLE = register_right("continuity.site.handle_alarm", _("Handle alarms of operational safety"))
REPORT = register_right("continuity.site.report_observations", _("Report what a host's watcher saw"))
HISTORY = 200


def declared() -> Site | None:
    """The site of the setting MAINSTAY_SITE, None where there is no such file. Raises DeclarationError."""
    path = Path(settings.SITE_FILE)
    return load(path) if path.exists() else None


@dataclass(slots=True)
class ProbeLine:
    """A probe and the places it looked at."""

    probe: registry.Probe
    watches: list[Watch] = field(default_factory=list)

    @property
    def looked_at(self) -> datetime | None:
        """The oldest of its newest looks: the proof is as old as that."""
        return min((one.looked_at for one in self.watches), default=None)

    @property
    def fault(self) -> str:
        """Why it could not look."""
        return next((one.fault for one in self.watches if one.fault), "")


@dataclass(slots=True)
class Tile:
    """A measure on the board: verdict, the worst that was seen, age of the proof, when the next is due."""

    measure: registry.Measure
    verdict: str
    seen: list[Observation]
    probes: list[ProbeLine]
    now: datetime

    @property
    def proofs(self) -> list[Proof]:
        """When each of its probes looked."""
        return [Proof(one.looked_at, one.probe.every_s) for one in self.probes]

    @property
    def proven_at(self) -> datetime | None:
        """Since when everything of it is proven; None while a probe never looked."""
        found = [one.looked_at for one in self.probes]
        return None if not found or None in found else min(one for one in found if one)

    @property
    def next_due(self) -> datetime | None:
        """When the next proof is due."""
        return min((one.next_due(self.now) for one in self.proofs), default=None)

    @property
    def wrong(self) -> list[Observation]:
        """What is not green, the worst first."""
        return [one for one in self.seen if one.verdict != "green"]

    @property
    def late(self) -> list[ProbeLine]:
        """Probes whose proof is too old."""
        return [line for line, proof in zip(self.probes, self.proofs, strict=True) if proof.late(self.now)]


def tiles(now: datetime, measures: Iterable[str] = ()) -> list[Tile]:
    """Every measure (or some) as it stands: two queries."""
    keys = list(measures) or list(registry.MEASURES)
    lines = {one.key: ProbeLine(one) for key in keys for one in registry.probes(key)}
    for watch in Watch.objects.filter(probe__in=list(lines)):
        lines[watch.probe].watches.append(watch)
    seen: dict[str, list[Observation]] = defaultdict(list)
    rows = Observation.objects.filter(probe__in=list(lines), current=True).select_related("excused_by__person")
    for one in rows:
        seen[registry.probe(one.probe).measure].append(one)
    return [_tile(key, seen[key], [one for one in lines.values() if one.probe.measure == key], now) for key in keys]


def _tile(key: str, seen: list[Observation], lines: list[ProbeLine], now: datetime) -> Tile:
    seen.sort(key=lambda one: (WORST_FIRST.index(one.counted(now)), one.place, one.subject))
    proofs = [Proof(one.looked_at, one.probe.every_s) for one in lines]
    verdict = judged((one.counted(now) for one in seen), proofs, now)
    return Tile(registry.MEASURES[key], verdict if lines else UNKNOWN, seen, lines, now)


def stretches(measure: str) -> QuerySet[Observation]:
    """Every stretch of a measure, newest first."""
    keys = [one.key for one in registry.probes(measure)]
    return Observation.objects.filter(probe__in=keys).order_by("-since", "-id")


def history_of(measure: str) -> list[Observation]:
    """The latest stretches of a measure, newest first: one query."""
    return list(stretches(measure)[:HISTORY])


def red_now(_user: Any) -> QuerySet[Observation]:
    """What is red now."""
    return Observation.objects.filter(current=True, verdict=RED)
