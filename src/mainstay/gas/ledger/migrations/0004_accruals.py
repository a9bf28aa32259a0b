from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_chart")]
    operations = [
        migrations.AlterField(
            model_name="posting",
            name="document",
            field=models.SmallIntegerField(
                choices=[
                    (1, "bill"),
                    (2, "payment"),
                    (3, "payment reversal"),
                    (4, "settlement from advance"),
                    (5, "shift"),
                    (6, "refund"),
                    (7, "opening balance"),
                    (8, "late fees accrued"),
                    (31, "deposit"),
                    (32, "transfer between accounts"),
                    (21, "bank settlement"),
                    (22, "bank difference"),
                    (41, "cheque cleared"),
                    (42, "card sale"),
                    (43, "card sale taken back"),
                ],
                verbose_name="document",
            ),
        ),
    ]
