"""What plans are made of: periods, indicators, and the terms of the company."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Bilingual, Post


def spoken(zh: str, en: str) -> str:
    """The English words for readers of English, where there are any."""
    return en if en and not (get_language() or "zh").startswith("zh") else zh


class PeriodQuerySet(models.QuerySet["Period"]):
    """Vocabulary of periods."""

    def holding(self, on: date) -> PeriodQuerySet:
        """Periods that a day lies in, the longest first."""
        return self.filter(from_on__lte=on, until_on__gte=on).order_by("from_on", "-until_on")


class Period(models.Model):
    """A stretch of time that plans and actuals belong to (期间): year ⊃ quarter ⊃ month ⊃ week.

    Closing one freezes its actuals. A week belongs to the month in which its Thursday lies.
    """

    class Kind(models.TextChoices):
        YEAR = "year", pgettext_lazy("period", "year")
        QUARTER = "quarter", pgettext_lazy("period", "quarter")
        MONTH = "month", pgettext_lazy("period", "month")
        WEEK = "week", pgettext_lazy("period", "week")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("period", "open")
        CLOSING = "closing", pgettext_lazy("period", "closing")
        CLOSED = "closed", pgettext_lazy("period", "closed")

    code = models.CharField(_("code"), max_length=10, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("plan", "lies in"),
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "-until_on"]
        verbose_name = pgettext_lazy("plan", "period")
        verbose_name_plural = _("periods")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="period_until_after_from"),
            models.CheckConstraint(
                condition=Q(kind="year", parent=None) | (~Q(kind="year") & Q(parent__isnull=False)),
                name="period_lies_in_another",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The period's page."""
        return reverse("plans:period_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether actuals of this period may still change."""
        return self.state != self.State.CLOSED


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Vocabulary of indicators."""

    def current(self, on: date) -> IndicatorQuerySet:
        """Indicators that new targets may use on a day."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=on))


class Indicator(Bilingual):
    """Something that is measured (指标): its formula in words, unit, direction, source, and who verifies it.

    Values are whole 1/10000 of the unit. `combine` says how a year's value comes from its months'. `provider` names a
    question that another part of the suite answers ("" for none), so that nobody types the value.
    """

    class Direction(models.TextChoices):
        MORE = "more", _("more is better")
        LESS = "less", _("less is better")
        EXACT = "exact", _("exactly the target is best")

    class Combine(models.TextChoices):
        SUM = "sum", _("parts add up")
        LAST = "last", _("the last part counts")
        MEAN = "mean", _("mean of the parts")

    code = models.CharField(_("code"), max_length=30, unique=True)
    formula_zh = models.CharField(_("formula in Chinese words"), max_length=300)
    formula_en = models.CharField(_("formula in English words"), max_length=300, blank=True)
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=20)
    unit_en = models.CharField(_("unit (English)"), max_length=30, blank=True)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices, default=Direction.MORE)
    combine = models.CharField(_("from parts"), max_length=5, choices=Combine.choices, default=Combine.SUM)
    source = models.CharField(_("data source"), max_length=200, blank=True)
    provider = models.CharField(_("answered by"), max_length=60, blank=True)
    verifier = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by the post")
    )
    duty = models.CharField(_("from the duty"), max_length=200, blank=True)
    rule = models.JSONField(_("usual scoring rule"), default=dict)
    retired_on = models.DateField(_("not used from"), null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def get_absolute_url(self) -> str:
        """The indicator's page."""
        return reverse("plans:indicator_detail", args=[self.pk])

    @property
    def unit(self) -> str:
        """The unit of measure in the reader's language."""
        return spoken(self.unit_zh, self.unit_en)

    @property
    def formula(self) -> str:
        """The formula in the reader's language."""
        return spoken(self.formula_zh, self.formula_en)

    @property
    def additive(self) -> bool:
        """Whether values of people add up to that of their unit, as those of months do."""
        return self.combine == self.Combine.SUM


class Terms(models.Model):
    """What a company has laid down for its contracts, from a day on (绩效管理参数), with the notice."""

    from_on = models.DateField(_("from"), unique=True)
    amend_limit_bp = models.PositiveIntegerField(_("change of a target a quarter (bp)"), default=1000)
    notice = models.CharField(_("notice"), max_length=120)

    class Meta:
        ordering = ["-from_on"]
        verbose_name = _("terms")
        verbose_name_plural = _("terms")
