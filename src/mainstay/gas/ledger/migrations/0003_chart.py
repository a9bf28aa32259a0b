"""The chart of accounts is there from the beginning."""

from django.db import migrations

from mainstay.gas.ledger.chart import ensure_chart


def load(apps, schema_editor):
    """Create the accounts of the chart."""
    ensure_chart(apps.get_model("ledger", "LedgerAccount"))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
