"""What a supply says, whether it keeps its promise, and what happens when on battery (供电策略). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from mainstay.continuity.site.rules.declaration import PowerStep
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen

ON_LINE, ON_BATTERY, LOW = "OL", "OB", "LB"
FULL = 95  # per cent: below it a runtime of eight hours is not to be expected yet
RECHARGE_S = 86_400


@dataclass(frozen=True, slots=True)
class State:
    """What NUT says of a supply: status words, charge and load in per cent, runtime in seconds, volts in."""

    status: tuple[str, ...]
    charge: int | None
    load: int | None
    runtime_s: int | None
    volts: int | None

    @property
    def on_battery(self) -> bool:
        """Whether the battery carries it."""
        return ON_BATTERY in self.status

    @property
    def low(self) -> bool:
        """Whether the supply itself says that it ends now."""
        return LOW in self.status


def state_of(variables: Mapping[str, str]) -> State:
    """Read NUT's variables; what it does not tell is None."""
    return State(
        status=tuple(variables.get("ups.status", "").split()),
        charge=_whole(variables.get("battery.charge")),
        load=_whole(variables.get("ups.load")),
        runtime_s=_whole(variables.get("battery.runtime")),
        volts=_whole(variables.get("input.voltage")),
    )


def _whole(text: str | None) -> int | None:
    try:
        return None if text is None else int(float(text))
    except ValueError:
        return None


def runtime_at(state: State, design_load: int) -> int | None:
    """Seconds that the battery would carry the design load (per cent): by proportion, which flatters no heavy load."""
    if state.runtime_s is None:
        return None
    if not state.load or state.load >= design_load:
        return state.runtime_s
    return state.runtime_s * state.load // design_load


def judge(name: str, state: State, promised_s: int, design_load: int) -> Seen:
    """A supply: silent is unknown, low red, on battery amber; on line it must carry the design load long enough."""
    carried = runtime_at(state, design_load)
    figure = "" if carried is None else f"{hours(carried)} @ {design_load} %"
    short = carried is not None and carried < promised_s
    charging = (state.charge or 0) < FULL
    faults = (
        (not state.status, UNKNOWN, "the supply does not answer", "电源没有应答"),
        (state.low, RED, "the battery is nearly empty", "电池即将耗尽"),
        (state.on_battery, AMBER, "runs on battery", "正由电池供电"),
        (carried is None, UNKNOWN, "does not tell how long it would carry", "未报告可支撑时间"),
        ("RB" in state.status, RED, "asks for another battery", "提示更换电池"),
        (short and charging, AMBER, "charges again", "正在充电"),
        (short, RED, f"would not carry {hours(promised_s)} at design load", f"按设计负载不足 {hours(promised_s)}"),
    )
    for holds, verdict, en, zh in faults:
        if holds:
            return Seen(name, verdict, en, zh, figure)
    return Seen(name, GREEN, figure=figure)


def hours(seconds: int) -> str:
    """Hours and minutes: 8:00."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def forecast(samples: Sequence[tuple[int, int]]) -> int | None:
    """Seconds until the charge is gone, from (second, per cent) samples on battery, by their straight line.

    None with fewer than two, or while the charge does not fall.
    """
    if len(samples) < 2:  # noqa: PLR2004
        return None
    count = len(samples)
    mean_t, mean_c = sum(t for t, _c in samples) / count, sum(c for _t, c in samples) / count
    spread = sum((t - mean_t) ** 2 for t, _c in samples)
    slope = sum((t - mean_t) * (c - mean_c) for t, c in samples) / spread if spread else 0.0
    return None if slope >= 0 else max(0, round(-samples[-1][1] / slope))


class Move(StrEnum):
    """What a walk does next."""

    STEP = "step"
    RESUME = "resume"


@dataclass(slots=True)
class Walk:
    """How far the policy was walked on this battery episode: which steps are done, since when on battery (s)."""

    since: int | None = None
    done: list[int] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """To be kept."""
        return {"since": self.since, "done": list(self.done)}

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Walk:
        """As it was kept."""
        return cls(facts.get("since"), [int(one) for one in facts.get("done", ())])


def advance(walk: Walk, policy: Sequence[PowerStep], state: State, now_s: int) -> list[tuple[Move, int]]:
    """What is to be done now: steps by their place in the policy, each once and in order, or to resume all.

    Low means at once: every step that is left. A supply that does not answer is neither on line nor on battery: nothing
    moves. `walk` is brought up to date.
    """
    if not state.status:
        return []
    if not state.on_battery and not state.low:
        moves = [(Move.RESUME, at) for at in reversed(walk.done)]
        walk.since, walk.done = None, []
        return moves
    if walk.since is None:
        walk.since = now_s
    due = [at for at, step in enumerate(policy) if at not in walk.done and _due(step, state, now_s - walk.since)]
    walk.done += due
    return [(Move.STEP, at) for at in due]


def _due(step: PowerStep, state: State, on_battery_s: int) -> bool:
    if state.low:
        return True
    if step.after_s is not None:
        return on_battery_s >= step.after_s
    return state.runtime_s is not None and step.below_s is not None and state.runtime_s < step.below_s


def worst_of(states: Iterable[State]) -> State:
    """Of several supplies the one with the least left; the policy follows it."""
    found = list(states)
    if not found:
        return State((), None, None, None, None)
    return min(
        found, key=lambda one: (not one.low, not one.on_battery, one.runtime_s if one.runtime_s is not None else 0)
    )
