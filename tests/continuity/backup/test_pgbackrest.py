"""PostgreSQL's copies with the real programs: a server, two repositories, a writer, a restore from off-site alone."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from mainstay.continuity.backup import pgbackrest
from mainstay.continuity.backup.batch_seals import live_postgresql
from mainstay.continuity.backup.pgbackrest import Place
from mainstay.continuity.backup.rules import Finding
from mainstay.drill.memory import place
from tools.gates.needs import postgres_programs

pytestmark = pytest.mark.slow
STANZA, PORT, BASE = "haitang", 54388, "mainstay"
ARCHIVE_S = 60.0
CONF = """[global]
repo1-path={folder}/room
repo1-retention-full=2
repo1-bundle=y
repo2-path={folder}/vault
repo2-retention-full=4
repo2-bundle=y
repo2-cipher-type=aes-256-cbc
repo2-cipher-pass=correct horse battery
start-fast=y
compress-type=lz4
lock-path={folder}/lock
log-path={folder}/log
spool-path={folder}/spool

[haitang]
pg1-path={folder}/pg
pg1-socket-path={folder}/run
pg1-port=54388
"""
TABLES = """CREATE TABLE ledger_posting (id bigserial PRIMARY KEY, account bigint, amount_fen bigint);
CREATE TABLE audit_seal (last_id bigint, chain text);
INSERT INTO audit_seal VALUES (10, 'aa'), (20, 'bb');
INSERT INTO ledger_posting (account, amount_fen) SELECT n % 50, n FROM generate_series(1, 20000) n;"""


class Server:
    """A throw-away PostgreSQL that sends its journal to two repositories."""

    def __init__(self, folder: Path, programs: Path, **settings: str) -> None:
        self.settings = settings
        self.folder, self.programs = folder, programs
        names = ("room", "vault")
        self.place = Place(folder / "pgbackrest.conf", STANZA, programs, names, names[1:], BASE, folder)
        self.dsn = f"host={folder}/run port={PORT} dbname={BASE} user=postgres"

    def start(self) -> None:
        for name in ("room", "vault", "lock", "log", "spool", "run"):
            (self.folder / name).mkdir()
        self.place.conf.write_text(CONF.format(folder=self.folder))
        for path in (self.folder, *self.folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")
        data = self.folder / "pg"
        initdb = ("initdb", "-A", "trust", "--no-sync", "-k", "--wal-segsize=1")  # small segments are full soon
        pgbackrest.run(self.programs / initdb[0], "-D", data, *initdb[1:])
        archive = f"pgbackrest --config={self.place.conf} --stanza={STANZA} archive-push %p"
        settings = {
            "archive_mode": "on", "archive_command": archive, "listen_addresses": "", "port": PORT,
            "unix_socket_directories": f"{self.folder}/run", "wal_level": "replica", "shared_buffers": "16MB",
            **self.settings,
        }  # fmt: skip
        with (data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.up()
        self.sql(f"CREATE DATABASE {BASE}", "postgres")
        self.sql(TABLES)
        pgbackrest.ask(self.place, "stanza-create")

    def up(self) -> None:
        self._control("-l", self.folder / "log" / "live", "-w", "start")

    def rest(self) -> None:
        """End in order: what was written is in the repositories."""
        self._control("-m", "fast", "-w", "stop")

    def _control(self, *words: str | Path) -> None:
        pgbackrest.run(self.programs / "pg_ctl", "-D", self.folder / "pg", *words)

    def copied(self, folder: Path) -> Server:
        """This server, which rests, and its repositories once more in another folder."""
        subprocess.run(["cp", "-a", f"{self.folder}/.", folder], check=True)
        for path in (folder / "pgbackrest.conf", folder / "pg" / "postgresql.conf"):
            path.write_text(path.read_text().replace(str(self.folder), str(folder)))
        return Server(folder, self.programs, **self.settings)

    def sql(self, text: str, base: str = BASE) -> str:
        words = [self.programs / "psql", "-X", "-v", "ON_ERROR_STOP=1", "-h", self.folder / "run", "-p", str(PORT)]
        return pgbackrest.run(*words, "-d", base, "-Atc", text).strip()

    def archived(self) -> None:
        """Wait until what was written up to now is in the repositories."""
        segment, deadline = self.sql("SELECT pg_walfile_name(pg_switch_wal())"), time.monotonic() + ARCHIVE_S
        while self.sql("SELECT last_archived_wal FROM pg_stat_archiver") < segment:
            assert time.monotonic() < deadline, segment
            time.sleep(0.1)

    def burn(self) -> None:
        """End at once, as by a fire."""
        with contextlib.suppress(pgbackrest.Failed):
            self._control("-m", "immediate", "stop")

    def stop(self) -> None:
        self.burn()
        shutil.rmtree(self.folder, ignore_errors=True)


def serving(**settings: str) -> Iterator[Server]:
    """A server with two repositories, or skip."""
    programs = postgres_programs()
    if os.geteuid() != 0 or programs is None or not shutil.which("pgbackrest") or not shutil.which("setpriv"):
        pytest.skip("needs root, PostgreSQL, pgbackrest and setpriv")
    made = Server(own_folder(), programs, **settings)
    try:
        made.start()
        yield made
    finally:
        made.stop()


def own_folder() -> Path:
    """An empty folder that the database's user can reach."""
    return Path(tempfile.mkdtemp(prefix="msb-", dir=place() or "/var/tmp"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    for made in serving():
        outcome = pgbackrest.back_up(made.place, "vault")
        assert outcome.fine, outcome.findings
        time.sleep(1)  # pgBackRest tells a moment after a copy from it by whole seconds
        yield made


def test_restored_from_off_site_alone_while_people_work(server: Server) -> None:
    stop = threading.Event()

    def work() -> None:
        with psycopg.connect(server.dsn, autocommit=True) as connection:
            while not stop.wait(0.02):
                connection.execute(
                    "INSERT INTO ledger_posting (account, amount_fen) SELECT 7, 7 FROM generate_series(1, 20)"
                )

    thread = threading.Thread(target=work)
    thread.start()
    (server.folder / "room").rename(server.folder / "room.away")  # the local repository is lost for the drill
    try:
        outcome = pgbackrest.prove(server.place, "vault", server.dsn, ["ledger_posting"])
    finally:
        stop.set()
        thread.join()
        shutil.rmtree(server.folder / "room", ignore_errors=True)
        (server.folder / "room.away").rename(server.folder / "room")
    assert outcome.fine, outcome.findings
    assert outcome.offsite and outcome.facts["rows"] > 20_000 and outcome.facts["restore_s"] > 0
    assert not list(server.folder.glob("mainstay-restore-*")), "nothing stays behind"


def test_back_to_a_moment(server: Server) -> None:
    before = int(server.sql("SELECT count(*) FROM ledger_posting"))
    moment = dt.datetime.fromisoformat(server.sql("SELECT clock_timestamp()"))
    server.sql("DELETE FROM ledger_posting WHERE id <= 10000")
    server.archived()
    with pgbackrest.scratch(server.place) as folder:
        conf = pgbackrest.alone(server.place, "vault", folder)
        pgbackrest.restore(server.place, "vault", conf, folder / "data", pgbackrest.at_moment(moment))
        with pgbackrest.started(server.place, folder, durable=False) as address:
            words = dict(one.split("=", 1) for one in address.split())
            count = pgbackrest.run(
                server.programs / "psql", "-h", words["host"], "-p", words["port"], "-d", BASE, "-Atc",
                "SELECT count(*) FROM ledger_posting",
            )  # fmt: skip
    assert int(count) == before > int(server.sql("SELECT count(*) FROM ledger_posting"))


def test_the_seal_is_exact_although_people_work(server: Server) -> None:
    seals = [live_postgresql(server.dsn, ["ledger_posting"]) for _time in range(2)]
    assert seals[0].hashes == seals[1].hashes and seals[0].lsn <= seals[1].lsn
    server.sql("UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE id = 15000")
    changed = live_postgresql(server.dsn, ["ledger_posting"])
    assert changed.counts == seals[0].counts and changed.hashes != seals[0].hashes


def test_one_flipped_byte_in_a_repository_is_found(server: Server) -> None:
    assert pgbackrest.verify(server.place, "vault").fine
    body = max((server.folder / "vault" / "backup").rglob("bundle/*"), key=lambda path: path.stat().st_size)
    whole = body.read_bytes()
    body.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    found = pgbackrest.verify(server.place, "vault")
    assert not found.fine and found.findings[0].word == "damage"
    body.write_bytes(whole)
    assert pgbackrest.verify(server.place, "vault").fine


def test_an_empty_repository_and_a_wrong_password_are_said(server: Server) -> None:
    nowhere = replace(server.place, stanza="nobody")
    found = pgbackrest.back_up(nowhere, "vault")
    assert [one.word for one in found.findings] == ["program"] and found.findings != (Finding("program"),)


def test_without_root_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = ("room",)
    place = Place(tmp_path / "conf", STANZA, tmp_path, names, (), BASE, tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert pgbackrest.lacking(place) == ["pgbackrest", str(tmp_path), "root / postgres"]
