"""What happens to accounts: cases from opening to closing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.evidence.models import Attachment
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account, shown_name

if TYPE_CHECKING:
    from mainstay.core.access.models import User


class CaseQuerySet(models.QuerySet["Case"]):
    """Vocabulary of cases."""

    def visible_to(self, user: User, right: str = "gas.accounts.view_case") -> CaseQuerySet:
        """Cases of the units that the user may see with `right`."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(unit__in=ids)


class DatedQuerySet(models.QuerySet[Any]):
    """Vocabulary of what holds for an account from one day to another."""

    def visible_to(self, user: User, right: str) -> DatedQuerySet:
        """Those of accounts of the units that the user may see with `right`."""
        ids = rights.unit_ids(user, right)
        return self if ids is None else self.filter(account__unit__in=ids)

    def in_force(self, day: date) -> DatedQuerySet:
        """Those that hold on a day."""
        return self.filter(state="held", from_on__lte=day, until_on__gte=day)

    def ending(self, first: date, last: date) -> DatedQuerySet:
        """Those whose last day lies within both days."""
        return self.filter(state="held", until_on__gte=first, until_on__lte=last)


class Case(models.Model):
    """One step in the life of an account, from request to paper (业务办理单): its number is on the paper.

    `facts` are what the paper says besides the columns (JSON): of an application the applicant, of a leaving customer
    the last indexes, the final bills and what became of the money. Amounts in fen, volumes in litres.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", pgettext_lazy("case", "opening")
        TRANSFER = "transfer", pgettext_lazy("case", "transfer")
        SUSPENSION = "suspension", pgettext_lazy("case", "suspension")
        RESTORATION = "restoration", pgettext_lazy("case", "restoration")
        CLOSING = "closing", pgettext_lazy("case", "closing")

    class State(models.TextChoices):
        BEGUN = "begun", pgettext_lazy("case", "begun")
        DONE = "done", pgettext_lazy("case", "done")
        WITHDRAWN = "withdrawn", pgettext_lazy("case", "withdrawn")

    number = models.CharField(_("case number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.BEGUN)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="cases", verbose_name=_("account")
    )  # none while an application waits
    new_account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("new account")
    )  # of a transfer
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("account", "branch"))
    on = models.DateField(_("date"))
    until_on = models.DateField(_("foreseen until"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    begun_at = models.DateTimeField(_("begun at"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("done by")
    )
    done_at = models.DateTimeField(_("done at"), null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(state="begun"), name="account_one_case"),
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(kind="opening"), name="case_names_its_account"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="case_of_unit"),
            models.Index(fields=["state", "-id"], condition=Q(state="begun"), name="case_begun"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page that leads through the case."""
        return reverse("accounts:case_detail", args=[self.pk])

    @property
    def shown_name(self) -> str:
        """The customer, or of an application the applicant, as everybody sees the name."""
        if self.account is not None:
            return self.account.customer.shown_name
        return shown_name(self.facts.get("kind", ""), self.facts.get("name", ""))


class Relief(models.Model):
    """An approval that a household pays by easier terms, for a time and with proof (低保、多人口优惠).

    What it is worth says the tariff: free volume or a flat price for low income, raised bounds for persons.
    """

    class Kind(models.TextChoices):
        LOW_INCOME = "low_income", _("low income")
        HOUSEHOLD = "household", _("large household")

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("approval", "approved")
        ENDED = "ended", pgettext_lazy("approval", "ended early")

    account = models.ForeignKey(Account, models.PROTECT, related_name="reliefs", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.HELD)
    persons = models.PositiveSmallIntegerField(_("persons"), null=True)
    certificate_no = models.CharField(_("certificate number"), max_length=40)
    proof = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("proof"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    rebilled = models.PositiveSmallIntegerField(_("bills made anew"), default=0)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    granted_at = models.DateTimeField(_("approved at"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = pgettext_lazy("relief", "approval")
        verbose_name_plural = pgettext_lazy("relief", "approvals")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="relief_days"),
            models.CheckConstraint(condition=~Q(kind="household") | Q(persons__gte=1), name="relief_persons"),
        ]
        indexes = [models.Index(fields=["state", "until_on"], name="relief_ending")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.certificate_no}"

    def get_absolute_url(self) -> str:
        """The page of the approval."""
        return reverse("accounts:relief_detail", args=[self.pk])


class Contract(models.Model):
    """What a firm and the company signed: term, agreed price, deposit (供用气合同)."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("contract", "signed")
        ENDED = "ended", pgettext_lazy("contract", "ended early")

    number = models.CharField(_("contract number"), max_length=30, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="contracts", verbose_name=_("account"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.HELD)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("last day"))
    price_e4 = models.PositiveIntegerField(_("agreed price (1/10000 yuan per m³)"), null=True)
    deposit_fen = models.BigIntegerField(_("deposit agreed (fen)"), default=0)
    signatory = models.CharField(_("signed for the customer by"), max_length=40)
    signed_on = models.DateField(_("signed on"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = pgettext_lazy("gas", "supply contract")
        verbose_name_plural = pgettext_lazy("gas", "supply contracts")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="contract_days"),
            models.CheckConstraint(condition=Q(deposit_fen__gte=0), name="contract_deposit"),
        ]
        indexes = [models.Index(fields=["state", "until_on"], name="contract_ending")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The page of the contract."""
        return reverse("accounts:contract_detail", args=[self.pk])


class MeterDifference(models.Model):
    """What a master meter measured more than the meters below it in a month, and what became of it (总分表差额)."""

    class Outcome(models.TextChoices):
        BILLED = "billed", _("billed to the master's account")
        REPORTED = "reported", _("reported only")
        WAITING = "waiting", _("waits for readings")
        NEGATIVE = "negative", _("sub meters measured more")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    period = models.IntegerField(_("period (yyyymm)"))
    master_l = models.BigIntegerField(_("master meter (l)"))
    subs_l = models.BigIntegerField(_("sub meters (l)"))
    missing = models.CharField(_("meters without reading"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    bill_seq = models.SmallIntegerField(null=True)
    at = models.DateTimeField(_("worked out at"))

    class Meta:
        ordering = ["-period", "account"]
        verbose_name = _("difference of a master meter")
        verbose_name_plural = _("differences of master meters")
        constraints = [models.UniqueConstraint(fields=["account", "period"], name="meter_difference_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.period}"

    @property
    def difference_l(self) -> int:
        """Master less sub meters, in litres."""
        return self.master_l - self.subs_l
