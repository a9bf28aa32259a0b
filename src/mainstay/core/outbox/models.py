"""What leaves the isolated network: text messages, in numbered files."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.models import Attachment


class Batch(models.Model):
    """Text messages written into one file for the gateway or whoever carries them out (外发批次)."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    messages = models.PositiveIntegerField(_("messages"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    handed_at = models.DateTimeField(_("handed to the gateway"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("batch of text messages")
        verbose_name_plural = _("batches of text messages")

    def __str__(self) -> str:
        return self.number


class Message(models.Model):
    """One text message to a colleague (外发短信). `key` says what it is about, so that nothing is queued twice.

    The phone is kept in full until it is written out, its last four figures afterwards.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        REFUSED = "refused", _("no mobile number")
        SENT = "sent", _("carried out")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")

    key = models.CharField(max_length=120, unique=True)
    number = models.CharField(_("message no."), max_length=28, blank=True)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="rows", verbose_name=_("batch"))
    to = models.CharField(_("addressee"), max_length=60)
    phone = models.CharField(_("phone"), max_length=30)
    text = models.CharField(_("text"), max_length=300)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    queued_at = models.DateTimeField(_("queued at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="outbox_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "refused"), batch=None)
                | Q(state__in=("sent", "delivered", "failed"), batch__isnull=False),
                name="outbox_sent_in_a_batch",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="outbox_waiting")]

    def __str__(self) -> str:
        return self.number or self.key
