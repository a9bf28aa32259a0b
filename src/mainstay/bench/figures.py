"""Figures that every measurement gives in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

ENOUGH = 100  # openings that a 95th percentile near its goal needs: of 20 it is nearly the longest
FEW = 10  # whoever asks for fewer wants a look, not a figure
NEAR = 3


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that at least `percent` of 100 values do not exceed, by nearest rank; 0.0 of none.

    It is always one of the values: the 95th percentile of 20 is the 19th of them, of 100 the 95th.
    """
    ordered = sorted(values) or [0.0]
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def milliseconds(seconds: Sequence[float], percent: int, places: int = 1) -> float:
    """A percentile of some seconds, in milliseconds."""
    return round(percentile(seconds, percent) * 1000, places)


def timed(work: Callable[[int], Any], times: int, goal_ms: float) -> list[float]:
    """Seconds of `work(number)`, called `times` times, and a hundred times when their 95th percentile is near the goal.

    Near is from a third of the goal to three times the goal: what lies farther off needs no sharper figure.
    """
    seconds: list[float] = []
    wanted = times
    while len(seconds) < wanted:
        begun = time.perf_counter()
        work(len(seconds))
        seconds.append(time.perf_counter() - begun)
        if len(seconds) == times >= FEW and goal_ms / NEAR <= milliseconds(seconds, 95) <= goal_ms * NEAR:
            wanted = max(times, ENOUGH)
    return seconds
