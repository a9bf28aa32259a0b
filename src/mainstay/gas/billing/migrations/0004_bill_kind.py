from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_top_changes")]

    operations = [
        migrations.AddIndex(
            "bill",
            models.Index(
                condition=models.Q(("kind", 1), _negated=True),
                fields=["kind", "account", "period", "seq"],
                name="bill_kind",
            ),
        ),
    ]
