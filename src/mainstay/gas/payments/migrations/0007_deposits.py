"""What was put into deposits and taken out of them, with the receipts that speak of it; never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_account_life"),
        ("payments", "0006_counter"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DepositMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("taken", "taken"), ("used", "used for bills"), ("refunded", "paid back")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("payment_no", models.IntegerField(null=True)),
                ("receipt_no", models.CharField(blank=True, max_length=30, verbose_name="receipt number")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deposit_moves",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "movement of a deposit",
                "verbose_name_plural": "movements of deposits",
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            "depositmove", models.UniqueConstraint(fields=("account", "number"), name="deposit_move_once")
        ),
        migrations.AddConstraint(
            "depositmove",
            models.UniqueConstraint(
                condition=models.Q(("payment_no__isnull", False)),
                fields=("account", "payment_no"),
                name="deposit_of_payment",
            ),
        ),
        AppendOnly("payments_depositmove"),
    ]
