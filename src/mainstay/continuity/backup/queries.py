"""How the copies stand: the last proof of each kind, its verdict, what to do."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.rules import Kind, Verdict, verdict
from mainstay.core.door import register_right
from mainstay.core.home.cards import Figure

VIEW = register_right("continuity.backup.view_backup", _("View backups and restore drills"))
HASH, SHOWN_OF_HASH = re.compile(r"[0-9a-f]{32,}"), 12
WORDS = {
    "rows": _("%(about)s: another number of rows than when it was sealed"),
    "ledger": _("%(about)s: other content than when it was sealed"),
    "seals": _("The audit log's seals differ from the live ones (%(about)s)"),
    "structure": _("The restored database is damaged: %(about)s"),
    "damage": _("Damaged in the repository: %(about)s"),
    "no-copy": _("There is no copy that could be restored"),
    "no-journal": _("The repository did not get the journal %(about)s in time"),
    "not-recovered": _("The restored database did not come up: %(about)s"),
    "program": _("A program failed: %(about)s"),
    "busy": _("The state could not be sealed: writers left no moment free"),
    "no-space": _("Not enough free space: %(about)s"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The last proof of a kind and how it is judged."""

    kind: Kind
    last: Proof | None
    verdict: Verdict
    age: dt.timedelta | None


def proofs() -> QuerySet[Proof]:
    """Everything on record, newest first."""
    return Proof.objects.order_by("-began_at", "-id")


def standings(now: dt.datetime | None = None) -> list[Standing]:
    """How backups, drills, verifications and the software's archive stand: one query each."""
    moment = now or timezone.now()
    return [standing(kind, moment) for kind in (Kind.BACKUP, Kind.DRILL, Kind.VERIFY, Kind.SOFTWARE)]


def offsite_standings(now: dt.datetime) -> list[Standing]:
    """The same for what must outlive the building: the off-site copy, and the drill that restored from it."""
    return [standing(kind, now, proofs().filter(offsite=True)) for kind in (Kind.BACKUP, Kind.DRILL)]


def standing(kind: Kind, now: dt.datetime, among: QuerySet[Proof] | None = None) -> Standing:
    """The last proof of a kind, judged; `among` narrows which ones count (by default all on record)."""
    last = (proofs() if among is None else among).filter(kind=kind).first()
    if last is None:
        return Standing(kind, None, Verdict.NEVER, None)
    found = verdict(kind, last.began_at, fine=last.fine, now=now)
    return Standing(kind, last, found, now - last.began_at)


def last_offsite() -> Proof | None:
    """The last good copy that left the building."""
    return proofs().filter(kind=Kind.BACKUP, offsite=True, fine=True).first()


def restorable() -> tuple[dt.datetime, dt.datetime] | None:
    """The oldest and the newest state on record as copied; None when nothing was copied."""
    rows = Proof.objects.filter(kind=Kind.BACKUP, fine=True, moment__isnull=False).order_by("moment")
    first, last = rows.first(), rows.last()
    return (first.moment, last.moment) if first and last and first.moment and last.moment else None


def words_of(proof: Proof) -> list[Any]:
    """The findings of a proof as sentences."""
    return [WORDS[word] % {"about": _short(about)} if word in WORDS else word for word, about in proof.findings]


def _short(about: str) -> str:
    """A name made of a hash is told by its beginning: nobody reads sixty-four letters."""
    return HASH.sub(lambda found: f"{found.group()[:SHOWN_OF_HASH]}…", about)


def card(_user: Any) -> Figure | None:
    """For the workbench: what is stale or failed among copies and drills."""
    now = timezone.now()
    found = [one for one in (standing(kind, now) for kind in (Kind.BACKUP, Kind.DRILL)) if one.verdict != Verdict.FINE]
    hue = "red" if any(one.verdict == Verdict.FAILED for one in found) else "amber"
    return Figure(len(found), hue, _("stale or failed")) if found else Figure(0)
