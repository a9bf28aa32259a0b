"""The tables, as the migrations up to 0004_alter_hazardstep_what made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("hazards", "0001_initial"),
        ("hazards", "0003_alter_hazard_measures_alter_hazard_state_and_more"),
        ("hazards", "0004_alter_hazardstep_what"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("campaigns", "0001_tables"),
        ("checklists", "0001_tables"),
        ("documents", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EscalationStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("none", "no hazard"), ("general", "general hazard"), ("major", "serious hazard")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("offset", models.SmallIntegerField(verbose_name="days from the deadline")),
                (
                    "whom",
                    models.CharField(
                        choices=[
                            ("owner", "the inspected unit"),
                            ("head", "the unit above it"),
                            ("organisers", "the organisers"),
                        ],
                        max_length=12,
                        verbose_name="who is told",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of escalation",
                "verbose_name_plural": "steps of escalation",
                "ordering": ["level", "offset"],
                "constraints": [
                    models.UniqueConstraint(fields=("level", "offset", "whom"), name="escalation_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checklist_code", models.CharField(max_length=40)),
                ("item_code", models.CharField(max_length=24, verbose_name="item")),
                (
                    "level",
                    models.CharField(
                        choices=[("none", "no hazard"), ("general", "general hazard"), ("major", "serious hazard")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="finding")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "found"),
                            ("noticed", "noticed"),
                            ("rectifying", "being put right"),
                            ("submitted", "reported as put right"),
                            ("rejected", "sent back"),
                            ("accepted", "accepted after recheck"),
                            ("closed", "written off"),
                        ],
                        default="found",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="found on")),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                ("first_deadline_on", models.DateField(verbose_name="first deadline")),
                ("extensions", models.PositiveSmallIntegerField(default=0, verbose_name="extensions")),
                ("seen", models.PositiveSmallIntegerField(default=1, verbose_name="times seen")),
                ("last_seen_on", models.DateField(verbose_name="last seen on")),
                ("escalated", models.PositiveSmallIntegerField(default=0, verbose_name="steps of escalation")),
                ("duty", models.CharField(blank=True, max_length=60, verbose_name="responsible person")),
                ("measures", models.CharField(blank=True, max_length=500, verbose_name="measures of rectification")),
                ("funds_fen", models.BigIntegerField(null=True, verbose_name="funds (fen)")),
                ("planned_on", models.DateField(null=True, verbose_name="planned end")),
                ("plan", models.CharField(blank=True, max_length=500, verbose_name="precautions meanwhile")),
                ("submitted_on", models.DateField(null=True, verbose_name="reported on")),
                ("closed_on", models.DateField(null=True, verbose_name="written off on")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="found by",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hazards", to="campaigns.inspection"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checklists.checklistitem",
                        verbose_name="item",
                    ),
                ),
                (
                    "rectifier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "repeat_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeats",
                        to="hazards.hazard",
                        verbose_name="came back",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="campaigns.target",
                        verbose_name="where",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="responsible unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "hazard found",
                "verbose_name_plural": "hazards found",
                "ordering": ["deadline_on", "id"],
                "indexes": [
                    models.Index(fields=["state", "deadline_on"], name="hazard_state"),
                    models.Index(fields=["campaign", "item_code"], name="hazard_campaign"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("target", "checklist_code", "item_code"),
                        name="hazard_open_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("extensions__lte", 1)), name="hazard_extended_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "closed"]), _negated=True),
                            ("rectifier__isnull", False),
                            _connector="OR",
                        ),
                        name="hazard_was_rectified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            models.Q(("closed_by", models.F("rectifier")), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_closed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_by__isnull", False), _connector="OR"
                        ),
                        name="hazard_closed_by_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                ("good", models.BooleanField(verbose_name="put right")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
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
                    "rectifier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acceptances", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict at a recheck",
                "verbose_name_plural": "verdicts at rechecks",
                "ordering": ["hazard", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "round", "by"), name="acceptance_once"),
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("rectifier")), _negated=True), name="acceptance_by_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HazardClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[("none", "no hazard"), ("general", "general hazard"), ("major", "serious hazard")],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="days to put it right")),
                ("accept_days", models.PositiveSmallIntegerField(default=10, verbose_name="days to answer a report")),
                ("from_on", models.DateField(verbose_name="from")),
                ("basis", models.CharField(blank=True, max_length=120, verbose_name="basis")),
            ],
            options={
                "verbose_name": "time for a level of hazards",
                "verbose_name_plural": "times for levels of hazards",
                "ordering": ["level", "-from_on"],
                "constraints": [models.UniqueConstraint(fields=("level", "from_on"), name="hazard_clock_once")],
            },
        ),
        migrations.CreateModel(
            name="HazardStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("found", "found"),
                            ("seen", "seen again"),
                            ("noticed", "noticed"),
                            ("planned", "rectification planned"),
                            ("extended", "deadline extended"),
                            ("submitted", "reported as put right"),
                            ("accepted", "accepted by one"),
                            ("rejected", "sent back"),
                            ("closed", "written off"),
                            ("escalated", "escalated"),
                            ("level", "level changed"),
                            ("proposed", "stop of supply proposed"),
                            ("stopped", "supply is stopped"),
                            ("kept", "supply goes on"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
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
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="history", to="hazards.hazard"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a hazard",
                "verbose_name_plural": "steps of hazards",
                "ordering": ["hazard", "id"],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number of the notice")),
                ("deadline_on", models.DateField(verbose_name="deadline")),
                (
                    "state",
                    models.CharField(
                        choices=[("issued", "issued"), ("served", "served"), ("void", "void")],
                        default="issued",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
                (
                    "served",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hand", "handed over"),
                            ("post", "by registered mail"),
                            ("door", "left at the door"),
                            ("phone", "told by telephone"),
                            ("sms", "by message"),
                        ],
                        max_length=8,
                        verbose_name="served",
                    ),
                ),
                ("received_by", models.CharField(blank=True, max_length=60, verbose_name="received by")),
                ("receipt_refused", models.BooleanField(default=False, verbose_name="refused to receive")),
                ("witness", models.CharField(blank=True, max_length=60, verbose_name="witness")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="campaigns.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
                ("hazards", models.ManyToManyField(related_name="notices", to="hazards.hazard")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="campaigns.target",
                        verbose_name="where",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="responsible unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "rectification notice",
                "verbose_name_plural": "rectification notices",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("receipt_refused", False), models.Q(("witness", ""), _negated=True), _connector="OR"
                        ),
                        name="notice_refusal_has_witness",
                    )
                ],
            },
        ),
    ]
