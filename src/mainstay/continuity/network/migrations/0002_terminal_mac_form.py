"""The form of a hardware address, asked without a regular expression: SQLite by itself knows none."""

from django.db import migrations, models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("network", "0001_terminals")]

    operations = [
        migrations.RemoveConstraint(model_name="terminal", name="terminal_mac"),
        migrations.AddConstraint(
            model_name="terminal",
            constraint=models.CheckConstraint(
                condition=models.Q(Exact(Length("mac"), 17), Exact(Lower("mac"), models.F("mac"))),
                name="terminal_mac_form",
            ),
        ),
    ]
