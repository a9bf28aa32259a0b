"""Which copy serves a moment, which are kept, when a proof is stale, what pgBackRest's words mean."""

from __future__ import annotations

import datetime as dt

import pytest

from mainstay.continuity.backup.rules import (
    MOST,
    Copy,
    Kind,
    Verdict,
    choose,
    copies_in,
    damage_in,
    dropped,
    newest_wal,
    verdict,
)

NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def _copy(age: dt.timedelta, label: str = "") -> Copy:
    at = NOW - age
    return Copy(label or f"{at:%Y%m%dT%H%M}", at, "data", 1, "local")


def test_the_newest_copy_that_holds_nothing_later() -> None:
    copies = [_copy(3 * HOUR), _copy(HOUR), _copy(2 * HOUR)]
    assert choose(copies, None) == copies[1]
    assert choose(copies, NOW - HOUR) == copies[1], "the moment itself counts"
    assert choose(copies, NOW - HOUR - dt.timedelta(seconds=1)) == copies[2]
    assert choose(copies, NOW - 4 * HOUR) is None and choose([], None) is None


def test_all_of_two_days_then_one_a_day_then_one_a_month_stay() -> None:
    copies = [_copy(HOUR * 6 * number) for number in range(4 * 400)]
    gone = dropped(copies, NOW)
    kept = [one for one in copies if one.label not in gone]
    assert len([one for one in kept if NOW - one.at <= dt.timedelta(hours=48)]) == 9
    days = [one.at.date() for one in kept if dt.timedelta(hours=48) < NOW - one.at < dt.timedelta(days=36)]
    assert len(days) == len(set(days)) and len(days) >= 33
    months = [(one.at.year, one.at.month) for one in kept if NOW - one.at > dt.timedelta(days=36)]
    assert len(months) == len(set(months)) and len(months) >= 12
    assert all(one.label in gone for one in copies if NOW - one.at > dt.timedelta(days=25 * 31))


def test_the_last_copy_always_stays() -> None:
    old = _copy(dt.timedelta(days=5000))
    assert dropped([old], NOW) == set()


@pytest.mark.parametrize("kind", list(Kind))
def test_a_proof_is_judged_by_result_and_age(kind: Kind) -> None:
    assert verdict(kind, None, fine=True, now=NOW) == Verdict.NEVER
    assert verdict(kind, NOW - HOUR, fine=False, now=NOW) == Verdict.FAILED
    assert verdict(kind, NOW - MOST[kind], fine=True, now=NOW) == Verdict.FINE
    assert verdict(kind, NOW - MOST[kind] - HOUR, fine=True, now=NOW) == Verdict.LATE


WHOLE = """stanza: haitang
status: ok
  archiveId: 15-1, total WAL checked: 4, total valid WAL: 4
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
  backup: 20261128-013000F, status: valid, total files checked: 968, total valid files: 968
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
"""


def test_what_pgbackrest_says_when_all_is_whole() -> None:
    assert damage_in(WHOLE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: ok", "status: error"),
        ("checksum invalid: 0", "checksum invalid: 1"),
        ("missing: 0", "missing: 12"),
    ],
)
def test_damage_is_read_from_its_words(old: str, new: str) -> None:
    assert damage_in(WHOLE.replace(old, new))


def test_silence_proves_nothing() -> None:
    assert damage_in("") == ["no status"]


INFO = [
    {
        "name": "haitang",
        "archive": [
            {"database": {"repo-key": 1}, "min": "000000010000000000000001", "max": "00000001000000000000000A"},
            {"database": {"repo-key": 2}, "min": None, "max": None},
        ],
        "backup": [
            {"label": "20261128-013000F", "type": "full", "database": {"repo-key": 1}, "error": False,
             "timestamp": {"start": 1795800000, "stop": 1795800060}, "info": {"size": 4096}},
            {"label": "20261128-023000F", "type": "full", "database": {"repo-key": 2}, "error": True,
             "timestamp": {"start": 1795800000, "stop": 1795800060}, "info": {"size": 4096}},
        ],
    }
]  # fmt: skip


def test_copies_and_journal_of_one_repository() -> None:
    assert [one.label for one in copies_in(INFO, "room", 1)] == ["20261128-013000F"]
    assert copies_in(INFO, "vault", 2) == [], "a copy with an error is none"
    assert newest_wal(INFO, 1).endswith("0A") and newest_wal(INFO, 2) == ""
