"""The qualification system: what posts require, what people have, what they are trained in."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Person
from mainstay.performance.posts.models.descriptions import PostDescription

LEVELS = [(level, str(level)) for level in range(1, 6)]


class Qualification(Bilingual):
    """Something a post may require (任职资格): education, licence, skill, experience, training."""

    class Kind(models.TextChoices):
        EDUCATION = "education", _("education")
        LICENCE = "licence", _("licence")
        SKILL = "skill", _("skill")
        EXPERIENCE = "experience", _("experience")
        TRAINING = "training", _("training")

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), null=True, blank=True)

    class Meta:
        ordering = ["kind", "code"]
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")


class Requirement(models.Model):
    """What a description asks of whoever holds the post (资格要求): a qualification at a level, 1 to 5."""

    description = models.ForeignKey(
        PostDescription, models.CASCADE, related_name="requirements", verbose_name=_("job description")
    )
    qualification = models.ForeignKey(
        Qualification, models.PROTECT, related_name="requirements", verbose_name=_("qualification")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS, default=1)
    essential = models.BooleanField(_("essential"), default=True)

    class Meta:
        ordering = ["description", "-essential", "qualification__kind", "qualification__code"]
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(fields=["description", "qualification"], name="requirement_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="requirement_level"),
        ]


class HeldQualification(models.Model):
    """What a person has shown to have (持有资格), at a level, from a day on and perhaps until another."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="qualifications", verbose_name=_("person"))
    qualification = models.ForeignKey(
        Qualification, models.PROTECT, related_name="held", verbose_name=_("qualification")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS, default=1)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("valid until"), null=True, blank=True)
    proof = models.CharField(_("certificate or proof"), max_length=120)

    class Meta:
        ordering = ["person", "qualification", "-from_on"]
        verbose_name = _("qualification held")
        verbose_name_plural = _("qualifications held")
        constraints = [
            models.UniqueConstraint(fields=["person", "qualification", "from_on"], name="held_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="held_level"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="held_until_after_from"
            ),
        ]


class Training(models.Model):
    """A training that closes a gap (培训): planned, then done with a proof, or given up with a reason."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("training", "planned")
        DONE = "done", pgettext_lazy("training", "done")
        CANCELLED = "cancelled", pgettext_lazy("training", "given up")

    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings", verbose_name=_("person"))
    qualification = models.ForeignKey(
        Qualification, models.PROTECT, related_name="trainings", verbose_name=_("qualification")
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS, default=1)
    due_on = models.DateField(_("due"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    held = models.OneToOneField(HeldQualification, models.PROTECT, null=True, related_name="training")

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "qualification"], condition=Q(state="planned"), name="training_planned_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.qualification}"
