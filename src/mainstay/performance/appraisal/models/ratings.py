"""Ratings, and what the severity model says of those who gave them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Person
from mainstay.performance.appraisal.models.rounds import Round


class Criterion(Bilingual):
    """What is rated (评价要素): ability or potential, never what a contract measures."""

    class Axis(models.TextChoices):
        ABILITY = "ability", pgettext_lazy("axis", "ability")
        POTENTIAL = "potential", pgettext_lazy("axis", "potential")

    code = models.CharField(_("code"), max_length=20, unique=True)
    axis = models.CharField(_("axis"), max_length=9, choices=Axis.choices)
    anchors = models.TextField(_("what the levels mean"), blank=True)
    retired_on = models.DateField(_("not used from"), null=True, blank=True)

    class Meta:
        ordering = ["axis", "code"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")


class RatingTask(models.Model):
    """Who is to rate whom in a round (评价任务): the own superior, and others so that raters can be compared."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="tasks", verbose_name=_("appraisal round"))
    rater = models.ForeignKey(Person, models.PROTECT, related_name="rating_tasks", verbose_name=_("rater"))
    ratee = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("ratee"))
    own = models.BooleanField(_("own superior"), default=True)
    given_at = models.DateTimeField(_("given at"), null=True)

    class Meta:
        ordering = ["round", "rater", "-own", "ratee__staff_no"]
        verbose_name = _("rating task")
        verbose_name_plural = _("rating tasks")
        constraints = [
            models.UniqueConstraint(fields=["round", "rater", "ratee"], name="rating_task_once"),
            models.CheckConstraint(condition=~Q(rater=F("ratee")), name="rating_task_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.rater} → {self.ratee}"


class Rating(models.Model):
    """A level from 1 to 5 that a rater gave a person on a criterion, with an incident (评分). Never changed."""

    task = models.ForeignKey(RatingTask, models.PROTECT, related_name="ratings", verbose_name=_("rating task"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="ratings", verbose_name=_("criterion"))
    level = models.PositiveSmallIntegerField(_("level"))
    incident = models.TextField(_("incident"), blank=True)
    at = models.DateTimeField(_("given at"))

    class Meta:
        ordering = ["task", "criterion"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["task", "criterion"], name="rating_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rating_level"),
            models.CheckConstraint(
                condition=Q(level__gte=2, level__lte=4) | ~Q(incident=""), name="rating_has_incident"
            ),
        ]


class SeverityRun(models.Model):
    """One estimate of the raters' severity on an axis (评分松紧估计). The newest of a round and axis counts."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="severity_runs", verbose_name=_("appraisal round"))
    axis = models.CharField(_("axis"), max_length=9, choices=Criterion.Axis.choices)
    at = models.DateTimeField(_("time"))
    ratings = models.PositiveIntegerField(_("ratings"))
    separable = models.BooleanField(_("separable"))
    connected = models.BooleanField(_("all raters comparable"))
    note_zh = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    variances = models.JSONField(default=dict)
    review = models.JSONField(default=list)
    proposed = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("estimate of severity")
        verbose_name_plural = _("estimates of severity")


class RaterSeverity(models.Model):
    """What an estimate says of one rater, in 1/10000 levels; empty where severity cannot be told from merit."""

    run = models.ForeignKey(SeverityRun, models.CASCADE, related_name="raters")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("rater"))
    severity_e4 = models.IntegerField(_("severity"), null=True)
    low_e4 = models.IntegerField(null=True)
    high_e4 = models.IntegerField(null=True)
    flagged = models.BooleanField(_("flagged"), default=False)
    habits = models.JSONField(default=dict)

    class Meta:
        ordering = ["run", "-severity_e4"]
        verbose_name = _("severity of a rater")
        verbose_name_plural = _("severities of raters")
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="severity_once")]
