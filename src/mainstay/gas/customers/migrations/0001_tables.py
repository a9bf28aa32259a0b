"""The tables, as the migrations up to 0005_account_life made them one after the other."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0003_search"),
        ("customers", "0004_list_indexes"),
        ("customers", "0005_account_life"),
    ]

    initial = True

    dependencies = [
        ("organisation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("district", "district"), ("community", "community")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("initials", models.CharField(editable=False, max_length=60)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.area",
                        verbose_name="lies in",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                        verbose_name="branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "area",
                "verbose_name_plural": "areas",
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("parent", "name"), name="area_once")],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("firm", "firm")],
                        default="person",
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("initials", models.CharField(editable=False, max_length=80, verbose_name="pinyin initials")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="phone")),
                ("phone_reversed", models.CharField(blank=True, editable=False, max_length=20)),
                ("id_no", models.CharField(blank=True, max_length=30, verbose_name="ID or credit code")),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        fields=["name", "id"], name="customer_name", opclasses=["varchar_pattern_ops", "int8_ops"]
                    ),
                    models.Index(
                        fields=["initials", "id"],
                        name="customer_initials",
                        opclasses=["varchar_pattern_ops", "int8_ops"],
                    ),
                    models.Index(
                        fields=["phone_reversed", "id"],
                        name="customer_phone_tail",
                        opclasses=["varchar_pattern_ops", "int8_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Premise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("building", models.CharField(blank=True, max_length=10, verbose_name="building")),
                ("entrance", models.CharField(blank=True, max_length=10, verbose_name="entrance")),
                ("room", models.CharField(blank=True, max_length=10, verbose_name="room")),
                ("address", models.CharField(max_length=160, verbose_name="address")),
                ("longitude_e6", models.IntegerField(blank=True, null=True)),
                ("latitude_e6", models.IntegerField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.area",
                        verbose_name="community",
                    ),
                ),
            ],
            options={
                "verbose_name": "premise",
                "verbose_name_plural": "premises",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("area", "building", "entrance", "room", "address"), name="premise_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account_no", models.CharField(max_length=12, unique=True, verbose_name="account number")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("residential", "residential"),
                            ("institution", "institution"),
                            ("commercial", "commercial"),
                            ("industrial", "industrial"),
                        ],
                        default="residential",
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("ready", "ready"),
                            ("active", "active"),
                            ("suspended", "suspended"),
                            ("closed", "closed"),
                        ],
                        default="applied",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("opened_on", models.DateField(blank=True, null=True, verbose_name="opened on")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "premise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="customers.premise",
                        verbose_name="premise",
                    ),
                ),
                ("counts_from", models.DateField(blank=True, editable=False, null=True, verbose_name="counted from")),
                (
                    "difference",
                    models.CharField(
                        blank=True,
                        choices=[("billed", "difference billed"), ("reported", "difference reported")],
                        max_length=8,
                        null=True,
                        verbose_name="master meter",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["account_no"],
                "indexes": [
                    models.Index(fields=["unit", "account_no"], name="account_of_unit"),
                    models.Index(fields=["state", "account_no"], name="account_in_state"),
                    models.Index(fields=["category", "account_no"], name="account_of_category"),
                    models.Index(fields=["unit", "state", "account_no"], name="account_of_unit_in_state"),
                    models.Index(fields=["unit", "category", "account_no"], name="account_of_unit_category"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "active"), _negated=True), ("opened_on__isnull", False), _connector="OR"
                        ),
                        name="account_active_opened",
                    )
                ],
            },
        ),
    ]
