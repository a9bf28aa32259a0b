"""Work processes: who does what after whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Bilingual, Post, Unit
from mainstay.core.publications.models import Publication
from mainstay.performance.posts.models.analysis import VIEW_RIGHT

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class WorkProcessQuerySet(models.QuerySet["WorkProcess"]):
    """Vocabulary of processes."""

    def visible_to(self, user: User, right: str = VIEW_RIGHT) -> WorkProcessQuerySet:
        """Everybody reads what is in force; drafts are seen with the right, in its units."""
        published = Q(state__in=["published", "superseded"])
        if not rights.allowed(user, right):
            return self.filter(published)
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(published | Q(unit_id__in=ids))

    def in_force(self) -> WorkProcessQuerySet:
        """Processes that are published now."""
        return self.filter(state="published")


class WorkProcess(Bilingual):
    """A version of how a piece of work is done (工作流程), step by step; its picture is drawn from the steps."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", pgettext_lazy("process", "approved")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")

    code = models.CharField(_("code"), max_length=20)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    purpose = models.TextField(_("purpose"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    publication = models.OneToOneField(Publication, models.PROTECT, null=True, related_name="process")

    objects = WorkProcessQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path", "code", "-version"]
        verbose_name = _("work process")
        verbose_name_plural = _("work processes")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="process_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="published"), name="process_one_in_force"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state__in=["draft", "approved"]), name="process_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("written_by")), name="process_second_person"
            ),
        ]

    def get_absolute_url(self) -> str:
        """The process's page."""
        return reverse("posts:process_detail", args=[self.pk])


class ProcessStep(Bilingual):
    """A step of a process (流程步骤): the post that does it, what goes in and comes out, the form, the time allowed.

    Without a post the step is done outside the company; `outside` says by whom. After it comes the next position unless
    `next_to` names others: [{"to": position, "when_zh": "…", "when_en": "…"}], empty for the next one.
    """

    process = models.ForeignKey(WorkProcess, models.CASCADE, related_name="steps", verbose_name=_("work process"))
    position = models.PositiveSmallIntegerField(_("position"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="process_steps", verbose_name=_("post")
    )
    outside = models.CharField(_("done outside by"), max_length=60, blank=True)
    input = models.CharField(_("input"), max_length=120, blank=True)
    output = models.CharField(_("output"), max_length=120, blank=True)
    form = models.CharField(_("form"), max_length=80, blank=True)
    limit_hours = models.PositiveSmallIntegerField(_("time limit (hours)"), null=True, blank=True)
    next_to = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["process", "position"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.UniqueConstraint(fields=["process", "position"], name="step_position_once"),
            models.CheckConstraint(
                condition=Q(post__isnull=False, outside="") | (Q(post=None) & ~Q(outside="")), name="step_has_one_lane"
            ),
        ]

    @property
    def lane(self) -> str:
        """Who does it, in words."""
        return str(self.post) if self.post else self.outside
