"""What a person and the superior agree on for the years ahead."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Person, Post
from mainstay.performance.appraisal.models.appraisals import Appraisal


class CareerPlan(models.Model):
    """A career plan (职业发展规划), written on an appraisal that was talked over: where to, by which steps.

    Rows never change: a later one takes the place of an earlier one, and both stay readable.
    """

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="careers", verbose_name=_("appraisal"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="careers", verbose_name=_("person"))
    goal = models.TextField(_("career goal"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("post aimed at")
    )
    steps = models.TextField(_("agreed steps"))
    review_on = models.DateField(_("looked at again on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("career plan")
        verbose_name_plural = _("career plans")
        constraints = [models.CheckConstraint(condition=~Q(goal="") & ~Q(steps=""), name="career_plan_says_what")]

    def __str__(self) -> str:
        return f"{self.person} · {self.post or self.goal[:20]}"
