"""The tables, as the migrations up to 0002_stops_and_messages made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("arrears", "0001_initial"), ("arrears", "0002_stops_and_messages")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("evidence", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DunningRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="day")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("confirmed", "confirmed"), ("dropped", "dropped")],
                        default="proposed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("proposed", models.PositiveIntegerField(default=0, verbose_name="steps")),
                ("at", models.DateTimeField(verbose_name="time")),
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
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "dunning run",
                "verbose_name_plural": "dunning runs",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DunningStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("residential", "residential"),
                            ("institution", "institution"),
                            ("commercial", "commercial"),
                            ("industrial", "industrial"),
                        ],
                        max_length=12,
                        verbose_name="class",
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sms", "text message"),
                            ("call", "phone call"),
                            ("paper", "letter"),
                            ("notice", "notice of stop"),
                            ("stop", "stop order"),
                        ],
                        max_length=6,
                        verbose_name="step",
                    ),
                ),
                ("days_overdue", models.PositiveSmallIntegerField(verbose_name="days overdue")),
                ("wait_days", models.PositiveSmallIntegerField(default=0, verbose_name="days after the step before")),
                ("min_fen", models.PositiveBigIntegerField(default=1, verbose_name="from (fen)")),
            ],
            options={
                "verbose_name": "dunning step",
                "verbose_name_plural": "dunning steps",
                "ordering": ["category", "place"],
                "constraints": [models.UniqueConstraint(fields=("category", "place"), name="dunning_step_once")],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="given on")),
                ("withdrawn_on", models.DateField(null=True, verbose_name="withdrawn on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise to pay",
                "verbose_name_plural": "promises to pay",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DunningAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sms", "text message"),
                            ("call", "phone call"),
                            ("paper", "letter"),
                            ("notice", "notice of stop"),
                            ("stop", "stop order"),
                        ],
                        max_length=6,
                        verbose_name="step",
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("done", "done"), ("left_out", "left out")],
                        default="proposed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("owed_fen", models.BigIntegerField(verbose_name="owed (fen)")),
                ("oldest_due_on", models.DateField(verbose_name="oldest due date")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="arrears.dunningrun",
                        verbose_name="run",
                    ),
                ),
                ("restored_on", models.DateField(null=True, verbose_name="supply restored on")),
                ("stopped_on", models.DateField(null=True, verbose_name="supply stopped on")),
            ],
            options={
                "verbose_name": "dunning record",
                "verbose_name_plural": "dunning records",
                "constraints": [models.UniqueConstraint(fields=("account", "run"), name="dunning_act_once")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "stop")), fields=["-on", "-id"], name="dunning_stop_orders"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromisePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_on", models.DateField(verbose_name="by")),
                ("fen", models.PositiveBigIntegerField(verbose_name="amount (fen)")),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="arrears.promise"
                    ),
                ),
            ],
            options={
                "ordering": ["due_on", "id"],
                "constraints": [models.UniqueConstraint(fields=("promise", "due_on"), name="promise_part_once")],
            },
        ),
        migrations.CreateModel(
            name="MessageFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("messages", models.PositiveIntegerField(verbose_name="messages")),
                ("without_phone", models.PositiveIntegerField(default=0, verbose_name="without a mobile number")),
                ("at", models.DateTimeField(verbose_name="time")),
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.attachment"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="arrears.dunningrun",
                        verbose_name="run",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of text messages",
                "verbose_name_plural": "files of text messages",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="message no.")),
                ("phone_tail", models.CharField(max_length=4, verbose_name="phone ends in")),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "carried out"), ("delivered", "delivered"), ("failed", "not delivered")],
                        default="sent",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="message",
                        to="arrears.dunningact",
                        verbose_name="step",
                    ),
                ),
                (
                    "of_file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="arrears.messagefile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "text message",
                "verbose_name_plural": "text messages",
                "ordering": ["id"],
            },
        ),
    ]
