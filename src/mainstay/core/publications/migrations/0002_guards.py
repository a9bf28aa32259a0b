"""What was acknowledged stays so."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("publications", "0001_initial")]
    operations = [
        AppendOnly("publications_acknowledgement"),
    ]
