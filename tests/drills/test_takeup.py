"""A restored database takes the place of the pair's, with the real programs: etcd, two Patronis, pgBackRest."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from mainstay.commands import restore
from mainstay.continuity.backup import pgbackrest
from mainstay.continuity.backup.pgbackrest import Place
from mainstay.continuity.standby import patroni
from mainstay.continuity.standby.takeup import TITLES, TakeUp, watchman
from mainstay.drill.memory import place
from mainstay.kit.errors import Problem
from tests.continuity.standby.etcd_here import etcd_here, free_port
from tools.gates.needs import postgres_programs

pytestmark = pytest.mark.slow
STANZA = "haitang"
CONF = """[global]
repo1-path={folder}/room
repo1-retention-full=2
start-fast=y
compress-type=lz4
archive-async=n
lock-path={folder}/lock
log-path={folder}/log
spool-path={folder}/spool

[haitang]
pg1-path={folder}/one/data
pg1-socket-path={folder}/one
pg1-port={port}
"""


class Pair:
    """Two servers under Patroni on one machine."""

    def __init__(self, folder: Path, programs: Path, votes: str) -> None:
        self.folder, self.programs, self.votes = folder, programs, votes
        self.ports = {name: (free_port(), free_port()) for name in ("one", "two")}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.place = Place(folder / "pgbackrest.conf", STANZA, programs, ("room",), (), "postgres", folder / "one")

    def write(self) -> None:
        for name in ("room", "lock", "log", "spool", "one", "two"):
            (self.folder / name).mkdir(mode=0o755)
        self.place.conf.write_text(CONF.format(folder=self.folder, port=self.ports["one"][0]))
        for name in ("one", "two"):
            (self.folder / f"{name}.yml").write_text(json.dumps(self._facts(name)))
        (self.folder / "etc").mkdir()
        shutil.copy(self.folder / "one.yml", self.folder / "etc" / "patroni.yml")
        for path in (self.folder, *self.folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")

    def _facts(self, name: str) -> dict[str, object]:
        port, rest = self.ports[name]
        archive = f"pgbackrest --config={self.place.conf} --stanza={STANZA} archive-push %p"
        return {
            "scope": STANZA, "name": name, "namespace": "/mainstay/",
            "restapi": {
                "listen": f"127.0.0.1:{rest}", "connect_address": f"127.0.0.1:{rest}",
                "authentication": {"username": "mainstay", "password": "open"},
            },
            "etcd3": {"hosts": [self.votes]},
            "bootstrap": {
                "dcs": {
                    "ttl": 20, "loop_wait": 1, "retry_timeout": 3, "synchronous_mode": True,
                    "postgresql": {
                        "use_pg_rewind": True, "use_slots": True,
                        "parameters": {
                            "wal_level": "replica", "wal_log_hints": "on", "archive_mode": "on",
                            "archive_command": archive, "archive_timeout": "5s", "shared_buffers": "16MB",
                        },
                    },
                },
                "initdb": ["data-checksums", {"encoding": "UTF8"}, {"auth-host": "scram-sha-256"}, "no-sync"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}",
                "data_dir": f"{self.folder}/{name}/data", "bin_dir": str(self.programs),
                "pgpass": f"{self.folder}/{name}/pgpass",
                "authentication": {
                    "superuser": {"username": "postgres", "password": "a"},
                    "replication": {"username": "repl", "password": "b"},
                    "rewind": {"username": "rewind", "password": "c"},
                },
                "parameters": {"unix_socket_directories": f"{self.folder}/{name}", "fsync": "off"},
                "pg_hba": ["local all all trust", "local replication all trust",
                           "host replication repl 127.0.0.1/32 scram-sha-256",
                           "host all all 127.0.0.1/32 scram-sha-256"],
            },
            "watchdog": {"mode": "off"},
        }  # fmt: skip

    def start(self, name: str) -> None:
        words = [*pgbackrest.SETPRIV, str(patroni.folder() / "bin" / "patroni"), str(self.folder / f"{name}.yml")]
        with (self.folder / "log" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(words, stdout=log, stderr=log, cwd="/", start_new_session=True)

    def sql(self, text: str, name: str = "one") -> str:
        words = [self.programs / "psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", self.folder / name, "-p"]
        return pgbackrest.run(*words, str(self.ports[name][0]), "-d", "postgres", "-Atc", text).strip()

    def archived(self) -> None:
        """Wait until what was written up to now is in the repository."""
        segment = self.sql("SELECT pg_walfile_name(pg_switch_wal())")
        _until(lambda: self.sql("SELECT last_archived_wal FROM pg_stat_archiver") >= segment)

    def settled(self, seconds: float = 120) -> None:
        """Wait until `one` leads and `two` is in step."""
        man, deadline = watchman(self.folder / "one.yml"), time.monotonic() + seconds
        while True:
            rows = {one["name"]: (one.get("role"), one.get("state")) for one in man.members()}
            if rows.get("one", ("",))[0] == "leader" and rows.get("two") == ("sync_standby", "streaming"):
                return
            assert time.monotonic() < deadline, rows
            time.sleep(0.5)

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        for name in ("one", "two"):
            words = [self.programs / "pg_ctl", "-D", self.folder / name / "data", "-m", "immediate", "stop"]
            subprocess.run([*pgbackrest.SETPRIV, *map(str, words)], capture_output=True, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def pair() -> Iterator[Pair]:
    programs = postgres_programs()
    needed = all(shutil.which(one) for one in ("pgbackrest", "setpriv", "etcd"))
    if os.geteuid() != 0 or programs is None or not needed or not patroni.present():
        pytest.skip("needs root, PostgreSQL, pgbackrest, etcd, setpriv and Patroni's environment")
    folder = Path(tempfile.mkdtemp(prefix="msp-", dir=place() or "/var/tmp"))  # the database's user must reach it
    with etcd_here() as votes:
        made = Pair(folder, programs, votes.members[0])
        try:
            made.write()
            made.start("one")
            _until(lambda: made.sql("SELECT 1") == "1")
            made.start("two")
            made.settled()
            yield made
        finally:
            made.end()


def _until(fine: object, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if fine():  # type: ignore[operator]
                return
        except pgbackrest.Failed:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_the_pair_is_as_it_was_at_a_moment_and_whole_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pgbackrest.ask(pair.place, "stanza-create")
    pair.sql("CREATE TABLE payment AS SELECT n FROM generate_series(1, 1000) n")
    assert pgbackrest.back_up(pair.place, "room", "full").fine
    pair.sql("INSERT INTO payment SELECT n FROM generate_series(1001, 1500) n")
    time.sleep(1.1)
    moment = dt.datetime.now(dt.UTC)
    time.sleep(1.1)
    pair.sql("DELETE FROM payment WHERE n > 10")
    pair.archived()
    site = SimpleNamespace(paths=SimpleNamespace(etc=str(pair.folder / "etc")))
    monkeypatch.setattr("mainstay.continuity.site.queries.declared", lambda: site)
    words = ["--to", moment.isoformat(), "--replace"]
    assert _restore(pair, [*words, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert [title in said for title in map(str, TITLES.values())] == [True] * 6
    assert pair.sql("SELECT count(*) FROM payment") == "10", "a dry run changes nothing"

    man = watchman(pair.folder / "etc" / "patroni.yml")
    taking = TakeUp(man, restore._recovered(pair.place, "room", moment, None), pgbackrest.run)
    steps = taking.go()
    assert [next(steps).key for _n in range(3)] == ["pause", "stop", "swap"]  # the terminal died: nobody goes on
    steps.close()
    assert taking.under_way and not (man.data / "postmaster.pid").exists()
    assert _restore(pair, words) == 0
    assert str(taking.aside) in capsys.readouterr().out and (taking.aside / "PG_VERSION").exists()
    pair.settled()
    for name in ("one", "two"):
        assert pair.sql("SELECT count(*), max(n) FROM payment", name) == "1500|1500"
    assert pair.sql("SHOW archive_mode") == "on" and not taking.under_way
    assert pgbackrest.back_up(pair.place, "room", "full").fine, "the journal goes on into the repository"

    shutil.copy(pair.folder / "two.yml", pair.folder / "etc" / "patroni.yml")
    with pytest.raises(Problem) as refused:
        _restore(pair, words)
    assert refused.value.code == "not_leader" and "one" in str(refused.value)


def _restore(pair: Pair, words: list[str]) -> int:
    """The command, from where it knows PostgreSQL's place."""
    options = restore.parser().parse_args(words)
    return restore._restore_postgresql(pair.place, options, restore.moment_of(options.to))
