"""The tables, as the migrations up to 0003_rounds made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("readings", "0001_initial"), ("readings", "0003_rounds")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("meters", "0001_tables"),
        ("organisation", "0001_initial"),
        ("sheets", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "cycle",
                    models.CharField(
                        choices=[("monthly", "monthly"), ("odd", "odd months"), ("even", "even months")],
                        default="monthly",
                        max_length=8,
                        verbose_name="cycle",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
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
                "verbose_name": "book",
                "verbose_name_plural": "books",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="BookEntry",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="book_entry",
                        serialize=False,
                        to="customers.account",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="sequence")),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="readings.book",
                        verbose_name="book",
                    ),
                ),
            ],
            options={
                "ordering": ["book", "sequence"],
                "indexes": [models.Index(fields=["book", "sequence"], name="book_sequence")],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "installation_id",
                        "period",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                ("seq", models.SmallIntegerField(default=0)),
                ("taken_on", models.DateField(verbose_name="read on")),
                ("index_l", models.BigIntegerField(verbose_name="index (l)")),
                ("previous_on", models.DateField(verbose_name="read before on")),
                ("previous_index_l", models.BigIntegerField(verbose_name="index before (l)")),
                ("volume_l", models.BigIntegerField(verbose_name="volume (l)")),
                (
                    "source",
                    models.SmallIntegerField(
                        choices=[
                            (1, "reader"),
                            (2, "customer"),
                            (3, "remote meter"),
                            (4, "estimate"),
                            (5, "meter exchange"),
                            (6, "sheet"),
                            (7, "opening"),
                        ],
                        verbose_name="source",
                    ),
                ),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(1, "taken"), (2, "questioned"), (3, "accepted"), (4, "set aside")],
                        verbose_name="state",
                    ),
                ),
                ("doubts", models.IntegerField(default=0, verbose_name="doubts")),
                ("rollover", models.BooleanField(default=False, verbose_name="dial went round")),
                ("note", models.CharField(blank=True, max_length=120, verbose_name="note")),
                ("client_key", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="customers.account",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="readings.book",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "installation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="meters.installation",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="sheets.sheetimport",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "indexes": [
                    models.Index(fields=["book", "period"], name="reading_book_period"),
                    models.Index(
                        condition=models.Q(("state", 2)), fields=["book", "period"], name="reading_questioned"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", 3)),
                        fields=("account", "installation", "period"),
                        name="reading_one_accepted",
                    ),
                    models.CheckConstraint(condition=models.Q(("index_l__gte", 0)), name="reading_index_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("period__gte", 200001), ("period__lte", 299912)), name="reading_period"
                    ),
                ],
            },
        ),
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
    ]
