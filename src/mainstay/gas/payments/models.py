"""Money taken: tills, shifts, payments, cheques, receipt forms."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Unit
from mainstay.gas.customers.models import Account


class Till(Bilingual):
    """A counter window with its drawer (收费窗口)."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    layout = models.CharField(_("paper of the printer"), max_length=40, blank=True)
    right_mm10 = models.SmallIntegerField(_("shift to the right (0.1 mm)"), default=0)
    down_mm10 = models.SmallIntegerField(_("shift down (0.1 mm)"), default=0)

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

    def __str__(self) -> str:
        return f"{self.till.code} {self.business_on}"

    def get_absolute_url(self) -> str:
        """The shift's page."""
        return reverse("payments:shift_detail", args=[self.pk])


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

    repeated = False  # no column: an act that found it booked before says so to its caller

    class Tender(models.IntegerChoices):
        CASH = 1, _("cash")
        CARD = 2, _("bank card")
        QR = 3, _("QR code")
        TRANSFER = 4, _("transfer")
        BANK = 5, _("bank collection")
        CHEQUE = 6, _("cheque")

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

    def get_absolute_url(self) -> str:
        """The payment's page."""
        return reverse("payments:payment_detail", args=[self.account_id, self.payment_no])

    @classmethod
    def desk_tenders(cls) -> list[tuple[int, Any]]:
        """Ways of paying that a person or an integration may choose: what a bank collects comes over its line only.

        A cheque needs its own facts and a clerk who looks at it: only the counter takes it (`counter_tenders`).
        """
        return [one for one in cls.Tender.choices if one[0] not in {cls.Tender.BANK, cls.Tender.CHEQUE}]

    @classmethod
    def counter_tenders(cls) -> list[tuple[int, Any]]:
        """Ways of paying at the counter, in the order of their keys."""
        return [one for one in cls.Tender.choices if one[0] != cls.Tender.BANK]


class DepositMove(models.Model):
    """Money put into a deposit, or taken out of it for bills or back to the customer (押金动态). Never changed.

    The amount is positive when the deposit grows. `number` is that of its document in the ledger.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("deposit", "taken")
        USED = "used", pgettext_lazy("deposit", "used for bills")
        REFUNDED = "refunded", pgettext_lazy("deposit", "paid back")

    account = models.ForeignKey(Account, models.PROTECT, related_name="deposit_moves", verbose_name=_("account"))
    number = models.IntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    payment_no = models.IntegerField(null=True)
    receipt_no = models.CharField(_("receipt number"), max_length=30, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("movement of a deposit")
        verbose_name_plural = _("movements of deposits")
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="deposit_move_once"),
            models.UniqueConstraint(
                fields=["account", "payment_no"], condition=Q(payment_no__isnull=False), name="deposit_of_payment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.number}"


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


class Cheque(models.Model):
    """A cheque taken at a counter (支票). Its payment counts at once, its money only when the bank says so.

    Until then the amount lies in "cheques to be cleared". Bounced, its payment is reversed and the bills reopen.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("cheque", "waits for the bank")
        CLEARED = "cleared", pgettext_lazy("cheque", "cleared")
        BOUNCED = "bounced", pgettext_lazy("cheque", "bounced")
        RETURNED = "returned", pgettext_lazy("cheque", "handed back")

    account = models.ForeignKey(Account, models.PROTECT, related_name="cheques")
    payment_no = models.IntegerField()
    number = models.CharField(_("cheque number"), max_length=16)
    bank = models.CharField(_("bank of the cheque"), max_length=80)
    drawer = models.CharField(_("drawer"), max_length=120)
    drawn_on = models.DateField(_("drawn on"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    decided_on = models.DateField(_("decided on"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("cheque", "settled by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("cheque")
        verbose_name_plural = _("cheques")
        constraints = [
            models.UniqueConstraint(fields=["account", "payment_no"], name="cheque_of_payment_once"),
            models.UniqueConstraint(
                fields=["bank", "number"], condition=Q(state__in=["waiting", "cleared"]), name="cheque_live_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="cheque_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"


class ReceiptBook(models.Model):
    """A run of pre-printed receipt forms handed to a clerk (票据领用): every number of it is accounted for."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("receipt book", "in use")
        FINISHED = "finished", pgettext_lazy("receipt book", "used up")
        RETURNED = "returned", pgettext_lazy("receipt book", "rest handed back")

    series = models.CharField(_("series"), max_length=12)
    first_no = models.BigIntegerField(_("first number"))
    last_no = models.BigIntegerField(_("last number"))
    next_no = models.BigIntegerField(_("next number"))
    digits = models.PositiveSmallIntegerField(default=8)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("holder"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("receipt book")
        verbose_name_plural = _("receipt books")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_no__gt=0, last_no__gte=models.F("first_no"), next_no__gte=models.F("first_no"))
                & Q(next_no__lte=models.F("last_no") + 1),
                name="receipt_book_range",
            ),
        ]
        indexes = [models.Index(fields=["holder"], condition=Q(state="open"), name="receipt_book_held")]

    def __str__(self) -> str:
        return f"{self.number(self.first_no)}–{self.number(self.last_no)}"

    def number(self, number: int) -> str:
        """A number as it is printed on the form."""
        return f"{self.series}{number:0{self.digits}d}"


class ReceiptSlip(models.Model):
    """What became of one form of a book: used for a payment, void after use, or wasted unused (使用、作废、废票)."""

    class State(models.TextChoices):
        USED = "used", pgettext_lazy("receipt form", "used")
        VOID = "void", pgettext_lazy("receipt form", "void")
        WASTED = "wasted", pgettext_lazy("receipt form", "wasted")

    book = models.ForeignKey(ReceiptBook, models.PROTECT, related_name="slips", verbose_name=_("receipt book"))
    number = models.BigIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=6, choices=State.choices)
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("account"))
    payment_no = models.IntegerField(null=True)
    copy = models.PositiveSmallIntegerField(_("reprint"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["book", "number"]
        verbose_name = _("receipt form")
        verbose_name_plural = _("receipt forms")
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="receipt_form_once"),
            models.UniqueConstraint(
                fields=["account", "payment_no"], condition=Q(state="used"), name="receipt_of_payment_once"
            ),
        ]

    def __str__(self) -> str:
        return self.book.number(self.number)


class SaleOverride(models.Model):
    """Somebody's named consent to sell gas in advance despite an open serious hazard, for one day (带患售气放行)."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    on = models.DateField(_("day"))
    hazards = models.CharField(_("open hazards"), max_length=400)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("sale in spite of a hazard")
        verbose_name_plural = _("sales in spite of a hazard")
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="sale_override_once")]
