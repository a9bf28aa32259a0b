"""A restored data folder takes the place of the pair's: pause, stop, swap, start, resume, renew the other server.

It runs on the host that leads the database, as root. Each step looks first whether it is done already, and a file
beside the data remembers the names, so that the same command goes on where it stopped. Nothing is deleted: what was
there before stays beside under the name the file says.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

ASK_S, STEP_S = 5.0, 0.5
PAUSE_S, STOP_S, START_S, RENEW_S = 60.0, 120.0, 300.0, 6 * 3600.0
# What pgBackRest writes into the restored server's own file: it would keep the journal from being archived.
GENERATED = re.compile(r"^(archive_mode|restore_command|recovery_target\w*|primary_conninfo|primary_slot_name)\s*=")
NOTE = "restore-under-way.json"
Run = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Watchman:
    """Patroni as its file on this host has it: where it answers, its password, the data folder, the programs."""

    host: str
    address: str
    password: str
    data: Path
    programs: Path

    def ask(self, path: str, address: str = "") -> dict[str, Any]:
        """What a watchman says; {} when it does not answer or has nothing to say."""
        try:
            return dict(json.loads(self._send("GET", path, None, address)[1] or b"{}"))
        except (OSError, http.client.HTTPException, ValueError):
            return {}

    def tell(self, method: str, path: str, body: dict[str, Any], address: str = "") -> None:
        """Tell a watchman to do something. Raises Problem with what it says against it."""
        try:
            status, said = self._send(method, path, body, address)
        except (OSError, http.client.HTTPException) as error:
            raise self._against(address, str(error)) from None
        if status not in {http.HTTPStatus.OK, http.HTTPStatus.ACCEPTED}:
            raise self._against(address, said.decode(errors="replace")[:200])

    def _against(self, address: str, said: str) -> Problem:
        text = _("Patroni at %(address)s says: %(said)s. Mend it, then run the command again: it goes on from here.")
        return Problem(text % {"address": address or self.address, "said": said}, code="watchman")

    def _send(self, method: str, path: str, body: dict[str, Any] | None, address: str) -> tuple[int, bytes]:
        token = base64.b64encode(f"mainstay:{self.password}".encode()).decode()
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {token}"}
        connection = http.client.HTTPConnection(address or self.address, timeout=START_S if body else ASK_S)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def members(self) -> list[dict[str, Any]]:
        """Both servers as this watchman sees them."""
        found: list[dict[str, Any]] = self.ask("/cluster").get("members", [])
        return found

    def other(self) -> dict[str, Any] | None:
        """The other server, None while none is there."""
        return next((one for one in self.members() if one["name"] != self.host), None)


def watchman(path: Path) -> Watchman:
    """Read Patroni's file of this host. Raises OSError, KeyError."""
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    rest, server = facts["restapi"], facts["postgresql"]
    password = rest["authentication"]["password"]
    return Watchman(
        facts["name"], rest["connect_address"], password, Path(server["data_dir"]), Path(server["bin_dir"])
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its key, what it does in words, and what does it."""

    key: str
    title: Any
    do: Callable[[], None]


TITLES = {
    "pause": _("Pause Patroni on both servers: none takes over meanwhile"),
    "stop": _("Stop the database here"),
    "swap": _("Put the present data aside and the restored in their place"),
    "start": _("Start it and wait until it accepts writes"),
    "resume": _("Let Patroni act again"),
    "renew": _("Let the other server fetch everything anew, and wait until it is in step"),
}


class TakeUp:
    """The steps for one restored folder. `run` runs a program as the database's user (`pgbackrest.run`)."""

    def __init__(self, man: Watchman, restored: Path, run: Run) -> None:
        self.man, self.run = man, run
        self.note = man.data.parent / NOTE
        known = json.loads(self.note.read_text()) if self.note.exists() else {}
        self.restored = Path(known.get("restored", restored))
        self.aside = Path(known.get("aside", f"{man.data}.before-{time.strftime('%Y%m%d-%H%M%S')}"))

    def steps(self) -> list[Step]:
        """In order."""
        return [Step(key, title, getattr(self, key)) for key, title in TITLES.items()]

    @property
    def under_way(self) -> bool:
        """Whether a restore stopped half-way here; the next one goes on with it."""
        return self.note.exists()

    def check_place(self) -> None:
        """Raise Problem unless this host leads the database, or a restore is under way here."""
        leads = [str(one["name"]) for one in self.man.members() if one.get("role") == "leader"]
        if not self.under_way and leads != [self.man.host]:
            text = _("The database is led by %(host)s. Run this command there, as root. Nothing was changed.")
            raise Problem(text % {"host": ", ".join(leads) or "–"}, code="not_leader")

    def go(self) -> Iterator[Step]:
        """Do every step; yields each before it is done. Raises Problem; called again it goes on."""
        self.check_place()
        if not (self.restored / "PG_VERSION").exists() and not self.aside.exists():
            text = _("%(path)s holds no restored database. Nothing was changed.")
            raise Problem(text % {"path": self.restored}, code="no_data")
        self.note.write_text(json.dumps({"restored": str(self.restored), "aside": str(self.aside)}), encoding="utf-8")
        for one in self.steps():
            yield one
            one.do()
        self.note.unlink()

    # ---------------------------------------------------------------------------------------------- the steps

    def pause(self) -> None:
        """Let the watchmen only watch: none promotes the other server while this one is away."""
        self.man.tell("PATCH", "/config", {"pause": True})
        there = [_address(one) for one in self.man.members()]
        answering = [one for one in there if self.man.ask("/patroni", one)]
        self._wait(lambda: all(self.man.ask("/patroni", one).get("pause") for one in answering), PAUSE_S, "pause")

    def stop(self) -> None:
        """Stop this server in an orderly way. A database already swapped is left alone."""
        if not self.aside.exists() and (self.man.data / "postmaster.pid").exists():
            self.run(
                self.man.programs / "pg_ctl", "-D", self.man.data, "-m", "fast", "-t", str(int(STOP_S)), "-w", "stop"
            )  # fmt: skip

    def swap(self) -> None:
        """The present data aside, the restored ones in their place, without the words of the restore."""
        if self.man.data.exists() and not self.aside.exists():
            self.man.data.rename(self.aside)
        if self.restored.exists() and not self.man.data.exists():
            for name in ("recovery.signal", "standby.signal"):
                (self.restored / name).unlink(missing_ok=True)
            own = self.restored / "postgresql.auto.conf"
            kept = [line for line in own.read_text().splitlines() if not GENERATED.match(line)]
            own.write_text("\n".join([*kept, ""]), encoding="utf-8")
            for name in ("postgresql.base.conf", "pg_hba.conf", "pg_ident.conf", "patroni.dynamic.json"):
                if (self.aside / name).exists():
                    shutil.copy2(self.aside / name, self.restored / name)
                    shutil.chown(self.restored / name, "postgres", "postgres")
            self.restored.rename(self.man.data)

    def start(self) -> None:
        """Let the watchman start it, and wait until it accepts writes."""
        if not self._leads():
            self.man.tell("POST", "/restart", {})
        self._wait(self._leads, START_S, "start")

    def resume(self) -> None:
        """Let the watchmen act again."""
        self.man.tell("PATCH", "/config", {"pause": None})
        self._wait(lambda: not self.man.ask("/patroni").get("pause"), PAUSE_S, "resume")

    def renew(self) -> None:
        """Let the other server fetch everything anew, and wait until its copy is in step."""
        if self._in_step():
            return
        other = self.man.other()
        if other is None or not self.man.ask("/patroni", _address(other)):
            text = _("The database works again, on this server alone: the other one does not answer. Mend it, then "
                     "run the command again: it fetches everything anew.")  # fmt: skip
            raise Problem(text, code="no_other")
        self.man.tell("POST", "/reinitialize", {"force": True}, _address(other))
        self._wait(self._in_step, RENEW_S, "renew")

    # ---------------------------------------------------------------------------------------------- looking

    def _leads(self) -> bool:
        found = self.man.ask("/patroni")
        return found.get("state") == "running" and found.get("role") in {"primary", "master"}

    def _in_step(self) -> bool:
        rows = self.man.members()
        own = next((one for one in rows if one["name"] == self.man.host), {})
        other = next((one for one in rows if one["name"] != self.man.host), {})
        same = other.get("timeline") == own.get("timeline") and own.get("role") == "leader"
        return same and other.get("state") == "streaming"

    def _wait(self, fine: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not fine():
            if time.monotonic() > deadline:
                text = _("“%(step)s” was not done in time. Look at the log of mainstay-patroni on both servers, then "
                         "run the command again: it goes on from here.")  # fmt: skip
                raise Problem(text % {"step": TITLES[what]}, code="late")
            time.sleep(STEP_S)


def _address(member: dict[str, Any]) -> str:
    """Where a member's watchman answers: host:port."""
    return str(member["api_url"]).split("/")[2]
