"""Writers of SQLite wait for their turn closely, and not for ever."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ConnectionHandler, OperationalError, transaction

PATIENCE_S = 0.2


@pytest.fixture
def base(tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """A database of its own, reached as the product reaches SQLite, with little patience."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": PATIENCE_S, "init_command": "PRAGMA journal_mode=WAL"}
    handler = ConnectionHandler(
        {"default": {"ENGINE": "mainstay.kit.sqlite3", "NAME": str(tmp_path / "one.sqlite3"), "OPTIONS": options}}
    )
    connection = handler["default"]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE note (text text)")
        yield connection
        connection.close()


def busy_timeout(connection: Any) -> int:
    return int(connection.connection.execute("PRAGMA busy_timeout").fetchone()[0])


def begin(connection: Any) -> None:
    """Begin, write and commit, as `atomic` does on its outermost level."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note VALUES ('mine')")
        connection.commit()
    finally:
        connection.set_autocommit(True)


def test_a_writer_goes_in_once_the_other_has_ended(base: Any) -> None:
    other = sqlite3.connect(base.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO note VALUES ('other')")
    ending = threading.Timer(PATIENCE_S / 4, lambda: other.execute("COMMIT"))
    ending.start()
    begin(base)
    ending.join()
    with base.cursor() as cursor:
        cursor.execute("SELECT text FROM note ORDER BY rowid")
        assert cursor.fetchall() == [("other",), ("mine",)]
    assert busy_timeout(base) == PATIENCE_S * 1000
    other.close()


def test_patience_ends_and_nothing_is_written(base: Any) -> None:
    other = sqlite3.connect(base.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        begin(base)
    other.execute("ROLLBACK")
    assert busy_timeout(base) == PATIENCE_S * 1000
    begin(base)
    with base.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM note")
        assert cursor.fetchone() == (1,)
    other.close()


@pytest.mark.django_db(transaction=True)
def test_the_product_uses_it() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues its writers itself")
    with transaction.atomic():
        assert connection.settings_dict["ENGINE"] == "mainstay.kit.sqlite3"
