"""Late fees that a run accrued, and what customers owe with them."""

import django.db.models.deletion
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import SetwiseForeignKey, VendorSQL

# A later migration that rebuilds one of these tables takes the view down first and puts it up again. Its halves have
# neither joins nor conditions and the same types: only then PostgreSQL reads them in the order of their keys, and SQLite
# looks an account up in both.
OWED = """
CREATE VIEW billing_owed AS
SELECT i.account_id, i.period, i.seq, i.due_on, i.open_fen, i.run_id, CAST(0 AS integer) AS accrued_by
FROM billing_openitem i
UNION ALL SELECT a.account_id, a.period, a.seq, a.due_on, a.amount_fen, CAST(NULL AS bigint), a.run_id
FROM billing_accrual a"""
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
                ("run_id", models.BigIntegerField(null=True)),
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
