"""When a switch has to be rehearsed again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.continuity.site.rules import DeclarationError, site_from_data
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED
from mainstay.continuity.standby.rehearsal import TROUBLES
from mainstay.continuity.standby.rules_rehearsal import TOLD, judge_rehearsals
from tests.continuity.site.make import site, tables

NOW = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)


def days(count: float) -> datetime:
    return NOW - timedelta(days=count)


@pytest.mark.parametrize(
    ("good_at", "last", "every", "verdict"),
    [
        (None, None, 92, RED),
        (None, (days(1), "slow"), 92, RED),
        (days(92.1), (days(92.1), ""), 92, RED),
        (days(80), (days(80), ""), 92, AMBER),
        (days(77), (days(77), ""), 92, GREEN),
        (days(6), (days(6), ""), 7, AMBER),
        (days(5), (days(5), ""), 7, GREEN),
        (days(5), (days(1), "lost"), 92, RED),
        (days(5), (days(1), "not-moved"), 92, RED),
        (days(5), (days(1), "slow"), 92, AMBER),
        (days(5), (days(1), "not-whole"), 92, AMBER),
    ],
)
def test_a_rehearsal_is_due(
    good_at: datetime | None, last: tuple[datetime, str] | None, every: int, verdict: str
) -> None:
    assert judge_rehearsals(good_at, last, every, NOW).verdict == verdict


def test_every_trouble_has_its_words() -> None:
    assert set(TOLD) == set(TROUBLES)


def test_the_declaration_says_how_often() -> None:
    assert site().database.rehearse_days == 92
    data = tables()
    data["database"]["rehearse_days"] = 0
    with pytest.raises(DeclarationError):
        site_from_data(data)
