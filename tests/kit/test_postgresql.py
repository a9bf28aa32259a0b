"""A commit that did not reach the standby is no success; the settings of a pair."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dj_database_url
import psycopg
import pytest
from django.db import ConnectionHandler, DatabaseError, connection
from psycopg import OperationalError

from mainstay.kit.postgresql.doubt import WAIT, raise_if_in_doubt, watch
from mainstay.kit.postgresql.hosts import answering
from mainstay.kit.sqlkit.pipeline import send
from tools.gates import needs, postgres

ROOT = Path(__file__).resolve().parents[2]


class _Connection:
    """Keeps the handler as psycopg does."""

    def add_notice_handler(self, handler: Any) -> None:
        self.handler = handler


def test_the_servers_warning_is_raised_once() -> None:
    raw = _Connection()
    watch(raw)
    raw.handler(SimpleNamespace(source_function="DefineRelation", message_primary="no matter"))
    raise_if_in_doubt(raw)
    raw.handler(SimpleNamespace(source_function=WAIT, message_primary="canceling wait for synchronous replication"))
    with pytest.raises(OperationalError, match="not acknowledged: canceling wait"):
        raise_if_in_doubt(raw)
    raise_if_in_doubt(raw)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")
def test_the_products_connections_are_watched() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE WARNING 'of no matter'; END $$")
    assert connection.connection._notice_handlers
    raise_if_in_doubt(connection.connection)


@pytest.fixture(scope="module")
def alone() -> Iterator[Any]:
    """Django's connections to a server that waits for a standby which never comes: both ask, one may cancel."""
    programs = needs.postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.throw_away_cluster(programs) as address:
        facts = {**dj_database_url.parse(address), "ENGINE": "mainstay.kit.postgresql"}
        facts["OPTIONS"] = {"options": "-c synchronous_commit=on"}
        handler = ConnectionHandler({"default": facts, "other": dict(facts)})
        with psycopg.connect(address.replace("postgres://", "postgresql://"), autocommit=True) as server:
            server.execute("CREATE TABLE paid (fen int)")
            server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            server.execute("SELECT pg_reload_conf()")
            yield handler, server


def _cancel_waiting(server: Any) -> None:
    """Cancel the commit that waits for the standby, as soon as it does."""
    waiting = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    deadline = time.monotonic() + 30
    while not server.execute(waiting).fetchall():
        assert time.monotonic() < deadline, "nobody waits for the standby"


def _plainly(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO paid VALUES (100)")
    connection.commit()


def _in_one_journey(connection: Any) -> None:
    with connection.wrap_database_errors:
        send(connection.connection, [("INSERT INTO paid VALUES (%s::int)", [100])], commit=True)


@pytest.mark.slow
@pytest.mark.parametrize("pay", [_plainly, _in_one_journey])
def test_a_cancelled_wait_for_the_standby_is_no_acknowledgement(alone: Any, pay: Any, django_db_blocker: Any) -> None:
    handler, server = alone
    with django_db_blocker.unblock():
        connection = handler["default"]
        connection.ensure_connection()
        connection.set_autocommit(False)
        canceller = threading.Thread(target=_cancel_waiting, args=(server,))
        canceller.start()
        try:
            with pytest.raises(DatabaseError, match="not acknowledged"):
                pay(connection)
        finally:
            canceller.join()
            connection.close()
    assert server.execute("SELECT count(*) FROM paid").fetchone()[0], (
        "it is there all the same: ask again, with the key"
    )


def test_only_servers_that_answer_are_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as living, socket.create_server(("127.0.0.1", 0)) as closed:
        there, gone = (str(one.getsockname()[1]) for one in (living, closed))
        closed.close()
        assert answering("127.0.0.1,127.0.0.1", f"{gone},{there}") == ("127.0.0.1", there)
        assert answering("127.0.0.1,127.0.0.1", f"{there},{gone}") == ("127.0.0.1", there)
        assert answering("127.0.0.2,127.0.0.1", gone) == ("127.0.0.2,127.0.0.1", f"{gone},{gone}")


CODE = "import json; from mainstay.config.settings import DATABASES; print(json.dumps(DATABASES['default']))"


@pytest.mark.parametrize(("hosts", "pair"), [("10.0.0.2,10.0.0.1", True), ("10.0.0.2", False)])
def test_two_hosts_are_asked_for_the_one_that_writes(hosts: str, pair: bool, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"postgres://m:x@{hosts}:5432/mainstay", "MAINSTAY_DATA": str(tmp_path)}
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT / "src"), **settings}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    found = json.loads(done.stdout)
    assert found["ENGINE"] == "mainstay.kit.postgresql" and found["HOST"] == hosts
    assert found["CONN_HEALTH_CHECKS"] and found["CONN_MAX_AGE"] > 0
    options = found["OPTIONS"]
    assert (options.get("target_session_attrs") == "read-write") is pair
    assert (options["connect_timeout"], options.get("tcp_user_timeout")) == ((2, 2000) if pair else (5, None))
