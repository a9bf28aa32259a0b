"""Indexes for search and lists; the branch that serves an area."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_guards"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_name",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_initials",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_phone_tail",
        ),
        migrations.AddField(
            model_name="area",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
                verbose_name="branch",
            ),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["unit", "account_no"], name="account_of_unit"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["state", "account_no"], name="account_in_state"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["category", "account_no"], name="account_of_category"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["name", "id"], name="customer_name", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["initials", "id"], name="customer_initials", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                fields=["phone_reversed", "id"],
                name="customer_phone_tail",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
    ]
