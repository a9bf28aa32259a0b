"""Numbered papers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """Counter of one kind of document in one year (编号序列). Gapless: taken in the document's own transaction."""

    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="series_once")]


class Document(models.Model):
    """A paper that was issued: its number, the data it was made from, and whether it was voided (单据)."""

    class State(models.TextChoices):
        ISSUED = "issued", _("issued")
        VOID = "void", _("void")

    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("number"), max_length=40)
    subject = models.CharField(_("subject"), max_length=80, db_index=True)
    template = models.CharField(max_length=60)
    data = models.JSONField()
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ISSUED)
    unit_id = models.BigIntegerField(null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    void_reason = models.CharField(_("reason for voiding"), max_length=200, blank=True)
    prints = models.PositiveSmallIntegerField(_("times printed"), default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="document_number_once")]
