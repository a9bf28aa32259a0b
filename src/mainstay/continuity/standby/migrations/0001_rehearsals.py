import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("run", models.CharField(max_length=32)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="beat_once")],
            },
        ),
        migrations.CreateModel(
            name="Rehearsal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("from_host", models.CharField(max_length=60, verbose_name="from")),
                ("to_host", models.CharField(max_length=60, verbose_name="to")),
                ("gap_ms", models.BigIntegerField(verbose_name="longest pause")),
                ("acknowledged", models.BigIntegerField(verbose_name="acknowledged")),
                ("lost", models.BigIntegerField(verbose_name="lost")),
                ("fine", models.BooleanField(verbose_name="fine")),
                ("trouble", models.CharField(blank=True, max_length=20)),
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
                "verbose_name": "rehearsal",
                "verbose_name_plural": "rehearsals",
                "ordering": ["-began_at", "-id"],
            },
        ),
    ]
