"""What happened to a hazard, and who accepted it, stays; hazards and notices are never removed."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, NoDelete


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_tables")]
    operations = [
        AppendOnly("hazards_hazardstep"),
        AppendOnly("hazards_acceptance"),
        NoDelete("hazards_hazard"),
        NoDelete("hazards_notice"),
    ]
