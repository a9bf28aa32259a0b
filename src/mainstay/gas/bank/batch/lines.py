"""What the front-end processor tells about its lines: states that are overwritten, events that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mainstay.gas.bank.models import Line, LineEvent, LineState

_FIELDS = ["state", "peers", "connections", "messages", "refused", "closed", "last_at", "seen_at"]


def keep_states(states: Iterable[LineState]) -> None:
    """Overwrite how lines are right now."""
    LineState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["line"], update_fields=_FIELDS, batch_size=200
    )


def keep_events(events: Sequence[LineEvent]) -> None:
    """Add to what happened."""
    LineEvent.objects.bulk_create(events, batch_size=500)


def lines_in_use() -> list[Line]:
    """Lines to listen on, with their banks."""
    return list(Line.objects.select_related("bank__unit").filter(active=True, bank__active=True).order_by("pk"))
