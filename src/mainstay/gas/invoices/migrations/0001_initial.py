"""Titles, invoices and their bills, files that were carried out; none of it is ever deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mainstay.kit.sqlkit.operations import AppendOnly, NoDelete


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("customers", "0001_tables"),
        ("evidence", "0001_initial"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyerTitle",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="buyer_title",
                        serialize=False,
                        to="customers.account",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="title")),
                ("tax_no", models.CharField(blank=True, max_length=20, verbose_name="tax number")),
                ("address_phone", models.CharField(blank=True, max_length=160, verbose_name="address and phone")),
                ("bank_account", models.CharField(blank=True, max_length=160, verbose_name="bank and account")),
                ("send_to", models.CharField(blank=True, max_length=120, verbose_name="sent to (mail or phone)")),
            ],
            options={
                "verbose_name": "buyer's title",
                "verbose_name_plural": "buyers' titles",
            },
        ),
        migrations.CreateModel(
            name="Exchange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="number")),
                ("requests", models.PositiveIntegerField(verbose_name="requests")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.attachment",
                        verbose_name="file",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "exchange file",
                "verbose_name_plural": "exchange files",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="request number")),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("tax_no", models.CharField(blank=True, max_length=20, verbose_name="tax number")),
                ("buyer", models.JSONField(default=dict)),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("vat_fen", models.BigIntegerField(verbose_name="VAT (fen)")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "requested"),
                            ("sent", "sent out"),
                            ("issued", "issued"),
                            ("delivered", "delivered"),
                            ("red", "made red"),
                            ("failed", "failed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("invoice_no", models.CharField(blank=True, max_length=20, verbose_name="invoice number")),
                ("issued_on", models.DateField(null=True, verbose_name="issued on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("delivered_by", models.CharField(blank=True, max_length=60, verbose_name="delivered by")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
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
                (
                    "exchange",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invoices",
                        to="invoices.exchange",
                        verbose_name="exchange file",
                    ),
                ),
                (
                    "red_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reds",
                        to="invoices.invoice",
                        verbose_name="makes red",
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
                    "xml",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.attachment",
                        verbose_name="XML file",
                    ),
                ),
            ],
            options={
                "verbose_name": "invoice",
                "verbose_name_plural": "invoices",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("invoice_no", ""), _negated=True),
                        fields=("invoice_no",),
                        name="invoice_no_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("red_of__isnull", False), models.Q(("state__in", ["failed", "withdrawn"]), _negated=True)
                        ),
                        fields=("red_of",),
                        name="invoice_red_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_fen__gt", 0), ("red_of", None)),
                            models.Q(("amount_fen__lt", 0), ("red_of__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoice_sign",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.IntegerField(verbose_name="period")),
                ("seq", models.SmallIntegerField()),
                ("amount_fen", models.BigIntegerField(verbose_name="amount (fen)")),
                ("vat_fen", models.BigIntegerField(verbose_name="VAT (fen)")),
                ("volume_l", models.BigIntegerField(verbose_name="volume (l)")),
                ("live", models.BooleanField(default=True)),
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
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="invoices.invoice",
                        verbose_name="invoice",
                    ),
                ),
            ],
            options={
                "verbose_name": "bill of an invoice",
                "verbose_name_plural": "bills of invoices",
                "ordering": ["invoice", "period", "seq"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("live", True)),
                        fields=("account", "period", "seq"),
                        name="bill_invoiced_once",
                    )
                ],
            },
        ),
        NoDelete("invoices_invoice"),
        AppendOnly("invoices_invoiceline", ["live"]),
        AppendOnly("invoices_exchange"),
    ]
