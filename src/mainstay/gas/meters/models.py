"""Meters and where they hang."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.kit.sqlkit import vendor

if TYPE_CHECKING:
    from mainstay.core.access.models import User


PREPAID_KINDS = ("ic_card",)  # gas is paid for before it flows: readings of these are never billed


class MeterQuerySet(models.QuerySet["Meter"]):
    """Vocabulary of meters."""

    def visible_to(self, user: User, right: str = "gas.meters.view_meter") -> MeterQuerySet:
        """Meters of the units that the user may see with `right`, and those of the company's own store."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(Q(unit_id__in=ids) | Q(unit=None))

    def numbered(self, text: str) -> MeterQuerySet:
        """Meters whose number begins with a text: a range of the index on both databases."""
        if vendor() == "postgresql":
            return self.filter(meter_no__startswith=text)
        return self.filter(meter_no__gte=text, meter_no__lt=text + chr(0x10FFFF))


class Meter(models.Model):
    """One gas meter as a thing (燃气表).

    `unit` is the branch that has it: in its store, or at one of its accounts. None: the company's own store.
    """

    class Kind(models.TextChoices):
        DIAPHRAGM = "diaphragm", _("diaphragm")
        IC_CARD = "ic_card", _("IC card")
        IOT = "iot", _("remote (IoT)")
        INDUSTRIAL = "industrial", pgettext_lazy("meter", "industrial")

    class State(models.TextChoices):
        STOCK = "stock", _("in stock")
        INSTALLED = "installed", _("installed")
        SCRAPPED = "scrapped", _("scrapped")

    meter_no = models.CharField(_("meter number"), max_length=24, unique=True)
    maker = models.CharField(_("maker"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.DIAPHRAGM)
    digits = models.PositiveSmallIntegerField(_("digits before the point"), default=5)
    factor_e4 = models.PositiveIntegerField(_("unit factor (1/10000)"), default=10_000)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    verified_until = models.DateField(_("verification valid until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.STOCK)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name=_("branch")
    )

    objects = MeterQuerySet.as_manager()

    class Meta:
        ordering = ["meter_no"]
        verbose_name = _("meter")
        verbose_name_plural = _("meters")
        constraints = [
            models.CheckConstraint(condition=Q(digits__gte=3, digits__lte=9), name="meter_digits"),
            models.CheckConstraint(condition=Q(factor_e4__gt=0), name="meter_factor"),
            models.CheckConstraint(condition=~Q(state="installed") | Q(unit__isnull=False), name="meter_hangs_in_unit"),
        ]
        indexes = [
            models.Index(fields=["unit", "meter_no"], name="meter_unit_no"),
            models.Index(fields=["verified_until", "unit"], condition=Q(state="installed"), name="meter_due"),
            models.Index(fields=["kind", "meter_no"], name="meter_kind_no"),
            models.Index(fields=["state", "meter_no"], condition=~Q(state="installed"), name="meter_loose"),
        ]

    def __str__(self) -> str:
        return self.meter_no

    def get_absolute_url(self) -> str:
        """The meter's page."""
        return reverse("meters:meter_detail", args=[self.pk])

    @property
    def dial_l(self) -> int:
        """Litres after which the dial begins again at zero."""
        return 10**self.digits * 1000


class Installation(models.Model):
    """A meter at an account from one day to another, with its first and last index (装表)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="installations", verbose_name=_("account"))
    meter = models.ForeignKey(Meter, models.PROTECT, related_name="installations", verbose_name=_("meter"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    first_index_l = models.BigIntegerField(_("first index (l)"), default=0)
    last_index_l = models.BigIntegerField(_("last index (l)"), null=True, blank=True)
    seal_no = models.CharField(_("seal number"), max_length=30, null=True, blank=True)
    master = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subs", verbose_name=_("master meter")
    )

    class Meta:
        ordering = ["account", "from_on"]
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [
            models.UniqueConstraint(fields=["meter"], condition=Q(until_on=None), name="meter_hangs_once"),
            models.CheckConstraint(condition=Q(first_index_l__gte=0), name="installation_first_index"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="installation_until_after_from"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter} @ {self.account}"
