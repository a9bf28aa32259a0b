"""The measures of operational safety, and the probes that prove them. Apps register theirs in `AppConfig.ready`.

    probes.register(Probe("power.runtime", "D8", _("Supply carries eight hours"), look, every_s=60))

A probe only looks: it returns what it saw and writes nothing. `site.batch.take_pass` keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.verdict import Seen

Look = Callable[[datetime], Iterable[Seen]]
LookAtHost = Callable[[Site, Host], Iterable[Seen]]
MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the plan (措施): its row, its name, what it promises."""

    key: str
    title: Any
    promise: Any


@dataclass(frozen=True, slots=True)
class Probe:
    """Something that looks at one part of a measure. `look(now)` runs with the application, every `every_s` seconds;
    `look_at(site, host)` runs on each host by `mainstay site watch`, as root."""

    key: str
    measure: str
    title: Any
    look: Look | None = None
    look_at: LookAtHost | None = None
    every_s: int = MINUTE


MEASURES: dict[str, Measure] = {
    one.key: one
    for one in (
        Measure("D1", _("Separated networks"), _("The inner network never reaches the internet")),
        Measure("D2", _("Firewall and gateways"), _("Declared ports are open, all others closed")),
        Measure("D3", _("Supervised terminals"), _("Every device in its place, no unknown one")),
        Measure("D4", _("Virus defence"), _("Every client has signatures of at most seven days")),
        Measure("D5", _("Management rules"), _("In force, read by everybody, proven by evidence")),
        Measure("D6", _("Two servers stand by"), _("Each takes over when the other fails")),
        Measure("D7", _("Backup, restored"), _("The newest copy was restored and compared")),
        Measure("D8", _("Emergency power"), _("Eight hours on battery, an orderly end before it is empty")),
        Measure("D9", _("Machine room"), _("Fire, theft and sabotage: checked and on record")),
        Measure("D10", _("People and rights"), _("Only what a post needs, every attempt on record")),
    )
}


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Something on record elsewhere that belongs to a measure: when, its name, its page, its state and hue.

    Given by providers of "on_record_of_measure".
    """

    at: datetime
    title: str
    url: str
    state: Any
    hue: str


_probes: dict[str, Probe] = {}
_pages: dict[str, tuple[Any, str, str]] = {}
_opener: list[tuple[str, str]] = []


def register(probe: Probe) -> Probe:
    """Add a probe; the same key again replaces it. Raises KeyError for a measure that does not exist."""
    MEASURES[probe.measure]
    _probes[probe.key] = probe
    return probe


def register_page(measure: str, title: Any, url_name: str, right: str) -> None:
    """Name the page on which a measure is worked at: the evidence page leads there."""
    _pages[measure] = (title, url_name, right)


def register_opener(url_name: str, right: str) -> None:
    """Name the page that opens an incident about what a probe saw (`?finding=` its key), and the right to it."""
    _opener[:] = [(url_name, right)]


def opener() -> tuple[str, str] | None:
    """Address name and right of the page that opens an incident; None where nothing does."""
    return _opener[0] if _opener else None


def page_of(measure: str) -> tuple[Any, str, str] | None:
    """Title, address name and right of a measure's own page."""
    return _pages.get(measure)


def probes(measure: str = "") -> list[Probe]:
    """All probes, or those of a measure, by key."""
    return [_probes[key] for key in sorted(_probes) if measure in {"", _probes[key].measure}]


def probe(key: str) -> Probe:
    """A probe by key. Raises KeyError."""
    return _probes[key]
