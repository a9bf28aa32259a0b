"""Imports: preview, row errors in the same sheet, commit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.models import Attachment


class SheetImport(models.Model):
    """One sheet on its way in (表格导入). Nothing of it counts before it is committed as a whole."""

    class State(models.TextChoices):
        CHECKED = "checked", _("checked")
        COMMITTED = "committed", _("committed")
        DISCARDED = "discarded", _("discarded")

    kind = models.CharField(_("kind"), max_length=60)
    source = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("sheet"))
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKED)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    bad_rows = models.PositiveIntegerField(_("rows with errors"), default=0)
    new_rows = models.PositiveIntegerField(_("new rows"), default=0)
    preview = models.JSONField(default=dict)
    unit_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    checked_at = models.DateTimeField(_("checked at"))
    committed_at = models.DateTimeField(_("committed at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("sheet import")
        verbose_name_plural = _("sheet imports")

    def __str__(self) -> str:
        return self.source.name
