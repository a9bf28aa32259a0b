"""What inspectors recorded on the spot: records, answers, photos, signatures, and numbers lent to phones."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.models import Attachment
from mainstay.core.organisation.models import Person
from mainstay.inspection.campaigns.models.plan import Assignment
from mainstay.inspection.checklists.models import ChecklistItem


class Inspection(models.Model):
    """What was recorded at one visit, in one wording (检查记录).

    `client_id` is made by the phone for each sending and makes repeating harmless; `record` names the visit for ever.
    A later edit is a new row with the next `edition`; only the newest is `current`.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("inspected")
        PARTIAL = "partial", _("begun")
        NOBODY = "nobody_home", _("nobody there")
        REFUSED = "refused", _("refused entry")

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        CONFIRMED = "confirmed", _("confirmed by the leader")
        LOCKED = "locked", _("locked")
        SUPERSEDED = "superseded", _("replaced by an edit")

    client_id = models.UUIDField(unique=True)
    record = models.UUIDField(db_index=True)
    edition = models.PositiveSmallIntegerField(_("edition"), default=1)
    current = models.BooleanField(default=True)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="inspections", verbose_name=_("assignment"))
    revision = models.PositiveIntegerField(default=0)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.SUBMITTED)
    arrived_at = models.DateTimeField(_("arrived at"))
    left_at = models.DateTimeField(_("left at"))
    received_at = models.DateTimeField(_("received at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    device = models.CharField(_("device"), max_length=40, blank=True)
    scanned = models.BooleanField(_("opened by its label"), default=False)
    lat_e6 = models.IntegerField(null=True)
    lng_e6 = models.IntegerField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    note = models.CharField(_("opinion"), max_length=500, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    body = models.JSONField()
    passed = models.PositiveSmallIntegerField(_("items right"), default=0)
    failed = models.PositiveSmallIntegerField(_("items wrong"), default=0)
    score_bp = models.PositiveSmallIntegerField(_("score (1/100 %)"), null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        ordering = ["-arrived_at", "-id"]
        verbose_name = _("inspection record")
        verbose_name_plural = _("inspection records")
        constraints = [
            models.UniqueConstraint(fields=["record", "edition"], name="inspection_edition_once"),
            models.UniqueConstraint(fields=["record"], condition=Q(current=True), name="inspection_one_current"),
            models.UniqueConstraint(fields=["assignment", "revision"], name="inspection_revision_once"),
            models.CheckConstraint(condition=Q(left_at__gte=F("arrived_at")), name="inspection_left_after_arrived"),
        ]
        indexes = [models.Index(fields=["assignment", "current", "arrived_at"], name="inspection_of_target")]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.edition}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("campaigns:inspection_detail", args=[self.pk])


class Answer(models.Model):
    """What was found at one item (检查结果). `value` holds number, date, choice or text as entered."""

    class Result(models.TextChoices):
        PASS = "pass", _("passes")
        FAIL = "fail", _("fails")
        NOT_APPLICABLE = "na", _("does not apply")
        OPEN = "", _("not answered")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="+", verbose_name=_("item"))
    result = models.CharField(_("result"), max_length=4, choices=Result.choices, blank=True)
    value = models.JSONField(default=dict)
    note = models.CharField(_("finding"), max_length=500, blank=True)

    class Meta:
        ordering = ["inspection", "item__section__order", "item__order", "id"]
        verbose_name = _("answer to an item")
        verbose_name_plural = _("answers to items")
        constraints = [models.UniqueConstraint(fields=["inspection", "item"], name="answer_once")]


class Photo(models.Model):
    """A picture a record speaks of (照片、签名图). It is missing until the phone has sent it: `attachment` is empty."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    item_code = models.CharField(_("item"), max_length=24, blank=True)
    digest = models.CharField(max_length=64, db_index=True)
    name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True)
    lat_e6 = models.IntegerField(null=True)
    lng_e6 = models.IntegerField(null=True)
    is_signature = models.BooleanField(default=False)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["inspection", "id"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [models.UniqueConstraint(fields=["inspection", "digest", "item_code"], name="photo_of_item_once")]


class Signature(models.Model):
    """Somebody's signature under a record, or his refusal to sign (签字、拒签)."""

    class Role(models.TextChoices):
        INSPECTOR = "inspector", _("inspector")
        COMPANION = "companion", _("accompanying person")
        WITNESS = "witness", _("witness")

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="signatures")
    role = models.CharField(_("as"), max_length=10, choices=Role.choices)
    name = models.CharField(_("name"), max_length=60)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64, blank=True)
    refused = models.BooleanField(_("refused to sign"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["inspection", "id"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["inspection", "role", "name"], name="signature_once"),
            models.CheckConstraint(condition=Q(refused=False) | ~Q(reason=""), name="signature_refusal_has_reason"),
        ]


class NumberBlockQuerySet(models.QuerySet["NumberBlock"]):
    """Vocabulary of lent numbers."""

    def usable(self, now: datetime) -> NumberBlockQuerySet:
        """Blocks a phone may still take numbers from."""
        return self.filter(closed_at=None, expires_at__gt=now)


class NumberBlock(models.Model):
    """Numbers of papers lent to a phone, so that it can issue one without network (编号段)."""

    kind = models.CharField(_("kind"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    first = models.PositiveIntegerField(_("first number"))
    last = models.PositiveIntegerField(_("last number"))
    device = models.CharField(_("device"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("inspector"))
    leased_at = models.DateTimeField(_("lent at"))
    expires_at = models.DateTimeField(_("numbers valid until"))
    closed_at = models.DateTimeField(_("taken back at"), null=True)
    unused = models.JSONField(_("numbers not used"), default=list)

    objects = NumberBlockQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("block of numbers")
        verbose_name_plural = _("blocks of numbers")
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "first"], name="number_block_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="number_block_not_empty"),
        ]

    @property
    def numbers(self) -> list[str]:
        """The numbers as papers carry them."""
        return [f"{self.year}-{number:06d}" for number in range(self.first, self.last + 1)]
