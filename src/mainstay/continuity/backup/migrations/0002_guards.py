from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("backup", "0001_proofs")]

    operations = [AppendOnly("backup_proof")]
