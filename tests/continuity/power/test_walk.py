"""NUT's real server with its dummy supply: on battery, low, back on line; the application's steps and the hosts'."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mainstay.commands.site_power import HOSTS, Walker
from mainstay.continuity.power import actions, batch, nut, queries
from mainstay.continuity.power.models import Discharge, Outage, Sample
from mainstay.continuity.power.rules import State
from mainstay.continuity.site.queries import HANDLE, tiles
from mainstay.continuity.site.rules.verdict import RED
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.errors import Problem
from tests.continuity.site.make import site
from tests.core.make import make_user
from tests.support.site import free_port

NOW = datetime(2026, 3, 31, 15, 58, 30, tzinfo=UTC)
CALM = {"ups.status": "OL", "battery.charge": "100", "ups.load": "40", "battery.runtime": "60000"}
DRIVER = "/lib/nut/dummy-ups"


class Supply:
    """A dummy supply behind NUT's server; `say` changes what it says and waits until the server says so."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.running = folder, free_port(), list[subprocess.Popen[bytes]]()
        self.file = folder / "room.dev"

    def write(self, **changes: str) -> dict[str, str]:
        facts = CALM | {name.replace("_", "."): value for name, value in changes.items()}
        self.file.write_text("".join(f"{name}: {value}\n" for name, value in facts.items()))
        return facts

    def begin(self) -> None:
        self.write()
        (self.folder / "run").mkdir()
        (self.folder / "ups.conf").write_text(
            f"[room]\n driver = dummy-ups\n port = {self.file}\n mode = dummy-once\n pollinterval = 1\n"
        )
        (self.folder / "upsd.conf").write_text(f"LISTEN 127.0.0.1 {self.port}\n")
        (self.folder / "upsd.users").write_text("")
        for path in (self.folder, *self.folder.iterdir()):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if os.geteuid() == 0:
                shutil.chown(path, "nut", "nut")
        names = ("NUT_CONFPATH", "NUT_STATEPATH", "NUT_ALTPIDPATH")
        places = dict(zip(names, (self.folder, self.folder / "run", self.folder / "run"), strict=True))
        environment = {**os.environ, **{name: os.fspath(path) for name, path in places.items()}}
        user = ["-u", "nut"] if os.geteuid() == 0 else []
        for words in ([DRIVER, "-a", "room", *user, "-D"], ["/lib/nut/upsd", "-D", *user]):
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.running.append(subprocess.Popen(words, env=environment, **quiet))  # type: ignore[call-overload]
        self.until(lambda one: one.status == ("OL",))

    def until(self, fine: Callable[[State], bool]) -> None:
        deadline = time.monotonic() + 30
        while not fine(self.state()):
            assert time.monotonic() < deadline, self.state()
            time.sleep(0.05)

    def state(self) -> State:
        return nut.state("127.0.0.1", "room", self.port)

    def say(self, status: str, runtime: int) -> None:
        later = time.time() + 1
        self.write(ups_status=status, battery_runtime=str(runtime))
        os.utime(self.file, (later, later + runtime % 97))
        self.until(lambda one: one.status == tuple(status.split()) and one.runtime_s == runtime)

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


@pytest.fixture
def supply() -> Iterator[Supply]:
    """The dummy supply, on line."""
    if not Path(DRIVER).exists() or not Path("/lib/nut/upsd").exists():
        pytest.skip("NUT is not installed")
    with tempfile.TemporaryDirectory(prefix="ms-nut-", dir="/var/tmp") as name:  # where the user of NUT gets
        one = Supply(Path(name))
        try:
            one.begin()
            yield one
        finally:
            one.end()


