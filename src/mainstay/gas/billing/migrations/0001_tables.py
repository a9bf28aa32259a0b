"""The tables, as the migrations up to 0009_rebilling made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("billing", "0001_initial"),
        ("billing", "0003_top_changes"),
        ("billing", "0004_bill_kind"),
        ("billing", "0005_bill_single"),
        ("billing", "0006_taken_over"),
        ("billing", "0007_charges"),
        ("billing", "0008_prepaid"),
        ("billing", "0009_rebilling"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("organisation", "0001_initial"),
        ("readings", "0001_tables"),
        ("tariffs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BillingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("running", "running"),
                            ("computed", "computed"),
                            ("released", "released"),
                            ("abandoned", "abandoned"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("issued_on", models.DateField(verbose_name="bill date")),
                ("due_on", models.DateField(verbose_name="due date")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("planned_accounts", models.PositiveIntegerField(default=0, verbose_name="accounts to bill")),
                ("excluded_accounts", models.PositiveIntegerField(default=0, verbose_name="accounts left out")),
                ("bills", models.PositiveIntegerField(default=0, verbose_name="bills")),
                ("amount_fen", models.BigIntegerField(default=0, verbose_name="amount (fen)")),
                ("volume_l", models.BigIntegerField(default=0, verbose_name="volume (l)")),
                ("planned_at", models.DateTimeField(verbose_name="planned at")),
                ("computed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
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
                ("top_changes", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "billing run",
                "verbose_name_plural": "billing runs",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ChargeLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "period",
                        "seq",
                        "line",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField()),
                ("seq", models.SmallIntegerField()),
                ("line", models.SmallIntegerField(verbose_name="line")),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "gas"),
                            (2, "base fee"),
                            (3, "up to the minimum charge"),
                            (4, "free volume"),
                            (5, "energy"),
                            (6, "tax"),
                            (7, "rounding"),
                            (8, "taken over"),
                            (9, "charge or credit"),
                        ],
                        default=1,
                        verbose_name="kind",
                    ),
                ),
                ("tier", models.SmallIntegerField(verbose_name="tier")),
                ("volume_l", models.BigIntegerField(verbose_name="volume (l)")),
                ("price_e4", models.IntegerField(verbose_name="price (1/10000 yuan per m³)")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("vat_fen", models.BigIntegerField(verbose_name="VAT (fen)")),
                ("note", models.CharField(blank=True, max_length=60)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.version",
                    ),
                ),
            ],
            options={
                "verbose_name": "charge line",
                "verbose_name_plural": "charge lines",
            },
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "period", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("period", models.IntegerField(verbose_name="period (yyyymm)")),
                ("seq", models.SmallIntegerField(default=0)),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[
                            (1, "regular"),
                            (2, "final"),
                            (3, "reversal"),
                            (4, "rebill"),
                            (5, "correction"),
                            (6, "taken over"),
                            (11, "late fee"),
                            (12, "late fee waived"),
                            (13, "adjustment"),
                            (14, "reduction"),
                            (15, "write-off"),
                        ],
                        default=1,
                        verbose_name="kind",
                    ),
                ),
                ("from_on", models.DateField(verbose_name="from")),
                ("to_on", models.DateField(verbose_name="to")),
                ("volume_l", models.BigIntegerField(verbose_name="volume (l)")),
                ("persons", models.SmallIntegerField(verbose_name="persons")),
                ("low_income", models.BooleanField(verbose_name="low income")),
                ("heating", models.BooleanField(verbose_name="heats with gas")),
                ("contract_price_e4", models.IntegerField(null=True)),
                ("year_start_on", models.DateField(verbose_name="tariff year from")),
                ("year_before_l", models.BigIntegerField(verbose_name="year volume before (l)")),
                ("year_after_l", models.BigIntegerField(verbose_name="year volume after (l)")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("vat_fen", models.BigIntegerField(verbose_name="VAT (fen)")),
                ("issued_on", models.DateField(verbose_name="bill date")),
                ("due_on", models.DateField(verbose_name="due date")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("refers_seq", models.SmallIntegerField(null=True)),
                ("readings", models.JSONField(verbose_name="readings")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bills",
                        to="customers.account",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readings.book",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.version",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="billing.billingrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "bill",
                "verbose_name_plural": "bills",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("period__gte", 200001), ("period__lte", 299912)), name="bill_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_on__gte", models.F("from_on"))), name="bill_to_after_from"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [1, 2]), ("refers_seq__isnull", False), _connector="OR"),
                        name="bill_change_refers",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", 1), _negated=True),
                        fields=["kind", "account", "period", "seq"],
                        name="bill_kind",
                    ),
                    models.Index(
                        condition=models.Q(("run", None)), fields=["period", "account", "seq"], name="bill_single"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "period", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("period", models.IntegerField()),
                ("seq", models.SmallIntegerField()),
                ("due_on", models.DateField(verbose_name="due date")),
                ("open_fen", models.BigIntegerField(verbose_name="open (fen)")),
                ("run_id", models.BigIntegerField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
            ],
            options={
                "verbose_name": "open item",
                "verbose_name_plural": "open items",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("open_fen", 0), _negated=True), name="open_item_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RunChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("planned", models.PositiveIntegerField(default=0)),
                ("last_period_amount_fen", models.BigIntegerField(default=0)),
                ("dry_bills", models.PositiveIntegerField(null=True)),
                ("dry_amount_fen", models.BigIntegerField(null=True)),
                ("dry_volume_l", models.BigIntegerField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("bills", models.PositiveIntegerField(default=0)),
                ("amount_fen", models.BigIntegerField(default=0)),
                ("volume_l", models.BigIntegerField(default=0)),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readings.book",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="billing.billingrun",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "book"), name="chunk_once")],
            },
        ),
        migrations.CreateModel(
            name="RunException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_reading", "no reading"),
                            ("questioned", "reading questioned"),
                            ("no_terms", "no tariff plan"),
                            ("no_price", "no price for the date"),
                            ("already", "already billed"),
                            ("not_active", "account not active"),
                            ("master", "billed by difference"),
                            ("prepaid", "IC card meter: paid at purchase"),
                            ("failed", "could not be computed"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
                ("solved_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readings.book",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="billing.billingrun",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "reason"], name="exception_reason")],
                "constraints": [models.UniqueConstraint(fields=("run", "account"), name="exception_once")],
            },
        ),
        migrations.CreateModel(
            name="Rebilling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("again", "cancel and bill again"),
                            ("cancel", "cancel only"),
                            ("bill", "bill again what was cancelled"),
                        ],
                        default="again",
                        max_length=6,
                        verbose_name="what to do",
                    ),
                ),
                ("from_period", models.IntegerField(verbose_name="from period (yyyymm)")),
                ("to_period", models.IntegerField(verbose_name="to period (yyyymm)")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("business_on", models.DateField(verbose_name="business date")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("counting", "counting"),
                            ("proposed", "proposed"),
                            ("working", "at work"),
                            ("done", "done"),
                            ("dropped", "dropped"),
                        ],
                        default="counting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("accounts", models.PositiveIntegerField(default=0, verbose_name="accounts")),
                ("bills", models.PositiveIntegerField(default=0, verbose_name="bills")),
                ("old_fen", models.BigIntegerField(default=0, verbose_name="until now (fen)")),
                ("new_fen", models.BigIntegerField(default=0, verbose_name="billed again (fen)")),
                ("other_fen", models.BigIntegerField(default=0, verbose_name="other corrections (fen)")),
                ("paid_fen", models.BigIntegerField(default=0, verbose_name="paid already (fen)")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                ("books", models.ManyToManyField(related_name="+", to="readings.book", verbose_name="books")),
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
                    "plan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.plan",
                        verbose_name="right tariff plan",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.billingrun",
                        verbose_name="billing run",
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
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tariffs.version",
                        verbose_name="tariff version",
                    ),
                ),
            ],
            options={
                "verbose_name": "rebilling",
                "verbose_name_plural": "rebillings",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_period__gte", models.F("from_period"))),
                        name="rebilling_periods_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RebillingRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "to do"),
                            ("done", "done"),
                            ("nothing", "nothing to do"),
                            ("failed", "could not be billed"),
                        ],
                        default="planned",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                ("bills", models.PositiveSmallIntegerField(default=0, verbose_name="bills")),
                ("old_fen", models.BigIntegerField(default=0, verbose_name="until now (fen)")),
                ("new_fen", models.BigIntegerField(default=0, verbose_name="billed again (fen)")),
                ("other_fen", models.BigIntegerField(default=0, verbose_name="other corrections (fen)")),
                ("paid_fen", models.BigIntegerField(default=0, verbose_name="paid already (fen)")),
                ("size_fen", models.BigIntegerField(default=0)),
                ("detail", models.CharField(blank=True, max_length=200, verbose_name="detail")),
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
                    "rebilling",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="billing.rebilling",
                    ),
                ),
            ],
            options={
                "verbose_name": "account of a rebilling",
                "verbose_name_plural": "accounts of rebillings",
                "indexes": [models.Index(fields=["rebilling", "-size_fen", "account"], name="rebilling_by_size")],
                "constraints": [
                    models.UniqueConstraint(fields=("rebilling", "account"), name="rebilling_account_once")
                ],
            },
        ),
    ]
