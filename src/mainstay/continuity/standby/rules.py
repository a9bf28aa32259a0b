"""Who runs the application (主备角色): what an agent does next, from what it sees. No clock, no network."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FENCE_SHARE = 0.6  # of the lease's time: an agent that could not renew for so long stops before the lease can end
UNREADY_S = 3.0  # the application does not answer here, and does there, for so long: the role goes there
COURTESY_S = (
    3.0  # so much time to claim the role has the preferred host at a first start, later whose application is warm
)
REST_S = 60.0  # between two hand-overs because of a failure: a fault of the program must not travel back and forth
STEP_BACK_S = 8.0  # after giving the role away an agent does not claim it for so long


class Move(StrEnum):
    """What to do now."""

    STAY = "stay"
    CLAIM = "claim"
    FENCE = "fence"
    HAND_OVER = "hand over"


@dataclass(frozen=True, slots=True)
class Seen:
    """What an agent sees. Durations in seconds; 0 where it is not so now. `now` and the moments share one clock."""

    now: float
    mine: bool  # this agent believes to hold the role
    sure_until: float  # until when that is certain
    heard: bool  # the votes answered within the last poll
    holder: str  # who holds the role by the votes, "" nobody
    vacant_s: float  # for how long nobody has held it
    known: bool  # a holder was seen since this agent began
    preferred: bool
    web_runs: bool
    ready_s: float
    unready_s: float
    peer_ready_s: float
    switch_to_peer: bool  # a person asked for it
    gave_at: float  # when this agent last gave the role away
    failed_at: float  # when it last did so because of a failure
    was_ready: bool  # the application answered here since the role came


def decide(seen: Seen) -> tuple[Move, str]:
    """The next move and its reason: a word of `REASONS`, or "" for none.

    The order is that of safety: first what must stop, then what may be given, last what may be taken.
    """
    if seen.mine and (seen.now >= seen.sure_until):
        return Move.FENCE, "silent"
    if seen.mine and seen.heard and seen.vacant_s > 0:
        return Move.FENCE, "lost"
    if seen.mine:
        return _give(seen)
    first_start = not seen.known and not seen.preferred
    cold = not seen.web_runs and seen.peer_ready_s > 0  # an agent that was killed comes back beside a peer that is warm
    waits = (first_start or cold) and seen.vacant_s < COURTESY_S
    if not seen.heard or seen.holder or waits or seen.now - seen.gave_at < STEP_BACK_S:
        return Move.STAY, ""
    return Move.CLAIM, "vacant" if seen.known else "start"


def _give(seen: Seen) -> tuple[Move, str]:
    """Whether the holder gives the role to its peer."""
    if seen.switch_to_peer and seen.peer_ready_s > 0:
        return Move.HAND_OVER, "planned"
    rested = seen.now - seen.failed_at >= REST_S
    if not rested or seen.peer_ready_s <= 0 or not seen.was_ready:
        return Move.STAY, ""
    if not seen.web_runs:
        return Move.HAND_OVER, "ended"
    if min(seen.unready_s, seen.peer_ready_s) >= UNREADY_S:
        return Move.HAND_OVER, "unready"
    return Move.STAY, ""


REASONS = ("start", "vacant", "planned", "ended", "unready", "silent", "lost")
