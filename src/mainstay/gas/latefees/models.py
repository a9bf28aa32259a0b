"""Late fees: their terms by class of customer, and the runs that post them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import rules


class LateFeeRule(models.Model):
    """The late fee of a class of customers from a day on (违约金标准): rate, grace, start, cap, least volume."""

    class CountsFrom(models.TextChoices):
        DUE = rules.DUE, _("the due date")
        GRACE = rules.GRACE, _("the end of the grace days")

    category = models.CharField(_("class"), max_length=12, choices=Account.Category.choices)
    from_on = models.DateField(_("for bills due from"))
    notice = models.CharField(_("notice or contract clause"), max_length=80)
    daily_ppm = models.PositiveIntegerField(_("rate a day (millionths)"))
    grace_days = models.PositiveSmallIntegerField(_("days of grace"), default=0)
    counts_from = models.CharField(
        _("days count from"), max_length=5, choices=CountsFrom.choices, default=CountsFrom.DUE
    )
    cap_bp = models.PositiveIntegerField(_("at most this part of the bill (1/10000)"), default=10_000)
    min_volume_l = models.PositiveBigIntegerField(_("no fee below a volume of (l)"), default=0)
    min_fee_fen = models.PositiveIntegerField(_("no fee below (fen)"), default=1)

    class Meta:
        ordering = ["category", "-from_on"]
        verbose_name = _("late fee terms")
        verbose_name_plural = _("late fee terms")
        constraints = [
            models.UniqueConstraint(fields=["category", "from_on"], name="latefee_rule_once"),
            models.CheckConstraint(
                condition=Q(daily_ppm__lte=rules.MOST_PPM)
                & (~Q(category="residential") | Q(daily_ppm__lte=rules.MOST_RESIDENT_PPM)),
                name="latefee_rate_lawful",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.from_on}"

    @property
    def terms(self) -> rules.Terms:
        """The terms as the rules take them."""
        return rules.Terms(
            self.daily_ppm, self.grace_days, self.counts_from, self.cap_bp, self.min_volume_l, self.min_fee_fen
        )


class LateFeeRun(models.Model):
    """Late fees of a branch up to a day, proposed and then posted (违约金批次)."""

    class State(models.TextChoices):
        COUNTING = "counting", _("counting")
        PROPOSED = "proposed", pgettext_lazy("run", "proposed")
        POSTING = "posting", pgettext_lazy("run", "posting")
        POSTED = "posted", _("posted")
        DROPPED = "dropped", _("dropped")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    through_on = models.DateField(_("up to and with"))
    business_on = models.DateField(_("business date"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.COUNTING)
    proposed = models.JSONField(default=list)  # by class: [class, fees, fen]
    top = models.JSONField(default=list)  # the largest: [account id, period, days, fen]
    done_account = models.BigIntegerField(default=0)  # posted up to and with this account
    fees = models.PositiveIntegerField(pgettext_lazy("number", "late fees"), default=0)
    amount_fen = models.BigIntegerField(_("amount (fen)"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    posted_at = models.DateTimeField(_("posted at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("late fee run")
        verbose_name_plural = _("late fee runs")
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state__in=["counting", "proposed", "posting"]), name="latefee_run_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.through_on}"

    def get_absolute_url(self) -> str:
        """The run's page."""
        return reverse("latefees:run_detail", args=[self.pk])

    @property
    def proposed_fen(self) -> int:
        """What the run proposes in all, in fen."""
        return sum(row[2] for row in self.proposed)

    @property
    def proposed_fees(self) -> int:
        """How many fees the run proposes."""
        return sum(row[1] for row in self.proposed)
