"""Tariffs as dated data, and the terms an account is on."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual
from mainstay.gas.customers.models import Account


class Plan(Bilingual):
    """A tariff that accounts are put on (价格方案); its prices are in dated versions."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    category = models.CharField(_("category"), max_length=12, choices=Account.Category.choices)

    class Meta:
        ordering = ["code"]
        verbose_name = _("tariff plan")
        verbose_name_plural = _("tariff plans")

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("tariffs:plan_detail", args=[self.pk])


class Version(models.Model):
    """What a plan costs from a date on, by which notice (价格版本). `data` is in the documented file format."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions", verbose_name=_("tariff plan"))
    effective_on = models.DateField(_("effective on"))
    notice = models.CharField(pgettext_lazy("tariff", "notice"), max_length=120)
    data = models.JSONField(_("prices"))

    class Meta:
        ordering = ["plan", "effective_on"]
        verbose_name = _("tariff version")
        verbose_name_plural = _("tariff versions")
        constraints = [models.UniqueConstraint(fields=["plan", "effective_on"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.plan} {self.effective_on}"


class TermsQuerySet(models.QuerySet["Terms"]):
    """Vocabulary of terms."""

    def on(self, day: date) -> TermsQuerySet:
        """Those that hold on a day."""
        return self.filter(Q(until_on=None) | Q(until_on__gt=day), from_on__lte=day)


class Terms(models.Model):
    """What an account is billed by from one day to another: plan, persons, low income (计费条件).

    Narrow on purpose: the billing run reads one row of it per account. `until_on` is exclusive.
    """

    pk = models.CompositePrimaryKey("account_id", "from_on")
    account = models.ForeignKey(Account, models.PROTECT, related_name="terms", db_index=False)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, db_index=False, related_name="+", verbose_name=_("tariff plan"))
    persons = models.PositiveSmallIntegerField(_("persons"), default=3)
    low_income = models.BooleanField(_("low income"), default=False)
    heating = models.BooleanField(_("heats with gas"), default=False)
    contract_price_e4 = models.PositiveIntegerField(_("agreed price (1/10000 yuan per m³)"), null=True, blank=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing terms")
        verbose_name_plural = _("billing terms")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(until_on=None), name="terms_one_open"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("from_on")), name="terms_until_after_from"
            ),
            models.CheckConstraint(condition=Q(persons__gte=1, persons__lte=99), name="terms_persons"),
        ]
