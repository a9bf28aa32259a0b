"""Accounts are closed, never deleted: bills and postings refer to them."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import NoDelete


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_tables")]
    operations = [
        NoDelete("customers_account"),
    ]
