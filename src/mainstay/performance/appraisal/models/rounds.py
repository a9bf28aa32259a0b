"""Rounds of appraisal and the rules of grading in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.core.publications.models import Publication
from mainstay.performance.appraisal.rules import Band, bands_of
from mainstay.performance.plans.models import Period
from mainstay.performance.posts.models import Qualification


class GradeScheme(models.Model):
    """Grades, ratios and consequences from a day on, with the notice they come from (等级与分布规则).

    `bands`: [{"grade", "from_e2", "ratio_bp", "pay_steps", "consequences"}]. Ratios count in groups of at least
    `fewest`. The cuts divide results (1/100 points) and potential (1/100 levels) into three for the nine-box grid.
    """

    from_on = models.DateField(_("from"), unique=True)
    notice = models.CharField(_("notice"), max_length=120)
    bands = models.JSONField(_("grades"))
    fewest = models.PositiveSmallIntegerField(_("ratios from so many people on"), default=20)
    mean_cap_e2 = models.PositiveIntegerField(_("highest mean of a unit (1/100 points)"), null=True, blank=True)
    result_low_e2 = models.PositiveIntegerField(default=7_500)
    result_high_e2 = models.PositiveIntegerField(default=9_500)
    potential_low_e2 = models.PositiveIntegerField(default=250)
    potential_high_e2 = models.PositiveIntegerField(default=375)

    class Meta:
        ordering = ["-from_on"]
        verbose_name = _("grading scheme")
        verbose_name_plural = _("grading schemes")
        constraints = [
            models.CheckConstraint(condition=models.Q(fewest__gte=20), name="scheme_no_small_groups"),
            models.CheckConstraint(
                condition=models.Q(result_low_e2__lt=models.F("result_high_e2"))
                & models.Q(potential_low_e2__lt=models.F("potential_high_e2")),
                name="scheme_cuts_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_on} · {self.notice}"

    @property
    def grades(self) -> list[Band]:
        """The bands, best first."""
        return bands_of(self.bands)


class Round(models.Model):
    """The appraisal of a period in a unit and below (考核周期).

    While it is `scoring` a job works through its people in the order of their ids; `scored_to` is the last one whose
    scores are written, so that a job that was killed goes on behind it.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("round", "rating")
        SCORING = "scoring", pgettext_lazy("round", "scoring")
        CALIBRATING = "calibrating", pgettext_lazy("round", "calibration")
        TALKING = "talking", pgettext_lazy("round", "interviews")
        CLOSED = "closed", pgettext_lazy("round", "closed")

    period = models.ForeignKey(Period, models.PROTECT, related_name="rounds", verbose_name=_("period"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    scheme = models.ForeignKey(GradeScheme, models.PROTECT, related_name="+", verbose_name=_("grading scheme"))
    policy = models.ForeignKey(Publication, models.PROTECT, related_name="+", verbose_name=_("performance policy"))
    training = models.ForeignKey(
        Qualification, models.PROTECT, related_name="+", verbose_name=_("training raters must have")
    )
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    scoring_at = models.DateTimeField(_("scoring began at"), null=True)
    scored_to = models.PositiveBigIntegerField(default=0)
    scored_at = models.DateTimeField(_("scored at"), null=True)

    class Meta:
        ordering = ["-period__from_on", "unit__path"]
        verbose_name = _("appraisal round")
        verbose_name_plural = _("appraisal rounds")
        constraints = [models.UniqueConstraint(fields=["period", "unit"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.period} · {self.unit}"

    def get_absolute_url(self) -> str:
        """The round's page."""
        return reverse("appraisal:round_detail", args=[self.pk])
