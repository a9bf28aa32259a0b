"""Checklists, their versions, parts and items."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Bilingual
from mainstay.inspection.checklists.rules import in_units


class Worded(models.Model):
    """Something with its words in Chinese and English."""

    zh = models.CharField(_("Chinese words"), max_length=200)
    en = models.CharField(_("English words"), max_length=240, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The words in the reader's language, Chinese where there are no other."""
        return self.en if self.en and not (get_language() or "zh").startswith("zh") else self.zh


class Checklist(Bilingual):
    """What is looked at during an inspection (检查表), in versions."""

    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("checklists:checklist_detail", args=[self.pk])


class ChecklistVersion(models.Model):
    """One wording of a checklist (检查表版本). It never changes once it is published."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")

    class Scoring(models.TextChoices):
        NONE = "none", _("no score")
        PASS_RATE = "pass_rate", _("pass rate")
        WEIGHTED = "weighted", _("weighted pass rate")
        DEDUCTION = "deduction", _("points deducted")

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="versions", verbose_name=_("checklist"))
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    scoring = models.CharField(_("scoring"), max_length=10, choices=Scoring.choices, default=Scoring.NONE)
    note = models.CharField(_("what is new"), max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["checklist", "-number"]
        verbose_name = _("version of a checklist")
        verbose_name_plural = _("versions of checklists")
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="checklist_version_once"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state="draft"), name="checklist_one_draft"),
            models.UniqueConstraint(
                fields=["checklist"], condition=Q(state="published"), name="checklist_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} · {self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("checklists:version_detail", args=[self.pk])


class ChecklistSection(Worded):
    """A part of a checklist; the phone shows one a page (检查部分)."""

    version = models.ForeignKey(ChecklistVersion, models.CASCADE, related_name="sections")
    code = models.CharField(_("code"), max_length=24)
    order = models.PositiveSmallIntegerField(default=0)
    points_e2 = models.PositiveIntegerField(_("full points (1/100)"), default=0)
    scale_e4 = models.PositiveIntegerField(_("scale of deductions (1/10000)"), default=10_000)

    class Meta:
        ordering = ["version", "order", "id"]
        verbose_name = _("part of a checklist")
        verbose_name_plural = _("parts of checklists")
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="checklist_section_once")]


class ChecklistItem(Worded):
    """One line of a checklist (检查项): what is asked, what counts as failing, and what follows from it."""

    class Severity(models.TextChoices):
        NONE = "none", _("no hazard")
        GENERAL = "general", _("general hazard")
        MAJOR = "major", _("serious hazard")

    version = models.ForeignKey(ChecklistVersion, models.CASCADE, related_name="items")
    section = models.ForeignKey(
        ChecklistSection, models.CASCADE, related_name="items", verbose_name=_("checklist part")
    )
    code = models.CharField(_("code"), max_length=24)
    order = models.PositiveSmallIntegerField(default=0)
    types = models.JSONField(_("types"), default=list)
    severity = models.CharField(_("hazard"), max_length=8, choices=Severity.choices, default=Severity.GENERAL)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    requirement_zh = models.CharField(_("requirement in Chinese"), max_length=300, blank=True)
    requirement_en = models.CharField(_("requirement in English"), max_length=300, blank=True)
    days = models.PositiveSmallIntegerField(_("days to put it right"), null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    points_e2 = models.PositiveIntegerField(_("points deducted (1/100)"), default=0)
    photo = models.BooleanField(_("photo needed"), default=False)
    minimum_e3 = models.BigIntegerField(_("lower limit (1/1000)"), null=True, blank=True)
    maximum_e3 = models.BigIntegerField(_("upper limit (1/1000)"), null=True, blank=True)
    unit = models.CharField(_("unit of measure"), max_length=12, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    date_rule = models.CharField(_("rule for the day"), max_length=8, blank=True)
    date_days = models.PositiveSmallIntegerField(_("days back"), null=True, blank=True)
    show_item = models.CharField(_("shown after item"), max_length=24, blank=True)
    show_value = models.CharField(_("shown when it is"), max_length=24, blank=True)

    class Meta:
        ordering = ["version", "section__order", "order", "id"]
        verbose_name = _("item of a checklist")
        verbose_name_plural = _("items of checklists")
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="checklist_item_once"),
            models.CheckConstraint(
                condition=Q(minimum_e3=None) | Q(maximum_e3=None) | Q(minimum_e3__lte=models.F("maximum_e3")),
                name="checklist_item_limits",
            ),
        ]

    @property
    def requirement(self) -> str:
        """What must be so, in the reader's language."""
        english = self.requirement_en and not (get_language() or "zh").startswith("zh")
        return self.requirement_en if english else self.requirement_zh

    @property
    def limits(self) -> str:
        """The limits in signs."""
        low, high = in_units(self.minimum_e3), in_units(self.maximum_e3)
        if low and low == high:
            text = f"= {low}"
        elif low and high:
            text = f"{low}–{high}"
        else:
            text = f"≥ {low}" if low else f"≤ {high}" if high else ""
        return f"{text} {self.unit}".strip() if text else ""
