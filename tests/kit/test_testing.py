"""The helpers of tests are true themselves."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test import TransactionTestCase

from mainstay.kit.sqlkit.operations import AppendOnly, SetwiseForeignKey
from mainstay.kit.testing import count_queries, guards_down, let_flush_pass_guards, queries

pytestmark = pytest.mark.django_db(transaction=True)


def test_counts_queries_without_transaction_control() -> None:
    with count_queries(2) as context, transaction.atomic():
        for number in (1, 2):
            ContentType.objects.filter(pk=number).first()
    assert len(queries(context)) == 2


def test_shows_repeated_queries_when_there_are_too_many() -> None:
    with pytest.raises(AssertionError, match=r"(?s)3 queries where 2 are allowed.*3 × "), count_queries(2):
        for number in (1, 2, 3):
            ContentType.objects.filter(pk=number).first()


def test_guards_are_down_only_inside() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kt_home (id integer PRIMARY KEY)")
        cursor.execute("CREATE TABLE kt_kept (id integer PRIMARY KEY, home_id integer)")
        cursor.execute("INSERT INTO kt_home VALUES (1)")
        cursor.execute("INSERT INTO kt_kept VALUES (1, 1), (2, 1)")
    guards = [
        AppendOnly("kt_home"),
        AppendOnly("kt_kept"),
        SetwiseForeignKey("kt_kept", ["home_id"], "kt_home", ["id"]),
    ]
    with connection.schema_editor() as editor:
        for guard in guards:
            guard.database_forwards("kit", editor, None, None)
    with connection.cursor() as cursor:
        with guards_down():
            cursor.execute("DELETE FROM kt_home")
            cursor.execute("DELETE FROM kt_kept WHERE id = 1")
        for refused in ("DELETE FROM kt_kept", "INSERT INTO kt_kept VALUES (3, 9)"):
            with pytest.raises(IntegrityError):
                cursor.execute(refused)
        cursor.execute("SELECT id FROM kt_kept")
        assert cursor.fetchall() == [(2,)]
        cursor.execute("DROP TABLE kt_kept")
        cursor.execute("DROP TABLE kt_home")


def test_flush_after_a_transactional_test_can_be_let_through() -> None:
    before = TransactionTestCase._fixture_teardown
    try:
        let_flush_pass_guards()
        let_flush_pass_guards()
        assert TransactionTestCase._fixture_teardown.passes_guards
    finally:
        TransactionTestCase._fixture_teardown = before
