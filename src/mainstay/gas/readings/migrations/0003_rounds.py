"""Tasks of readers and visits without a reading; what was reported never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_account_life"),
        ("meters", "0006_seal"),
        ("readings", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                ("planned_on", models.DateField(verbose_name="planned for")),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="readings.book",
                        verbose_name="book",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading task",
                "verbose_name_plural": "reading tasks",
                "indexes": [models.Index(fields=["reader", "period"], name="task_of_reader")],
                "constraints": [models.UniqueConstraint(fields=("book", "period"), name="task_once")],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("client_key", models.UUIDField(primary_key=True, serialize=False)),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                ("on", models.DateField(verbose_name="visited on")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("nobody", "nobody at home"),
                            ("refused", "not let in"),
                            ("blocked", "meter is covered or locked"),
                            ("unreadable", "dial cannot be read"),
                            ("danger", "dangerous: dog, gas smell, works"),
                            ("no_meter", "meter not found"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="customers.account"
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="readings.book",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="meters.installation",
                    ),
                ),
            ],
            options={
                "verbose_name": "visit without reading",
                "verbose_name_plural": "visits without reading",
                "indexes": [models.Index(fields=["book", "period"], name="visit_book_period")],
            },
        ),
        AppendOnly("readings_visit"),
    ]
