"""What the board says of copies: a fresh one in the building never hides that none left it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.providers import look
from mainstay.continuity.backup.rules import BACKUP_LATE, DRILL_LATE, Kind
from mainstay.continuity.site.rules.verdict import GREEN, RED, UNKNOWN, in_words, worst
from mainstay.core.access.batch import system_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def _proof(kind: Kind, age: dt.timedelta, now: dt.datetime, *, offsite: bool, fine: bool = True) -> None:
    facts = {"repository": "vault" if offsite else "local", "took_ms": 1, "by": system_user()}
    Proof.objects.create(kind=kind, began_at=now - age, offsite=offsite, fine=fine, **facts)


def _board(now: dt.datetime) -> dict[str, str]:
    return {one.subject: one.verdict for one in look(now)}


def test_local_copies_alone_are_not_green() -> None:
    now = timezone.now()
    for kind in (Kind.BACKUP, Kind.DRILL, Kind.VERIFY, Kind.SOFTWARE):
        _proof(kind, HOUR, now, offsite=False)
    board = _board(now)
    assert board["backup"] == board["drill"] == GREEN
    assert board["off-site backup"] == board["off-site drill"] == UNKNOWN
    assert worst(board.values()) == UNKNOWN
    for kind in (Kind.BACKUP, Kind.DRILL):
        _proof(kind, 2 * HOUR, now, offsite=True)
    assert worst(_board(now).values()) == GREEN


@pytest.mark.parametrize(("kind", "most"), [(Kind.BACKUP, BACKUP_LATE), (Kind.DRILL, DRILL_LATE)])
def test_an_old_or_failed_offsite_proof_is_red_beside_a_fresh_local_one(kind: Kind, most: dt.timedelta) -> None:
    now, subject = timezone.now(), f"off-site {kind}"
    _proof(kind, HOUR, now, offsite=False)
    _proof(kind, most + HOUR, now, offsite=True)
    board = _board(now)
    assert (board[str(kind)], board[subject]) == (GREEN, RED)
    assert in_words(subject, chinese=True).startswith("异地")
    _proof(kind, HOUR, now, offsite=True)
    assert _board(now)[subject] == GREEN
    _proof(kind, HOUR / 2, now, offsite=True, fine=False)
    assert _board(now)[subject] == RED
