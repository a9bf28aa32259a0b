"""Who is on duty and gets alarms as text messages; who was told of what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.outbox.models import Message


class Duty(models.Model):
    """Somebody who gets alarms as text messages from one moment to another (值班); open-ended without an end."""

    class Least(models.TextChoices):
        RED = "red", _("red ones")
        AMBER = "amber", _("red and amber ones")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("duty", "on duty")
    )
    phone = models.CharField(_("mobile number"), max_length=20)
    least = models.CharField(_("alarms"), max_length=8, choices=Least.choices, default=Least.RED)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-from_at", "-id"]
        verbose_name = pgettext_lazy("duty", "duty")
        verbose_name_plural = pgettext_lazy("duty", "duties")
        constraints = [
            models.CheckConstraint(condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="duty_window")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Notice(models.Model):
    """That somebody was told of an alarm, by which message (告警通知)."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="notices")
    thing = models.CharField(max_length=210)
    message = models.ForeignKey(Message, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["duty", "thing", "-at"], name="notice_last")]

    def __str__(self) -> str:
        return self.thing
