"""Accounts whose budget nobody may pass, not even with approval."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0002_guards")]
    operations = [
        migrations.AddField(
            model_name="budgetaccount",
            name="hard",
            field=models.BooleanField(default=False, verbose_name="never beyond the budget"),
        ),
    ]
