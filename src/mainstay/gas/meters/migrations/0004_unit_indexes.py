"""Indexes of lists by branch, and the rule that what hangs has a branch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meters", "0003_unit")]
    operations = [
        migrations.AddIndex(model_name="meter", index=models.Index(fields=["unit", "meter_no"], name="meter_unit_no")),
        migrations.AddIndex(
            model_name="meter",
            index=models.Index(
                condition=models.Q(("state", "installed")), fields=["verified_until", "unit"], name="meter_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="meter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "installed"), _negated=True), ("unit__isnull", False), _connector="OR"
                ),
                name="meter_hangs_in_unit",
            ),
        ),
    ]
