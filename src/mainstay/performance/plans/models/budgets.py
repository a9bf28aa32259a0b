"""Budgets of units: plan, commitments, actuals."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Unit
from mainstay.performance.plans.models.periods import Period


class BudgetAccount(Bilingual):
    """What money is spent on or earned with (预算科目)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    income = models.BooleanField(_("income"), default=False)
    hard = models.BooleanField(_("never beyond the budget"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("budget account")
        verbose_name_plural = _("budget accounts")


class BudgetLine(models.Model):
    """What a unit may spend on an account in a period, in fen (预算).

    `committed_fen` and `actual_fen` follow its entries in the same transaction; a database constraint keeps an expense
    from passing the budget unless somebody has raised the `allowance_fen` above it.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    account = models.ForeignKey(
        BudgetAccount, models.PROTECT, related_name="lines", verbose_name=pgettext_lazy("plan", "account")
    )
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="budget_lines", verbose_name=pgettext_lazy("plan", "period")
    )
    amount_fen = models.BigIntegerField(_("budget (fen)"))
    allowance_fen = models.BigIntegerField(_("approved beyond the budget (fen)"), default=0)
    limited = models.BooleanField(_("may not be passed"), default=True)
    committed_fen = models.BigIntegerField(_("committed (fen)"), default=0)
    actual_fen = models.BigIntegerField(_("actual (fen)"), default=0)

    class Meta:
        ordering = ["unit__path", "account__code", "period__from_on"]
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        constraints = [
            models.UniqueConstraint(fields=["unit", "account", "period"], name="budget_line_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gte=0, allowance_fen__gte=0, committed_fen__gte=0, actual_fen__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(limited=False)
                | Q(committed_fen__lte=F("amount_fen") + F("allowance_fen") - F("actual_fen")),
                name="budget_not_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.account} · {self.period}"

    def get_absolute_url(self) -> str:
        """The line's page."""
        return reverse("plans:budget_detail", args=[self.pk])

    @property
    def free_fen(self) -> int:
        """What is left of budget and allowance after commitments and actuals."""
        return self.amount_fen + self.allowance_fen - self.committed_fen - self.actual_fen


class BudgetEntry(models.Model):
    """A commitment, its release, or money spent or earned against a line (预算执行). Never changed."""

    class Kind(models.TextChoices):
        COMMIT = "commit", _("commitment")
        RELEASE = "release", _("commitment released")
        ACTUAL = "actual", _("actual amount")

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries", verbose_name=_("budget line"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    business_on = models.DateField(pgettext_lazy("plan", "business date"))
    text = models.CharField(_("what for"), max_length=200)
    commitment = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="uses", verbose_name=_("commitment")
    )
    beyond = models.BooleanField(_("beyond the budget"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("budget entry")
        verbose_name_plural = _("budget entries")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="budget_entry_amount")]
