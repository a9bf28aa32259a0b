"""The index that was read and a visit never change; what an index means may."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [("readings", "0001_tables"), ("customers", "0002_guards"), ("meters", "0002_guards")]
    operations = [
        AppendOnly(
            "readings_reading",
            except_columns=[
                "state",
                "doubts",
                "decided_by_id",
                "decided_at",
                "previous_on",
                "previous_index_l",
                "volume_l",
                "rollover",
            ],
        ),
        AppendOnly("readings_visit"),
        SetwiseForeignKey("readings_reading", ["account_id"], "customers_account"),
        SetwiseForeignKey("readings_reading", ["installation_id"], "meters_installation"),
    ]
