"""Late fees that a run accrued, and what customers owe with them."""

import django.db.models.deletion
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import SetwiseForeignKey, VendorSQL

# A later migration that rebuilds one of these tables takes the view down first and puts it up again. SQLite looks an
# account up in both halves only while neither is a join and their columns have the same types, hence IN and CAST.
OWED = """
CREATE VIEW billing_owed AS
SELECT i.account_id, i.period, i.seq, i.due_on, i.open_fen, CAST(0 AS integer) AS accrued_by FROM billing_openitem i
WHERE i.run_id IS NULL OR i.run_id IN (SELECT r.id FROM billing_billingrun r WHERE r.state = 'released')
UNION ALL SELECT a.account_id, a.period, a.seq, a.due_on, a.amount_fen, a.run_id FROM billing_accrual a"""
DOWN = "DROP VIEW billing_owed"


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="Accrual",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "period",
                        "seq",
                        "run_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("period", models.IntegerField()),
                ("run_id", models.IntegerField()),
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(verbose_name="to")),
                ("due_on", models.DateField(verbose_name="due date")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("seq", models.SmallIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "late fee accrued",
                "verbose_name_plural": "late fees accrued",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="accrual_positive")
                ],
            },
        ),
        migrations.CreateModel(
            name="Owed",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "period",
                        "seq",
                        "accrued_by",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField()),
                ("seq", models.SmallIntegerField()),
                ("due_on", models.DateField(verbose_name="due date")),
                ("open_fen", models.BigIntegerField(verbose_name="open (fen)")),
                ("accrued_by", models.IntegerField()),
            ],
            options={
                "verbose_name": "open item",
                "verbose_name_plural": "open items",
                "db_table": "billing_owed",
                "managed": False,
            },
        ),
        SetwiseForeignKey(
            "billing_accrual", ["account_id", "period", "seq"], "billing_bill", ["account_id", "period", "seq"]
        ),
        VendorSQL(postgresql=OWED, sqlite=OWED, reverse_postgresql=DOWN, reverse_sqlite=DOWN),
    ]
