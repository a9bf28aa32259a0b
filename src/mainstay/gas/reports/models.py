"""What reports keep of their own: the gas that came in, which no other part of the system measures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit


class Supply(models.Model):
    """Gas taken in by a branch (its zone) in a calendar month, as its gate meters say (供气量)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    period = models.IntegerField(_("period (yyyymm)"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-period", "unit"]
        verbose_name = _("gas taken in")
        verbose_name_plural = _("gas taken in")
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="supply_once"),
            models.CheckConstraint(condition=Q(volume_l__gte=0), name="supply_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.period}"
