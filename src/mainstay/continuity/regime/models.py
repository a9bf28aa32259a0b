"""Management rules with their owners, violations, reviews of rights, rights given in an emergency."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """A management rule (管理制度): a publication with an owner, a day of review and the measures that prove it.

    The text and its versions are publications of the same code; who has read it is counted there.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    owner = models.CharField(_("owner"), max_length=40)
    review_on = models.DateField(_("next review"))
    review_days = models.PositiveSmallIntegerField(_("review every (days)"), default=365)
    evidence = models.JSONField(_("evidence"), default=list)

    class Meta:
        ordering = ["code"]
        verbose_name = _("management rule")
        verbose_name_plural = _("management rules")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("regime:rule_detail", args=[self.pk])


class Violation(models.Model):
    """A breach of a rule (违规案件): found, then settled with what was decided."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="violations", verbose_name=_("management rule"))
    on = models.DateField(_("on"))
    who = models.CharField(_("who"), max_length=80)
    what = models.CharField(_("what happened"), max_length=300)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("violation")
        verbose_name_plural = _("violations")

    def __str__(self) -> str:
        return f"{self.rule} {self.who}"


class Review(models.Model):
    """A review of everybody's rights (权限复核): how many grants were looked at, what was found."""

    on = models.DateField(_("on"))
    grants = models.PositiveIntegerField(_("grants looked at"))
    found = models.CharField(_("found"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = _("review of rights")
        verbose_name_plural = _("reviews of rights")

    def __str__(self) -> str:
        return f"{self.on}"


class BreakGlass(models.Model):
    """A role held for hours in an emergency (应急授权): agreed to by a second person, an alarm while it lasts."""

    role = models.ForeignKey("access.Role", models.PROTECT, related_name="+", verbose_name=_("role"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"))
    grant = models.ForeignKey("access.Grant", models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        ordering = ["-from_at"]
        verbose_name = _("emergency right")
        verbose_name_plural = _("emergency rights")
        constraints = [models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="break_glass_window")]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
