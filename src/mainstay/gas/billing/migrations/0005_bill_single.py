from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_bill_kind")]

    operations = [
        migrations.AddIndex(
            "bill",
            models.Index(condition=models.Q(("run", None)), fields=["period", "account", "seq"], name="bill_single"),
        ),
    ]
