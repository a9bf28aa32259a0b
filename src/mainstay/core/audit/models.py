"""What was done, by whom, and what was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One act through the door, or the attempt at one (操作日志). Append-only; sealed in batches."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        FILED = "filed", _("sent for approval")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    action = models.CharField(_("action"), max_length=80)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("by")
    )
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("approver"),
    )
    unit_id = models.BigIntegerField(_("unit"), null=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"), null=True)
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    request_id = models.CharField(max_length=36, blank=True)
    ip = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_subject"),
            models.Index(fields=["by", "id"], name="audit_by"),
            models.Index(fields=["outcome", "id"], condition=models.Q(outcome="refused"), name="audit_refused"),
        ]


class Seal(models.Model):
    """A closed batch of audit entries: the hash of its rows, chained to the seal before (审计封签).

    `marks` holds 16 bytes a row (id, first half of its hash): they tell which row was touched when the hash differs.
    """

    id = models.BigAutoField(primary_key=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    marks = models.BinaryField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
