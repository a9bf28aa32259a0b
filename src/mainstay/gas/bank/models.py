"""Banks and their lines, the journal of what was said, reconciliation, withholding."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Bilingual, Unit
from mainstay.gas.bank.rules.mac import AES, NONE, SM4, X919
from mainstay.gas.bank.rules.messages import CODE_WORDS, Code
from mainstay.gas.customers.models import Account

User = settings.AUTH_USER_MODEL


class Bank(Bilingual):
    """A bank that collects for the company (代收银行): how it talks, what it may do, and its open business date.

    The business date moves by the bank's day cut, never by the clock.
    """

    class AmountRule(models.TextChoices):
        EXACT = "exact", _("exactly what is due")
        ANY = "any", _("any amount, the rest becomes an advance")

    class Method(models.TextChoices):
        SM4 = SM4, "SM4-CMAC"
        AES = AES, "AES-CMAC"
        X919 = X919, "ANSI X9.19"
        NONE = NONE, _("none")

    code = models.CharField(_("code"), max_length=12, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    layout = models.CharField(_("layout"), max_length=40, default="iso8583")
    mac_method = models.CharField(_("authentication"), max_length=10, choices=Method.choices, default=Method.SM4)
    business_on = models.DateField(_("business date"))
    amount_rule = models.CharField(_("amount"), max_length=6, choices=AmountRule.choices, default=AmountRule.EXACT)
    limit_payment_fen = models.BigIntegerField(_("most of one payment (fen)"), null=True)
    limit_account_fen = models.BigIntegerField(_("most of one account a day (fen)"), null=True)
    limit_day_fen = models.BigIntegerField(_("most of the bank a day (fen)"), null=True)
    rate_bank = models.PositiveIntegerField(_("requests a minute"), default=60_000)
    rate_account = models.PositiveIntegerField(_("requests a minute for one account"), default=30)
    fee_each_fen = models.BigIntegerField(_("fee of a payment (fen)"), default=0)
    fee_e4 = models.PositiveIntegerField(_("fee in 1/10000 of the amount"), default=0)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("bank")
        verbose_name_plural = _("banks")
        constraints = [
            models.CheckConstraint(
                condition=(Q(limit_payment_fen=None) | Q(limit_payment_fen__gt=0))
                & (Q(limit_account_fen=None) | Q(limit_account_fen__gt=0))
                & (Q(limit_day_fen=None) | Q(limit_day_fen__gt=0)),
                name="bank_limits_positive",
            )
        ]

    def get_absolute_url(self) -> str:
        """The bank's page."""
        return reverse("bank:bank_detail", args=[self.pk])

    @property
    def channel(self) -> str:
        """How payments name the bank."""
        return f"bank:{self.code}"


class Line(models.Model):
    """An address at which the front-end processor listens for a bank (银行专线)."""

    class Header(models.TextChoices):
        BINARY2 = "2b", _("2 bytes, binary")
        BINARY4 = "4b", _("4 bytes, binary")
        ASCII4 = "4a", _("4 digits")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="lines", verbose_name=_("bank"))
    name = models.CharField(_("name of the line"), max_length=40)
    host = models.CharField(_("address to listen at"), max_length=60, default="127.0.0.1")
    port = models.PositiveIntegerField(_("port"))
    header = models.CharField(_("length header"), max_length=2, choices=Header.choices, default=Header.BINARY2)
    tpdu = models.BooleanField(_("TPDU before each message"), default=False)
    longest = models.PositiveIntegerField(_("longest message (bytes)"), default=4096)
    peers = models.CharField(_("addresses that may call, separated by commas"), max_length=200, blank=True)
    tls = models.BooleanField(_("TLS"), default=False)
    sign_on = models.BooleanField(_("must sign on"), default=True)
    idle_seconds = models.PositiveIntegerField(_("closed after seconds without a message"), default=300)
    frame_seconds = models.PositiveSmallIntegerField(_("seconds for a whole message"), default=5)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["bank", "name"]
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        constraints = [models.UniqueConstraint(fields=["host", "port"], name="bank_line_address")]

    def __str__(self) -> str:
        return f"{self.bank.code} {self.name}"


