"""Audit rows and seals are append-only."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [
        AppendOnly("audit_entry"),
        AppendOnly("audit_seal"),
    ]
