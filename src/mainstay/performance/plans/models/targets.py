"""Targets of contracts, what stands behind them, and how they carry each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans.models.contracts import Contract, visible_where
from mainstay.performance.plans.models.periods import Indicator
from mainstay.performance.plans.rules import Values

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class TargetQuerySet(models.QuerySet["Target"]):
    """Vocabulary of targets."""

    def visible_to(self, user: User) -> TargetQuerySet:
        """Targets of the contracts that the user may see."""
        return self.filter(visible_where(user, "contract__"))

    def binding(self) -> TargetQuerySet:
        """Targets of signed contracts: the only ones that are appraised."""
        return self.filter(contract__in=Contract.objects.binding())


class Target(models.Model):
    """One promise of a contract (目标): an indicator with weight, agreed values and the rule that scores it.

    Values in 1/10000 of the indicator's unit, `weight_bp` in basis points (100 % = 10,000). Frozen with its contract.
    """

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="targets", verbose_name=_("contract"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicator"))
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    weight_bp = models.PositiveIntegerField(_("weight (bp)"))
    base_e4 = models.BigIntegerField(_("base value"), null=True, blank=True)
    threshold_e4 = models.BigIntegerField(_("threshold value"), null=True, blank=True)
    target_e4 = models.BigIntegerField(_("target value"))
    challenge_e4 = models.BigIntegerField(_("challenge value"), null=True, blank=True)
    rule = models.JSONField(_("scoring rule"))
    duty = models.CharField(_("from the duty"), max_length=200, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "position", "id"]
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["contract", "indicator"], name="target_indicator_once"),
            models.CheckConstraint(condition=Q(weight_bp__gt=0, weight_bp__lte=10_000), name="target_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.contract} · {self.indicator}"

    def get_absolute_url(self) -> str:
        """The page of its contract."""
        return self.contract.get_absolute_url()

    @property
    def values(self) -> Values:
        """The agreed values as the scoring rules take them."""
        return Values(self.target_e4, self.indicator.direction, self.threshold_e4, self.challenge_e4, self.base_e4)


class Backing(models.Model):
    """What stands behind a target (目标支撑): measures, resources needed, risks. It may go on after signing."""

    target = models.OneToOneField(Target, models.CASCADE, related_name="backing", verbose_name=_("target"))
    measures = models.TextField(_("measures"), blank=True)
    resources = models.TextField(_("resources needed"), blank=True)
    risks = models.TextField(_("risks and what is done about them"), blank=True)

    class Meta:
        verbose_name = _("backing of a target")
        verbose_name_plural = _("backings of targets")


class Contribution(models.Model):
    """A target carries a part of another one's, across units and people (目标分解).

    `share_bp` is the share of the child that counts for this parent; a child's shares sum to at most 100 %. `covers_bp`
    is the part of the parent that the child answers for, where values do not add up (rates); else it is computed.
    """

    child = models.ForeignKey(Target, models.CASCADE, related_name="parents", verbose_name=_("child target"))
    parent = models.ForeignKey(Target, models.CASCADE, related_name="children", verbose_name=_("parent target"))
    share_bp = models.PositiveIntegerField(_("share (bp)"), default=10_000)
    covers_bp = models.PositiveIntegerField(_("covers of the parent (bp)"), null=True, blank=True)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="contribution_once"),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="contribution_not_itself"),
            models.CheckConstraint(condition=Q(share_bp__gt=0, share_bp__lte=10_000), name="contribution_share"),
        ]