class LineState(models.Model):
    """How a line is right now, written by the process that listens on it; nothing that must not be lost."""

    class State(models.TextChoices):
        DOWN = "down", _("not listening")
        LISTENING = "listening", _("waiting for the bank")
        CONNECTED = "connected", _("connected")
        SIGNED_ON = "signed_on", _("signed on")

    line = models.OneToOneField(Line, models.CASCADE, primary_key=True, related_name="now")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DOWN)
    peers = models.CharField(_("connected from"), max_length=200, blank=True)
    connections = models.PositiveIntegerField(_("connections"), default=0)
    messages = models.BigIntegerField(_("messages"), default=0)
    refused = models.BigIntegerField(_("refused"), default=0)
    closed = models.BigIntegerField(_("closed for a fault"), default=0)
    last_at = models.DateTimeField(_("last message"), null=True)
    seen_at = models.DateTimeField(_("as of"))


class LineEvent(models.Model):
    """What happened to a line: connected, signed on, closed for a wrong code (线路事件)."""

    class Kind(models.TextChoices):
        STARTED = "started", _("process started")
        STOPPED = "stopped", _("process stopped")
        CONNECTED = "connected", _("connected")
        CLOSED = "closed", _("connection ended")
        SIGNED_ON = "signed_on", _("signed on")
        SIGNED_OFF = "signed_off", _("signed off")
        BAD_MAC = "bad_mac", _("wrong authentication code: closed")
        BAD_FRAME = "bad_frame", _("no message of this line: closed")
        SLOW = "slow", _("message not finished in time: closed")
        STRANGER = "stranger", _("address not allowed: closed")
        CONFLICT = "conflict", _("serial with other content: refused")

    line = models.ForeignKey(Line, models.PROTECT, related_name="events", verbose_name=_("bank line"))
    at = models.DateTimeField(_("time"))
    kind = models.CharField(_("event"), max_length=10, choices=Kind.choices)
    peer = models.CharField(_("calling from"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("line event")
        verbose_name_plural = _("line events")

    @property
    def is_fault(self) -> bool:
        """Whether somebody should look at it."""
        return self.kind in {self.Kind.BAD_MAC, self.Kind.BAD_FRAME, self.Kind.SLOW, self.Kind.STRANGER,
                             self.Kind.CONFLICT}  # fmt: skip


class Entry(models.Model):
    """What a bank asked and was answered, kept with the very bytes (前置机流水). Never changed.

    Its key makes every repeat harmless: the same bank, business date and serial get the stored answer again. The row,
    the payment and its postings are one commit.
    """

    class Kind(models.IntegerChoices):
        PAY = 1, _("bank payment")
        REVERSAL = 2, _("bank reversal")

    pk = models.CompositePrimaryKey("bank_id", "business_on", "serial")
    bank = models.ForeignKey(Bank, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    business_on = models.DateField(_("business date"))
    serial = models.CharField(_("bank serial"), max_length=12)
    kind = models.SmallIntegerField(_("kind"), choices=Kind.choices)
    original = models.CharField(_("serial of the payment"), max_length=12, blank=True)
    account_no = models.CharField(_("account number"), max_length=20, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    code = models.CharField(_("answer"), max_length=2, choices=[(one.value, CODE_WORDS[one]) for one in Code])
    payment_no = models.IntegerField(null=True)
    digest = models.CharField(max_length=32)
    request = models.TextField(_("request"))
    response = models.TextField(_("response"))
    line = models.ForeignKey(Line, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["bank", "business_on", "original"], condition=~Q(original=""), name="bank_original"),
            models.Index(fields=["account_no", "business_on"], name="bank_entry_account"),
            models.Index(fields=["business_on", "at"], name="bank_entry_day"),  # rows come in this order
        ]

    def __str__(self) -> str:
        return self.serial


class Day(models.Model):
    """A bank's business day: when it was cut, and what the bank says its totals are (银行业务日)."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="days", verbose_name=_("bank"))
    business_on = models.DateField(_("business date"))
    cut_at = models.DateTimeField(_("cut at"), null=True)
    cut_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("cut by"))
    told_count = models.BigIntegerField(_("payments by the bank's notice"), null=True)
    told_fen = models.BigIntegerField(_("sum by the bank's notice (fen)"), null=True)
    told_at = models.DateTimeField(_("notice at"), null=True)
    taken_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-business_on", "bank"]
        verbose_name = _("bank day")
        verbose_name_plural = _("bank days")
        constraints = [models.UniqueConstraint(fields=["bank", "business_on"], name="bank_day_once")]


class Statement(models.Model):
    """A bank's file of one business day, and how it compares with ours (对账文件).

    The counts and sums of the four classes are a function of the file and our rows alone.
    """

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="statements", verbose_name=_("bank"))
    business_on = models.DateField(_("business date"))
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField(_("lines"))
    amount_fen = models.BigIntegerField(_("sum (fen)"))
    matched = models.BigIntegerField(_("matched"), default=0)
    matched_fen = models.BigIntegerField(_("matched (fen)"), default=0)
    bank_only = models.BigIntegerField(_("only at the bank"), default=0)
    bank_only_fen = models.BigIntegerField(_("only at the bank (fen)"), default=0)
    ours_only = models.BigIntegerField(_("only here"), default=0)
    ours_only_fen = models.BigIntegerField(_("only here (fen)"), default=0)
    differs = models.BigIntegerField(_("differs"), default=0)
    differs_bank_fen = models.BigIntegerField(default=0)
    differs_ours_fen = models.BigIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("reconciled at"))

    class Meta:
        ordering = ["-business_on", "-id"]
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        constraints = [models.UniqueConstraint(fields=["bank", "business_on", "sha256"], name="bank_statement_once")]

    def get_absolute_url(self) -> str:
        """The statement's page."""
        return reverse("bank:statement_detail", args=[self.pk])


class StatementLine(models.Model):
    """One line of a bank's file (对账明细)."""

    pk = models.CompositePrimaryKey("statement_id", "line_no")
    statement = models.ForeignKey(Statement, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    line_no = models.IntegerField()
    serial = models.CharField(_("bank serial"), max_length=12)
    account_no = models.CharField(_("account number"), max_length=20)
    amount_fen = models.BigIntegerField(_("amount (fen)"))


class Difference(models.Model):
    """A payment on which the bank and we do not agree: a work item until two people have settled it (对账差错)."""

    class Class(models.TextChoices):
        BANK_ONLY = "bank_only", _("only at the bank")
        OURS_ONLY = "ours_only", _("only here")
        DIFFERS = "differs", _("amount or account differs")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("difference", "open")
        SETTLED = "settled", pgettext_lazy("difference", "settled")
        GONE = "gone", pgettext_lazy("difference", "gone with a later file")

    class Way(models.TextChoices):
        POST = "post", _("post the payment")
        REVERSE = "reverse", _("reverse the payment")
        SUSPENSE = "suspense", _("hold as money to be identified")
        CORRECT = "correct", _("reverse the payment and post the bank's")
        CLAIM = "claim", _("keep ours and claim the money from the bank")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="differences", verbose_name=_("bank"))
    business_on = models.DateField(_("business date"))
    serial = models.CharField(_("bank serial"), max_length=12)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="differences")
    kind = models.CharField(_("kind of difference"), max_length=10, choices=Class.choices)
    account_no = models.CharField(_("account number"), max_length=20, blank=True)
    bank_fen = models.BigIntegerField(_("bank (fen)"), null=True)
    ours_fen = models.BigIntegerField(_("ours (fen)"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    way = models.CharField(_("settled by"), max_length=10, choices=Way.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    settled_on = models.DateField(_("settled on"), null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("found at"))

    class Meta:
        ordering = ["business_on", "bank", "serial"]
        verbose_name = _("bank difference")
        verbose_name_plural = _("bank differences")
        constraints = [
            models.UniqueConstraint(fields=["bank", "business_on", "serial"], name="bank_difference_once"),
            models.CheckConstraint(condition=~Q(state="settled") | ~Q(way=""), name="bank_difference_way"),
        ]
        indexes = [models.Index(fields=["business_on"], condition=Q(state="open"), name="bank_difference_open")]

    def __str__(self) -> str:
        return f"{self.business_on} {self.serial}"

    def get_absolute_url(self) -> str:
        """The work item's page."""
        return reverse("bank:difference_detail", args=[self.pk])


class Settlement(models.Model):
    """Money a bank paid over for a business day, less its fee (清算入账)."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="settlements", verbose_name=_("bank"))
    collected_on = models.DateField(_("collected on"))
    business_on = models.DateField(_("paid over on"))
    amount_fen = models.BigIntegerField(_("collected (fen)"))
    fee_fen = models.BigIntegerField(_("fee (fen)"), default=0)
    reference = models.CharField(_("bank reference"), max_length=40)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("bank settlement")
        verbose_name_plural = _("bank settlements")
        constraints = [
            models.UniqueConstraint(fields=["bank", "reference"], name="bank_settlement_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0, fee_fen__gte=0), name="bank_settlement_amounts"),
        ]


class Agreement(models.Model):
    """A customer's word that a bank may take what is due from an account at the bank (代扣协议)."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="agreements", verbose_name=_("bank"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    agreement_no = models.CharField(_("agreement number"), max_length=30)
    payer = models.CharField(_("payer"), max_length=60)
    card_tail = models.CharField(_("last four digits of the bank card"), max_length=4, blank=True)
    from_on = models.DateField(_("valid from"))
    until_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("withholding agreement")
        verbose_name_plural = _("withholding agreements")
        constraints = [
            models.UniqueConstraint(fields=["bank", "agreement_no"], name="bank_agreement_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(until_on=None), name="bank_agreement_of_account"),
        ]

    def __str__(self) -> str:
        return self.agreement_no


class Withholding(models.Model):
    """A batch of what a bank is asked to take (代扣批次). It comes back once only."""

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("withholding", "made")
        RETURNED = "returned", pgettext_lazy("withholding", "returned")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="withholdings", verbose_name=_("bank"))
    batch_no = models.CharField(_("batch number"), max_length=20)
    business_on = models.DateField(_("business date"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.MADE)
    rows = models.PositiveIntegerField(_("lines"))
    amount_fen = models.BigIntegerField(_("sum (fen)"))
    taken = models.PositiveIntegerField(_("taken by the bank"), default=0)
    taken_fen = models.BigIntegerField(_("taken by the bank (fen)"), default=0)
    returned_sha256 = models.CharField(max_length=64, blank=True)
    returned_on = models.DateField(_("returned on"), null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("withholding batch")
        verbose_name_plural = _("withholding batches")
        constraints = [models.UniqueConstraint(fields=["bank", "batch_no"], name="bank_withholding_once")]

    def __str__(self) -> str:
        return self.batch_no

    def get_absolute_url(self) -> str:
        """The batch's page."""
        return reverse("bank:withholding_detail", args=[self.pk])


class WithholdingLine(models.Model):
    """One customer in a batch, and what the bank says about it (代扣明细)."""

    pk = models.CompositePrimaryKey("withholding_id", "line_no")
    withholding = models.ForeignKey(Withholding, models.PROTECT, db_index=False, related_name="lines")
    line_no = models.IntegerField()
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    result = models.CharField(_("result"), max_length=4, blank=True)
    note = models.CharField(_("note"), max_length=60, blank=True)
    payment_no = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["withholding", "agreement"], name="bank_withholding_agreement_once")
        ]
