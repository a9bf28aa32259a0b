"""The pair as it is now and how it came to be, for the screen."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.rules import Site
from mainstay.continuity.standby.etcd import Silent
from mainstay.continuity.standby.models import Rehearsal
from mainstay.continuity.standby.observe import prefix_of, votes_of
from mainstay.core.door import register_right
from mainstay.core.jobs.models import Schedule

VIEW = register_right("continuity.standby.view_standby", _("View the mutual standby"))
SHOWN, SHOWN_REHEARSALS = 30, 10
REHEARSE_JOB = "continuity.standby.rehearse"


@dataclass(frozen=True, slots=True)
class Move:
    """The application came to a host: when, why, and how long nobody answered (s; None where that was not measured)."""

    at: dt.datetime
    to: str
    reason: str
    seconds: float | None


def rehearsals() -> list[Rehearsal]:
    """The latest rehearsals, newest first."""
    return list(Rehearsal.objects.order_by("-began_at", "-id")[:SHOWN_REHEARSALS])


def last_rehearsals() -> tuple[dt.datetime | None, tuple[dt.datetime, str] | None]:
    """When one went well last, and the last of all: when, and its trouble ("" for none)."""
    rows = Rehearsal.objects.order_by("-began_at", "-id")
    good, last = rows.filter(fine=True).first(), rows.first()
    return (good.began_at if good else None), ((last.began_at, last.trouble) if last else None)


def next_rehearsal() -> dt.datetime | None:
    """When the next rehearsal starts by itself; None for never."""
    row = Schedule.objects.filter(kind=REHEARSE_JOB, active=True).first()
    return row.next_at if row else None


def history(site: Site) -> list[Move] | None:
    """The latest moves of the application, newest first; None when the votes do not answer."""
    try:
        found = votes_of(site).below(f"{prefix_of(site)}history/")
    except Silent:
        return None
    return moves(found)


def moves(found: dict[str, str]) -> list[Move]:
    """What the agents wrote down, read; newest first."""
    rows = [json.loads(found[key]) for key in sorted(found, reverse=True)[:SHOWN]]
    return [
        Move(
            at=dt.datetime.fromtimestamp(row["at"], dt.UTC),
            to=str(row["to"]),
            reason=str(row["reason"]),
            seconds=float(row["seconds"]) or None,
        )
        for row in rows
    ]
