"""The journal off-site with the real programs: a fire costs nothing acknowledged, a dead host no server its disk."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from mainstay.continuity.backup import pgbackrest
from mainstay.continuity.backup.journal import GONE, Config, Receiver
from mainstay.continuity.backup.providers import judge_journal
from mainstay.continuity.backup.queries_journal import Received, received
from mainstay.continuity.site.install import Change, install
from mainstay.continuity.site.rules import site_from_data
from mainstay.continuity.site.rules.render import SECRETS, files_of
from mainstay.continuity.site.rules.verdict import GREEN, RED
from mainstay.drill.standby.world import as_toml
from tests.continuity.backup.test_pgbackrest import BASE, PORT, STANZA, Server, own_folder, serving
from tests.continuity.site.make import tables

pytestmark = pytest.mark.slow
SLOT, MOST_MB = "journal_vault", 8
WAIT_S = 30.0
SOURCE = Path(__file__).resolve().parents[3] / "src"


class Vault:
    """The host in the other building: the repository's folder and a receiver."""

    def __init__(self, server: Server, *sockets: Path) -> None:
        hosts = ",".join(str(one) for one in (server.folder / "run", *sockets))
        dsn = f"host={hosts} port={PORT} user=postgres target_session_attrs=read-write application_name=vault"
        self.folder = server.folder / "vault" / "journal"
        archive = server.folder / "vault" / "archive" / STANZA
        self.receiver = Receiver(Config(dsn, SLOT, str(server.programs), str(self.folder), str(archive)))
        self.thread = threading.Thread(target=self.receiver.run, daemon=True)
        self.place = replace(server.place, journals={"vault": self.folder})

    def __enter__(self) -> Vault:
        self.thread.start()
        return self

    def __exit__(self, *_facts: object) -> None:
        self.receiver.stop()
        self.thread.join(10)


@pytest.fixture(scope="module")
def first() -> Iterator[Server]:
    """A server that rests, with a slot for the journal and one copy in the vault."""
    for made in serving(
        max_slot_wal_keep_size=f"{MOST_MB}MB", min_wal_size="4MB", max_wal_size="8MB", wal_keep_size="0"
    ):
        _slot(made)
        made.sql("CREATE TABLE paid (id bigserial PRIMARY KEY, note text)")
        outcome = pgbackrest.back_up(made.place, "vault")
        assert outcome.fine, outcome.findings
        made.rest()
        yield made


@pytest.fixture
def server(first: Server) -> Iterator[Server]:
    """Another like the first, with repositories of its own."""
    made = first.copied(own_folder())
    try:
        made.up()
        yield made
    finally:
        made.stop()


def _slot(server: Server) -> None:
    """As Patroni makes it."""
    server.sql(f"SELECT pg_create_physical_replication_slot('{SLOT}', true)")


