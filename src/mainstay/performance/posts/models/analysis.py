"""Job analyses: how it was found out what a post does, and what its incumbents said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Person, Post

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_RIGHT = "performance.posts.view_post"


class JobAnalysisQuerySet(models.QuerySet["JobAnalysis"]):
    """Vocabulary of analyses."""

    def visible_to(self, user: User) -> JobAnalysisQuerySet:
        """Analyses of posts in the units that the user may see, and those that ask him."""
        asked = Q(answers__person=user.person_id) if user.person_id else Q(pk=None)
        if not rights.allowed(user, VIEW_RIGHT):
            return self.filter(asked).distinct()
        ids = rights.unit_ids(user, VIEW_RIGHT)
        return self if ids is None else self.filter(asked | Q(post__unit_id__in=ids)).distinct()


class JobAnalysis(models.Model):
    """One study of what a post does (岗位分析), by one method, with the incumbents taking part."""

    class Method(models.TextChoices):
        INTERVIEW = "interview", _("interview")
        QUESTIONNAIRE = "questionnaire", _("questionnaire")
        OBSERVATION = "observation", _("observation")
        DIARY = "diary", _("work diary")
        PANEL = "panel", _("panel of experts")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("analysis", "open")
        FINISHED = "finished", pgettext_lazy("analysis", "finished")

    post = models.ForeignKey(Post, models.PROTECT, related_name="analyses", verbose_name=_("post"))
    method = models.CharField(_("method"), max_length=14, choices=Method.choices)
    question = models.TextField(_("what is asked"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    findings = models.TextField(_("findings"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    started_on = models.DateField(_("started on"))
    finished_on = models.DateField(_("finished on"), null=True)

    objects = JobAnalysisQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on", "-id"]
        verbose_name = _("job analysis")
        verbose_name_plural = _("job analyses")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (~Q(findings="") & Q(finished_on__isnull=False)),
                name="analysis_has_findings",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post} · {self.get_method_display()}"


class AnalysisAnswer(models.Model):
    """A participant of an analysis and what he said; once given, an answer stays (参与者回答)."""

    analysis = models.ForeignKey(JobAnalysis, models.PROTECT, related_name="answers", verbose_name=_("job analysis"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("participant"))
    text = models.TextField(_("answer of a participant"), blank=True)
    at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("answer of a participant")
        verbose_name_plural = _("answers of participants")
        constraints = [models.UniqueConstraint(fields=["analysis", "person"], name="analysis_participant_once")]
