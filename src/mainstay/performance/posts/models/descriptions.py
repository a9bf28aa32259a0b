"""Job descriptions: versions of what a post answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Bilingual, Person, Post
from mainstay.core.publications.models import Publication
from mainstay.performance.posts.models.analysis import VIEW_RIGHT

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class ReportingLine(models.Model):
    """Which post a post reports to (直接上级岗位)."""

    post = models.OneToOneField(Post, models.PROTECT, related_name="reporting", verbose_name=_("post"))
    superior = models.ForeignKey(Post, models.PROTECT, related_name="reports", verbose_name=_("superior post"))

    class Meta:
        verbose_name = _("reporting line")
        verbose_name_plural = _("reporting lines")
        constraints = [models.CheckConstraint(condition=~Q(post=F("superior")), name="reporting_not_itself")]


class PostDescriptionQuerySet(models.QuerySet["PostDescription"]):
    """Vocabulary of descriptions."""

    def visible_to(self, user: User, right: str = VIEW_RIGHT) -> PostDescriptionQuerySet:
        """Descriptions of posts in units the user may see, and of the posts the user holds."""
        own = Q(post__holdings__person=user.person_id) if user.person_id else Q(pk=None)
        if not rights.allowed(user, right):
            return self.filter(own).distinct()
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(own | Q(post__unit_id__in=ids)).distinct()

    def in_force(self) -> PostDescriptionQuerySet:
        """The approved version of each post."""
        return self.filter(state="approved")


class PostDescription(models.Model):
    """A version of a post's duties, authority, relations and requirements (职务说明书).

    `basis` is what it was approved on: the unit, the superior and the processes of the post at that time; what differs
    from it today makes the description stale.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        CONSULTED = "consulted", _("in consultation")
        APPROVED = "approved", pgettext_lazy("description", "approved")
        SUPERSEDED = "superseded", _("superseded")

    post = models.ForeignKey(Post, models.PROTECT, related_name="descriptions", verbose_name=_("post"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    purpose = models.TextField(_("purpose of the post"), blank=True)
    authority = models.TextField(_("authority"), blank=True)
    relations = models.TextField(_("working relations"), blank=True)
    conditions = models.TextField(_("working conditions"), blank=True)
    development = models.TextField(_("development path"), blank=True)
    round = models.PositiveSmallIntegerField(_("round of consultation"), default=0)
    answer_by = models.DateField(_("answer by"), null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"), null=True)
    reply = models.TextField(_("reply to objections"), blank=True)
    basis = models.JSONField(default=dict, editable=False)
    publication = models.OneToOneField(Publication, models.PROTECT, null=True, related_name="description")

    objects = PostDescriptionQuerySet.as_manager()

    class Meta:
        ordering = ["post__unit__path", "post__code", "-version"]
        verbose_name = _("job description")
        verbose_name_plural = _("job descriptions")
        constraints = [
            models.UniqueConstraint(fields=["post", "version"], name="description_version_once"),
            models.UniqueConstraint(fields=["post"], condition=Q(state="approved"), name="description_one_in_force"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(state__in=["draft", "consulted"]), name="description_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("owner")), name="description_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consulted"]) | Q(approved_by__isnull=False, approved_on__isnull=False),
                name="description_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} · v{self.version}"

    def get_absolute_url(self) -> str:
        """The description's page."""
        return reverse("posts:description_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its text may still change."""
        return self.state == self.State.DRAFT

    @property
    def texts(self) -> dict[str, Any]:
        """The running texts by field, in the order of the paper."""
        return {name: getattr(self, name) for name in TEXTS}


TEXTS = ("purpose", "authority", "relations", "conditions", "development")


class Duty(Bilingual):
    """One duty of a post (职责), with its share of the work; all of them together are 100 %."""

    description = models.ForeignKey(
        PostDescription, models.CASCADE, related_name="duties", verbose_name=_("job description")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    weight_bp = models.PositiveIntegerField(_("weight (bp)"))
    detail = models.TextField(_("tasks and expected results"), blank=True)

    class Meta:
        ordering = ["description", "position"]
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["description", "position"], name="duty_position_once"),
            models.CheckConstraint(condition=Q(weight_bp__gt=0, weight_bp__lte=10_000), name="duty_weight"),
        ]

    @property
    def citation(self) -> str:
        """How indicators and contracts name this duty: "GC-01 v2 §3 …"."""
        return f"{self.description.post.code} v{self.description.version} §{self.position} {self.name_zh}"[:200]


class Consultation(models.Model):
    """What an incumbent answered to a draft in a round of consultation (征求意见). Never changed."""

    description = models.ForeignKey(
        PostDescription, models.PROTECT, related_name="consultations", verbose_name=_("job description")
    )
    round = models.PositiveSmallIntegerField(_("round"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("incumbent"))
    agrees = models.BooleanField(_("agrees"))
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("answered at"))

    class Meta:
        ordering = ["round", "id"]
        verbose_name = _("answer to a consultation")
        verbose_name_plural = _("answers to consultations")
        constraints = [
            models.UniqueConstraint(fields=["description", "round", "person"], name="consultation_once"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(comment=""), name="objection_has_words"),
        ]
