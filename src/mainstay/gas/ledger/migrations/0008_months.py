"""Closed months with balances, days opened again, further parts of a voucher, accounts of the finance system."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly, NoDelete, SetwiseForeignKey


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0007_cheques"),
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.PositiveIntegerField(verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[("closed", "closed"), ("reopened", "opened again")],
                        default="closed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="opened again at")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "closed month",
                "verbose_name_plural": "closed months",
                "ordering": ["-period", "unit"],
            },
        ),
        migrations.CreateModel(
            name="MonthBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opening_fen", models.BigIntegerField(verbose_name="opening (fen)")),
                ("debit_fen", models.BigIntegerField(verbose_name="debit (fen)")),
                ("credit_fen", models.BigIntegerField(verbose_name="credit (fen)")),
            ],
            options={
                "ordering": ["month", "ledger_account"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="voucher",
            name="voucher_day_once",
        ),
        migrations.AddField(
            model_name="closedday",
            name="reopened",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="ledgeraccount",
            name="finance_code",
            field=models.CharField(blank=True, max_length=30, verbose_name="account in the finance system"),
        ),
        migrations.AddField(
            model_name="voucher",
            name="part",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="part"),
        ),
        migrations.AddConstraint(
            model_name="voucher",
            constraint=models.UniqueConstraint(fields=("business_on", "unit", "part"), name="voucher_part_once"),
        ),
        migrations.AddField(
            model_name="closedmonth",
            name="closed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="closed by",
            ),
        ),
        migrations.AddField(
            model_name="closedmonth",
            name="reopened_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="opened again by",
            ),
        ),
        migrations.AddField(
            model_name="closedmonth",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.unit",
                verbose_name="branch",
            ),
        ),
        migrations.AddField(
            model_name="monthbalance",
            name="ledger_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgeraccount"
            ),
        ),
        migrations.AddField(
            model_name="monthbalance",
            name="month",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="balances", to="ledger.closedmonth"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedmonth",
            constraint=models.UniqueConstraint(fields=("unit", "period"), name="month_closed_once"),
        ),
        migrations.AddConstraint(
            model_name="monthbalance",
            constraint=models.UniqueConstraint(fields=("month", "ledger_account"), name="month_balance_once"),
        ),
        NoDelete("ledger_ledgeraccount", key_columns=["code"]),
        SetwiseForeignKey("ledger_posting", ["debit"], "ledger_ledgeraccount", ["code"]),
        SetwiseForeignKey("ledger_posting", ["credit"], "ledger_ledgeraccount", ["code"]),
        AppendOnly("ledger_closedday", ["reopened"]),
        NoDelete("ledger_closedmonth"),
    ]
