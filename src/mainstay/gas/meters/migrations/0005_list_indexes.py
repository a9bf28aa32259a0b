from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meters", "0004_unit_indexes")]

    operations = [
        migrations.AddIndex("meter", models.Index(fields=["kind", "meter_no"], name="meter_kind_no")),
        migrations.AddIndex(
            "meter",
            models.Index(
                condition=models.Q(("state", "installed"), _negated=True),
                fields=["state", "meter_no"],
                name="meter_loose",
            ),
        ),
    ]
