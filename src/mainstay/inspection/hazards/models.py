"""Hazards, the notices about them, what was done, who accepted it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.documents.models import Document
from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.inspection.campaigns.models import Campaign, Inspection, Target
from mainstay.inspection.checklists.models import ChecklistItem
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User

UNFINISHED = ("found", "noticed", "rectifying", "rejected", "submitted", "accepted")
WITH_UNIT = ("found", "noticed", "rectifying", "rejected")


class HazardQuerySet(models.QuerySet["Hazard"]):
    """Vocabulary of hazards."""

    def visible_to(self, user: User, right: str = "inspection.hazards.view_hazard") -> HazardQuerySet:
        """Hazards of the units the right reaches, and those of campaigns the user sees."""
        ids = rights.unit_ids(user, right)
        if ids is None:
            return self
        return self.filter(Q(unit__in=ids) | Q(campaign__in=Campaign.objects.visible_to(user, right).values("pk")))

    def unfinished(self) -> HazardQuerySet:
        """Not yet written off."""
        return self.filter(state__in=UNFINISHED)

    def overdue(self, today: date) -> HazardQuerySet:
        """Over the deadline and still with the unit."""
        return self.filter(state__in=WITH_UNIT, deadline_on__lt=today)


class HazardClock(models.Model):
    """How many days a level may take, from a day on, and the notice that says so (整改期限)."""

    level = models.CharField(_("level"), max_length=8, choices=ChecklistItem.Severity.choices)
    days = models.PositiveSmallIntegerField(_("days to put it right"))
    accept_days = models.PositiveSmallIntegerField(_("days to answer a report"), default=10)
    from_on = models.DateField(_("from"))
    basis = models.CharField(_("basis"), max_length=120, blank=True)

    class Meta:
        ordering = ["level", "-from_on"]
        verbose_name = _("time for a level of hazards")
        verbose_name_plural = _("times for levels of hazards")
        constraints = [models.UniqueConstraint(fields=["level", "from_on"], name="hazard_clock_once")]


class EscalationStep(models.Model):
    """Who is told how many days before or after the deadline (升级提醒); negative days come before it."""

    class Whom(models.TextChoices):
        OWNER = "owner", _("the inspected unit")
        HEAD = "head", _("the unit above it")
        ORGANISERS = "organisers", _("the organisers")

    level = models.CharField(_("level"), max_length=8, choices=ChecklistItem.Severity.choices)
    offset = models.SmallIntegerField(_("days from the deadline"))
    whom = models.CharField(_("who is told"), max_length=12, choices=Whom.choices)

    class Meta:
        ordering = ["level", "offset"]
        verbose_name = _("step of escalation")
        verbose_name_plural = _("steps of escalation")
        constraints = [models.UniqueConstraint(fields=["level", "offset", "whom"], name="escalation_step_once")]


class Hazard(models.Model):
    """Something found wrong at a target that has to be put right (隐患). Made by the failing item itself.

    `repeat_of` names the one that was written off before and came back; `seen` counts how often it was met while open.
    """

    class State(models.TextChoices):
        FOUND = "found", _("found")
        NOTICED = "noticed", _("noticed")
        RECTIFYING = "rectifying", _("being put right")
        SUBMITTED = "submitted", _("reported as put right")
        REJECTED = "rejected", _("sent back")
        ACCEPTED = "accepted", _("accepted after recheck")
        CLOSED = "closed", _("written off")

    target = models.ForeignKey(Target, models.PROTECT, related_name="hazards", verbose_name=_("where"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="hazards", verbose_name=_("campaign"))
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="hazards")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+", verbose_name=_("item"))
    checklist_code = models.CharField(max_length=40)
    item_code = models.CharField(_("item"), max_length=24)
    level = models.CharField(_("level"), max_length=8, choices=ChecklistItem.Severity.choices)
    finding = models.CharField(_("finding"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.FOUND)
    found_on = models.DateField(_("found on"))
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("found by"))
    deadline_on = models.DateField(_("deadline"))
    first_deadline_on = models.DateField(_("first deadline"))
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    seen = models.PositiveSmallIntegerField(_("times seen"), default=1)
    last_seen_on = models.DateField(_("last seen on"))
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("came back")
    )
    escalated = models.PositiveSmallIntegerField(_("steps of escalation"), default=0)
    duty = models.CharField(_("responsible person"), max_length=60, blank=True)
    measures = models.CharField(_("measures of rectification"), max_length=500, blank=True)
    funds_fen = models.BigIntegerField(_("funds (fen)"), null=True)
    planned_on = models.DateField(_("planned end"), null=True)
    plan = models.CharField(_("precautions meanwhile"), max_length=500, blank=True)
    rectifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_on = models.DateField(_("reported on"), null=True)
    closed_on = models.DateField(_("written off on"), null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = HazardQuerySet.as_manager()

    class Meta:
        ordering = ["deadline_on", "id"]
        verbose_name = _("hazard found")
        verbose_name_plural = _("hazards found")
        constraints = [
            models.UniqueConstraint(
                fields=["target", "checklist_code", "item_code"], condition=~Q(state="closed"), name="hazard_open_once"
            ),
            models.CheckConstraint(condition=Q(extensions__lte=1), name="hazard_extended_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "closed"]) | Q(rectifier__isnull=False), name="hazard_was_rectified"
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("rectifier")), name="hazard_closed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False), name="hazard_closed_by_one"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "deadline_on"], name="hazard_state"),
            models.Index(fields=["campaign", "item_code"], name="hazard_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.target} · {self.item_code}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("hazards:hazard_detail", args=[self.pk])

    @property
    def days_over(self) -> int:
        """Days over the deadline, 0 when in time or no longer with the unit."""
        return max(0, (local_today() - self.deadline_on).days) if self.state in WITH_UNIT else 0


class HazardStep(models.Model):
    """One thing that happened to a hazard (隐患流转): found, seen again, noticed, extended, reported, accepted …"""

    class What(models.TextChoices):
        FOUND = "found", _("found")
        SEEN = "seen", _("seen again")
        NOTICED = "noticed", _("noticed")
        PLANNED = "planned", _("rectification planned")
        EXTENDED = "extended", _("deadline extended")
        SUBMITTED = "submitted", _("reported as put right")
        ACCEPTED = "accepted", _("accepted by one")
        REJECTED = "rejected", _("sent back")
        CLOSED = "closed", _("written off")
        ESCALATED = "escalated", _("escalated")
        LEVEL = "level", _("level changed")
        PROPOSED = "proposed", _("stop of supply proposed")
        STOPPED = "stopped", _("supply is stopped")
        KEPT = "kept", _("supply goes on")

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="history")
    what = models.CharField(_("what"), max_length=10, choices=What.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        ordering = ["hazard", "id"]
        verbose_name = _("step of a hazard")
        verbose_name_plural = _("steps of hazards")


class Acceptance(models.Model):
    """One person's verdict at a recheck (复查意见); two different ones for a serious hazard, never the rectifier."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="acceptances")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    rectifier = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    good = models.BooleanField(_("put right"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        ordering = ["hazard", "id"]
        verbose_name = _("verdict at a recheck")
        verbose_name_plural = _("verdicts at rechecks")
        constraints = [
            models.UniqueConstraint(fields=["hazard", "round", "by"], name="acceptance_once"),
            models.CheckConstraint(condition=~Q(by=F("rectifier")), name="acceptance_by_another"),
        ]


