from django.db import migrations, models

from mainstay.gas.ledger.chart import ensure_chart


def load(apps, schema_editor):
    """Create the accounts of the chart that came later."""
    ensure_chart(apps.get_model("ledger", "LedgerAccount"))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_documents_of_banks")]

    operations = [
        migrations.AlterField(
            model_name="posting",
            name="document",
            field=models.SmallIntegerField(
                choices=[
                    (1, "bill"),
                    (2, "payment"),
                    (3, "payment reversal"),
                    (4, "settlement from advance"),
                    (5, "shift"),
                    (6, "refund"),
                    (7, "opening balance"),
                    (31, "deposit"),
                    (32, "transfer between accounts"),
                    (21, "bank settlement"),
                    (22, "bank difference"),
                ],
                verbose_name="document",
            ),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
