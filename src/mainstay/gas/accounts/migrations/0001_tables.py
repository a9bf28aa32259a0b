"""The tables, as the migrations up to 0003_masters made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("accounts", "0001_initial"), ("accounts", "0002_approvals_contracts"), ("accounts", "0003_masters")]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("evidence", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="case number")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opening", "opening"),
                            ("transfer", "transfer"),
                            ("suspension", "suspension"),
                            ("restoration", "restoration"),
                            ("closing", "closing"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("begun", "begun"), ("done", "done"), ("withdrawn", "withdrawn")],
                        default="begun",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("on", models.DateField(verbose_name="date")),
                ("until_on", models.DateField(null=True, verbose_name="foreseen until")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("facts", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "new_account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="new account",
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
                "verbose_name": "case",
                "verbose_name_plural": "cases",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["unit", "-id"], name="case_of_unit"),
                    models.Index(condition=models.Q(("state", "begun")), fields=["state", "-id"], name="case_begun"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "begun")), fields=("account",), name="account_one_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account__isnull", False), ("kind", "opening"), _connector="OR"),
                        name="case_names_its_account",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="contract number")),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "signed"), ("ended", "ended early")],
                        default="held",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(verbose_name="last day")),
                ("price_e4", models.PositiveIntegerField(null=True, verbose_name="agreed price (1/10000 yuan per m³)")),
                ("deposit_fen", models.BigIntegerField(default=0, verbose_name="deposit agreed (fen)")),
                ("signatory", models.CharField(max_length=40, verbose_name="signed for the customer by")),
                ("signed_on", models.DateField(verbose_name="signed on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
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
                "verbose_name": "supply contract",
                "verbose_name_plural": "supply contracts",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "until_on"], name="contract_ending")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="contract_days"
                    ),
                    models.CheckConstraint(condition=models.Q(("deposit_fen__gte", 0)), name="contract_deposit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relief",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("low_income", "low income"), ("household", "large household")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "approved"), ("ended", "ended early")],
                        default="held",
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("persons", models.PositiveSmallIntegerField(null=True, verbose_name="persons")),
                ("certificate_no", models.CharField(max_length=40, verbose_name="certificate number")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("rebilled", models.PositiveSmallIntegerField(default=0, verbose_name="bills made anew")),
                ("granted_at", models.DateTimeField(verbose_name="approved at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reliefs",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.attachment",
                        verbose_name="proof",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "until_on"], name="relief_ending")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on__gte", models.F("from_on"))), name="relief_days"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "household"), _negated=True), ("persons__gte", 1), _connector="OR"
                        ),
                        name="relief_persons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeterDifference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                ("master_l", models.BigIntegerField(verbose_name="master meter (l)")),
                ("subs_l", models.BigIntegerField(verbose_name="sub meters (l)")),
                ("missing", models.CharField(blank=True, max_length=200, verbose_name="meters without reading")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("billed", "billed to the master's account"),
                            ("reported", "reported only"),
                            ("waiting", "waits for readings"),
                            ("negative", "sub meters measured more"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                ("bill_seq", models.SmallIntegerField(null=True)),
                ("at", models.DateTimeField(verbose_name="worked out at")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "difference of a master meter",
                "verbose_name_plural": "differences of master meters",
                "ordering": ["-period", "account"],
                "constraints": [models.UniqueConstraint(fields=("account", "period"), name="meter_difference_once")],
            },
        ),
    ]
