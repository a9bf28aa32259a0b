"""Writers of SQLite wait for their turn closely, and not for ever."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import ConnectionHandler, OperationalError, transaction

from mainstay.kit.sqlite3.turns import LONGEST_S, Turns

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


def test_a_long_writer_sees_who_waits_and_rests_for_him_alone(base: Any) -> None:
    other = sqlite3.connect(base.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    turns = Turns(base.settings_dict["NAME"])
    begun = time.monotonic()
    turns.give()
    assert not turns.somebody_waits() and time.monotonic() - begun < LONGEST_S
    other.execute("BEGIN IMMEDIATE")
    seen: list[bool] = []
    looking = threading.Timer(PATIENCE_S / 4, lambda: (seen.append(turns.somebody_waits()), other.execute("COMMIT")))
    looking.start()
    begin(base)
    looking.join()
    assert (seen, turns.somebody_waits()) == ([True], False)
    turns.close()
    other.close()


def test_a_writer_gets_in_between_the_transactions_of_a_long_one(base: Any) -> None:
    """The long writer begins again within microseconds, which the other meets by luck only."""
    other = sqlite3.connect(base.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    turns, ended, inside, writing = Turns(base.settings_dict["NAME"]), [0], threading.Event(), threading.Event()

    def write_on() -> None:
        while not inside.is_set():
            other.execute("BEGIN IMMEDIATE")
            writing.set()
            inside.wait(PATIENCE_S / 10)
            other.execute("COMMIT")
            ended[0] += 1
            turns.give()

    long = threading.Thread(target=write_on)
    long.start()
    try:
        writing.wait()
        begin(base)
        assert ended[0] <= 2
    finally:
        inside.set()
        long.join()
        turns.close()
        other.close()


@pytest.mark.django_db(transaction=True)
def test_the_product_uses_it() -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL queues its writers itself")
    with transaction.atomic():
        assert connection.settings_dict["ENGINE"] == "mainstay.kit.sqlite3"
