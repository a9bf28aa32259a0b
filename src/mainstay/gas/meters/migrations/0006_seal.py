"""The seal put on when a meter is hung."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meters", "0005_list_indexes")]

    operations = [
        migrations.AddField(
            "installation",
            "seal_no",
            models.CharField(blank=True, max_length=30, null=True, verbose_name="seal number"),
        ),
    ]
