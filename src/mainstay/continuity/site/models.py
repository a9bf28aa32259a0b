"""What probes saw, kept as evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.rules.verdict import counts, in_words


class Observation(models.Model):
    """A stretch of time in which a probe saw the same of one thing (观测记录).

    When it sees something else the stretch ends and another begins, so the past stays without a row a minute.
    `figure` is what it saw last and may change within a stretch.
    """

    class Verdict(models.TextChoices):
        GREEN = "green", _("in order")
        AMBER = "amber", _("look at it")
        RED = "red", _("not in order")
        UNKNOWN = "unknown", _("not proven")

    probe = models.CharField(_("probe"), max_length=40)
    place = models.CharField(_("seen on"), max_length=40, blank=True)
    subject = models.CharField(_("what"), max_length=120)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    text_zh = models.CharField(max_length=300, blank=True)
    text_en = models.CharField(max_length=300, blank=True)
    figure = models.CharField(_("figure"), max_length=60, blank=True)
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))
    times = models.PositiveIntegerField(_("times"), default=1)
    current = models.BooleanField(default=True)
    excused_until = models.DateTimeField(_("accepted until"), null=True, blank=True)
    excused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    excuse = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        constraints = [
            models.UniqueConstraint(
                fields=["probe", "place", "subject"], condition=Q(current=True), name="observation_current_once"
            )
        ]
        indexes = [models.Index(fields=["probe", "-since"], name="observation_history")]

    def __str__(self) -> str:
        chinese = (get_language() or "zh").startswith("zh")
        return f"{self.place} {in_words(self.subject, chinese)}".strip()

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return self.text_zh if (get_language() or "zh").startswith("zh") else self.text_en

    def counted(self, now: object) -> str:
        """The verdict as it counts at a moment."""
        return counts(self.verdict, self.excused_until, now)  # type: ignore[arg-type]


class Watch(models.Model):
    """When a probe last looked at a place, how long that took, and what went wrong with the looking itself (探测)."""

    probe = models.CharField(max_length=40)
    place = models.CharField(max_length=40, blank=True)
    looked_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["probe", "place"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.probe} {self.place}".strip()
