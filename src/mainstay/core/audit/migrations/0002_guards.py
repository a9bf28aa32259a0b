"""Audit rows and seals are append-only."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [
        AppendOnly("audit_entry"),
        AppendOnly("audit_seal"),
    ]
