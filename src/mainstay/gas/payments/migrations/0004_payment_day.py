from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_refunds")]

    operations = [
        migrations.AddIndex("payment", models.Index(fields=["business_on", "at"], name="payment_day")),
    ]
