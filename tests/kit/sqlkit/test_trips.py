"""Statements that travel together: values, failures, and the commit that goes along."""

from __future__ import annotations

import datetime as dt
import enum

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, DataError, IntegrityError, connection, connections, transaction

from mainstay.kit.sqlkit.trips import Statement, first_trip, round_trip

pytestmark = pytest.mark.django_db(transaction=True)
_INSERT = "INSERT INTO django_content_type (app_label, model) VALUES (%s, %s)"
_MODELS = "SELECT model FROM django_content_type WHERE app_label = 'trips' ORDER BY model"
POSTGRESQL = connection.vendor == "postgresql"


class Colour(enum.StrEnum):
    RED = "red"


class Number(enum.IntEnum):
    ONE = 1


def new(model: str) -> Statement:
    return _INSERT, ["trips", model]


def kept() -> list[str]:
    return list(ContentType.objects.filter(app_label="trips").order_by("model").values_list("model", flat=True))


def open_on_server() -> bool:
    from psycopg.pq import TransactionStatus

    status: int = connection.connection.info.transaction_status
    return status != TransactionStatus.IDLE


def test_each_statement_sees_those_before_it_and_gives_its_rows() -> None:
    with transaction.atomic():
        assert round_trip([new("a"), (_MODELS, []), new("b"), (_MODELS, [])]) == [[], [("a",)], [], [("a",), ("b",)]]
    assert kept() == ["a", "b"]


def test_the_commit_goes_along_when_the_block_is_the_whole_transaction() -> None:
    told: list[str] = []
    with transaction.atomic():
        transaction.on_commit(lambda: told.append("kept"))
        round_trip([new("a")])
        assert not POSTGRESQL or open_on_server()
        round_trip([new("b")], commit=True)
        assert not POSTGRESQL or not open_on_server()
        assert told == []
    assert told == ["kept"]
    assert kept() == ["a", "b"]


@pytest.mark.parametrize("inner_fails", [True, False])
def test_a_block_within_another_commits_nothing(inner_fails: bool) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        round_trip([new("outer")])
        try:
            with transaction.atomic():
                round_trip([new("inner")], commit=True)
                if inner_fails:
                    raise KeyError
        except KeyError:
            assert kept() == ["outer"]
        raise ZeroDivisionError
    assert kept() == []


def test_a_failure_undoes_all_and_leaves_the_connection_usable() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        round_trip([new("a")])
        round_trip([new("b"), new("a"), new("c")], commit=True)
    assert kept() == []
    assert round_trip([("SELECT CAST(%s AS integer)", [7])]) == [[(7,)]]


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite takes values of any kind in any column")
def test_a_value_the_server_cannot_read_is_an_error_of_the_database() -> None:
    with pytest.raises(DataError):
        round_trip([("SELECT CAST(%s AS integer)", ["seven"])])
    with pytest.raises(TypeError, match="float is not among the values that travel"):
        round_trip([("SELECT CAST(%s AS integer)", [7.0])])


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no booleans, dates and lists of its own")
def test_values_come_back_as_what_they_are() -> None:
    at = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)
    sql = (
        "SELECT CAST(%s AS bigint), CAST(%s AS text), CAST(%s AS date), CAST(%s AS timestamptz) = %s, "
        "CAST(%s AS text), CAST(%s AS smallint), CAST(%s AS boolean), CAST(%s AS bigint[]) = ARRAY[3, 4]::bigint[], "
        "CAST(%s AS integer)"
    )
    sent = [5, "用户 %", dt.date(2026, 11, 23), at, "2026-11-23 16:30+08", Colour.RED, Number.ONE, True, [3, 4], None]
    assert round_trip([(sql, sent)]) == [[(5, "用户 %", dt.date(2026, 11, 23), True, "red", 1, True, True, None)]]


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite prepares nothing on a server")
def test_prepared_statements_are_given_up_when_there_are_too_many(monkeypatch) -> None:
    from mainstay.kit.sqlkit import pipeline

    monkeypatch.setattr(pipeline, "_KEPT", 4)
    for number in range(12):
        assert round_trip([(f"SELECT {number}", [])]) == [[(number,)]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'ms_%'")
        assert cursor.fetchone()[0] <= 4


def end_on_server() -> None:
    """End this connection's server process, as a restart of PostgreSQL does."""
    pid = connection.connection.info.backend_pid
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no server that goes")
def test_the_first_journey_of_a_request_finds_that_the_server_has_gone(monkeypatch) -> None:
    round_trip([("SELECT 1", [])])
    end_on_server()
    monkeypatch.setattr(connections["default"], "health_check_enabled", True)
    monkeypatch.setattr(connections["default"], "health_check_done", False)
    assert first_trip([("SELECT 2", [])]) == [[(2,)]]
    monkeypatch.setattr(connections["default"], "health_check_done", False)
    with pytest.raises(DatabaseError, match="nowhere"):  # the server is there and refuses
        first_trip([("SELECT 1 FROM nowhere", [])])
    monkeypatch.setattr(connections["default"], "health_check_done", True)
    end_on_server()
    with pytest.raises(DatabaseError):  # in the middle of a request nothing is sent again
        first_trip([("SELECT 3", [])])
    connection.close()
    assert first_trip([("SELECT 4", [])]) == [[(4,)]]


@pytest.mark.skipif(not POSTGRESQL, reason="SQLite has no server that goes")
def test_in_a_transaction_the_first_journey_is_not_sent_again(monkeypatch) -> None:
    monkeypatch.setattr(connections["default"], "health_check_enabled", True)
    with pytest.raises(DatabaseError), transaction.atomic():
        round_trip([("SELECT 1", [])])
        end_on_server()
        monkeypatch.setattr(connections["default"], "health_check_done", False)
        first_trip([("SELECT 2", [])])
    connection.close()


def test_the_first_journey_reads_like_any_other() -> None:
    assert first_trip([("SELECT 1", []), ("SELECT 2", [])]) == [[(1,)], [(2,)]]
