"""Card orders are never deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import NoDelete


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("organisation", "0001_initial"),
        ("tariffs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CardOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="order number")),
                ("card_no", models.CharField(max_length=20, verbose_name="card number")),
                ("purchases_before", models.PositiveIntegerField(verbose_name="purchases before")),
                ("volume_l", models.BigIntegerField(verbose_name="volume (l)")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("vat_fen", models.BigIntegerField(verbose_name="VAT (fen)")),
                ("lines", models.JSONField(default=list)),
                ("year_start_on", models.DateField(verbose_name="start of the tariff year")),
                ("year_before_l", models.BigIntegerField(verbose_name="bought in the year before (l)")),
                ("year_after_l", models.BigIntegerField(verbose_name="bought in the year after (l)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "drafted"),
                            ("paid", "paid, not written"),
                            ("written", "written"),
                            ("confirmed", "confirmed"),
                            ("void", "void"),
                        ],
                        default="drafted",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("payment_no", models.IntegerField(null=True, verbose_name="payment")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("paid_at", models.DateTimeField(null=True, verbose_name="paid at")),
                ("written_at", models.DateTimeField(null=True, verbose_name="written at")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="card_orders",
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
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.version",
                        verbose_name="tariff version",
                    ),
                ),
            ],
            options={
                "verbose_name": "card order",
                "verbose_name_plural": "card orders",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["paid", "written", "confirmed"])),
                        fields=("card_no", "purchases_before"),
                        name="card_purchase_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("payment_no__isnull", False)),
                        fields=("account", "payment_no"),
                        name="card_payment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0), ("volume_l__gt", 0)), name="card_order_positive"
                    ),
                ],
            },
        ),
        NoDelete("cards_cardorder"),
    ]
