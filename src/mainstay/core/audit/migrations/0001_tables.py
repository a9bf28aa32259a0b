"""The tables, as the migrations up to 0003_seal_marks made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("audit", "0001_initial"), ("audit", "0003_seal_marks")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField(unique=True)),
                ("rows", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
                ("sealed_at", models.DateTimeField()),
                ("marks", models.BinaryField(null=True)),
            ],
            options={
                "verbose_name": "audit seal",
                "verbose_name_plural": "audit seals",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused"), ("filed", "sent for approval")],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("unit_id", models.BigIntegerField(null=True, verbose_name="unit")),
                ("amount_fen", models.BigIntegerField(null=True, verbose_name="amount (fen)")),
                ("subject", models.CharField(blank=True, max_length=80, verbose_name="subject")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("before", models.JSONField(null=True, verbose_name="before")),
                ("after", models.JSONField(null=True, verbose_name="after")),
                ("request_id", models.CharField(blank=True, max_length=36)),
                ("ip", models.CharField(blank=True, max_length=45)),
                (
                    "approver",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approver",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["subject", "id"], name="audit_subject"),
                    models.Index(fields=["by", "id"], name="audit_by"),
                    models.Index(
                        condition=models.Q(("outcome", "refused")), fields=["outcome", "id"], name="audit_refused"
                    ),
                ],
            },
        ),
    ]
