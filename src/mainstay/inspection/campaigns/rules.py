"""Coverage as sets, and which outcome leaves a target in which state. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FULL_BP = 10_000
STATE_AFTER = {"done": "done", "partial": "visited", "nobody_home": "unreachable", "refused": "refused"}
REACHED = ("done", "partial", "refused")  # somebody was met


@dataclass(frozen=True, slots=True)
class Covered:
    """One frozen target as coverage sees it."""

    key: int
    klass: str
    state: str
    due_on: date | None = None
    inspected_on: date | None = None
    reached: bool = False
    late: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much is covered: every target is inspected, exempt, or open. Rates in basis points of what is not exempt."""

    total: int
    inspected: int
    exempt: int
    reached: int
    refused: int
    unreachable: int
    late: int = 0

    @property
    def open(self) -> int:
        """Neither inspected nor exempt."""
        return self.total - self.inspected - self.exempt

    @property
    def due(self) -> int:
        """What has to be inspected: all but the exempt."""
        return self.total - self.exempt

    @property
    def inspected_bp(self) -> int:
        """Inspected of what has to be; full when nothing has to be."""
        return rate_bp(self.inspected, self.due)

    @property
    def reached_bp(self) -> int:
        """Reached (somebody was met, whether or not he let us in) of what has to be."""
        return rate_bp(self.reached, self.due)

    @property
    def is_full(self) -> bool:
        """Tell whether nothing is open."""
        return self.open == 0


def rate_bp(part: int, whole: int) -> int:
    """A share in basis points, rounded down: 10000 means all of it and nothing less."""
    return part * FULL_BP // whole if whole else FULL_BP


def coverage(targets: Iterable[Covered]) -> Coverage:
    """Count a set of targets. An exempt target is not counted as reached, even where somebody was met before."""
    listed = list(targets)
    states = [one.state for one in listed]
    return Coverage(
        total=len(listed),
        inspected=states.count("done"),
        exempt=states.count("exempt"),
        reached=sum(one.state != "exempt" and (one.reached or one.state == "done") for one in listed),
        refused=states.count("refused"),
        unreachable=states.count("unreachable"),
        late=sum(one.late for one in listed),
    )


def together(parts: Iterable[Coverage]) -> Coverage:
    """Coverage of several sets that share no target."""
    listed = list(parts)
    names = ("total", "inspected", "exempt", "reached", "refused", "unreachable", "late")
    return Coverage(**{name: sum(getattr(one, name) for one in listed) for name in names})


def by_class(targets: Iterable[Covered]) -> dict[str, Coverage]:
    """Coverage of each class."""
    found: dict[str, list[Covered]] = defaultdict(list)
    for one in targets:
        found[one.klass].append(one)
    return {klass: coverage(found[klass]) for klass in sorted(found)}


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day against the plan: planned and inspected until its end."""

    on: date
    planned: int
    inspected: int

    @property
    def behind(self) -> int:
        """How many targets short of the plan."""
        return max(0, self.planned - self.inspected)


def by_day(
    dues: Sequence[tuple[date, int]], dones: Sequence[tuple[date, int]], first: date, last: date
) -> list[DayLine]:
    """Plan and work, added up day by day from `first` to `last`; what lies before counts on the first day."""
    due, done = _until(dues, first), _until(dones, first)
    planned = inspected = 0
    lines = []
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        planned, inspected = planned + due[day], inspected + done[day]
        lines.append(DayLine(day, planned, inspected))
    return lines


def _until(counts: Sequence[tuple[date, int]], first: date) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for on, count in counts:
        found[max(on, first)] += count
    return found


def spread(count: int, first: date, last: date) -> list[date]:
    """Days for `count` targets, evenly over a window with its weekends."""
    days = (last - first).days + 1
    return [first + timedelta(days=place * days // count) for place in range(count)] if count else []
