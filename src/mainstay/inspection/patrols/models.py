"""Rounds that come again: where they lead, who walks them, and each round that was due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Bilingual, Person, Unit
from mainstay.inspection.campaigns.models import Campaign, Target
from mainstay.inspection.checklists.models import Checklist

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class PatrolQuerySet(models.QuerySet["Patrol"]):
    """Vocabulary of patrols."""

    def visible_to(self, user: User, right: str = "inspection.patrols.view_patrol") -> PatrolQuerySet:
        """Patrols of the user's units."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(unit__in=ids)


class Patrol(Bilingual):
    """A round by labelled points that comes again every day, week or month (巡检路线).

    `anchor` is the weekday (1 Monday) or the day of the month on which a window begins, `days` how long it is.
    """

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    code = models.CharField(_("code"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit in charge"))
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm.choices, default=Rhythm.DAILY)
    anchor = models.PositiveSmallIntegerField(_("weekday or day of the month"), default=1)
    days = models.PositiveSmallIntegerField(_("days to walk it"), default=1)
    checklists = models.ManyToManyField(Checklist, related_name="+", verbose_name=_("checklists"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    paused = models.BooleanField(_("paused"), default=False)

    objects = PatrolQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("patrol")
        verbose_name_plural = _("patrols")
        constraints = [
            models.CheckConstraint(condition=Q(anchor__gte=1, anchor__lte=28), name="patrol_anchor"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=28), name="patrol_days"),
        ]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("patrols:patrol_detail", args=[self.pk])


class PatrolPoint(models.Model):
    """A place with a label on the way of a patrol (巡检点)."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="points")
    target = models.ForeignKey(Target, models.PROTECT, related_name="+", verbose_name=_("point"))
    order = models.PositiveSmallIntegerField(_("place on the way"), default=1)

    class Meta:
        ordering = ["patrol", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["patrol", "target"], name="patrol_point_once")]

    def __str__(self) -> str:
        return str(self.target)


class PatrolWalker(models.Model):
    """Somebody who walks the rounds (巡检人员)."""

    patrol = models.ForeignKey(Patrol, models.CASCADE, related_name="walkers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    leads = models.BooleanField(_("in charge of the rounds"), default=False)

    class Meta:
        ordering = ["patrol", "-leads", "id"]
        constraints = [models.UniqueConstraint(fields=["patrol", "person"], name="patrol_walker_once")]

    def __str__(self) -> str:
        return str(self.person)


class PatrolRound(models.Model):
    """One round that was due (一轮巡检): a campaign of its own, a target for each point. `told`: that it was missed."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="rounds")
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="patrol_round")
    told = models.BooleanField(default=False)

    class Meta:
        ordering = ["-from_on", "-id"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(fields=["patrol", "from_on"], name="patrol_round_once"),
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="patrol_round_window"),
        ]
        indexes = [models.Index(fields=["told", "until_on"], name="patrol_round_told")]

    def __str__(self) -> str:
        return f"{self.patrol} {self.from_on}"
