"""The role agent: on both servers; the holder of the lease runs the application and has the service address.

`mainstay site agent --config /etc/mainstay/role.json`, kept by systemd. Three threads: one speaks with the votes, one
asks the application whether it is ready, and the main one acts, so that no slow answer delays a fence.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mainstay.continuity.standby import database
from mainstay.continuity.standby.etcd import Etcd, Silent
from mainstay.continuity.standby.knock import knock
from mainstay.continuity.standby.observe import BASE
from mainstay.continuity.standby.processes import (
    Program,
    address_here,
    adopt_orphans,
    drop_address,
    forget_neighbour,
    kill_orphans,
    take_address,
)
from mainstay.continuity.standby.rules import FENCE_SHARE, Move, Seen, decide
from mainstay.continuity.standby.rules_arbiter import Ports

TICK_S, RENEW_S, PROBE_S, PROBE_TIMEOUT_S, SWEEP_S, LEAD_S = 0.05, 0.25, 0.4, 3.0, 1.0, 5.0
HOLDER, READY, SWITCH, HISTORY, ALIVE = "holder", "ready/", "switch", "history/", "alive/"
KNOCK_S, FORGET_AFTER, BEAT_S = 0.3, 2, 1.5
NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Config:
    """What `role.json` says."""

    host: str
    peer: str
    preferred: bool
    etcd: list[str]
    prefix: str
    lease_s: int
    address: str
    interface: str
    ready: str
    web: list[str]
    worker: list[str]
    user: str
    environment: str
    state: str
    witness: str = ""  # its vote's host:port
    peer_ports: tuple[str, ...] = ()  # where the peer's watchman and database listen, for the arbiter
    peer_address: str = ""
    watchman: str = ""  # Patroni's file
    arbiter: bool = False

    @classmethod
    def read(cls, path: Path) -> Config:
        """Read the file; a key that is missing or unknown raises TypeError."""
        facts = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{one.name: facts.pop(one.name) for one in fields(cls) if one.name in facts}, **facts)


class View:
    """What the threads see, shared; moments on the monotonic clock."""

    def __init__(self) -> None:
        self.lease = ""
        self.mine = False
        self.sure_until = 0.0
        self.heard_at = NEVER
        self.holder = ""
        self.claimed_at = 0.0
        self.vacant_since = 0.0
        self.known = False
        self.ready_since = 0.0
        self.unready_since = time.monotonic()
        self.peer_ready_since = 0.0
        self.peer_beat = (0.0, NEVER)
        self.switch_to = self.base_to = ""
        self.beats: dict[str, float] = {}
        self.peer_ports = str(Ports.HEARD)


class Agent:
    """One server's agent."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.view = View()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.etcd = Etcd(config.etcd, lasting=True)
        self.web = Program(config.web, config.user, config.environment)
        self.worker = Program(config.worker, config.user, config.environment, rest_s=3.0)
        self.gave_at = self.failed_at = NEVER
        self.was_ready = False
        self.swept_at = 0.0
        self.said = ""

    def run(self) -> int:
        """Until told to stop; then give the role away and leave nothing behind."""
        adopt_orphans()
        drop_address(self.config.address, self.config.interface)
        for target in (self._votes, self._probe, self._lead, self._knock):
            threading.Thread(target=target, daemon=True).start()
        votes = (self.etcd, self.config.prefix)
        errand = (self.config.host, self.config.watchman, votes, lambda: self.view.base_to, self.stopping)
        threading.Thread(target=database.serve, args=errand, daemon=True).start()
        try:
            while not self.stopping.wait(TICK_S):
                self._act()
        finally:
            self._put_down()
            with contextlib.suppress(Silent):
                if self.view.lease:
                    self.etcd.revoke(self.view.lease)
        return 0

    # ---------------------------------------------------------------- acting

    def _act(self) -> None:
        move, reason = decide(self._seen())
        if move == Move.FENCE:
            self._fence(reason)
        elif move == Move.HAND_OVER:
            self._hand_over(reason)
        elif move == Move.CLAIM:
            self._claim(reason)
        self._keep()
        self._tell()

    def _seen(self) -> Seen:
        now, view = time.monotonic(), self.view
        with self.lock:
            ready_s = now - view.ready_since if view.ready_since else 0.0
            self.was_ready = self.was_ready or (view.mine and ready_s > 0)
            return Seen(
                now=now,
                mine=view.mine,
                sure_until=view.sure_until,
                heard=now - view.heard_at < self.config.lease_s * FENCE_SHARE,
                holder=view.holder,
                vacant_s=now - view.vacant_since if view.vacant_since else 0.0,
                known=view.known,
                preferred=self.config.preferred,
                web_runs=self.web.runs(),
                ready_s=ready_s,
                unready_s=now - view.unready_since if view.unready_since else 0.0,
                peer_ready_s=now - view.peer_ready_since if view.peer_ready_since else 0.0,
                switch_to_peer=view.switch_to == self.config.peer,
                gave_at=self.gave_at,
                failed_at=self.failed_at,
                was_ready=self.was_ready,
            )

    def _keep(self) -> None:
        """Keep the programs that belong here: the worker with the role; the web server also warm beside a peer."""
        view = self.view
        if view.mine:
            self.web.keep()
            self.worker.keep()
        elif view.holder == self.config.peer and (view.peer_ready_since or self.web.process):
            self.web.keep()
        if time.monotonic() - self.swept_at >= SWEEP_S:
            self.swept_at = time.monotonic()
            kill_orphans({one.process.pid for one in (self.web, self.worker) if one.process})

    def _claim(self, reason: str) -> None:
        """Take the role when nobody has it: first the vote, then the address."""
        with self.lock:
            lease, begun = self.view.lease, time.monotonic()
        if not lease:
            return
        try:
            won = self.etcd.claim(self.config.prefix + HOLDER, self.config.host, lease) and self.etcd.renew(lease)
        except Silent:
            return
        if not won:
            return
        with self.lock:
            self.view.mine, self.view.holder, self.view.known = True, self.config.host, True
            self.view.vacant_since, self.view.claimed_at = 0.0, time.monotonic()
            self.view.sure_until = begun + self.config.lease_s * FENCE_SHARE
            beat = self.view.beats.get(self.config.peer)
        self.was_ready = False
        take_address(self.config.address, self.config.interface)
        silent_s = max(0.0, time.time() - beat) if beat and reason == "vacant" else 0.0
        self._log(f"takes the role ({reason}), {silent_s:.1f} s after the last sign of the other")
        fact = {"at": time.time(), "to": self.config.host, "reason": reason, "seconds": round(silent_s, 2)}
        with contextlib.suppress(Silent):
            self.etcd.put(f"{self.config.prefix}{HISTORY}{time.time_ns()}", json.dumps(fact))

    def _hand_over(self, reason: str) -> None:
        """Give the role to the peer: nothing may answer here before it can answer there."""
        self._log(f"gives the role away ({reason})")
        drop_address(self.config.address, self.config.interface)
        self.worker.stop()
        self.gave_at = time.monotonic()
        if reason != "planned":
            self.failed_at = self.gave_at
        with self.lock:
            self.view.mine, self.view.switch_to = False, ""
        try:
            self.etcd.release(self.config.prefix + HOLDER, self.config.host)
            self.etcd.delete(self.config.prefix + SWITCH)
        except Silent:
            self._drop_lease()

    def _fence(self, reason: str) -> None:
        """Stop everything here before the lease can be another's."""
        self._put_down()
        self._log(f"stops everything here ({reason})")
        with self.lock:
            self.view.mine = False
        self._drop_lease()

    def _put_down(self) -> None:
        if address_here(self.config.address, self.config.interface):
            drop_address(self.config.address, self.config.interface)
        self.worker.stop()
        self.web.stop()
        kill_orphans(set())

    def _drop_lease(self) -> None:
        with self.lock:
            self.view.lease = ""

    # ---------------------------------------------------------------- seeing

    def _votes(self) -> None:
        """Renew the lease, see who holds the role, tell that this application is ready."""
        while not self.stopping.is_set():
            begun = time.monotonic()
            try:
                self._round(begun)
            except Silent:
                pass
            except (KeyError, ValueError) as error:
                self._log(f"a strange answer of the votes: {error!r}")
            self.stopping.wait(max(0.0, RENEW_S - (time.monotonic() - begun)))

    def _round(self, begun: float) -> None:
        view, config = self.view, self.config
        lease = view.lease
        if not lease or not self.etcd.renew(lease):
            lease = self.etcd.grant(config.lease_s)
            with self.lock:
                view.lease = lease
                if view.mine:  # the lease ended, hence the role with it
                    view.sure_until = 0.0
        elif view.mine:
            with self.lock:
                view.sure_until = begun + config.lease_s * FENCE_SHARE
        if config.arbiter:  # it judges by these words: that this host is there, and whether it hears the other
            word = json.dumps({"at": time.time(), "peer": view.peer_ports})
            self.etcd.put(f"{config.prefix}{ALIVE}{config.host}", word, lease)
        own = f"{config.prefix}{READY}{config.host}"
        if view.ready_since:
            found = self.etcd.tell(own, str(time.time()), lease, config.prefix)
        else:
            if config.host in view.beats:
                self.etcd.delete(own)
            found = self.etcd.below_with_leases(config.prefix)
        self._note(begun, *found)

    def _note(self, begun: float, found: dict[str, str], leases: dict[str, str]) -> None:
        view, now = self.view, time.monotonic()
        beats = {key[len(READY) :]: float(value) for key, value in found.items() if key.startswith(READY)}
        with self.lock:
            view.heard_at = begun
            view.switch_to, view.base_to = found.get(SWITCH, ""), found.get(BASE, "")
            if begun >= view.claimed_at:  # what was read before this host took the role says nothing about it
                view.holder = found.get(HOLDER, "")
                if view.holder == self.config.host and not view.mine and leases.get(HOLDER) == view.lease:
                    view.holder = ""  # a claim whose answer was lost: it is made again, or nobody would have the role
                view.known = view.known or bool(view.holder)
                gone = not view.holder or (view.mine and view.holder != self.config.host)
                view.vacant_since = (view.vacant_since or now) if gone else 0.0
            beat = beats.get(self.config.peer, 0.0)
            if beat != view.peer_beat[0]:
                view.peer_beat = beat, now
            there = beat > 0 and now - view.peer_beat[1] < BEAT_S  # the key of a dead host stays until its lease ends
            view.peer_ready_since = (view.peer_ready_since or now) if there else 0.0
            view.beats = {**view.beats, **beats}
            if self.config.host not in beats:
                view.beats.pop(self.config.host, None)

    def _probe(self) -> None:
        """Ask the application here whether it is ready: database reachable and writable, tables up to date."""
        while not self.stopping.wait(PROBE_S):
            fine, now = self.web.runs() and ready(self.config.ready), time.monotonic()
            with self.lock:
                self.view.ready_since = (self.view.ready_since or now) if fine else 0.0
                self.view.unready_since = 0.0 if fine else (self.view.unready_since or now)

    def _knock(self) -> None:
        """Knock at the peer's database, for the arbiter; forget the way to a peer that fell silent.

        Without that Patroni and the application would send into the void for seconds; asking anew fails at once.
        """
        silent = 0
        while self.config.peer_ports and not self.stopping.wait(KNOCK_S):
            found = knock(self.config.peer_ports)
            self.view.peer_ports = str(found)
            silent = silent + 1 if found == Ports.SILENT else 0
            if silent == FORGET_AFTER:
                forget_neighbour(self.config.peer_address, self.config.interface)

    def _lead(self) -> None:
        """Keep the lead of the votes on the witness.

        When the lead changes, every lease lives on for its whole time: etcd cannot know how much was left. If it lay
        on a server, that server's death would double the time until its roles are free.
        """
        while self.config.witness and not self.stopping.wait(LEAD_S):
            own = self.config.etcd[0]
            with contextlib.suppress(Silent):
                number, leader = self.etcd.standing(own)
                if number and number == leader:
                    witness, known = self.etcd.standing(self.config.witness)
                    if known == leader:
                        self.etcd.hand_lead(own, witness)
                        self._log("gives the lead of the votes to the witness")

    def _tell(self) -> None:
        """Keep a small file about the state, for the page and for people."""
        view = self.view
        facts = {
            "host": self.config.host,
            "holds": view.mine,
            "holder": view.holder,
            "ready": bool(view.ready_since),
            "peer_ready": bool(view.peer_ready_since),
        }
        text = json.dumps(facts)
        if text != self.said:
            self.said = text
            path = Path(self.config.state)
            fresh = path.with_suffix(".new")
            with contextlib.suppress(OSError):
                path.parent.mkdir(parents=True, exist_ok=True)
                fresh.write_text(text, encoding="utf-8")
                fresh.replace(path)

    def _log(self, text: str) -> None:
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {self.config.host} {text}\n")
        sys.stdout.flush()


def ready(address: str) -> bool:
    """Ask /readyz once."""
    connection = http.client.HTTPConnection(address, timeout=PROBE_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    made = argparse.ArgumentParser("mainstay site agent", description=__doc__)
    made.add_argument("--config", type=Path, default=Path("/etc/mainstay/role.json"))
    return made


def main(argv: list[str]) -> int:
    """Run until SIGTERM."""
    agent = Agent(Config.read(parser().parse_args(argv).config))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: agent.stopping.set())
    return agent.run()


def state(config: Config) -> dict[str, Any]:
    """What the agent of this host last said of itself; {} when it never ran."""
    try:
        found: dict[str, Any] = json.loads(Path(config.state).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(sys.argv[1:]))
