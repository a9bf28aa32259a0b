"""What was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.models import Attachment
from mainstay.performance.plans.models import Period, Target
from mainstay.performance.plans.models.contracts import visible_where

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class ActualQuerySet(models.QuerySet["Actual"]):
    """Vocabulary of actuals."""

    def visible_to(self, user: User) -> ActualQuerySet:
        """Actuals of the contracts that the user may see."""
        return self.filter(visible_where(user, "target__contract__"))

    def standing(self) -> ActualQuerySet:
        """Actuals that count: reported or verified, not disputed."""
        return self.exclude(state=Actual.State.DISPUTED)


class Actual(models.Model):
    """What a target reached in a period (实际完成值): reported with evidence by one person, verified by another.

    `value_e4` in 1/10000 of the indicator's unit; veto, plus and minus points (1/100) count where the target's rule
    asks for them. A disputed one is replaced by a new report. Rows of closed periods never change.
    """

    class State(models.TextChoices):
        REPORTED = "reported", pgettext_lazy("actual", "reported")
        VERIFIED = "verified", pgettext_lazy("actual", "verified")
        DISPUTED = "disputed", pgettext_lazy("actual", "disputed")

    target = models.ForeignKey(Target, models.PROTECT, related_name="actuals", verbose_name=_("target"))
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="actuals", verbose_name=pgettext_lazy("plan", "period")
    )
    value_e4 = models.BigIntegerField(_("value"))
    veto = models.BooleanField(_("veto event"), default=False)
    plus_e2 = models.PositiveIntegerField(_("plus points"), default=0)
    minus_e2 = models.PositiveIntegerField(_("minus points"), default=0)
    note = models.CharField(_("reason or remark"), max_length=300, blank=True)
    evidence = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence")
    )
    provider = models.CharField(_("answered by"), max_length=60, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REPORTED)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reported by")
    )
    reported_at = models.DateTimeField(_("reported at"))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True)
    dispute = models.CharField(_("objection"), max_length=300, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = ActualQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("actual value")
        verbose_name_plural = _("actual values")
        constraints = [
            models.UniqueConstraint(
                fields=["target", "period"], condition=~Q(state="disputed"), name="actual_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("reported_by")), name="actual_verified_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="reported", verified_by=None) | (~Q(state="reported") & Q(verified_by__isnull=False)),
                name="actual_verified_has_verifier",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id} · {self.period}"
