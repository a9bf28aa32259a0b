"""Rules of appraisal: grades, ratios, boxes, bonus shares, consequences. Points in 1/100 (`_e2`), money in fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kit.money import share

LEVELS = (1, 2, 3, 4, 5)
E2 = 100
FULL_BP = 10_000
LOW, MIDDLE, HIGH = 1, 2, 3


@dataclass(frozen=True)
class Band:
    """A grade: from so many points on; at most `ratio_bp` of a group get it or a better one (None: no limit).

    `pay_steps` and `consequences` are what the grade leads to.
    """

    grade: str
    from_e2: int
    ratio_bp: int | None = None
    pay_steps: int = 0
    consequences: tuple[str, ...] = ()


def bands_of(data: Iterable[Mapping[str, Any]]) -> list[Band]:
    """Return bands from their stored form, best first."""
    found = [
        Band(
            str(one["grade"]),
            int(one["from_e2"]),
            one.get("ratio_bp"),
            int(one.get("pay_steps", 0)),
            tuple(one.get("consequences", ())),
        )
        for one in data
    ]
    return sorted(found, key=lambda band: -band.from_e2)


def bands_problem(bands: Sequence[Band]) -> Any:
    """Return what is wrong with bands, None when every score has exactly one grade."""
    if not bands:
        return _("Give at least one grade.")
    if len({band.grade for band in bands}) < len(bands) or len({band.from_e2 for band in bands}) < len(bands):
        return _("Each grade and each limit may be there once.")
    if min(band.from_e2 for band in bands) > 0:
        return _("The lowest grade must begin at 0 points, so that every score has a grade.")
    ratios = [band.ratio_bp for band in bands if band.ratio_bp is not None]
    if any(not 0 < ratio <= FULL_BP for ratio in ratios) or ratios != sorted(ratios):
        return _("Ratios lie above 0 and up to 100 %, and grow from the best grade down.")
    return None


def rank(grade: str, bands: Sequence[Band]) -> int:
    """Return the place of a grade, 0 for the best. Raises KeyError for one that does not exist."""
    for place, band in enumerate(bands):
        if band.grade == grade:
            return place
    raise KeyError(grade)


def capped(grade: str, caps: Iterable[str], bands: Sequence[Band]) -> str:
    """Return a grade, no better than any cap."""
    return bands[max([rank(grade, bands), *(rank(cap, bands) for cap in caps)])].grade


def grade_of(score_e2: int, bands: Sequence[Band], *, caps: Iterable[str] = (), vetoed: bool = False) -> str:
    """Return the grade of a score: that of its band, no better than any cap; the lowest when vetoed."""
    if vetoed:
        return bands[-1].grade
    place = next((number for number, band in enumerate(bands) if score_e2 >= band.from_e2), len(bands) - 1)
    return capped(bands[place].grade, caps, bands)


@dataclass(frozen=True)
class Scored:
    """Somebody to be graded: score, caps from vetoes of targets."""

    key: int
    score_e2: int
    caps: tuple[str, ...] = ()


def grades_of(people: Sequence[Scored], bands: Sequence[Band], *, fewest: int) -> dict[int, str]:
    """Return everybody's grade; ratios count in groups of at least `fewest` people.

    A band with a ratio takes, with all better ones, at most that share of the group, rounded down; whom it cannot take
    falls to the next band. Equal scores fall together.
    """
    found = {one.key: rank(grade_of(one.score_e2, bands, caps=one.caps), bands) for one in people}
    if len(people) < fewest:
        return {key: bands[place].grade for key, place in found.items()}
    scores = {one.key: one.score_e2 for one in people}
    for place, band in enumerate(bands[:-1]):
        if band.ratio_bp is None:
            continue
        room = len(people) * band.ratio_bp // FULL_BP
        inside = sorted((key for key, now in found.items() if now <= place), key=lambda key: -scores[key])
        if len(inside) <= room:
            continue
        border = scores[inside[room]]
        for key in inside:
            if scores[key] <= border:
                found[key] = place + 1
    return {key: bands[place].grade for key, place in found.items()}


def mean_e2(levels: Sequence[int]) -> int | None:
    """Return the mean of levels in 1/100, halves up; None without any."""
    return (2 * sum(levels) * E2 + len(levels)) // (2 * len(levels)) if levels else None


def part_of(value_e2: int | None, low_e2: int, high_e2: int) -> int | None:
    """Return the third of an axis a value lies in: 1 below `low`, 3 from `high` on."""
    if value_e2 is None:
        return None
    return LOW if value_e2 < low_e2 else HIGH if value_e2 >= high_e2 else MIDDLE


def box_of(result: int | None, potential: int | None) -> int | None:
    """Return the box of the nine-box grid, 1 (low, low) to 9 (high, high): results across, potential upwards."""
    return None if result is None or potential is None else (potential - 1) * 3 + result


def split_pool(pool_fen: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divide a pool in proportion to weights, to the fen; the shares sum to the pool exactly.

    Everybody gets the whole fen of his part; what is left goes, a fen each, to the largest remainders (the smaller key
    first where they are equal). Raises ValueError without any weight.
    """
    keys = sorted(weights)
    return dict(zip(keys, share(pool_fen, [weights[key] for key in keys]), strict=True))


def needs_incident(level: int) -> bool:
    """Tell whether a level must be supported by an incident: the two ends of the scale."""
    return level in (LEVELS[0], LEVELS[-1])


def units_above(means: Mapping[int, int], cap_e2: int | None) -> list[int]:
    """Return the units whose mean score passes the cap (an old means against leniency); none without a cap."""
    return [] if cap_e2 is None else sorted(unit for unit, mean in means.items() if mean > cap_e2)
