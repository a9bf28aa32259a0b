"""What the evidence page of a measure shows of its incidents."""

from __future__ import annotations

from mainstay.continuity.incidents.queries import of_measure
from mainstay.continuity.incidents.states import INCIDENT
from mainstay.continuity.site.registry import OnRecord
from mainstay.core.events.providers import provide


@provide("on_record_of_measure")
def incidents_of_measure(*, measure: str) -> list[OnRecord]:
    """Its latest incidents, newest first."""
    found = []
    for one in of_measure(measure):
        state = INCIDENT.state(one.state)
        found.append(OnRecord(one.noticed_at, str(one), one.get_absolute_url(), state.title, state.hue))
    return found
