"""Samples of the supplies, times on battery, discharge tests."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Sample(models.Model):
    """What a supply said at a minute (电源采样). Kept for ninety days; minutes on battery for ever."""

    ups = models.CharField(_("supply"), max_length=31)
    at = models.DateTimeField(_("at"))
    status = models.CharField(_("status"), max_length=40)
    charge = models.SmallIntegerField(_("charge (%)"), null=True)
    load = models.SmallIntegerField(_("load (%)"), null=True)
    runtime_s = models.IntegerField(_("runtime (s)"), null=True)

    class Meta:
        ordering = ["ups", "at"]
        constraints = [models.UniqueConstraint(fields=["ups", "at"], name="sample_once")]

    def __str__(self) -> str:
        return f"{self.ups} {self.at:%m-%d %H:%M} {self.status}"


class Outage(models.Model):
    """A time on battery (市电中断): from when to when, and the steps of the policy that were taken."""

    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    open = models.BooleanField(default=True)
    walk = models.JSONField(default=dict)
    steps = models.JSONField(_("steps"), default=list)
    lowest_s = models.IntegerField(_("least runtime (s)"), null=True)

    class Meta:
        ordering = ["-began_at"]
        verbose_name = _("time on battery")
        verbose_name_plural = _("times on battery")
        constraints = [
            models.UniqueConstraint(fields=["open"], condition=Q(open=True), name="outage_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M}"


class Discharge(models.Model):
    """A discharge test (放电试验): the battery carries the load on purpose, and the curve is kept."""

    ups = models.CharField(_("supply"), max_length=31)
    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))
    carried_s = models.PositiveIntegerField(_("carried (s)"))
    load = models.SmallIntegerField(_("load (%)"))
    left_percent = models.SmallIntegerField(_("charge at the end (%)"))
    passed = models.BooleanField(_("passed"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-began_at"]
        verbose_name = _("discharge test")
        verbose_name_plural = _("discharge tests")
        constraints = [models.CheckConstraint(condition=Q(ended_at__gt=F("began_at")), name="discharge_window")]

    def __str__(self) -> str:
        return f"{self.ups} {self.began_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its curve."""
        return reverse("power:discharge_detail", args=[self.pk])
