"""The tables, as the migrations up to 0003_alter_checklistitem_section made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("checklists", "0001_initial"), ("checklists", "0003_alter_checklistitem_section")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
            ],
            options={
                "verbose_name": "checklist",
                "verbose_name_plural": "checklists",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="ChecklistVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("superseded", "superseded")],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "scoring",
                    models.CharField(
                        choices=[
                            ("none", "no score"),
                            ("pass_rate", "pass rate"),
                            ("weighted", "weighted pass rate"),
                            ("deduction", "points deducted"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="scoring",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what is new")),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="checklists.checklist",
                        verbose_name="checklist",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a checklist",
                "verbose_name_plural": "versions of checklists",
                "ordering": ["checklist", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("checklist", "number"), name="checklist_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")), fields=("checklist",), name="checklist_one_draft"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")), fields=("checklist",), name="checklist_one_in_force"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zh", models.CharField(max_length=200, verbose_name="Chinese words")),
                ("en", models.CharField(blank=True, max_length=240, verbose_name="English words")),
                ("code", models.CharField(max_length=24, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("points_e2", models.PositiveIntegerField(default=0, verbose_name="full points (1/100)")),
                ("scale_e4", models.PositiveIntegerField(default=10000, verbose_name="scale of deductions (1/10000)")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="checklists.checklistversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a checklist",
                "verbose_name_plural": "parts of checklists",
                "ordering": ["version", "order", "id"],
                "constraints": [models.UniqueConstraint(fields=("version", "code"), name="checklist_section_once")],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zh", models.CharField(max_length=200, verbose_name="Chinese words")),
                ("en", models.CharField(blank=True, max_length=240, verbose_name="English words")),
                ("code", models.CharField(max_length=24, verbose_name="code")),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("types", models.JSONField(default=list, verbose_name="types")),
                (
                    "severity",
                    models.CharField(
                        choices=[("none", "no hazard"), ("general", "general hazard"), ("major", "serious hazard")],
                        default="general",
                        max_length=8,
                        verbose_name="hazard",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="basis")),
                ("requirement_zh", models.CharField(blank=True, max_length=300, verbose_name="requirement in Chinese")),
                ("requirement_en", models.CharField(blank=True, max_length=300, verbose_name="requirement in English")),
                ("days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days to put it right")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                ("points_e2", models.PositiveIntegerField(default=0, verbose_name="points deducted (1/100)")),
                ("photo", models.BooleanField(default=False, verbose_name="photo needed")),
                ("minimum_e3", models.BigIntegerField(blank=True, null=True, verbose_name="lower limit (1/1000)")),
                ("maximum_e3", models.BigIntegerField(blank=True, null=True, verbose_name="upper limit (1/1000)")),
                ("unit", models.CharField(blank=True, max_length=12, verbose_name="unit of measure")),
                ("options", models.JSONField(blank=True, default=list, verbose_name="options")),
                ("date_rule", models.CharField(blank=True, max_length=8, verbose_name="rule for the day")),
                ("date_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days back")),
                ("show_item", models.CharField(blank=True, max_length=24, verbose_name="shown after item")),
                ("show_value", models.CharField(blank=True, max_length=24, verbose_name="shown when it is")),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="checklists.checklistsection",
                        verbose_name="checklist part",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="checklists.checklistversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "item of a checklist",
                "verbose_name_plural": "items of checklists",
                "ordering": ["version", "section__order", "order", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="checklist_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_e3", None),
                            ("maximum_e3", None),
                            ("minimum_e3__lte", models.F("maximum_e3")),
                            _connector="OR",
                        ),
                        name="checklist_item_limits",
                    ),
                ],
            },
        ),
    ]
