"""What is known of a meter before a reading: told by three of its readings, the same as by all of them."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.utils import timezone

from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries_before import known_before
from mainstay.gas.readings.rules import metered, used_between
from tests.gas.make import make_account

DIAL = 100_000_000
PERIODS = (  # within two years, at their edge, before them only, with and without one a year ago
    (202403, 202410, 202411, 202508, 202509, 202510),
    (202310, 202311, 202312, 202411, 202510),
    (202303, 202309),
    (202509, 202510, 202511),
)


@pytest.mark.parametrize(
    ("first", "last", "used"),
    [(0, 5_000, 5_000), (DIAL - 2_000, 3_000, 5_000), (9_000, 8_000, -1_000), (5_000, 5_000, 0)],
)
def test_use_between_two_indexes(first: int, last: int, used: int) -> None:
    assert used_between(first, last, DIAL) == used


@pytest.mark.django_db
def test_the_past_told_by_three_readings_is_that_of_all_of_them() -> None:
    """Volumes add up between the indexes at the ends, whatever lies between: rollover, estimates, gaps, factors."""
    chance = random.Random(11)
    ids, wanted = [], {}
    for number in range(40):
        account = make_account(opened_on=date(2023, 1, 1))
        installation = account.installations.get()
        factor_e4 = chance.choice((10_000, 10_000, 12_500))
        Meter.objects.filter(pk=installation.meter_id).update(digits=5, factor_e4=factor_e4)
        installation.refresh_from_db()
        index, day, rows = chance.choice((0, DIAL - 100_000)), date(2023, 1, 1), []
        Installation.objects.filter(pk=installation.pk).update(first_index_l=index)
        for step in PERIODS[number % len(PERIODS)]:
            used = chance.randint(-2, 30) * 1000 if rows else chance.randint(1, 30) * 1000
            taken = date(step // 100, step % 100, 20)
            after = (index + used) % DIAL
            volume_l = metered(used, installation.meter.factor_e4)
            Reading.objects.create(
                account=account, installation=installation, period=step, seq=0, book_id=account.book_entry.book_id,
                taken_on=taken, previous_on=day, previous_index_l=index, index_l=after, volume_l=volume_l,
                source=chance.choice((1, 1, 4)), state=3, recorded_at=timezone.now(),
            )  # fmt: skip
            rows.append((step, volume_l, (taken - day).days))
            index, day = after, taken
        within = [row for row in rows if 202311 <= row[0] < 202511] or rows
        year_ago = [row for row in rows if row[0] == 202411]
        ids.append(installation.pk)
        wanted[installation.pk] = (
            sum(row[1] for row in within), sum(row[2] for row in within),
            sum(row[1] for row in year_ago), sum(row[2] for row in year_ago),
        )  # fmt: skip
    known = known_before(ids, 202511)
    for key, (volume, days, year_l, year_days) in wanted.items():
        before = known[key].before
        assert (before.history_days, before.last_year_l, before.last_year_days) == (days, year_l, year_days)
        assert abs(before.history_l - volume) <= 6, "rounding by the unit factor, once instead of at each reading"