class Notice(models.Model):
    """A rectification notice for one target (隐患整改通知书), with its number, its document and how it was served."""

    class State(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("notice", "issued")
        SERVED = "served", pgettext_lazy("notice", "served")
        VOID = "void", _("void")

    class Served(models.TextChoices):
        HAND = "hand", _("handed over")
        POST = "post", _("by registered mail")
        DOOR = "door", _("left at the door")
        PHONE = "phone", _("told by telephone")
        SMS = "sms", _("by message")

    number = models.CharField(_("number of the notice"), max_length=40, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="notices", verbose_name=_("campaign"))
    target = models.ForeignKey(Target, models.PROTECT, related_name="notices", verbose_name=_("where"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    hazards = models.ManyToManyField(Hazard, related_name="notices")
    deadline_on = models.DateField(_("deadline"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ISSUED)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    served = models.CharField(_("served"), max_length=8, choices=Served.choices, blank=True)
    received_by = models.CharField(_("received by"), max_length=60, blank=True)
    receipt_refused = models.BooleanField(_("refused to receive"), default=False)
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("rectification notice")
        verbose_name_plural = _("rectification notices")
        constraints = [
            models.CheckConstraint(
                condition=Q(receipt_refused=False) | ~Q(witness=""), name="notice_refusal_has_witness"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("hazards:notice_detail", args=[self.pk])
