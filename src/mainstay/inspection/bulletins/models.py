"""Summaries of groups, joint bulletins, and who acknowledged them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.documents.models import Document
from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.inspection.campaigns.models import Assignment, Campaign, InspectionGroup

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class PaperQuerySet(models.QuerySet["Paper"]):
    """Vocabulary of papers."""

    def visible_to(self, user: User, right: str = "inspection.bulletins.view_paper") -> PaperQuerySet:
        """Papers of campaigns the user sees; issued ones also for the inspected units."""
        ids = rights.unit_ids(user, right)
        if ids is None:
            return self
        seen = Q(campaign__in=Campaign.objects.visible_to(user, right).values("pk"))
        inspected = Assignment.objects.filter(unit__in=ids).values("campaign")
        return self.filter(seen | Q(state=Paper.State.ISSUED, campaign__in=inspected))


class Paper(models.Model):
    """A paper made from the data of a campaign, edited by people, sealed and issued (小结、通报).

    `blocks` are its parts as {key, title, text}. Each time it goes to be sealed is a new `round`: a change in between
    makes the seals of before worthless.
    """

    class Kind(models.TextChoices):
        SUMMARY = "summary", _("summary of a group")
        BULLETIN = "bulletin", _("joint bulletin")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNING = "signing", _("being sealed")
        ISSUED = "issued", pgettext_lazy("bulletin", "issued")
        VOID = "void", _("void")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="papers", verbose_name=_("campaign"))
    group = models.ForeignKey(
        InspectionGroup, models.PROTECT, null=True, related_name="papers", verbose_name=_("group")
    )
    title = models.CharField(_("title of the paper"), max_length=120)
    blocks = models.JSONField(default=list)
    annex = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=0)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted at"), auto_now_add=True)
    issued_at = models.DateTimeField(_("issued at"), null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("joint paper")
        verbose_name_plural = _("joint papers")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(kind="bulletin") & ~Q(state="void"), name="paper_one_bulletin"
            ),
            models.UniqueConstraint(
                fields=["group"], condition=Q(kind="summary") & ~Q(state="void"), name="paper_one_summary"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(document__isnull=False), name="paper_issued_has_number"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("bulletins:paper_detail", args=[self.pk])

    @property
    def seal_subject(self) -> str:
        """The text under which the seals of this round are kept."""
        return f"bulletins.paper:{self.pk}:{self.round}"


class PaperReceipt(models.Model):
    """A unit has acknowledged an issued bulletin (通报签收)."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("owning unit"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["paper", "id"]
        verbose_name = _("receipt of a bulletin")
        verbose_name_plural = _("receipts of bulletins")
        constraints = [models.UniqueConstraint(fields=["paper", "unit"], name="paper_receipt_once")]
