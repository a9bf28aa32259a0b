"""Ratings as numbers: every rater, ratee and criterion gets an index, every rating one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from mainstay.performance.appraisal.raters.errors import RatingsError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as it was given. `own` tells that the rater is the ratee's own superior; None when not known."""

    rater: str
    ratee: str
    criterion: str
    value: float
    own: bool | None = None


@dataclass(frozen=True, slots=True)
class Ratings:
    """All ratings of a round: names and, row by row, the index of the name and the value.

    `scores` holds a verified score for each ratee (points), NaN where there is none; `selves` counts ratings
    people gave themselves, which are left out: they say nothing about how strict somebody is with others.
    """

    raters: tuple[str, ...]
    ratees: tuple[str, ...]
    criteria: tuple[str, ...]
    rater: Ints
    ratee: Ints
    criterion: Ints
    value: Floats
    own: Ints  # 1 own superior, 0 another rater, -1 not known
    scores: Floats
    selves: int = 0
    pair: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # the index of (ratee, rater), row by row

    @property
    def count(self) -> int:
        """How many ratings there are."""
        return len(self.value)


def collect(given: Iterable[Given], scores: Mapping[str, float] | None = None) -> Ratings:
    """Number the names of ratings, in the order in which they first appear.

    Raises RatingsError when there is nothing to work with or one rating is there twice.
    """
    rows = list(given)
    kept = [row for row in rows if row.rater != row.ratee]
    if not kept:
        raise RatingsError(
            "There are no ratings of one person by another. Give at least one.",
            "没有一人对另一人的评分，请至少提供一条。",
        )
    seen: set[tuple[str, str, str]] = set()
    for row in kept:
        key = (row.rater, row.ratee, row.criterion)
        if key in seen:
            raise RatingsError(
                f"{row.rater} rated {row.ratee} twice on “{row.criterion}”. Keep one of the two ratings.",
                f"{row.rater} 对 {row.ratee} 的“{row.criterion}”评了两次，请只保留一次。",
            )
        seen.add(key)
    raters, rater = _numbered(row.rater for row in kept)
    ratees, ratee = _numbered(row.ratee for row in kept)
    criteria, criterion = _numbered(row.criterion for row in kept)
    own = np.array([-1 if row.own is None else int(row.own) for row in kept], np.int64)
    known = scores or {}
    return Ratings(
        raters=raters,
        ratees=ratees,
        criteria=criteria,
        rater=rater,
        ratee=ratee,
        criterion=criterion,
        value=np.array([row.value for row in kept], np.float64),
        own=own,
        scores=np.array([known.get(name, np.nan) for name in ratees], np.float64),
        selves=len(rows) - len(kept),
        pair=np.unique(ratee * len(raters) + rater, return_inverse=True)[1].astype(np.int64),
    )


def _numbered(names: Iterable[str]) -> tuple[tuple[str, ...], Ints]:
    """Return the distinct names, and for each given name the index of it."""
    index: dict[str, int] = {}
    rows = [index.setdefault(name, len(index)) for name in names]
    return tuple(index), np.array(rows, np.int64)
