"""Data of an old system on its way in: staged, tried, and only then made real."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit


class Takeover(models.Model):
    """One branch's customers coming over from an old system (旧系统接管).

    `on` is the first day counted here: readings up to it were billed by the old system.
    """

    class State(models.TextChoices):
        COLLECTING = "collecting", pgettext_lazy("takeover", "collecting")
        DONE = "done", pgettext_lazy("takeover", "taken over")
        ABANDONED = "abandoned", pgettext_lazy("takeover", "abandoned")

    name = models.CharField(_("old system"), max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("account", "branch"))
    on = models.DateField(_("first day here"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.COLLECTING)
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    meters = models.PositiveIntegerField(_("meters"), default=0)
    advance_fen = models.BigIntegerField(_("advances (fen)"), default=0)
    deposit_fen = models.BigIntegerField(_("deposits (fen)"), default=0)
    debts = models.PositiveIntegerField(_("unpaid bills"), default=0)
    debt_fen = models.BigIntegerField(_("unpaid (fen)"), default=0)
    bills = models.PositiveIntegerField(_("bills to compare"), default=0)
    tried_at = models.DateTimeField(_("trial run at"), null=True)
    differing = models.PositiveIntegerField(_("bills that differ"), default=0)
    difference_fen = models.BigIntegerField(_("difference (fen)"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(pgettext_lazy("take-over", "begun at"))
    done_at = models.DateTimeField(_("taken over at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("take-over")
        verbose_name_plural = _("take-overs")
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(state="collecting"), name="takeover_one_of_unit")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"

    def get_absolute_url(self) -> str:
        """The page that leads through it."""
        return reverse("takeover:takeover_detail", args=[self.pk])


class OldAccount(models.Model):
    """A meter with its account, customer, terms and money as the old system has them (旧系统用户). Units as ours.

    Keys of other tables are found when the sheet is checked; those of the new rows are given when it is made real.
    `account_row` is the row that makes the account (further meters follow it), `customer_row` that of its customer.
    """

    takeover = models.ForeignKey(Takeover, models.CASCADE, related_name="old_accounts", db_index=False)
    row = models.IntegerField()
    account_row = models.IntegerField()
    customer_row = models.IntegerField()
    account_no = models.CharField(max_length=12)
    kind = models.CharField(max_length=6)
    name = models.CharField(max_length=80)
    initials = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    phone_reversed = models.CharField(max_length=20)
    id_no = models.CharField(max_length=30)
    area_id = models.BigIntegerField()
    building = models.CharField(max_length=10)
    entrance = models.CharField(max_length=10)
    room = models.CharField(max_length=10)
    address = models.CharField(max_length=160)
    category = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    opened_on = models.DateField()
    unit_id = models.BigIntegerField()
    plan_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    persons = models.SmallIntegerField()
    low_income_until = models.DateField(null=True)
    heating = models.BooleanField()
    contract_price_e4 = models.IntegerField(null=True)
    book_id = models.BigIntegerField()
    sequence = models.IntegerField()
    meter_no = models.CharField(max_length=24)
    meter_kind = models.CharField(max_length=12)
    maker = models.CharField(max_length=40)
    digits = models.SmallIntegerField()
    verified_until = models.DateField(null=True)
    index_l = models.BigIntegerField()
    read_on = models.DateField()
    year_start_on = models.DateField(null=True)
    year_l = models.BigIntegerField(null=True)
    advance_fen = models.BigIntegerField()
    deposit_fen = models.BigIntegerField()

    class Meta:
        verbose_name = _("account of the old system")
        constraints = [models.UniqueConstraint(fields=["takeover", "row"], name="old_account_row")]
        indexes = [models.Index(fields=["takeover", "account_no"], name="old_account_no")]


class OldDebt(models.Model):
    """A bill of the old system that is not (wholly) paid (旧系统欠费)."""

    takeover = models.ForeignKey(Takeover, models.CASCADE, related_name="old_debts", db_index=False)
    row = models.IntegerField()
    account_no = models.CharField(max_length=12)
    period = models.IntegerField()
    seq = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    due_on = models.DateField()

    class Meta:
        verbose_name = _("unpaid bill of the old system")
        constraints = [models.UniqueConstraint(fields=["takeover", "row"], name="old_debt_row")]
        indexes = [models.Index(fields=["takeover", "account_no"], name="old_debt_account")]


class OldBill(models.Model):
    """A last bill of the old system, and what it comes to by our tariff (试算对比)."""

    class Reason(models.TextChoices):
        WAITING = "waiting", _("not tried yet")
        EQUAL = "equal", _("equal")
        ROUNDING = "rounding", _("rounding")
        COUNTER = "counter", _("the old system began the year anew")
        NO_TIERS = "no_tiers", _("the old system billed all at the first tier")
        PERSONS = "persons", _("household size not counted")
        LOW_INCOME = "low_income", _("low income counted otherwise")
        OLD_PRICE = "old_price", _("price of an earlier notice")
        NO_PRICE = "no_price", _("our tariff has no price")
        UNKNOWN = "unknown", _("not explained")

    takeover = models.ForeignKey(Takeover, models.CASCADE, related_name="old_bills", db_index=False)
    row = models.IntegerField()
    account_no = models.CharField(_("account number"), max_length=12)
    period = models.IntegerField(_("period (yyyymm)"))
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    year_before_l = models.BigIntegerField(_("year volume before (l)"))
    amount_fen = models.BigIntegerField(_("old amount (fen)"))
    ours_fen = models.BigIntegerField(_("our amount (fen)"), null=True)
    difference_fen = models.BigIntegerField(_("difference (fen)"), default=0)
    size_fen = models.BigIntegerField(default=0)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, default=Reason.WAITING)

    class Meta:
        verbose_name = _("bill of the old system")
        verbose_name_plural = _("bills of the old system")
        constraints = [models.UniqueConstraint(fields=["takeover", "row"], name="old_bill_row")]
        indexes = [
            models.Index(fields=["takeover", "account_no"], name="old_bill_account"),
            models.Index(fields=["takeover", "-size_fen", "row"], name="old_bill_size"),
            models.Index(fields=["takeover", "reason", "-size_fen", "row"], name="old_bill_reason"),
        ]
