"""What people undertake to do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.evidence.models import Attachment
from mainstay.core.organisation.models import Person, Unit
from mainstay.performance.plans.models import Period, Target

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_RIGHT = "performance.tracking.view_action"


class WorkPlan(models.Model):
    """A department's work plan of a period (部门工作计划): a summary and its actions, approved by the superior."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPROVED = "approved", pgettext_lazy("charter", "approved")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="work_plans", verbose_name=pgettext_lazy("plan", "period")
    )
    summary = models.TextField(_("what matters in this period"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )

    class Meta:
        ordering = ["-period__from_on", "unit__path"]
        verbose_name = _("work plan")
        verbose_name_plural = _("work plans")
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="work_plan_once"),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("written_by")), name="work_plan_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.period}"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("tracking:work_plan_detail", args=[self.pk])


class ActionQuerySet(models.QuerySet["Action"]):
    """Vocabulary of actions."""

    def visible_to(self, user: User) -> ActionQuerySet:
        """Actions of the units the user may see, and those the user owns or checks."""
        own = Q(owner=user.person_id) | Q(checker=user.person_id) if user.person_id else Q(pk=None)
        if not rights.allowed(user, VIEW_RIGHT):
            return self.filter(own)
        ids = rights.unit_ids(user, VIEW_RIGHT)
        return self if ids is None else self.filter(own | Q(unit_id__in=ids))

    def overdue(self, on: date) -> ActionQuerySet:
        """Open actions whose day is over."""
        return self.filter(state=Action.State.OPEN, due_on__lt=on)


class Action(models.Model):
    """Something promised (行动措施): result, steps, exactly one owner, a day, and a checker who is not the owner.

    One shape for plan measures, roll-out steps, decisions of sessions, improvement plans and work plans.
    """

    class Kind(models.TextChoices):
        MEASURE = "measure", _("measure of a target")
        ROLLOUT = "rollout", _("roll-out step")
        DECISION = "decision", _("decision of a session")
        IMPROVEMENT = "improvement", _("improvement")
        WORK = "work", _("work plan item")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "open")
        DONE = "done", pgettext_lazy("task", "done")
        VERIFIED = "verified", pgettext_lazy("task", "verified")
        FAILED = "failed", pgettext_lazy("task", "failed")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.MEASURE)
    title = models.CharField(_("what is done"), max_length=160)
    result = models.CharField(_("promised result"), max_length=300)
    steps = models.TextField(_("steps"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="actions_owned", verbose_name=_("owner"))
    checker = models.ForeignKey(Person, models.PROTECT, related_name="actions_checked", verbose_name=_("checker"))
    due_on = models.DateField(pgettext_lazy("task", "due on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    target = models.ForeignKey(
        Target, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("target")
    )
    work_plan = models.ForeignKey(
        WorkPlan, models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("work plan")
    )
    session = models.ForeignKey(
        "tracking.Session", models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("session")
    )
    goal = models.ForeignKey(
        "tracking.RolloutGoal", models.PROTECT, null=True, blank=True, related_name="actions", verbose_name=_("goal")
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(pgettext_lazy("plan", "opened at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True)
    verdict = models.CharField(_("verdict of the checker"), max_length=300, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.CheckConstraint(condition=~Q(checker=F("owner")), name="task_checked_by_another"),
            models.CheckConstraint(
                condition=~Q(kind="decision") | Q(session__isnull=False), name="task_decision_of_session"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "due_on"], name="task_owner"),
            models.Index(fields=["unit", "state", "due_on"], name="task_unit"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The action's page."""
        return reverse("tracking:action_detail", args=[self.pk])
