"""Money taken: tills, shifts, payments, receipts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Unit
from mainstay.gas.customers.models import Account


class Till(Bilingual):
    """A counter window with its drawer (收费窗口)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("till")
        verbose_name_plural = _("tills")


class Shift(models.Model):
    """A clerk's time at a till, from float to count (班次). A difference is posted, never hidden."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("shift", "open")
        CLOSED = "closed", pgettext_lazy("shift", "closed")
        ACCEPTED = "accepted", pgettext_lazy("shift", "accepted")

    till = models.ForeignKey(Till, models.PROTECT, related_name="shifts", verbose_name=_("till"))
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("clerk"))
    business_on = models.DateField(_("business date"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    float_fen = models.BigIntegerField(_("float (fen)"), default=0)
    counted_fen = models.BigIntegerField(_("counted (fen)"), null=True)
    expected_fen = models.BigIntegerField(_("expected (fen)"), null=True)
    last_receipt = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.UniqueConstraint(fields=["till"], condition=Q(state="open"), name="till_one_open_shift"),
            models.UniqueConstraint(fields=["clerk"], condition=Q(state="open"), name="clerk_one_open_shift"),
            models.CheckConstraint(condition=Q(float_fen__gte=0), name="shift_float_not_negative"),
        ]


class Serial(models.Model):
    """The serial a channel gave a payment, unique per channel and business date (流水号): makes retries harmless.

    The same serial again returns the same payment; the same serial with other content is refused (`digest`).
    """

    pk = models.CompositePrimaryKey("channel", "business_on", "serial")
    channel = models.CharField(_("channel"), max_length=20)
    business_on = models.DateField(_("business date"))
    serial = models.CharField(_("serial"), max_length=64)
    digest = models.CharField(max_length=64)
    account_id = models.BigIntegerField()
    payment_no = models.IntegerField()


class Payment(models.Model):
    """Money received for an account (收款). Never changed; a reversing payment returns it."""

    class Tender(models.IntegerChoices):
        CASH = 1, _("cash")
        CARD = 2, _("bank card")
        QR = 3, _("QR code")
        TRANSFER = 4, _("transfer")
        BANK = 5, _("bank collection")

    class Kind(models.IntegerChoices):
        PAYMENT = 1, _("payment")
        REVERSAL = 2, pgettext_lazy("payment", "reversal")
        REFUND = 3, _("refund")

    pk = models.CompositePrimaryKey("account_id", "payment_no")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="payments")
    payment_no = models.IntegerField()
    kind = models.SmallIntegerField(_("kind"), choices=Kind.choices, default=Kind.PAYMENT)
    channel = models.CharField(_("channel"), max_length=20)
    serial = models.CharField(_("serial"), max_length=64)
    business_on = models.DateField(_("business date"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    tender = models.SmallIntegerField(_("tender"), choices=Tender.choices)
    received_fen = models.BigIntegerField(_("received (fen)"), null=True)
    advance_fen = models.BigIntegerField(_("to advance (fen)"), default=0)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    shift = models.ForeignKey(
        Shift, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="payments"
    )
    receipt_no = models.CharField(_("receipt number"), max_length=30, blank=True)
    refers_no = models.IntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "refers_no"], condition=Q(refers_no__isnull=False), name="payment_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(kind=1, amount_fen__gt=0, refers_no=None)
                | Q(kind=2, amount_fen__lt=0, refers_no__isnull=False)
                | Q(kind=3, amount_fen__lt=0, refers_no=None),
                name="payment_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["shift"], condition=Q(shift__isnull=False), name="payment_shift"),
            models.Index(fields=["business_on", "at"], name="payment_day"),  # rows come in this order: cheap to keep
        ]

    def __str__(self) -> str:
        return f"{self.account.account_no}-P{self.payment_no}"

    @classmethod
    def desk_tenders(cls) -> list[tuple[int, Any]]:
        """Ways of paying that a person or an integration may choose: what a bank collects comes over its line only."""
        return [one for one in cls.Tender.choices if one[0] != cls.Tender.BANK]


class Allocation(models.Model):
    """Which bill an amount went to (核销). Advance settled against a bill is an allocation without a payment."""

    pk = models.CompositePrimaryKey("account_id", "period", "seq", "no")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    period = models.IntegerField()
    seq = models.SmallIntegerField()
    no = models.SmallIntegerField()
    payment_no = models.IntegerField(null=True)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    business_on = models.DateField(_("business date"))


class Advance(models.Model):
    """Money of an account not yet used for a bill (预存余额). Only accounts that ever had one; see check ledger."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, db_constraint=False, related_name="+")
    balance_fen = models.BigIntegerField(_("balance (fen)"), default=0)

    class Meta:
        verbose_name = _("advance")
        verbose_name_plural = _("advances")
        constraints = [models.CheckConstraint(condition=Q(balance_fen__gte=0), name="advance_not_negative")]
