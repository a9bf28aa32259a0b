"""Who acknowledged stays; papers are never removed."""

from django.db import migrations

from mainstay.kit.sqlkit.operations import AppendOnly, NoDelete


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_initial")]
    operations = [AppendOnly("bulletins_paperreceipt"), NoDelete("bulletins_paper")]
