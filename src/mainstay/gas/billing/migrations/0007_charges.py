from django.db import migrations, models

KINDS = [
    (1, "regular"), (2, "final"), (3, "reversal"), (4, "rebill"), (5, "correction"), (6, "taken over"),
    (11, "late fee"), (12, "late fee waived"), (13, "adjustment"), (14, "reduction"), (15, "write-off"),
]  # fmt: skip
LINES = [
    (1, "gas"), (2, "base fee"), (3, "up to the minimum charge"), (4, "free volume"), (5, "energy"), (6, "tax"),
    (7, "rounding"), (8, "taken over"), (9, "charge or credit"),
]  # fmt: skip


class Migration(migrations.Migration):
    """Names for the kinds of charges that belong to a bill; the tables stay as they are."""

    dependencies = [("billing", "0006_taken_over")]

    operations = [
        migrations.AlterField("bill", "kind", models.SmallIntegerField(choices=KINDS, default=1, verbose_name="kind")),
        migrations.AlterField(
            "chargeline", "kind", models.SmallIntegerField(choices=LINES, default=1, verbose_name="kind")
        ),
    ]
