"""The general truth about money: double entry."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Unit
from mainstay.kit.dates import month_text


class LedgerAccount(Bilingual):
    """An account of the sub-ledger's chart (会计科目)."""

    class Side(models.TextChoices):
        DEBIT = "debit", _("debit")
        CREDIT = "credit", _("credit")

    code = models.IntegerField(_("code"), primary_key=True)
    side = models.CharField(_("normal side"), max_length=6, choices=Side.choices)
    finance_code = models.CharField(_("account in the finance system"), max_length=30, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("ledger account")
        verbose_name_plural = _("ledger accounts")


class Posting(models.Model):
    """One amount moved from one ledger account to another (分录).

    A row names the account debited, the account credited and one positive amount, so every row, and hence every
    document and every sum of rows, balances by its form; no trigger has to add anything up. Append-only.
    The key names the document the amount comes from: posting the same document twice is impossible.
    `account_id` 0 is the company itself (a cash difference, a bank settlement).
    """

    class Document(models.IntegerChoices):
        BILL = 1, _("bill")
        PAYMENT = 2, _("payment")
        PAYMENT_REVERSAL = 3, _("payment reversal")
        SETTLEMENT = 4, _("settlement from advance")
        SHIFT = 5, _("shift")
        REFUND = 6, _("refund")
        OPENING = 7, _("opening balance")
        ACCRUAL = 8, _("late fees accrued")
        DEPOSIT = 31, _("deposit")
        TRANSFER = 32, _("transfer between accounts")
        BANK_SETTLEMENT = 21, _("bank settlement")
        BANK_DIFFERENCE = 22, _("bank difference")
        CHEQUE = 41, _("cheque cleared")
        CARD_SALE = 42, _("card sale")
        CARD_SALE_BACK = 43, _("card sale taken back")

    pk = models.CompositePrimaryKey("account_id", "document", "document_no", "line")
    account_id = models.BigIntegerField()
    document = models.SmallIntegerField(_("document"), choices=Document.choices)
    document_no = models.BigIntegerField(_("document number"))
    line = models.SmallIntegerField()
    business_on = models.DateField(_("business date"))
    unit_id = models.BigIntegerField()
    till_id = models.BigIntegerField(null=True)
    debit = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="+", db_index=False, db_constraint=False, db_column="debit"
    )
    credit = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="+", db_index=False, db_constraint=False, db_column="credit"
    )
    amount_fen = models.BigIntegerField(_("amount (fen)"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="posting_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="posting_two_sides"),
        ]


class Voucher(models.Model):
    """A day's postings of a branch, summed for the finance system (记账凭证).

    `part` 1 is the day's own; further parts hold what was posted after a month had been opened again.
    """

    number = models.CharField(_("number"), max_length=30, unique=True)
    business_on = models.DateField(_("business date"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    part = models.PositiveSmallIntegerField(_("part"), default=1)
    postings = models.PositiveIntegerField(_("postings"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["-business_on", "unit"]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [models.UniqueConstraint(fields=["business_on", "unit", "part"], name="voucher_part_once")]


class VoucherLine(models.Model):
    """One side of one ledger account in a voucher (凭证分录)."""

    voucher = models.ForeignKey(Voucher, models.CASCADE, related_name="lines")
    line = models.PositiveSmallIntegerField()
    ledger_account = models.ForeignKey(
        LedgerAccount, models.PROTECT, related_name="+", verbose_name=_("ledger account")
    )
    summary = models.CharField(_("summary"), max_length=80)
    debit_fen = models.BigIntegerField(_("debit (fen)"), default=0)
    credit_fen = models.BigIntegerField(_("credit (fen)"), default=0)

    class Meta:
        ordering = ["voucher", "line"]
        constraints = [models.UniqueConstraint(fields=["voucher", "line"], name="voucher_line_once")]


class StillClosed(models.Manager["ClosedDay"]):
    """Days that are closed now: those opened again do not count."""

    def get_queryset(self) -> models.QuerySet[ClosedDay]:
        """Closed and not opened again."""
        return super().get_queryset().filter(reopened=False)


class ClosedDay(models.Model):
    """A branch's business day that takes no more postings (日结). `reopened`: a correction may be posted after all."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    business_on = models.DateField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    reopened = models.BooleanField(default=False)

    objects = StillClosed()
    all_rows: models.Manager[ClosedDay] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "business_on"], name="day_closed_once")]
        indexes = [models.Index(fields=["business_on"], name="closed_day")]  # read by every document of a day


class ClosedMonth(models.Model):
    """A branch's month whose days take no more postings (月结), with its balances."""

    class State(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("month", "closed")
        REOPENED = "reopened", pgettext_lazy("month", "opened again")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    period = models.PositiveIntegerField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.CLOSED)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(pgettext_lazy("month", "closed at"))
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("opened again by")
    )
    reopened_at = models.DateTimeField(_("opened again at"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["-period", "unit"]
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        constraints = [models.UniqueConstraint(fields=["unit", "period"], name="month_closed_once")]

    def __str__(self) -> str:
        return f"{self.unit} {month_text(self.period)}"

    def get_absolute_url(self) -> str:
        """The month's page."""
        return reverse("ledger:month_detail", args=[self.pk])


class MonthBalance(models.Model):
    """What a ledger account of a branch held when a month was closed: debit positive, credit negative, in fen."""

    month = models.ForeignKey(ClosedMonth, models.CASCADE, related_name="balances")
    ledger_account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="+")
    opening_fen = models.BigIntegerField(_("opening (fen)"))
    debit_fen = models.BigIntegerField(_("debit (fen)"))
    credit_fen = models.BigIntegerField(_("credit (fen)"))

    class Meta:
        ordering = ["month", "ledger_account"]
        constraints = [models.UniqueConstraint(fields=["month", "ledger_account"], name="month_balance_once")]
