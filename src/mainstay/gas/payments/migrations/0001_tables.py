"""The tables, as the migrations up to 0007_deposits made them one after the other."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("payments", "0001_initial"),
        ("payments", "0003_refunds"),
        ("payments", "0004_payment_day"),
        ("payments", "0005_tender_bank"),
        ("payments", "0006_counter"),
        ("payments", "0007_deposits"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Serial",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "channel",
                        "business_on",
                        "serial",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("serial", models.CharField(max_length=64, verbose_name="serial")),
                ("digest", models.CharField(max_length=64)),
                ("account_id", models.BigIntegerField()),
                ("payment_no", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Advance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.account",
                    ),
                ),
                ("balance_fen", models.BigIntegerField(default=0, verbose_name="balance (fen)")),
            ],
            options={
                "verbose_name": "advance",
                "verbose_name_plural": "advances",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("balance_fen__gte", 0)), name="advance_not_negative")
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id",
                        "period",
                        "seq",
                        "no",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("period", models.IntegerField()),
                ("seq", models.SmallIntegerField()),
                ("no", models.SmallIntegerField()),
                ("payment_no", models.IntegerField(null=True)),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("business_on", models.DateField(verbose_name="business date")),
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
        ),
        migrations.CreateModel(
            name="Till",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_zh", models.CharField(max_length=80, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="code")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
                ("down_mm10", models.SmallIntegerField(default=0, verbose_name="shift down (0.1 mm)")),
                ("layout", models.CharField(blank=True, max_length=40, verbose_name="paper of the printer")),
                ("right_mm10", models.SmallIntegerField(default=0, verbose_name="shift to the right (0.1 mm)")),
            ],
            options={
                "verbose_name": "till",
                "verbose_name_plural": "tills",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("business_on", models.DateField(verbose_name="business date")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("closed", "closed"), ("accepted", "accepted")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("float_fen", models.BigIntegerField(default=0, verbose_name="float (fen)")),
                ("counted_fen", models.BigIntegerField(null=True, verbose_name="counted (fen)")),
                ("expected_fen", models.BigIntegerField(null=True, verbose_name="expected (fen)")),
                ("last_receipt", models.PositiveIntegerField(default=0)),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted at")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "clerk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="clerk",
                    ),
                ),
                (
                    "till",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shifts",
                        to="payments.till",
                        verbose_name="till",
                    ),
                ),
            ],
            options={
                "verbose_name": "shift",
                "verbose_name_plural": "shifts",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("till",), name="till_one_open_shift"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("clerk",), name="clerk_one_open_shift"
                    ),
                    models.CheckConstraint(condition=models.Q(("float_fen__gte", 0)), name="shift_float_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "account_id", "payment_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("payment_no", models.IntegerField()),
                (
                    "kind",
                    models.SmallIntegerField(
                        choices=[(1, "payment"), (2, "reversal"), (3, "refund")], default=1, verbose_name="kind"
                    ),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="channel")),
                ("serial", models.CharField(max_length=64, verbose_name="serial")),
                ("business_on", models.DateField(verbose_name="business date")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                (
                    "tender",
                    models.SmallIntegerField(
                        choices=[
                            (1, "cash"),
                            (2, "bank card"),
                            (3, "QR code"),
                            (4, "transfer"),
                            (5, "bank collection"),
                            (6, "cheque"),
                        ],
                        verbose_name="tender",
                    ),
                ),
                ("received_fen", models.BigIntegerField(null=True, verbose_name="received (fen)")),
                ("advance_fen", models.BigIntegerField(default=0, verbose_name="to advance (fen)")),
                ("receipt_no", models.CharField(blank=True, max_length=30, verbose_name="receipt number")),
                ("refers_no", models.IntegerField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="customers.account",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "shift",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="payments.shift",
                    ),
                ),
            ],
            options={
                "verbose_name": "payment",
                "verbose_name_plural": "payments",
                "indexes": [
                    models.Index(condition=models.Q(("shift__isnull", False)), fields=["shift"], name="payment_shift"),
                    models.Index(fields=["business_on", "at"], name="payment_day"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("refers_no__isnull", False)),
                        fields=("account", "refers_no"),
                        name="payment_reversed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gt", 0), ("kind", 1), ("refers_no", None)),
                            models.Q(("amount_fen__lt", 0), ("kind", 2), ("refers_no__isnull", False)),
                            models.Q(("amount_fen__lt", 0), ("kind", 3), ("refers_no", None)),
                            _connector="OR",
                        ),
                        name="payment_sign",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("series", models.CharField(max_length=12, verbose_name="series")),
                ("first_no", models.BigIntegerField(verbose_name="first number")),
                ("last_no", models.BigIntegerField(verbose_name="last number")),
                ("next_no", models.BigIntegerField(verbose_name="next number")),
                ("digits", models.PositiveSmallIntegerField(default=8)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "in use"), ("finished", "used up"), ("returned", "rest handed back")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("issued_at", models.DateTimeField(verbose_name="issued at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="holder",
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
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
                "verbose_name": "receipt book",
                "verbose_name_plural": "receipt books",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["holder"], name="receipt_book_held")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_no__gt", 0),
                            ("last_no__gte", models.F("first_no")),
                            ("next_no__gte", models.F("first_no")),
                            (
                                "next_no__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("last_no"), "+", models.Value(1)
                                ),
                            ),
                        ),
                        name="receipt_book_range",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptSlip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[("used", "used"), ("void", "void"), ("wasted", "wasted")],
                        max_length=6,
                        verbose_name="state",
                    ),
                ),
                ("payment_no", models.IntegerField(null=True)),
                ("copy", models.PositiveSmallIntegerField(default=0, verbose_name="reprint")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="payments.receiptbook",
                        verbose_name="receipt book",
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
                "verbose_name": "receipt form",
                "verbose_name_plural": "receipt forms",
                "ordering": ["book", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("book", "number"), name="receipt_form_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "used")),
                        fields=("account", "payment_no"),
                        name="receipt_of_payment_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaleOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="day")),
                ("hazards", models.CharField(max_length=400, verbose_name="open hazards")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
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
                "verbose_name": "sale in spite of a hazard",
                "verbose_name_plural": "sales in spite of a hazard",
                "ordering": ["-id"],
                "constraints": [models.UniqueConstraint(fields=("account", "on"), name="sale_override_once")],
            },
        ),
        migrations.CreateModel(
            name="Cheque",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payment_no", models.IntegerField()),
                ("number", models.CharField(max_length=16, verbose_name="cheque number")),
                ("bank", models.CharField(max_length=80, verbose_name="bank of the cheque")),
                ("drawer", models.CharField(max_length=120, verbose_name="drawer")),
                ("drawn_on", models.DateField(verbose_name="drawn on")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for the bank"),
                            ("cleared", "cleared"),
                            ("bounced", "bounced"),
                            ("returned", "handed back"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("decided_on", models.DateField(null=True, verbose_name="decided on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cheques", to="customers.account"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
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
                "verbose_name": "cheque",
                "verbose_name_plural": "cheques",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "payment_no"), name="cheque_of_payment_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "cleared"])),
                        fields=("bank", "number"),
                        name="cheque_live_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="cheque_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DepositMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("taken", "taken"), ("used", "used for bills"), ("refunded", "paid back")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("payment_no", models.IntegerField(null=True)),
                ("receipt_no", models.CharField(blank=True, max_length=30, verbose_name="receipt number")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deposit_moves",
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
                "verbose_name": "movement of a deposit",
                "verbose_name_plural": "movements of deposits",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "number"), name="deposit_move_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("payment_no__isnull", False)),
                        fields=("account", "payment_no"),
                        name="deposit_of_payment",
                    ),
                ],
            },
        ),
    ]
