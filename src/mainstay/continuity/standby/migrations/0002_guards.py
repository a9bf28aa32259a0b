"""What a rehearsal measured stays."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("standby", "0001_rehearsals")]

    operations = [AppendOnly("standby_rehearsal")]
