"""The tables, as the migrations up to 0002_preview made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("sheets", "0001_initial"), ("sheets", "0002_preview")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SheetImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("options", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "checked"), ("committed", "committed"), ("discarded", "discarded")],
                        default="checked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                ("bad_rows", models.PositiveIntegerField(default=0, verbose_name="rows with errors")),
                ("new_rows", models.PositiveIntegerField(default=0, verbose_name="new rows")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("checked_at", models.DateTimeField(verbose_name="checked at")),
                ("committed_at", models.DateTimeField(null=True, verbose_name="committed at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.attachment",
                        verbose_name="sheet",
                    ),
                ),
                ("preview", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "sheet import",
                "verbose_name_plural": "sheet imports",
                "ordering": ["-id"],
            },
        ),
    ]
