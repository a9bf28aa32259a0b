"""A second person's word: approvals and n-of-n sign-off."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Approval(models.Model):
    """An act that waits for a second person (审批). The door runs it when approved."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    action = models.CharField(_("action"), max_length=80)
    arguments = models.JSONField()
    subject = models.CharField(_("subject"), max_length=80, blank=True)
    unit_id = models.BigIntegerField(null=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    result = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        indexes = [models.Index(fields=["state", "id"], name="approval_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")) | Q(state="withdrawn"),
                name="approval_by_another",
            ),
        ]


class Signoff(models.Model):
    """One of the n seals a joint document needs; nobody signs twice (会签)."""

    subject = models.CharField(max_length=80)
    seat = models.CharField(_("seat"), max_length=60)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seat"], name="signoff_seat_once"),
            models.UniqueConstraint(fields=["subject", "signed_by"], name="signoff_person_once"),
        ]
