"""Appraisals of people: three axes, a grade, every change of it with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.performance.appraisal.models.rounds import Round
from mainstay.performance.plans.models import Contract

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_RIGHT = "performance.appraisal.view_appraisal"


class AppraisalQuerySet(models.QuerySet["Appraisal"]):
    """Vocabulary of appraisals."""

    def visible_to(self, user: User, right: str = VIEW_RIGHT) -> AppraisalQuerySet:
        """Appraisals of the units the user may see, and the own ones once they have been talked over."""
        own = Q(person=user.person_id, state__in=TOLD) if user.person_id else Q(pk=None)
        if not rights.allowed(user, right):
            return self.filter(own)
        ids = rights.unit_ids(user, right)
        mine = Q(person=user.person_id) & ~Q(state__in=TOLD) if user.person_id else Q(pk=None)
        return self.exclude(mine) if ids is None else self.filter(own | Q(unit_id__in=ids)).exclude(mine)


TOLD = ("interviewed", "confirmed", "appealed", "final")


class Appraisal(models.Model):
    """The appraisal of a person in a round (考核结果).

    Results come from the signed contract alone; ability and potential are axes of their own, never blended with them.
    `*_e2`: points or levels in 1/100. The adjusted values are advice of the severity model; a person decides on the
    grade and gives a reason (`AppraisalChange`).
    """

    class State(models.TextChoices):
        SCORED = "scored", pgettext_lazy("appraisal", "scored")
        CALIBRATED = "calibrated", pgettext_lazy("appraisal", "calibrated")
        INTERVIEWED = "interviewed", pgettext_lazy("appraisal", "interviewed")
        CONFIRMED = "confirmed", pgettext_lazy("appraisal", "confirmed")
        APPEALED = "appealed", pgettext_lazy("appraisal", "appealed")
        FINAL = "final", pgettext_lazy("appraisal", "final")

    round = models.ForeignKey(Round, models.PROTECT, related_name="appraisals", verbose_name=_("appraisal round"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="appraisals", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", verbose_name=_("post"))
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="appraisals", verbose_name=_("contract"))
    contract_version = models.PositiveSmallIntegerField(_("version of the contract"))
    contract_digest = models.CharField(max_length=64)
    result_e2 = models.IntegerField(_("results"), null=True)
    caps = models.JSONField(default=list)
    ability_e2 = models.PositiveSmallIntegerField(_("ability"), null=True)
    ability_adjusted_e2 = models.SmallIntegerField(null=True)
    ability_low_e2 = models.SmallIntegerField(null=True)
    ability_high_e2 = models.SmallIntegerField(null=True)
    potential_e2 = models.PositiveSmallIntegerField(_("potential"), null=True)
    potential_adjusted_e2 = models.SmallIntegerField(null=True)
    potential_low_e2 = models.SmallIntegerField(null=True)
    potential_high_e2 = models.SmallIntegerField(null=True)
    box = models.PositiveSmallIntegerField(_("box"), null=True)
    grade_rule = models.CharField(_("grade by the rules"), max_length=4, blank=True)
    grade = models.CharField(_("grade"), max_length=4, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.SCORED)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        ordering = ["round", "unit__path", "person__staff_no"]
        verbose_name = _("appraisal")
        verbose_name_plural = _("appraisals")
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="appraisal_once"),
            models.CheckConstraint(
                condition=Q(state="scored") | (~Q(grade="") & Q(result_e2__isnull=False)), name="appraisal_has_grade"
            ),
        ]
        indexes = [
            models.Index(fields=["round", "box"], name="appraisal_box"),
            models.Index(fields=["round", "grade"], name="appraisal_grade"),
            models.Index(fields=["round", "unit"], name="appraisal_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.round.period}"

    def get_absolute_url(self) -> str:
        """The appraisal's page."""
        return reverse("appraisal:appraisal_detail", args=[self.pk])


class AppraisalChange(models.Model):
    """A change of a grade by people, with the reason (等级调整). Never changed itself."""

    appraisal = models.ForeignKey(Appraisal, models.PROTECT, related_name="changes", verbose_name=_("appraisal"))
    before = models.CharField(_("grade before"), max_length=4)
    after = models.CharField(_("grade after"), max_length=4)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["id"]
        verbose_name = _("change of a grade")
        verbose_name_plural = _("changes of grades")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="grade_change_has_reason"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="grade_change_changes"),
        ]


class Interview(models.Model):
    """The talk about an appraisal (绩效面谈): what went well, what is to improve, what the person says."""

    appraisal = models.OneToOneField(Appraisal, models.PROTECT, related_name="interview", verbose_name=_("appraisal"))
    held_on = models.DateField(_("held on"))
    successes = models.TextField(_("successes"))
    to_improve = models.TextField(_("to improve"))
    training = models.TextField(_("training needed"), blank=True)
    own_view = models.TextField(_("the person's own view"), blank=True)
    help_wanted = models.TextField(_("help wanted"), blank=True)
    career = models.TextField(_("career plan"), blank=True)
    next_steps = models.TextField(_("next steps"))
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("interviewer")
    )
    confirmed_at = models.DateTimeField(_("confirmed by the person"), null=True)

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")


class Appeal(models.Model):
    """An objection to an appraisal and the answer (申诉)."""

    appraisal = models.OneToOneField(Appraisal, models.PROTECT, related_name="appeal", verbose_name=_("appraisal"))
    text = models.TextField(_("objection"))
    filed_at = models.DateTimeField(_("filed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    upheld = models.BooleanField(_("upheld"), null=True)
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | (~Q(answer="") & Q(upheld__isnull=False)), name="appeal_has_answer"
            )
        ]