def _until(fine: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + WAIT_S
    while not (found := fine()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


def _asked(dsn: str) -> Received:
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        return received(cursor, SLOT)


def _pay(dsn: str, count: int) -> None:
    """A hundred at a time."""
    text = "INSERT INTO paid (note) SELECT repeat('x', 500) FROM generate_series(1, 100)"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for _number in range(count // 100):
            connection.execute(text)


def _restored(place: pgbackrest.Place, programs: Path, moment: dt.datetime | None = None) -> int:
    """How many payments come back from the vault alone."""
    with pgbackrest.scratch(place) as folder:
        conf = pgbackrest.alone(place, "vault", folder)
        pgbackrest.restore(place, "vault", conf, folder / "data", pgbackrest.at_moment(moment))
        with pgbackrest.started(place, folder, durable=False) as address:
            words = dict(one.split("=", 1) for one in address.split())
            asked = [programs / "psql", "-h", words["host"], "-p", words["port"], "-d", BASE, "-Atc"]
            return int(pgbackrest.run(*asked, "SELECT count(*) FROM paid"))


def _on_the_vault(server: Server) -> tuple[dict[str, str], Path]:
    """The vault's own files, rendered, and the environment its restore runs in."""
    data, folder = tables(), server.folder
    data["paths"] = {name: str(folder / "host" / name) for name in ("etc", "data", "run", "system")}
    data["database"]["programs"] = str(server.programs)
    for row, name in zip(data["repositories"], ("room", "vault"), strict=True):
        row["path"] = str(folder / name)
    site = site_from_data(data)
    secrets = dict.fromkeys(SECRETS, "x") | {"backup": "correct horse battery"}
    install([Change(made, new=True) for made in files_of(site, site.host("vault"))], secrets)
    for name in ("data", "run"):
        (folder / "host" / name).mkdir()
    for path in (folder / "host").rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    facts = dict(one.split("=", 1) for one in (folder / "host/etc/mainstay.env").read_text().splitlines()[1:])
    toml = folder / "host" / "site.toml"
    toml.write_text(as_toml(data), encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return {**ours, **facts, "MAINSTAY_SITE": str(toml), "PYTHONPATH": str(SOURCE)}, folder / "restored"


def test_a_fire_takes_nothing_that_the_vault_has_received(server: Server) -> None:
    with Vault(server) as vault:
        _until(lambda: _asked(server.dsn).active, "it receives")
        _pay(server.dsn, 5000)
        measured = _asked(server.dsn)
        seen = judge_journal("vault", measured, MOST_MB)
        assert seen.verdict == GREEN and measured.seconds is not None and seen.figure.endswith(" s")
        server.burn()
    shutil.rmtree(server.folder / "pg")
    shutil.rmtree(server.folder / "room")
    archived = _restored(server.place, server.programs)
    assert archived < 5000, "the archive alone ends with its last whole segment"
    environment, into = _on_the_vault(server)
    words = [sys.executable, "-P", "-m", "mainstay", "restore", "--to", "latest", "--into", str(into)]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with pgbackrest.started(vault.place, into, durable=False) as address, psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM paid").fetchone() == (5000,)


class Other:
    """The standby of the server; its slot is there too, as Patroni keeps it."""

    def __init__(self, server: Server) -> None:
        self.data, self.socket = server.folder / "other", server.folder / "run2"
        self.dsn = server.dsn.replace(str(server.folder / "run"), str(self.socket))
        self.control: list[str | Path] = [server.programs / "pg_ctl", "-D", self.data, "-w"]
        log = server.folder / "log" / "other"
        self.starting = [*self.control, "-l", log, "-o", f"-c unix_socket_directories={self.socket}", "start"]
        copied = [server.programs / "pg_basebackup", "-D", self.data, "-h", server.folder / "run", "-p", str(PORT)]
        pgbackrest.run(*copied, "-R", "-X", "stream", "-c", "fast")
        self.socket.mkdir()
        shutil.chown(self.socket, "postgres", "postgres")

    def start(self) -> None:
        pgbackrest.run(*self.starting)

    def ask(self, text: str, *facts: Any) -> Any:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            return (connection.execute(text, facts).fetchone() or (None,))[0]

    def has(self, position: str) -> bool:
        return bool(self.ask("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", position))

    def stop(self) -> None:
        words = [*pgbackrest.SETPRIV, *self.control, "-m", "immediate", "stop"]
        subprocess.run(words, capture_output=True, check=False)


@pytest.fixture
def other(server: Server) -> Iterator[Other]:
    made = Other(server)
    made.start()
    made.ask("SELECT pg_create_physical_replication_slot(%s, true)::text", SLOT)
    yield made
    made.stop()


def test_it_follows_the_other_server_after_a_switch(server: Server, other: Other) -> None:
    with Vault(server, other.socket) as vault:
        _until(lambda: _asked(server.dsn).active, "it receives from the first")
        _pay(server.dsn, 100)
        assert _asked(server.dsn).seconds is not None
        here = server.sql("SELECT pg_current_wal_flush_lsn()")
        _until(lambda: other.has(here), "the standby has it")
        server.burn()
        other.ask("SELECT pg_promote()")
        _until(lambda: _asked(other.dsn).active, "it receives from the second")
        _pay(other.dsn, 3000)
        moment = dt.datetime.now(dt.UTC)
        _pay(other.dsn, 100)
        assert judge_journal("vault", _asked(other.dsn), MOST_MB).verdict == GREEN
        other.stop()
    assert _restored(vault.place, server.programs) == 3200
    assert _restored(vault.place, server.programs, moment) == 3100


def test_what_the_standby_never_had_is_fetched_again_from_it(server: Server, other: Other) -> None:
    """The first dies with changes that nobody was told are safe: the vault had them, the one that leads now did not."""
    with Vault(server, other.socket) as vault:
        _until(lambda: _asked(server.dsn).active, "it receives from the first")
        _pay(server.dsn, 100)
        here = server.sql("SELECT pg_current_wal_flush_lsn()")
        _until(lambda: other.has(here), "the standby has it")
        other.stop()
        _pay(server.dsn, 4000)
        assert _asked(server.dsn).seconds is not None
        server.burn()
        other.start()
        other.ask("SELECT pg_promote()")
        _until(lambda: _asked(other.dsn).active, "it receives from the second")
        assert list(vault.folder.glob("*.diverged-*")), "nothing is thrown away"
        _pay(other.dsn, 200)
        assert judge_journal("vault", _asked(other.dsn), MOST_MB).verdict == GREEN
        other.stop()
    assert _restored(vault.place, server.programs) == 300


def test_a_dead_vault_cannot_fill_the_servers_disk_and_begins_anew(server: Server) -> None:
    with Vault(server):
        _until(lambda: _asked(server.dsn).active, "it receives")
        _pay(server.dsn, 100)
    seen = judge_journal("vault", _asked(server.dsn), MOST_MB)
    assert seen.verdict == RED and "does not receive" in seen.en and seen.zh
    for _turn in range(2):
        _pay(server.dsn, 12_000)
        server.sql("CHECKPOINT", "postgres")
    _until(lambda: server.sql("CHECKPOINT; SELECT wal_status FROM pg_replication_slots").endswith("lost"), "given up")
    seen = judge_journal("vault", _asked(server.dsn), MOST_MB)
    assert seen.verdict == RED and "gave up" in seen.en
    kept = sum(path.stat().st_size for path in (server.folder / "pg" / "pg_wal").glob("0*"))
    assert kept < (MOST_MB * 2 + 8) << 20, "what waits is bounded"
    server.sql(f"SELECT pg_drop_replication_slot('{SLOT}')")
    assert judge_journal("vault", _asked(server.dsn), MOST_MB).en.startswith("no slot")
    _slot(server)
    with Vault(server) as vault:
        _until(lambda: _asked(server.dsn).active and _asked(server.dsn).seconds is not None, "it begins anew")
        _pay(server.dsn, 100)
        assert judge_journal("vault", _asked(server.dsn), MOST_MB).verdict == GREEN
        server.burn()
    assert _restored(vault.place, server.programs) == 24_200


def test_a_slot_that_points_to_what_is_gone_is_made_anew(server: Server) -> None:
    """Asked for what is gone, the server may note that place before it refuses: an empty folder alone mends nothing."""
    with Vault(server) as vault:
        _until(lambda: _asked(server.dsn).active, "it receives")
        vault.receiver.stop()
        vault.thread.join(10)
        _until(lambda: not _asked(server.dsn).active, "it left")
        old = server.sql("SELECT restart_lsn FROM pg_replication_slots")
        vault.receiver._mend(f"requested WAL segment {GONE}")
        assert server.sql("SELECT restart_lsn FROM pg_replication_slots") == old, "first what was received is set aside"
        assert not vault.receiver.segments(partial=True)
        vault.receiver._mend(f"requested WAL segment {GONE}")
        assert server.sql("SELECT slot_name, restart_lsn FROM pg_replication_slots") == f"{SLOT}|"
    with Vault(server):
        _until(lambda: _asked(server.dsn).active and _asked(server.dsn).seconds is not None, "it begins anew")


def test_what_the_repository_holds_for_good_is_taken_away(server: Server) -> None:
    with Vault(server) as vault:
        _until(lambda: _asked(server.dsn).active, "it receives")
        _pay(server.dsn, 6000)
        last = server.sql("SELECT pg_walfile_name(pg_switch_wal())")
        _until(lambda: vault.receiver.archived(last), "the archive has it")
        _until(lambda: len(vault.receiver.segments()) > 3, "whole segments lie here")
        assert vault.receiver.sweep() > 0
        assert len(vault.receiver.segments()) <= 3


def test_it_is_a_command_that_stops_when_told(server: Server, tmp_path: Path) -> None:
    vault = Vault(server)
    facts = {name: getattr(vault.receiver.config, name) for name in ("dsn", "slot", "programs", "folder", "archive")}
    path = tmp_path / "journal.json"
    path.write_text(json.dumps(facts))
    words = [sys.executable, "-P", "-m", "mainstay", "site", "journal", "--config", str(path)]
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(SOURCE)})
    try:
        _until(lambda: _asked(server.dsn).active, "it receives")
    finally:
        process.terminate()
        code = process.wait(15)
    assert code == 0
    _until(lambda: not _asked(server.dsn).active, "it stopped")
