"""The tables, as the migrations up to 0006_seal made them one after the other."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("meters", "0001_initial"),
        ("meters", "0003_unit"),
        ("meters", "0004_unit_indexes"),
        ("meters", "0005_list_indexes"),
        ("meters", "0006_seal"),
    ]

    initial = True

    dependencies = [
        ("customers", "0001_tables"),
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("meter_no", models.CharField(max_length=24, unique=True, verbose_name="meter number")),
                ("maker", models.CharField(blank=True, max_length=40, verbose_name="maker")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("diaphragm", "diaphragm"),
                            ("ic_card", "IC card"),
                            ("iot", "remote (IoT)"),
                            ("industrial", "industrial"),
                        ],
                        default="diaphragm",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("digits", models.PositiveSmallIntegerField(default=5, verbose_name="digits before the point")),
                ("factor_e4", models.PositiveIntegerField(default=10000, verbose_name="unit factor (1/10000)")),
                ("made_on", models.DateField(blank=True, null=True, verbose_name="made on")),
                ("verified_until", models.DateField(blank=True, null=True, verbose_name="verification valid until")),
                (
                    "state",
                    models.CharField(
                        choices=[("stock", "in stock"), ("installed", "installed"), ("scrapped", "scrapped")],
                        default="stock",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "meter",
                "verbose_name_plural": "meters",
                "ordering": ["meter_no"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digits__gte", 3), ("digits__lte", 9)), name="meter_digits"
                    ),
                    models.CheckConstraint(condition=models.Q(("factor_e4__gt", 0)), name="meter_factor"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "installed"), _negated=True), ("unit__isnull", False), _connector="OR"
                        ),
                        name="meter_hangs_in_unit",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["unit", "meter_no"], name="meter_unit_no"),
                    models.Index(
                        condition=models.Q(("state", "installed")), fields=["verified_until", "unit"], name="meter_due"
                    ),
                    models.Index(fields=["kind", "meter_no"], name="meter_kind_no"),
                    models.Index(
                        condition=models.Q(("state", "installed"), _negated=True),
                        fields=["state", "meter_no"],
                        name="meter_loose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(verbose_name="from")),
                ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("first_index_l", models.BigIntegerField(default=0, verbose_name="first index (l)")),
                ("last_index_l", models.BigIntegerField(blank=True, null=True, verbose_name="last index (l)")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="installations",
                        to="customers.account",
                        verbose_name="account",
                    ),
                ),
                (
                    "master",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subs",
                        to="meters.installation",
                        verbose_name="master meter",
                    ),
                ),
                (
                    "meter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="installations",
                        to="meters.meter",
                        verbose_name="meter",
                    ),
                ),
                ("seal_no", models.CharField(blank=True, max_length=30, null=True, verbose_name="seal number")),
            ],
            options={
                "verbose_name": "installation",
                "verbose_name_plural": "installations",
                "ordering": ["account", "from_on"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)), fields=("meter",), name="meter_hangs_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_index_l__gte", 0)), name="installation_first_index"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gte", models.F("from_on")), _connector="OR"),
                        name="installation_until_after_from",
                    ),
                ],
            },
        ),
    ]
