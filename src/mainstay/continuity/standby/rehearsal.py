"""A rehearsal: the database moves to the other server while somebody writes; the longest pause, what is lost."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import connections
from django.utils import timezone

from mainstay.continuity.site.rules import Site
from mainstay.continuity.standby.etcd import Silent
from mainstay.continuity.standby.models import Beat
from mainstay.continuity.standby.observe import Status, ask_for_database, observe

EVERY_S, LOOK_S, MOST_S, QUIET_S, GOAL_S = 0.05, 0.5, 90.0, 1.5, 3.0
TROUBLES = ("not-whole", "votes", "not-moved", "lost", "slow")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one switch measured."""

    began_at: dt.datetime
    from_host: str
    to_host: str
    gap_s: float
    acknowledged: int
    lost: int
    trouble: str


@dataclass
class Writer(threading.Thread):
    """Writes a row after the other for as long as it runs, through a connection of its own."""

    run_id: str
    acknowledged: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Until told to stop; a write that fails is tried again under its number."""
        number = 0
        while not self.stopping.wait(EVERY_S):
            try:
                Beat.objects.get_or_create(run=self.run_id, number=number)
            except Exception:  # whatever it is, nothing was acknowledged
                connections["default"].close()
                continue
            self.acknowledged.append((time.monotonic(), number))
            number += 1
        connections["default"].close()


def rehearse(site: Site, look: Callable[[Site], Status] = observe) -> list[Measured]:
    """Move the database to the other server and back, each measured; stops at the first trouble."""
    found: list[Measured] = []
    for _turn in range(2):
        state = look(site)
        base = state.database_on
        other = next((host.name for host in site.pair() if host.name != base), "")
        if not state.whole:
            return [*found, Measured(timezone.now(), base, other, 0.0, 0, 0, "not-whole")]
        found.append(_switch(site, base, other, look))
        if found[-1].trouble in TROUBLES[:4]:
            break
    return found


def _switch(site: Site, base: str, other: str, look: Callable[[Site], Status]) -> Measured:
    began, writer = timezone.now(), Writer(secrets.token_hex(16))
    writer.start()
    try:
        time.sleep(QUIET_S)
        begun = time.monotonic()
        ask_for_database(site, other)
        moved = _moved(site, other, look)
        time.sleep(QUIET_S)
    except Silent:
        return Measured(began, base, other, 0.0, len(writer.acknowledged), 0, "votes")
    finally:
        until = time.monotonic()
        writer.stopping.set()
        writer.join(30)
        connections["default"].close()  # it led to the server that led before
    there = set(Beat.objects.filter(run=writer.run_id).values_list("number", flat=True))
    lost = sum(number not in there for _at, number in writer.acknowledged)
    Beat.objects.filter(run=writer.run_id).delete()
    moments = [begun - QUIET_S, *(at for at, _number in writer.acknowledged), until]
    gap = max(later - earlier for earlier, later in pairwise(moments))
    trouble = "lost" if lost else "" if moved else "not-moved"
    if not trouble and gap > GOAL_S:
        trouble = "slow"
    return Measured(began, base, other, gap, len(writer.acknowledged), lost, trouble)


def _moved(site: Site, other: str, look: Callable[[Site], Status]) -> bool:
    """Wait until the other leads and both stand in for each other again."""
    deadline = time.monotonic() + MOST_S
    while time.monotonic() < deadline:
        state = look(site)
        if state.database_on == other and state.whole:
            return True
        with contextlib.suppress(InterruptedError):
            time.sleep(LOOK_S)
    return False
