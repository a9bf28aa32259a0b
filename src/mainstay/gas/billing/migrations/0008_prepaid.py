"""One more reason to leave an account out of a run: its gas was paid for before it was used."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0007_charges")]

    operations = [
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
                    ("prepaid", "IC card meter: paid at purchase"),
                    ("failed", "could not be computed"),
                ],
                max_length=12,
                verbose_name="reason",
            ),
        ),
    ]
