"""Indexes for the list of accounts narrowed by branch and state or category."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_search"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["unit", "state", "account_no"], name="account_of_unit_in_state"),
        ),
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["unit", "category", "account_no"], name="account_of_unit_category"),
        ),
    ]
