"""The witness's arbiter: sees that the database's leader is dead and ends its lease, so that the standby leads at once.

`mainstay site arbiter --config /etc/mainstay/arbiter.json`, kept by systemd on the witness where the declaration says
`arbiter = true`. Its rules are in `rules_arbiter`; here are the looks they judge by.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import signal
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, fields
from pathlib import Path

from mainstay.continuity.standby.etcd import Etcd, Silent
from mainstay.continuity.standby.knock import knock
from mainstay.continuity.standby.rules_arbiter import LOOKS, Look, Ports, may_depose

EVERY_S, VOTES_S, ALIVE, READY, NEVER = 0.3, 0.5, "alive/", "ready/", -1e9


@dataclass(frozen=True, slots=True)
class Config:
    """What `arbiter.json` says: the votes, where Patroni and the agents keep their keys, each server's two ports."""

    etcd: list[str]
    cluster: str
    roles: str
    servers: dict[str, list[str]]

    @classmethod
    def read(cls, path: Path) -> Config:
        """Read the file; a key that is missing or unknown raises TypeError."""
        facts = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{one.name: facts.pop(one.name) for one in fields(cls) if one.name in facts}, **facts)


class Arbiter:
    """Looks three times a second, remembers the last looks, deposes when the rules allow it."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.etcd = Etcd(config.etcd, VOTES_S, lasting=True)
        self.looks: deque[Look] = deque(maxlen=LOOKS)
        self.beats: dict[str, tuple[str, float]] = {}
        self.deposed_at = NEVER
        self.stopping = threading.Event()
        self.said = ""

    def run(self) -> int:
        """Until told to stop."""
        while not self.stopping.is_set():
            begun = time.monotonic()
            self.step()
            self.stopping.wait(max(0.0, EVERY_S - (time.monotonic() - begun)))
        self.etcd.close()
        return 0

    def step(self) -> bool:
        """One look and what follows from it; tells whether the leader was deposed."""
        look = self.look()
        self.looks.append(look)
        depose, reason = may_depose(tuple(self.looks), time.monotonic() - self.deposed_at)
        if not depose:
            self._say(reason, look)
            return False
        try:
            self.etcd.revoke(look.lease)
        except Silent:
            return False
        self.deposed_at = time.monotonic()
        self.looks.clear()
        self._say("dead", look)
        fact = {"at": time.time(), "from": look.leader, "to": look.standby, "reason": "dead"}
        with contextlib.suppress(Silent):
            self.etcd.put(f"{self.config.roles}deposed/{time.time_ns()}", json.dumps(fact))
        return True

    def look(self) -> Look:
        """Ask the votes, knock at the leader, hear what the standby's agent tells."""
        try:
            facts, leases = self.etcd.below_with_leases(self.config.cluster)
            told = self.etcd.below(self.config.roles)
        except Silent:
            return Look(False, "", "", "", Ports.SILENT, Ports.SILENT, 1e9, standby_lives=False, beat_s=1e9)
        leader = facts.get("leader", "")
        standby = _standby(facts.get("sync", ""))
        if leader not in self.config.servers:
            return Look(True, "", "", standby, Ports.SILENT, Ports.SILENT, 1e9, standby_lives=False, beat_s=1e9)
        for name in self.config.servers:
            self._hear(name, told)
        ports = knock(self.config.servers[leader])
        word = _word(told, standby)
        return Look(
            votes=True,
            leader=leader,
            lease=leases.get("leader", ""),
            standby=standby,
            ports=ports,
            from_standby=Ports(word.get("peer", Ports.HEARD)),
            standby_told_s=self._age(standby),
            standby_lives=ports != Ports.HEARD and self._lives(standby),
            beat_s=self._age(leader),
        )

    def _hear(self, name: str, told: dict[str, str]) -> None:
        """Note when a host's word last changed, by this machine's own clock."""
        now, word = time.monotonic(), told.get(f"{ALIVE}{name}", "")
        if word and self.beats.get(name, ("", 0.0))[0] != word:
            self.beats[name] = word, now

    def _age(self, name: str) -> float:
        return time.monotonic() - self.beats[name][1] if name in self.beats else 1e9

    def _lives(self, name: str) -> bool:
        """Whether a standby's watchman says that it runs as one."""
        if name not in self.config.servers:
            return False
        connection = http.client.HTTPConnection(self.config.servers[name][0], timeout=VOTES_S)
        try:
            connection.request("GET", "/replica")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _say(self, reason: str, look: Look) -> None:
        text = f"{look.leader or '-'} {reason}"
        if text != self.said:
            self.said = text
            sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
            sys.stdout.flush()


def _standby(text: str) -> str:
    """The synchronous standby in Patroni's key; "" for none, or for several."""
    try:
        names = str(json.loads(text).get("sync_standby") or "").split(",")
    except (ValueError, AttributeError):
        return ""
    return names[0] if len(names) == 1 else ""


def _word(told: dict[str, str], name: str) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(told.get(f"{ALIVE}{name}", "{}"))
    except ValueError:
        return {}
    return found


def parser() -> argparse.ArgumentParser:
    """Return the parser."""
    made = argparse.ArgumentParser("mainstay site arbiter", description=__doc__)
    made.add_argument("--config", type=Path, default=Path("/etc/mainstay/arbiter.json"))
    return made


def main(argv: list[str]) -> int:
    """Run until SIGTERM."""
    arbiter = Arbiter(Config.read(parser().parse_args(argv).config))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_facts: arbiter.stopping.set())
    return arbiter.run()
