"""What a rehearsal of the switch measured."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Rehearsal(models.Model):
    """A planned switch of the database, made to measure it (切换演练). Written once, never changed.

    `gap_ms`: the longest time without an acknowledged write (RTO); `lost`: writes that were acknowledged and are gone
    (RPO, in writes). `trouble`: a word of `rehearsal.TROUBLES`, "" when it went as planned.
    """

    began_at = models.DateTimeField(_("began at"))
    from_host = models.CharField(_("from"), max_length=60)
    to_host = models.CharField(pgettext_lazy("host", "to"), max_length=60)
    gap_ms = models.BigIntegerField(_("longest pause"))
    acknowledged = models.BigIntegerField(_("acknowledged"))
    lost = models.BigIntegerField(_("lost"))
    fine = models.BooleanField(_("fine"))
    trouble = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-began_at", "-id"]
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")

    def __str__(self) -> str:
        return f"{self.from_host} → {self.to_host}"

    @property
    def gap_s(self) -> float:
        """The longest pause in seconds."""
        return self.gap_ms / 1000


class Beat(models.Model):
    """A write of a rehearsal, gone again when it is over (演练写入)."""

    run = models.CharField(max_length=32)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="beat_once")]
