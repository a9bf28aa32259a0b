"""API: the board, and what watchers on hosts without the database report."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Router, Schema

from mainstay.continuity.site import queries, registry
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.rules.verdict import Seen
from mainstay.core.access.bearer import ApiRequest
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed
from mainstay.kit.api import READ, WRITE, Incoming
from mainstay.kit.errors import Problem

prefix = "/site"
router = Router()
Verdict = Literal["green", "amber", "red", "unknown"]


class TileOut(Schema):
    """A measure: its verdict, since when everything of it is proven, when the next proof is due, what is wrong."""

    measure: str
    verdict: str
    proven_at: datetime | None
    next_due: datetime | None
    wrong: list[str]


class SeenIn(Incoming):
    """One thing a probe looked at."""

    subject: str = Field(min_length=1, max_length=120)
    verdict: Verdict
    en: str = Field("", max_length=300)
    zh: str = Field("", max_length=300)
    figure: str = Field("", max_length=60)


class PassIn(Incoming):
    """What a probe saw on a host."""

    probe: str = Field(max_length=40)
    place: str = Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9-]*$")
    took_ms: int = Field(0, ge=0, le=3_600_000)
    seen: list[SeenIn] = Field(max_length=2000)


class Kept(Schema):
    """How many things were new or changed."""

    changed: int


@router.get("/board", response={200: list[TileOut], **READ}, summary=_n("Board of operational safety"))
def show_board(request: ApiRequest) -> list[TileOut]:
    """Every measure with its verdict."""
    if not allowed(request.user, queries.BOARD):
        raise Refused(queries.BOARD, _("This token has no right to see this."))
    return [
        TileOut(
            measure=one.measure.key, verdict=one.verdict, proven_at=one.proven_at, next_due=one.next_due,
            wrong=[f"{seen}: {seen.text}" for seen in one.wrong],
        )
        for one in queries.tiles(timezone.now())
    ]  # fmt: skip


@router.post("/observations", response={200: Kept, **WRITE}, summary=_n("Report what a host's watcher saw"))
def report_observations(request: ApiRequest, body: PassIn) -> Kept:
    """Keep what a probe saw on a host; a probe that does not run on hosts is refused."""
    if not allowed(request.user, queries.REPORT):
        raise Refused(queries.REPORT, _("This token has no right to report for hosts."))
    known = {one.key for one in registry.probes() if one.look_at is not None}
    if body.probe not in known:
        raise Problem(_("There is no such probe of hosts."), field="probe", code="not_found")
    seen = [Seen(one.subject, one.verdict, one.en, one.zh, one.figure) for one in body.seen]
    return Kept(changed=len(record(body.probe, body.place, seen, timezone.now(), body.took_ms)))
