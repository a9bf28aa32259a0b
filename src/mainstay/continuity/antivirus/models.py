"""Carriers, packages that were carried in, and how old the signatures of each client are."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Medium(models.Model):
    """A carrier that may bring packages in (携带介质): registered by two people, kept by one."""

    label = models.CharField(_("label"), max_length=40, unique=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    keeper = models.CharField(_("keeper"), max_length=40)
    registered_at = models.DateTimeField(_("registered at"), auto_now_add=True)
    retired_on = models.DateField(_("given up on"), null=True, blank=True)

    class Meta:
        ordering = ["label"]
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Where it is listed."""
        return reverse("antivirus:centre")


class Carried(models.Model):
    """A package that was taken (已导入升级包): number, hashes, by which carrier, what the scan said."""

    kind = models.CharField(_("kind"), max_length=12)
    sequence = models.PositiveIntegerField(_("number"))
    made_at = models.CharField(_("made at"), max_length=40)
    made_by = models.CharField(_("made by"), max_length=80)
    files = models.JSONField(default=list)
    medium = models.ForeignKey(Medium, models.PROTECT, related_name="packages", verbose_name=_("carrier"))
    scanned = models.CharField(_("virus scan"), max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    taken_at = models.DateTimeField(_("taken at"), auto_now_add=True)

    class Meta:
        ordering = ["-taken_at"]
        verbose_name = _("carried package")
        verbose_name_plural = _("carried packages")
        constraints = [models.UniqueConstraint(fields=["kind", "sequence"], name="carried_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sequence}"

    def get_absolute_url(self) -> str:
        """Where it is listed."""
        return reverse("antivirus:centre")


class Client(models.Model):
    """A terminal with a scanner of its own, and what it last said (防病毒客户端)."""

    name = models.CharField(_("terminal"), max_length=40, unique=True)
    engine = models.CharField(_("scanner"), max_length=60, blank=True)
    signatures_at = models.DateTimeField(_("signatures of"), null=True)
    reported_at = models.DateTimeField(_("last report"))

    class Meta:
        ordering = ["signatures_at", "name"]
        verbose_name = _("antivirus client")
        verbose_name_plural = _("antivirus clients")

    def __str__(self) -> str:
        return self.name
