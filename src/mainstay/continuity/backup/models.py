"""What was proven about copies: each backup, verification and restore drill, with its result."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Proof(models.Model):
    """A finished backup, verification or restore drill (备份与恢复演练记录). Written once, never changed."""

    class Kind(models.TextChoices):
        BACKUP = "backup", pgettext_lazy("proof", "Backup")
        FILES = "files", _("Backup of uploaded files")
        SOFTWARE = "software", _("Archive of the software")
        VERIFY = "verify", _("Repository read through")
        DRILL = "drill", _("Restore drill")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    repository = models.CharField(_("repository"), max_length=40)
    offsite = models.BooleanField(_("off-site"))
    label = models.CharField(_("copy"), max_length=60, blank=True)
    moment = models.DateTimeField(_("state of"), null=True)
    began_at = models.DateTimeField(_("began at"))
    took_ms = models.BigIntegerField(_("took"))
    size = models.BigIntegerField(_("size"), default=0)
    fine = models.BooleanField(_("fine"))
    findings = models.JSONField(_("findings"), default=list)
    facts = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-began_at", "-id"]
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        indexes = [models.Index(fields=["kind", "-began_at"], name="proof_last")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.label}".strip()

    @property
    def took(self) -> dt.timedelta:
        """How long it took."""
        return dt.timedelta(milliseconds=self.took_ms)

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self.took_ms / 1000
