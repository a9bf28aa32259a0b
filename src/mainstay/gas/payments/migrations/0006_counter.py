"""Cheques, receipt books, the printer of a till, consent to sell despite a hazard; none of it is ever deleted."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly, NoDelete


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_list_indexes"),
        ("organisation", "0001_initial"),
        ("payments", "0005_tender_bank"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="till",
            name="down_mm10",
            field=models.SmallIntegerField(default=0, verbose_name="shift down (0.1 mm)"),
        ),
        migrations.AddField(
            model_name="till",
            name="layout",
            field=models.CharField(blank=True, max_length=40, verbose_name="paper of the printer"),
        ),
        migrations.AddField(
            model_name="till",
            name="right_mm10",
            field=models.SmallIntegerField(default=0, verbose_name="shift to the right (0.1 mm)"),
        ),
        migrations.AlterField(
            model_name="payment",
            name="tender",
            field=models.SmallIntegerField(
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
        migrations.AddIndex(
            model_name="receiptbook",
            index=models.Index(condition=models.Q(("state", "open")), fields=["holder"], name="receipt_book_held"),
        ),
        migrations.AddConstraint(
            model_name="receiptbook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_no__gt", 0),
                    ("last_no__gte", models.F("first_no")),
                    ("next_no__gte", models.F("first_no")),
                    (
                        "next_no__lte",
                        django.db.models.expressions.CombinedExpression(models.F("last_no"), "+", models.Value(1)),
                    ),
                ),
                name="receipt_book_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptslip",
            constraint=models.UniqueConstraint(fields=("book", "number"), name="receipt_form_once"),
        ),
        migrations.AddConstraint(
            model_name="receiptslip",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "used")), fields=("account", "payment_no"), name="receipt_of_payment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleoverride",
            constraint=models.UniqueConstraint(fields=("account", "on"), name="sale_override_once"),
        ),
        NoDelete("payments_cheque"),
        NoDelete("payments_receiptbook"),
        AppendOnly("payments_receiptslip", ["state", "reason"]),
        AppendOnly("payments_saleoverride"),
    ]