@pytest.fixture
def room(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A declared site."""
    from mainstay.continuity.site.library import example

    settings.SITE_FILE = str(tmp_path / "site.toml")
    Path(settings.SITE_FILE).write_text(example(), encoding="utf-8")


def say(status: str, runtime: int | None = 60_000, charge: int = 100) -> State:
    """A state without a supply."""
    return State(tuple(status.split()), charge, 40, runtime, 230)


@pytest.mark.slow
def test_the_real_server_walks_a_host_down_and_up_again(supply: Supply, tmp_path: Path) -> None:
    """Application, standby, primary, off: in order, each once, also by a watcher started anew; resumed on line."""
    log, kept = tmp_path / "log", tmp_path / "power.json"

    def command(word: str, do: str) -> list[str]:
        return ["sh", "-c", f"echo {word} {do} >> {log}"]

    def watcher(leads: bool) -> Walker:
        return Walker(
            site(), kept, ask=supply.state, leads=lambda: leads,
            stop={do: command("stop", do) for do in HOSTS}, start={do: command("start", do) for do in HOSTS[:3]},
        )  # fmt: skip

    watcher(False).look(0)
    supply.say("OB DISCHRG", 3000)
    watcher(False).look(10)
    assert not log.exists(), "an hour is left: the application's own steps come first"
    supply.say("OB DISCHRG", 1700)
    for now in (20, 25):
        watcher(False).look(now)
    supply.say("OB LB", 100)
    for now in (30, 35):
        watcher(False).look(now)
    assert log.read_text().splitlines() == ["stop stop-app", "stop stop-standby", "stop power-off"]
    supply.say("OL CHRG", 400)
    for now in (40, 45):
        watcher(False).look(now)
    assert log.read_text().splitlines()[3:] == ["start power-off", "start stop-standby", "start stop-app"][1:]


def test_a_primary_waits_for_its_standby_but_not_for_ever(tmp_path: Path) -> None:
    found: list[str] = []
    given = [say("OB", 1000)]
    one = Walker(
        site(), tmp_path / "p.json", ask=lambda: given[0], leads=lambda: True,
        stop={do: ["true"] for do in HOSTS}, start={},
    )  # fmt: skip
    for now in (0, 30, 59):
        found += one.look(1000 + now)
    assert found == ["step stop-app"]
    found += one.look(1061)
    assert found == ["step stop-app", "step stop-primary"]
    given[0] = say("OB LB", 10)
    assert one.look(1062) == ["step power-off"]


@pytest.mark.django_db
def test_the_application_tells_stops_reports_asks_for_a_backup_and_resumes(room: None) -> None:
    handler = make_user(rights={HANDLE: ("all", None)})
    kinds = {"accounts.expiry": True, "continuity.site.watch": True, "inspection.patrols.make_rounds": False}
    for kind, active in kinds.items():
        Schedule.objects.update_or_create(kind=kind, defaults={"every_minutes": 60, "next_at": NOW, "active": active})
    policy = [step for step in site().power if step.do in batch.OURS]

    def walk(minutes: int, given: State) -> list[str]:
        return batch.walk_policy(policy, given, NOW + timedelta(minutes=minutes))

    def active() -> dict[str, bool]:
        return dict(Schedule.objects.filter(kind__in=kinds).values_list("kind", "active"))

    assert walk(0, say("OL")) == [] and not Outage.objects.exists()
    assert walk(1, say("OB", 9000)) == [] and walk(2, say("OB", 9000)) == ["step notify"]
    assert waiting_for(handler).get().title_zh == "市电中断，电池可支撑约 150 分钟"
    assert walk(3, say("OB", 3000)) == ["step stop-reports", "step extra-backup"]
    assert active() == {**kinds, "accounts.expiry": False}
    assert walk(4, say("OB", 2900)) == []
    assert walk(5, say("OL", 3000)) == ["resume extra-backup", "resume stop-reports", "resume notify"]
    assert active() == kinds, "what a person had switched off stays off"
    assert not waiting_for(handler).exists()
    outage = Outage.objects.get()
    assert (outage.lowest_s, outage.open, len(outage.steps)) == (2900, False, 6)
    assert walk(6, say("OB", 9000)) == [] and Outage.objects.count() == 2


@pytest.mark.django_db
def test_a_weak_battery_turns_the_tile_and_a_test_is_due(room: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nut, "state", lambda *_where: say("OL", 20_000))
    assert batch.take_samples(NOW) == 1
    tile = tiles(NOW, ["D8"])[0]
    assert tile.verdict == RED and "8:00" in tile.wrong[0].text_en
    assert [one.verdict for one in queries.look_at_tests(NOW)] == [RED]


@pytest.mark.django_db
@pytest.mark.parametrize(("left", "passed"), [(60, True), (10, False)])
def test_a_discharge_test_is_recorded_from_its_samples(room: None, client: Client, left: int, passed: bool) -> None:
    began = NOW.replace(second=0) - timedelta(days=1)
    Sample.objects.bulk_create(
        Sample(ups="room", at=began + timedelta(minutes=n), status="OB", charge=100 - (100 - left) * n // 240, load=80)
        for n in range(241)
    )
    by = make_user(rights=dict.fromkeys((actions.RECORD, queries.VIEW), ("all", None)))
    for window, code in (
        ((began, began), "window"),
        ((began - timedelta(days=2), began - timedelta(days=1)), "no_curve"),
    ):
        with pytest.raises(Problem) as refused:
            actions.record_discharge(ups="room", began_at=window[0], ended_at=window[1], by=by)
        assert refused.value.code == code
    one = actions.record_discharge(ups="room", began_at=began, ended_at=began + timedelta(hours=5), by=by)
    assert (one.carried_s, one.load, one.left_percent, one.passed) == (14_460, 80, left, passed)
    client.force_login(by)
    text = client.get(f"/power/tests/{one.pk}/").content.decode()
    assert "<polyline" in text and Discharge.objects.count() == 1
    assert client.get("/power/").status_code == 200
