"""Dunning records by the million: references checked by sets, and room on each page for the change to done."""

import django.db.models.deletion
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import NoDelete, SetwiseForeignKey, VendorSQL


class Migration(migrations.Migration):
    dependencies = [("arrears", "0001_tables"), ("customers", "0002_guards")]
    operations = [
        migrations.AlterField(
            model_name="dunningact",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.account",
                verbose_name="account",
            ),
        ),
        migrations.AlterField(
            model_name="dunningact",
            name="run",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts",
                to="arrears.dunningrun",
                verbose_name="run",
            ),
        ),
        NoDelete("arrears_dunningrun"),
        SetwiseForeignKey("arrears_dunningact", ["account_id"], "customers_account"),
        SetwiseForeignKey("arrears_dunningact", ["run_id"], "arrears_dunningrun", nullable=True),
        # An update that touches no index stays on its page, if there is room: a confirmed round changes every row.
        VendorSQL(
            postgresql="ALTER TABLE arrears_dunningact SET (fillfactor = 50)",
            sqlite="",
            reverse_postgresql="ALTER TABLE arrears_dunningact RESET (fillfactor)",
        ),
    ]
