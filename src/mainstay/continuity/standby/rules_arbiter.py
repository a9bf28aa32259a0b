"""When the witness deposes the database's leader (仲裁): rules without clock or network.

Patroni alone waits until the dead leader's lease ends, about 20 s. The witness sees sooner that it is dead, and may say
so only when nothing can be lost and nobody healthy is deposed: two observers miss the leader, its host has stopped
telling the votes that it lives (or refuses by itself), and the standby that has every acknowledged commit is ready.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LOOKS = 3  # in a row, all alike
BEAT_S = 1.2  # a host tells four times a second that it lives
REST_S = 60.0  # between two depositions: links that come and go must not throw the database to and fro


class Ports(StrEnum):
    """What the leader's watchman and database say to somebody who knocks at both."""

    HEARD = "heard"  # one of them accepts
    REFUSED = "refused"  # both refuse: the host is there, the programs are not
    SILENT = "silent"  # no answer


@dataclass(frozen=True, slots=True)
class Look:
    """What the witness saw in one look. `lease`: the leader's; ages in seconds."""

    votes: bool  # the majority answered
    leader: str
    lease: str
    standby: str  # the synchronous standby by the votes, "" for none
    ports: Ports  # of the leader, from the witness
    from_standby: Ports  # of the leader, from the standby's host, as its agent tells
    standby_told_s: float  # how old that word is
    standby_lives: bool  # its watchman answers
    beat_s: float  # since the leader's host last told the votes that it lives


def may_depose(looks: Sequence[Look], rested_s: float) -> tuple[bool, str]:
    """Whether to revoke the leader's lease now, and the word of `REASONS` that says why or why not.

    `looks`: the latest ones, oldest first; `rested_s`: seconds since the last deposition.
    """
    last = looks[-1] if looks else None
    if last is None or len(looks) < LOOKS:
        return False, "too-soon"
    if not last.votes:
        return False, "no-votes"
    if not last.leader or not last.lease:
        return False, "no-leader"
    recent = looks[-LOOKS:]
    if any((one.leader, one.lease, one.standby) != (last.leader, last.lease, last.standby) for one in recent):
        return False, "changing"
    if any(not one.votes or one.ports == Ports.HEARD for one in recent):
        return False, "heard"
    return _ready(last, rested_s)


def _ready(last: Look, rested_s: float) -> tuple[bool, str]:
    """The leader is silent to the witness; may somebody else lead?"""
    if not last.standby or last.standby == last.leader:
        return False, "no-standby"
    if not last.standby_lives:
        return False, "standby-silent"
    if last.standby_told_s > BEAT_S or last.from_standby == Ports.HEARD:
        return False, "heard-there"
    if last.ports != Ports.REFUSED and last.beat_s < BEAT_S:
        return False, "host-lives"
    if rested_s < REST_S:
        return False, "resting"
    return True, "dead"


REASONS = (
    "too-soon", "no-votes", "no-leader", "changing", "heard", "no-standby", "standby-silent", "heard-there",
    "host-lives", "resting", "dead",
)  # fmt: skip
