"""Every document asks whether its day is closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_chart")]
    operations = [migrations.AddIndex("closedday", models.Index(fields=["business_on"], name="closed_day"))]
