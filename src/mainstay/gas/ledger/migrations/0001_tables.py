"""The tables, as the migrations up to 0009_card_sales made them one after the other."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("ledger", "0001_initial"),
        ("ledger", "0004_closed_day_index"),
        ("ledger", "0005_documents_of_banks"),
        ("ledger", "0006_account_life"),
        ("ledger", "0007_cheques"),
        ("ledger", "0008_months"),
        ("ledger", "0009_card_sales"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.IntegerField(primary_key=True, serialize=False, verbose_name="code")),
                (
                    "side",
                    models.CharField(
                        choices=[("debit", "debit"), ("credit", "credit")], max_length=6, verbose_name="normal side"
                    ),
                ),
                (
                    "finance_code",
                    models.CharField(blank=True, max_length=30, verbose_name="account in the finance system"),
                ),
            ],
            options={
                "verbose_name": "ledger account",
                "verbose_name_plural": "ledger accounts",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Voucher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=30, unique=True, verbose_name="number")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("postings", models.PositiveIntegerField(verbose_name="postings")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
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
                ("part", models.PositiveSmallIntegerField(default=1, verbose_name="part")),
            ],
            options={
                "verbose_name": "voucher",
                "verbose_name_plural": "vouchers",
                "ordering": ["-business_on", "unit"],
                "constraints": [
                    models.UniqueConstraint(fields=("business_on", "unit", "part"), name="voucher_part_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VoucherLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveSmallIntegerField()),
                ("summary", models.CharField(max_length=80, verbose_name="summary")),
                ("debit_fen", models.BigIntegerField(default=0, verbose_name="debit (fen)")),
                ("credit_fen", models.BigIntegerField(default=0, verbose_name="credit (fen)")),
                (
                    "ledger_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.ledgeraccount",
                        verbose_name="ledger account",
                    ),
                ),
                (
                    "voucher",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="ledger.voucher"
                    ),
                ),
            ],
            options={
                "ordering": ["voucher", "line"],
                "constraints": [models.UniqueConstraint(fields=("voucher", "line"), name="voucher_line_once")],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("business_on", models.DateField()),
                ("closed_at", models.DateTimeField()),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.unit"
                    ),
                ),
                ("reopened", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("unit", "business_on"), name="day_closed_once")],
                "indexes": [models.Index(fields=["business_on"], name="closed_day")],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "document",
                        "document_no",
                        "line",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                (
                    "document",
                    models.SmallIntegerField(
                        choices=[
                            (1, "bill"),
                            (2, "payment"),
                            (3, "payment reversal"),
                            (4, "settlement from advance"),
                            (5, "shift"),
                            (6, "refund"),
                            (7, "opening balance"),
                            (31, "deposit"),
                            (32, "transfer between accounts"),
                            (21, "bank settlement"),
                            (22, "bank difference"),
                            (41, "cheque cleared"),
                            (42, "card sale"),
                            (43, "card sale taken back"),
                        ],
                        verbose_name="document",
                    ),
                ),
                ("document_no", models.BigIntegerField(verbose_name="document number")),
                ("line", models.SmallIntegerField()),
                ("business_on", models.DateField(verbose_name="business date")),
                ("unit_id", models.BigIntegerField()),
                ("till_id", models.BigIntegerField(null=True)),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                (
                    "credit",
                    models.ForeignKey(
                        db_column="credit",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.ledgeraccount",
                    ),
                ),
                (
                    "debit",
                    models.ForeignKey(
                        db_column="debit",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.ledgeraccount",
                    ),
                ),
            ],
            options={
                "verbose_name": "posting",
                "verbose_name_plural": "postings",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="posting_amount_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("debit", models.F("credit")), _negated=True), name="posting_two_sides"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.PositiveIntegerField(verbose_name="month")),
                (
                    "state",
                    models.CharField(
                        choices=[("closed", "closed"), ("reopened", "opened again")],
                        default="closed",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="opened again at")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened again by",
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
                "verbose_name": "closed month",
                "verbose_name_plural": "closed months",
                "ordering": ["-period", "unit"],
                "constraints": [models.UniqueConstraint(fields=("unit", "period"), name="month_closed_once")],
            },
        ),
        migrations.CreateModel(
            name="MonthBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opening_fen", models.BigIntegerField(verbose_name="opening (fen)")),
                ("debit_fen", models.BigIntegerField(verbose_name="debit (fen)")),
                ("credit_fen", models.BigIntegerField(verbose_name="credit (fen)")),
                (
                    "ledger_account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.ledgeraccount"
                    ),
                ),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="balances", to="ledger.closedmonth"
                    ),
                ),
            ],
            options={
                "ordering": ["month", "ledger_account"],
                "constraints": [models.UniqueConstraint(fields=("month", "ledger_account"), name="month_balance_once")],
            },
        ),
    ]
