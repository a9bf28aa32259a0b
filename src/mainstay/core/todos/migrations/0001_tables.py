"""The tables, as the migrations up to 0002_addressees made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("todos", "0001_initial"), ("todos", "0002_addressees")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Todo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=60, verbose_name="kind")),
                ("subject", models.CharField(max_length=80, verbose_name="subject")),
                ("title_zh", models.CharField(max_length=160)),
                ("title_en", models.CharField(max_length=200)),
                ("url", models.CharField(blank=True, max_length=200)),
                ("right", models.CharField(blank=True, max_length=80)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("escalated_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("amount_fen", models.BigIntegerField(null=True)),
                (
                    "not_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "to-do",
                "verbose_name_plural": "to-dos",
                "ordering": ["due_at", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["user", "due_at"], name="todo_user_open"
                    ),
                    models.Index(
                        condition=models.Q(("done_at", None)), fields=["right", "unit_id"], name="todo_right_open"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at", None)), fields=("kind", "subject", "user"), name="todo_open_once"
                    )
                ],
            },
        ),
    ]
