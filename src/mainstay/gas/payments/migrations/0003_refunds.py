"""Advance paid back is a payment of its own kind; the guards are put up again because SQLite rebuilds the table."""

from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly, BlockRange, SetwiseForeignKey

SIGN = models.CheckConstraint(
    condition=models.Q(
        models.Q(("amount_fen__gt", 0), ("kind", 1), ("refers_no", None)),
        models.Q(("amount_fen__lt", 0), ("kind", 2), ("refers_no__isnull", False)),
        models.Q(("amount_fen__lt", 0), ("kind", 3), ("refers_no", None)),
        _connector="OR",
    ),
    name="payment_sign",
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]
    operations = [
        migrations.RemoveConstraint("payment", "payment_sign"),
        migrations.AlterField(
            "payment",
            "kind",
            models.SmallIntegerField(
                choices=[(1, "payment"), (2, "reversal"), (3, "refund")], default=1, verbose_name="kind"
            ),
        ),
        migrations.AddConstraint("payment", SIGN),
        AppendOnly("payments_payment"),
        SetwiseForeignKey("payments_payment", ["account_id"], "customers_account"),
        BlockRange("payments_payment", "business_on"),
    ]
