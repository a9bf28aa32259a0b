"""Locks, bulk rows and the small pieces of SQL, on the database the tests run on."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, connections, models, transaction
from django.db.transaction import TransactionManagementError

from mainstay.kit import sqlkit
from mainstay.kit.sqlkit import locks

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "django_content_type"
POSTGRESQL_ONLY = "SQLite has one writer and needs no named locks"


def selected(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


@pytest.fixture
def meeting() -> Iterator[type[models.Model]]:
    """A table with an instant, a date, a decimal and an optional text."""

    class Meeting(models.Model):
        at = models.DateTimeField()
        day = models.DateField()
        cost = models.DecimalField(max_digits=8, decimal_places=2)
        note = models.TextField(null=True)

        class Meta:
            app_label = "kit"
            apps = Apps()
            db_table = "kt_meeting"

    with connection.schema_editor() as editor:
        editor.create_model(Meeting)
    yield Meeting
    with connection.schema_editor() as editor:
        editor.delete_model(Meeting)


@pytest.mark.parametrize("take", [lambda: sqlkit.lock("a", 1), lambda: sqlkit.try_lock("a", 1)])
def test_locks_need_a_transaction(take: Any) -> None:
    with pytest.raises(TransactionManagementError):
        take()


def test_lock_numbers_are_stable_and_fit_a_bigint() -> None:
    numbers = {locks.lock_number(space, key) for space in ("till", "bill") for key in range(1000)}
    assert len(numbers) == 2000
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert locks.lock_number("till", 7) == -8052257856561614755


def test_locks_can_be_taken_again_by_their_holder() -> None:
    with transaction.atomic():
        sqlkit.lock("till", 7)
        sqlkit.lock_many("till", [9, 7, 9])
        assert sqlkit.try_lock("till", 7)


def taken_elsewhere() -> bool:
    """Whether another connection finds the lock till/7 taken."""
    answer: list[bool] = []

    def other() -> None:
        with transaction.atomic():
            answer.append(not sqlkit.try_lock("till", 7))
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(20)
    return answer[0]


@pytest.mark.race
def test_a_lock_keeps_others_out_until_the_transaction_ends() -> None:
    if connection.vendor != "postgresql":
        pytest.skip(POSTGRESQL_ONLY)
    with transaction.atomic():
        sqlkit.lock_many("till", [7, 8])
        assert taken_elsewhere()
    assert not taken_elsewhere()


@pytest.mark.race
def test_without_the_lock_others_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip(POSTGRESQL_ONLY)
    monkeypatch.setattr(locks, "LOCKS_ON", False)
    with transaction.atomic():
        sqlkit.lock("till", 7)
        monkeypatch.setattr(locks, "LOCKS_ON", True)
        assert not taken_elsewhere()


def test_copied_rows_read_back_as_the_orm_writes_them(meeting: Any) -> None:
    at = dt.datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    row = (at, dt.date(2026, 11, 23), Decimal("12.30"), None)
    meeting.objects.create(at=at, day=row[1], cost=row[2], note=None)
    with transaction.atomic(), connection.cursor() as cursor:
        count = sqlkit.copy_rows(cursor, "kt_meeting", ["at", "day", "cost", "note"], iter([row, (*row[:3], "x\t\\")]))
    assert count == 2
    first, second, third = meeting.objects.order_by("id").values_list("at", "day", "cost", "note")
    assert first == second == (at, *row[1:])
    assert third == (at, *row[1:3], "x\t\\")
    assert len(selected("SELECT DISTINCT at FROM kt_meeting")) == 1


def test_copy_of_many_rows_and_of_none(meeting: Any) -> None:
    columns = ["app_label", "model"]
    with transaction.atomic(), connection.cursor() as cursor:
        assert sqlkit.copy_rows(cursor, TABLE, columns, (("kt", f"m{n}") for n in range(12_001))) == 12_001
        assert sqlkit.copy_rows(cursor, TABLE, columns, []) == 0
        grouped = ((f"g{n}", "kt2") for n in range(251))
        assert sqlkit.copy_rows(cursor, TABLE, ["model", "app_label"], grouped, together=100) == 251
        assert sqlkit.copy_rows(cursor, TABLE, columns, [], together=100) == 0
    assert ContentType.objects.filter(app_label="kt").count() == 12_001
    found = ContentType.objects.filter(app_label="kt2").values_list("model", flat=True)
    assert set(found) == {f"g{n}" for n in range(251)}
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        sqlkit.copy_rows(cursor, TABLE, columns, [("kt", "m1")])
    sqlkit.refresh_statistics(TABLE)
    assert abs(sqlkit.estimated_rows(TABLE) - ContentType.objects.count()) <= 20


def test_estimate_without_statistics(meeting: Any) -> None:
    assert sqlkit.estimated_rows("kt_meeting") == 0
    meeting.objects.create(at=dt.datetime.now(dt.UTC), day=dt.date(2026, 1, 1), cost=1)
    assert sqlkit.estimated_rows("kt_meeting") == 1


def test_values_table() -> None:
    sql, params = sqlkit.values_table("v", ["a", "b"], [(None, 1), ("x", 2)], types=["text", "bigint"])
    assert selected(f"WITH {sql} SELECT a, b + 1 FROM v ORDER BY b", params) == [(None, 2), ("x", 3)]
    sql, params = sqlkit.values_table("v", ["a"], [(5,), (6,)])
    assert selected(f"WITH {sql} SELECT sum(a) FROM v", params) == [(11,)]
    with pytest.raises(ValueError, match="at least one row"):
        sqlkit.values_table("v", ["a"], [])


def test_ids_table_of_any_length() -> None:
    sql, params = sqlkit.ids_table("wanted", range(100_000))
    assert len(params) == 1
    assert selected(f"WITH {sql} SELECT count(*), max(id) FROM wanted", params) == [(100_000, 99_999)]
    sql, params = sqlkit.ids_table("wanted", [])
    assert selected(f"WITH {sql} SELECT count(*) FROM wanted", params) == [(0,)]


def test_small_pieces(meeting: Any) -> None:
    assert sqlkit.vendor() == connection.vendor
    assert selected(f"SELECT {sqlkit.greatest('1', '3', '2')}, {sqlkit.least('5', '4')}") == [(3, 4)]
    assert sqlkit.quoted('a"b') == '"a""b"'
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO kt_meeting (at, day, cost) VALUES ({sqlkit.now_sql()}, '2026-01-01', 1)")
    stored = meeting.objects.get().at
    assert abs(stored - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
