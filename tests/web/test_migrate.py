"""`migrate`: a database that stopped among migrations which became one is refused, with what to do."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import translation

pytestmark = pytest.mark.django_db


def forget(app: str, *names: str) -> None:
    """Take migrations out of the database's record."""
    for name in names:
        MigrationRecorder(connection).record_unapplied(app, name)


@pytest.mark.parametrize(("language", "word"), [("en", "stopped at an older version"), ("zh-hans", "停在旧版本")])
def test_a_database_that_stopped_half_way_is_refused(language: str, word: str) -> None:
    forget("audit", "0003_seal_marks", "0001_tables")
    with translation.override(language), pytest.raises(CommandError, match=word) as refused:
        call_command("migrate", verbosity=0)
    assert "audit.0003_seal_marks" in str(refused.value) and "audit.0001_tables" in str(refused.value)


def test_a_database_of_the_old_migrations_counts_as_migrated() -> None:
    forget("audit", "0001_tables")
    call_command("migrate", verbosity=0)
    assert ("audit", "0001_tables") in MigrationRecorder(connection).applied_migrations()


def test_where_nothing_is_to_be_applied_what_follows_migrating_is_still_done() -> None:
    Permission.objects.filter(content_type__app_label="audit").delete()
    call_command("migrate", verbosity=0)
    assert Permission.objects.filter(content_type__app_label="audit").exists()
