"""`mainstay site power`: walks the steps of the power policy that stop a host: application, standby, primary, itself.

It needs neither the database nor the application, which it stops. How far it is stands in a file of the running system,
so that a watcher that was started again takes no step twice.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mainstay.commands.words import say
from mainstay.continuity.power import nut
from mainstay.continuity.power.rules import Move, State, Walk, advance, worst_of
from mainstay.continuity.site.rules import Host, Site
from mainstay.continuity.site.rules.render.cluster import REST

APP, STANDBY, PRIMARY, OFF = "stop-app", "stop-standby", "stop-primary", "power-off"
HOSTS = (APP, STANDBY, PRIMARY, OFF)  # the steps before these are the application's
STOP: dict[str, list[str]] = {
    APP: ["systemctl", "stop", "mainstay-role"],
    STANDBY: ["systemctl", "stop", "mainstay-patroni"],
    PRIMARY: ["systemctl", "stop", "mainstay-patroni"],
    OFF: ["systemctl", "poweroff"],
}
START: dict[str, list[str]] = {
    APP: ["systemctl", "start", "mainstay-role"],
    STANDBY: ["systemctl", "start", "mainstay-patroni"],
    PRIMARY: ["systemctl", "start", "mainstay-patroni"],
}
PATIENCE_S = 60  # the primary waits so long for the standby to be gone, then it goes too
SECONDS = 120

Ask = Callable[[], State]
Leads = Callable[[], bool | None]


def run(options: argparse.Namespace, host: Host, site: Site) -> int:
    """Look every few seconds until told to stop."""
    from mainstay.continuity.power.queries_address import address

    walker = Walker(
        site,
        Path(site.paths.run, "power.json"),
        ask=lambda: worst_of(nut.state(address(site, one, host), one.name) for one in site.ups),
        leads=lambda: leads(site, host),
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: stop.set())
    while True:
        walker.look(time.time())
        if options.once or stop.wait(options.every):
            return 0


def leads(site: Site, host: Host) -> bool | None:
    """Whether this host's database accepts writes; None when it does not say."""
    line = http.client.HTTPConnection(site.inner(host), REST, timeout=3)
    try:
        line.request("GET", "/primary")
        return line.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return None
    finally:
        line.close()


class Walker:
    """The policy of one host. `commands` are what is really run, per step; `leads` whether the database leads here."""

    def __init__(
        self,
        site: Site,
        kept: Path,
        *,
        ask: Ask,
        leads: Leads,
        stop: Mapping[str, list[str]] = STOP,
        start: Mapping[str, list[str]] = START,
    ) -> None:
        self.policy = [step for step in site.power if step.do in HOSTS]
        self.kept, self.ask, self.leads, self.stop, self.start = kept, ask, leads, stop, start
        self.walk, self.taken, self.waits_since = self._load()

    def _load(self) -> tuple[Walk, list[str], float | None]:
        try:
            facts = json.loads(self.kept.read_text(encoding="utf-8"))
            return Walk.from_dict(facts["walk"]), [str(one) for one in facts["taken"]], None
        except (OSError, ValueError, KeyError):
            return Walk(), [], None

    def _keep(self) -> None:
        self.kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.kept.with_name(self.kept.name + ".new")
        fresh.write_text(json.dumps({"walk": self.walk.as_dict(), "taken": self.taken}), encoding="utf-8")
        fresh.replace(self.kept)

    def look(self, now: float) -> list[str]:
        """Ask the supply once and do what is due; returns the steps taken or resumed on this host."""
        state, done = self.ask(), []
        before = list(self.walk.done)
        moves = advance(self.walk, self.policy, state, round(now))
        for move, at in moves:
            do = self.policy[at].do
            if move == Move.STEP and do == PRIMARY and not state.low and self._must_wait(now):
                self.walk.done = [one for one in self.walk.done if one in before or one < at]
                break
            before.append(at)
            if self._act(move, do):
                done.append(f"{move} {do}")
        if moves:
            self._keep()
        return done

    def _must_wait(self, now: float) -> bool:
        """A primary goes after its standby had time to end in good order."""
        if self.leads() is False:
            return False
        self.waits_since = self.waits_since or now
        return now - self.waits_since < PATIENCE_S

    def _act(self, move: Move, do: str) -> bool:
        """Run the command of a step; a database step only on the host that it concerns."""
        if move == Move.RESUME:
            if do not in self.taken:
                return False
            self.taken.remove(do)
            self.waits_since = None
            return self._run(self.start.get(do, []))
        if do in (STANDBY, PRIMARY) and self.leads() is not (do == PRIMARY):
            return False
        self.taken.append(do)
        return self._run(self.stop[do])

    def _run(self, words: list[str]) -> bool:
        if not words:
            return False
        say(" ".join(words))
        with contextlib.suppress(subprocess.TimeoutExpired, FileNotFoundError):
            subprocess.run(words, timeout=SECONDS, check=False)
        return True
