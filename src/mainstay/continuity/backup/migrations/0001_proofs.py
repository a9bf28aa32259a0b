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
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("backup", "Backup"),
                            ("files", "Backup of uploaded files"),
                            ("software", "Archive of the software"),
                            ("verify", "Repository read through"),
                            ("drill", "Restore drill"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("repository", models.CharField(max_length=40, verbose_name="repository")),
                ("offsite", models.BooleanField(verbose_name="off-site")),
                ("label", models.CharField(blank=True, max_length=60, verbose_name="copy")),
                ("moment", models.DateTimeField(null=True, verbose_name="state of")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("took_ms", models.BigIntegerField(verbose_name="took")),
                ("size", models.BigIntegerField(default=0, verbose_name="size")),
                ("fine", models.BooleanField(verbose_name="fine")),
                ("findings", models.JSONField(default=list, verbose_name="findings")),
                ("facts", models.JSONField(default=dict)),
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
                "verbose_name": "proof",
                "verbose_name_plural": "proofs",
                "ordering": ["-began_at", "-id"],
                "indexes": [models.Index(fields=["kind", "-began_at"], name="proof_last")],
            },
        ),
    ]
