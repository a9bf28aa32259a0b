"""The tables, as the migrations up to 0002_terminal_mac_form made them one after the other."""

import django.core.validators
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("network", "0001_terminals"), ("network", "0002_terminal_mac_form")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mac", models.CharField(max_length=17, verbose_name="hardware address")),
                ("source", models.CharField(max_length=40, verbose_name="switch or address server")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("zone", models.CharField(blank=True, max_length=31, verbose_name="zone")),
                ("port", models.CharField(blank=True, max_length=40, verbose_name="switch port")),
                ("seen_at", models.DateTimeField(verbose_name="last seen")),
            ],
            options={
                "ordering": ["mac", "source"],
                "constraints": [models.UniqueConstraint(fields=("mac", "source"), name="sighting_once")],
            },
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="terminal")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("work", "workstation"),
                            ("printer", "printer"),
                            ("server", "server"),
                            ("switch", "switch or router"),
                            ("camera", "camera"),
                            ("other", "other device"),
                        ],
                        default="work",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "mac",
                    models.CharField(
                        max_length=17,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$", "Write six pairs of hexadecimal digits, a1:b2:…"
                            )
                        ],
                        verbose_name="hardware address",
                    ),
                ),
                ("zone", models.CharField(max_length=31, verbose_name="zone")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="address")),
                ("port", models.CharField(blank=True, max_length=40, verbose_name="switch port")),
                ("place", models.CharField(max_length=80, verbose_name="place")),
                ("user", models.CharField(blank=True, max_length=40, verbose_name="user")),
                ("purpose", models.CharField(blank=True, max_length=80, verbose_name="purpose")),
                ("registered_at", models.DateTimeField(auto_now_add=True, verbose_name="registered at")),
                ("retired_on", models.DateField(blank=True, null=True, verbose_name="given up on")),
            ],
            options={
                "verbose_name": "terminal",
                "verbose_name_plural": "terminals",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.Exact(django.db.models.functions.text.Length("mac"), 17),
                            django.db.models.lookups.Exact(
                                django.db.models.functions.text.Lower("mac"), models.F("mac")
                            ),
                        ),
                        name="terminal_mac_form",
                    )
                ],
            },
        ),
    ]
