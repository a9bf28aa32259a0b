"""Elements of a chain that were taken over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_bill_single")]

    operations = [
        migrations.AlterField(
            "bill",
            "kind",
            models.SmallIntegerField(
                choices=[
                    (1, "regular"),
                    (2, "final"),
                    (3, "reversal"),
                    (4, "rebill"),
                    (5, "correction"),
                    (6, "taken over"),
                ],
                default=1,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            "chargeline",
            "kind",
            models.SmallIntegerField(
                choices=[
                    (1, "gas"),
                    (2, "base fee"),
                    (3, "up to the minimum charge"),
                    (4, "free volume"),
                    (5, "energy"),
                    (6, "tax"),
                    (7, "rounding"),
                    (8, "taken over"),
                ],
                default=1,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            "runexception",
            "reason",
            models.CharField(
                choices=[
                    ("no_reading", "no reading"),
                    ("questioned", "reading questioned"),
                    ("no_terms", "no tariff plan"),
                    ("no_price", "no price for the date"),
                    ("already", "already billed"),
                    ("not_active", "account not active"),
                    ("master", "billed by difference"),
                    ("failed", "could not be computed"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
    ]
