"""What stands in the room and is checked; who was in it."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def draw_code() -> str:
    """The text of a pass: nobody can guess it."""
    return secrets.token_hex(8)


class Item(models.Model):
    """Something of the machine room that is checked regularly (在册设施与定期事项): an extinguisher, a drill."""

    class Kind(models.TextChoices):
        EXTINGUISHER = "fire", _("extinguisher")
        DOOR = "door", _("door or lock")
        CAMERA = "camera", _("camera")
        SIGN = "sign", _("warning sign")
        DEVICE = "device", _("device")
        DRILL = "drill", _("drill of an emergency plan")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    label = models.CharField(_("label"), max_length=30, unique=True)
    name = models.CharField(_("item"), max_length=80)
    place = models.CharField(_("place"), max_length=80, blank=True)
    every_days = models.PositiveSmallIntegerField(_("check every (days)"), default=90)
    address = models.CharField(_("network address"), max_length=60, blank=True)
    last_on = models.DateField(_("last checked"), null=True, blank=True)
    fine = models.BooleanField(_("in order"), default=True)
    retired_on = models.DateField(_("given up on"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "label"]
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [models.CheckConstraint(condition=Q(every_days__gte=1), name="item_rhythm")]

    def __str__(self) -> str:
        return f"{self.label} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("machineroom:item_detail", args=[self.pk])

    @property
    def due_on(self) -> date | None:
        """When it has to be checked again."""
        return None if self.last_on is None else self.last_on + timedelta(days=self.every_days)


class Check(models.Model):
    """One check of an item (检查记录)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="checks")
    on = models.DateField(_("on"))
    fine = models.BooleanField(_("in order"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("check")
        verbose_name_plural = _("checks")

    def __str__(self) -> str:
        return f"{self.item} {self.on}"


class Visit(models.Model):
    """Somebody who enters the machine room (出入登记): who, why, with whom, in and out; the pass is a QR code."""

    who = models.CharField(_("visitor"), max_length=40)
    company = models.CharField(_("company"), max_length=80, blank=True)
    why = models.CharField(_("reason"), max_length=120)
    escort = models.CharField(_("escort"), max_length=40)
    code = models.CharField(max_length=16, unique=True, default=draw_code, editable=False)
    planned_on = models.DateField(_("for the day"))
    came_at = models.DateTimeField(_("in"), null=True)
    left_at = models.DateTimeField(_("out"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("admitted by"))

    class Meta:
        ordering = ["-planned_on", "-id"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(came_at__isnull=False, left_at__gte=models.F("came_at")),
                name="visit_in_before_out",
            )
        ]

    def __str__(self) -> str:
        return self.who

    def get_absolute_url(self) -> str:
        """Its page, with the pass."""
        return reverse("machineroom:visit_detail", args=[self.pk])

    @property
    def state(self) -> str:
        """expected, in, or out."""
        return "expected" if self.came_at is None else "in" if self.left_at is None else "out"
