"""What the board says of copies: a fresh one in the building never hides that none left it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.providers import judge_journal, look, look_at_journals
from mainstay.continuity.backup.queries_journal import Received
from mainstay.continuity.backup.rules import BACKUP_LATE, DRILL_LATE, Kind
from mainstay.continuity.site.library import example
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


def test_the_journal_off_site_is_looked_at_where_there_is_one(settings: Any, tmp_path: Path) -> None:
    settings.SITE_FILE = str(tmp_path / "site.toml")
    assert list(look_at_journals(timezone.now())) == [], "no site is declared"
    Path(settings.SITE_FILE).write_text(example(), encoding="utf-8")
    found = list(look_at_journals(timezone.now()))
    if connection.vendor != "postgresql":
        assert found == []
        return
    assert [(one.subject, one.verdict) for one in found] == [("vault", RED)]
    assert found[0].en.startswith("no slot is kept") and found[0].zh


@pytest.mark.parametrize(
    ("one", "verdict", "word"),
    [
        (Received(True, active=True, seconds=0.25), GREEN, ""),
        (Received(True, active=True, waiting=9 << 20), RED, "more than 5 s behind; 9 / 512 MB"),
        (Received(True, active=False, waiting=3 << 20), RED, "does not receive the journal; 3 / 512 MB"),
        (Received(True, active=False, given_up=True), RED, "gave up"),
        (Received(there=False), RED, "no slot"),
    ],
)
def test_what_waits_for_the_vault_is_judged(one: Received, verdict: str, word: str) -> None:
    seen = judge_journal("vault", one, 512)
    assert seen.verdict == verdict and word in seen.en and bool(seen.zh) is bool(seen.en)
    assert seen.figure == ("0.2 s" if verdict == GREEN else seen.figure)
