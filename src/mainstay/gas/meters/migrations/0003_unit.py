"""Each meter lies in the store of a branch or hangs at one of its accounts; lists and the due list go by branch."""

import django.db.models.deletion
from django.db import migrations, models

# What hangs already belongs to the branch of its account.
_FILL = """
    UPDATE meters_meter SET unit_id = (
        SELECT a.unit_id FROM meters_installation i JOIN customers_account a ON a.id = i.account_id
         WHERE i.meter_id = meters_meter.id AND i.until_on IS NULL)
     WHERE state = 'installed'"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_guards"),
        ("meters", "0002_guards"),
        ("organisation", "0001_initial"),
    ]
    operations = [
        migrations.AddField(
            model_name="meter",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
                verbose_name="branch",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            "UPDATE meters_meter SET state = 'stock' WHERE state = 'installed' AND unit_id IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
