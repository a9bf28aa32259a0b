"""What a transfer hands on to the tariff, and what the difference of a master meter is for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_list_indexes")]

    operations = [
        migrations.AddField(
            "account",
            "counts_from",
            models.DateField(blank=True, editable=False, null=True, verbose_name="counted from"),
        ),
        migrations.AddField(
            "account",
            "difference",
            models.CharField(
                blank=True,
                choices=[("billed", "difference billed"), ("reported", "difference reported")],
                max_length=8,
                null=True,
                verbose_name="master meter",
            ),
        ),
    ]
