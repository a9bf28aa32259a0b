"""The plan by which a company introduces 4R."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Bilingual, Unit


class RolloutPlan(Bilingual):
    """How a company introduces 4R management (推行方案): per R its gaps, the goals, and the actions that lead there."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    class Meta:
        ordering = ["-from_on", "code"]
        verbose_name = _("roll-out plan")
        verbose_name_plural = _("roll-out plans")

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("tracking:rollout_detail", args=[self.pk])


class RolloutGoal(models.Model):
    """A gap of one R, and the goal that closes it, stated as a number or a quality (差距、定量或定性目标)."""

    class R(models.IntegerChoices):
        RESULTS = 1, _("R1 plan and budget")
        RESPONSIBILITY = 2, _("R2 posts and processes")
        REVIEW = 3, _("R3 tracking and review")
        REWARD = 4, _("R4 appraisal and reward")

    class Kind(models.TextChoices):
        NUMBER = "number", pgettext_lazy("goal", "number")
        QUALITY = "quality", _("quality")

    plan = models.ForeignKey(RolloutPlan, models.CASCADE, related_name="goals", verbose_name=_("roll-out plan"))
    r = models.PositiveSmallIntegerField(_("R"), choices=R.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    gap_zh = models.CharField(_("gap"), max_length=300)
    gap_en = models.CharField(_("gap in English"), max_length=400, blank=True)
    goal_zh = models.CharField(_("goal"), max_length=300)
    goal_en = models.CharField(_("goal in English"), max_length=400, blank=True)
    kind = models.CharField(_("stated as"), max_length=8, choices=Kind.choices, default=Kind.QUALITY)
    aim_e4 = models.BigIntegerField(_("number aimed at"), null=True, blank=True)
    reached_e4 = models.BigIntegerField(_("number reached"), null=True, blank=True)
    verdict = models.CharField(_("how far it is"), max_length=300, blank=True)

    class Meta:
        ordering = ["plan", "r", "position", "id"]
        verbose_name = _("goal of a roll-out plan")
        verbose_name_plural = _("goals of roll-out plans")
        constraints = [
            models.CheckConstraint(condition=models.Q(r__gte=1, r__lte=4), name="rollout_r"),
            models.CheckConstraint(
                condition=models.Q(kind="quality") | models.Q(aim_e4__isnull=False), name="rollout_number_has_aim"
            ),
        ]

    def __str__(self) -> str:
        return self.goal

    @property
    def goal(self) -> str:
        """The goal in the reader's language."""
        return _spoken(self.goal_zh, self.goal_en)

    @property
    def gap(self) -> str:
        """The gap in the reader's language."""
        return _spoken(self.gap_zh, self.gap_en)


def _spoken(zh: str, en: str) -> str:
    return en if en and not (get_language() or "zh").startswith("zh") else zh
