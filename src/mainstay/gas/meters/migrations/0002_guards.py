"""Installations end, they are never deleted: readings refer to them."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import NoDelete


class Migration(migrations.Migration):
    dependencies = [("meters", "0001_tables")]
    operations = [
        NoDelete("meters_installation"),
    ]
