"""Billing runs and bills."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Book
from mainstay.gas.tariffs.models import Plan, Version
from mainstay.kit.dates import month_text


class BillingRun(models.Model):
    """Bills for a set of books and one period (计费批次): planned → running → computed → released."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        COMPUTED = "computed", _("computed")
        RELEASED = "released", _("released")
        ABANDONED = "abandoned", _("abandoned")

    period = models.IntegerField(_("period (yyyymm)"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PLANNED)
    issued_on = models.DateField(_("bill date"))
    due_on = models.DateField(_("due date"))
    business_on = models.DateField(_("business date"))
    planned_accounts = models.PositiveIntegerField(_("accounts to bill"), default=0)
    excluded_accounts = models.PositiveIntegerField(_("accounts left out"), default=0)
    bills = models.PositiveIntegerField(_("bills"), default=0)
    amount_fen = models.BigIntegerField(_("amount (fen)"), default=0)
    volume_l = models.BigIntegerField(_("volume (l)"), default=0)
    top_changes = models.JSONField(default=list)  # from the dry run: [account id, amount before, amount now] in fen
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    planned_at = models.DateTimeField(_("planned at"))
    computed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("billing run")
        verbose_name_plural = _("billing runs")

    def __str__(self) -> str:
        return f"{month_text(self.period)} #{self.pk}"

    def get_absolute_url(self) -> str:
        """The run's page."""
        return reverse("billing:run_detail", args=[self.pk])


class RunChunk(models.Model):
    """One book of a run; done in one transaction together with its bills (批次分块)."""

    run = models.ForeignKey(BillingRun, models.CASCADE, related_name="chunks", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    planned = models.PositiveIntegerField(default=0)
    last_period_amount_fen = models.BigIntegerField(default=0)
    dry_bills = models.PositiveIntegerField(null=True)
    dry_amount_fen = models.BigIntegerField(null=True)
    dry_volume_l = models.BigIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    bills = models.PositiveIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    volume_l = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "book"], name="chunk_once")]


class RunException(models.Model):
    """An account that a run left out, and why (计费例外): a worklist."""

    class Reason(models.TextChoices):
        NO_READING = "no_reading", _("no reading")
        QUESTIONED = "questioned", _("reading questioned")
        NO_TERMS = "no_terms", _("no tariff plan")
        NO_PRICE = "no_price", _("no price for the date")
        ALREADY = "already", _("already billed")
        NOT_ACTIVE = "not_active", _("account not active")
        MASTER = "master", _("billed by difference")
        PREPAID = "prepaid", _("IC card meter: paid at purchase")
        FAILED = "failed", _("could not be computed")

    run = models.ForeignKey(BillingRun, models.CASCADE, related_name="exceptions", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    book = models.ForeignKey(Book, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True)
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="exception_once")]
        indexes = [models.Index(fields=["run", "reason"], name="exception_reason")]


class BillQuerySet(models.QuerySet["Bill"]):
    """Vocabulary of bills."""

    def latest_first(self) -> BillQuerySet:
        """Newest element of the chain first."""
        return self.order_by("-period", "-seq")


class Bill(models.Model):
    """A bill for one account and period (账单). Posted once, never changed.

    The bills of an account form a chain ordered by (period, seq): each element carries the tariff year and the
    volume used in it *after* itself, so the next bill reads one row instead of adding up the year. A cancellation
    appends a reversing bill with opposite amounts, a rebill and a correction append too; so the last element always
    holds the counter made of live bills only. A chain may begin with elements taken over: a counter of another account
    or an old system, or what was owed there; such an element refers to itself and is never cancelled. A late fee, a
    waiver, an adjustment, a reduction or a write-off is an element too, without volume: it hands the counters on and
    refers to the bill it belongs to.
    """

    class Kind(models.IntegerChoices):
        REGULAR = 1, _("regular")
        FINAL = 2, _("final")
        REVERSAL = 3, _("reversal")
        REBILL = 4, _("rebill")
        CORRECTION = 5, _("correction")
        OPENING = 6, _("taken over")
        # Charges that belong to a bill (refers_seq) and leave the counter of the tariff year as it is.
        LATE_FEE = 11, _("late fee")
        WAIVER = 12, _("late fee waived")
        ADJUSTMENT = 13, _("adjustment")
        REDUCTION = 14, _("reduction")
        WRITE_OFF = 15, _("write-off")

    # What the gas of a period costs: bills, their corrections, what was charged more or let off. Neither late fees nor
    # bad debt, which was owed and is not paid.
    OF_GAS = (1, 2, 3, 4, 5, 13, 14)

    pk = models.CompositePrimaryKey("account_id", "period", "seq")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="bills")
    period = models.IntegerField(_("period (yyyymm)"))
    seq = models.SmallIntegerField(default=0)
    kind = models.SmallIntegerField(_("kind"), choices=Kind.choices, default=Kind.REGULAR)
    run = models.ForeignKey(BillingRun, models.PROTECT, null=True, db_index=False, db_constraint=False)
    book = models.ForeignKey(Book, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    persons = models.SmallIntegerField(_("persons"))
    low_income = models.BooleanField(_("low income"))
    heating = models.BooleanField(_("heats with gas"))
    contract_price_e4 = models.IntegerField(null=True)
    year_start_on = models.DateField(_("tariff year from"))
    year_before_l = models.BigIntegerField(_("year volume before (l)"))
    year_after_l = models.BigIntegerField(_("year volume after (l)"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    vat_fen = models.BigIntegerField(_("VAT (fen)"))
    issued_on = models.DateField(_("bill date"))
    due_on = models.DateField(_("due date"))
    business_on = models.DateField(_("business date"))
    refers_seq = models.SmallIntegerField(null=True)
    readings = models.JSONField(_("readings"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        indexes = [  # of the few bills that no run makes: a run's own rows never touch them
            models.Index(fields=["kind", "account", "period", "seq"], condition=~Q(kind=1), name="bill_kind"),
            models.Index(fields=["period", "account", "seq"], condition=Q(run=None), name="bill_single"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(period__gte=200001, period__lte=299912), name="bill_period"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="bill_to_after_from"),
            models.CheckConstraint(
                condition=Q(kind__in=[1, 2]) | Q(refers_seq__isnull=False), name="bill_change_refers"
            ),
        ]

    def __str__(self) -> str:
        return self.bill_no

    def get_absolute_url(self) -> str:
        """The page on which the bill explains itself."""
        return reverse("billing:bill_detail", args=[self.account_id, self.period, self.seq])

    @property
    def bill_no(self) -> str:
        """The number people quote: account number, period, place in the period."""
        return f"{self.account.account_no}-{self.period}-{self.seq}"

    @property
    def document_no(self) -> int:
        """The bill's number in the ledger (see Posting)."""
        return self.period * 100_000 + self.seq

    @property
    def days(self) -> int:
        """Days from the reading before to this reading."""
        return (self.to_on - self.from_on).days


class ChargeLine(models.Model):
    """One line of a bill: a tier's volume at its price, a base fee, an allowance (计费明细). Rounded once, here."""

    class Kind(models.IntegerChoices):
        GAS = 1, _("gas")
        BASE_FEE = 2, _("base fee")
        MINIMUM = 3, _("up to the minimum charge")
        ALLOWANCE = 4, _("free volume")
        ENERGY = 5, _("energy")
        TAX = 6, _("tax")
        ROUNDING = 7, _("rounding")
        OPENING = 8, _("taken over")
        CHARGE = 9, _("charge or credit")

    pk = models.CompositePrimaryKey("account_id", "period", "seq", "line")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    period = models.IntegerField()
    seq = models.SmallIntegerField()
    line = models.SmallIntegerField(_("line"))
    kind = models.SmallIntegerField(_("kind"), choices=Kind.choices, default=Kind.GAS)
    tier = models.SmallIntegerField(_("tier"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    price_e4 = models.IntegerField(_("price (1/10000 yuan per m³)"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    vat_fen = models.BigIntegerField(_("VAT (fen)"))
    version = models.ForeignKey(Version, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("charge line")
        verbose_name_plural = _("charge lines")


class OpenItem(models.Model):
    """What is still to be paid of one bill (未清项). Narrow, and gone when paid; checked against the ledger."""

    pk = models.CompositePrimaryKey("account_id", "period", "seq")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    period = models.IntegerField()
    seq = models.SmallIntegerField()
    due_on = models.DateField(_("due date"))
    open_fen = models.BigIntegerField(_("open (fen)"))
    run_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        constraints = [models.CheckConstraint(condition=~Q(open_fen=0), name="open_item_not_zero")]


class Accrual(models.Model):
    """A late fee that a run posted and that has no document of its own yet (应计违约金). Narrow, gone when it has one.

    The key is the late bill and the run. `batch_accruals.take_up` makes it a late fee of the account's chain, with the
    same days and amount, before anything else happens to the account's money or bills. Amount in fen.
    """

    pk = models.CompositePrimaryKey("account_id", "period", "seq", "run_id")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    period = models.IntegerField()
    run_id = models.IntegerField()  # of latefees, which lies right of billing
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"))
    due_on = models.DateField(_("due date"))
    business_on = models.DateField(_("business date"))
    seq = models.SmallIntegerField()

    class Meta:
        verbose_name = _("late fee accrued")
        verbose_name_plural = _("late fees accrued")
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="accrual_positive")]


class OwedManager(models.Manager["Owed"]):
    """What can be collected: bills of a run that is not released are nobody's debt yet."""

    def get_queryset(self) -> models.QuerySet[Owed]:
        """Leave the others out. The view cannot: it would no longer be read in the order of its keys."""
        released = BillingRun.objects.filter(state=BillingRun.State.RELEASED)
        return super().get_queryset().filter(Q(run_id=None) | Q(run_id__in=released.values("pk")))


class Owed(models.Model):
    """What customers owe: open items that can be collected, and late fees accrued. A view for reports; never written.

    `accrued_by`: 0 for an open item, else the run that accrued a late fee on the bill (account, period, seq). `run_id`:
    the billing run of an open item.
    """

    pk = models.CompositePrimaryKey("account_id", "period", "seq", "accrued_by")
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, related_name="+")
    period = models.IntegerField()
    seq = models.SmallIntegerField()
    due_on = models.DateField(_("due date"))
    open_fen = models.BigIntegerField(_("open (fen)"))
    run_id = models.BigIntegerField(null=True)
    accrued_by = models.IntegerField()
    objects = OwedManager()

    class Meta:
        managed = False
        db_table = "billing_owed"
        verbose_name = _("open item")
        verbose_name_plural = _("open items")


class Rebilling(models.Model):
    """Many bills cancelled and billed again together, because a book or a tariff was wrong (批量冲销重开).

    It is counted first, so that a person sees what it comes to; then it is begun and works through its accounts. What
    it takes: bills of a branch and below from one period to another, of some books, of one run, of one tariff version.
    With `plan` the accounts are put on that tariff plan from the first of these bills on. Amounts in fen.
    """

    class Mode(models.TextChoices):
        AGAIN = "again", _("cancel and bill again")
        CANCEL = "cancel", _("cancel only")
        BILL = "bill", _("bill again what was cancelled")

    class State(models.TextChoices):
        COUNTING = "counting", _("counting")
        PROPOSED = "proposed", pgettext_lazy("run", "proposed")
        WORKING = "working", _("at work")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    mode = models.CharField(_("what to do"), max_length=6, choices=Mode.choices, default=Mode.AGAIN)
    from_period = models.IntegerField(_("from period (yyyymm)"))
    to_period = models.IntegerField(_("to period (yyyymm)"))
    books = models.ManyToManyField(Book, related_name="+", verbose_name=_("books"))
    run = models.ForeignKey(BillingRun, models.PROTECT, null=True, related_name="+", verbose_name=_("billing run"))
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, related_name="+", verbose_name=_("tariff version")
    )  # fmt: skip
    plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, related_name="+", verbose_name=_("right tariff plan")
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=200)
    business_on = models.DateField(_("business date"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.COUNTING)
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    bills = models.PositiveIntegerField(_("bills"), default=0)
    old_fen = models.BigIntegerField(_("until now (fen)"), default=0)
    new_fen = models.BigIntegerField(_("billed again (fen)"), default=0)
    other_fen = models.BigIntegerField(_("other corrections (fen)"), default=0)
    paid_fen = models.BigIntegerField(_("paid already (fen)"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("rebilling")
        verbose_name_plural = _("rebillings")
        constraints = [
            models.CheckConstraint(condition=Q(to_period__gte=F("from_period")), name="rebilling_periods_in_order")
        ]

    def __str__(self) -> str:
        first, last = month_text(self.from_period), month_text(self.to_period)
        return f"{self.unit} {first}" if first == last else f"{self.unit} {first}–{last}"

    def get_absolute_url(self) -> str:
        """The page that shows and begins it."""
        return reverse("billing:rebilling_detail", args=[self.pk])

    @property
    def change_fen(self) -> int:
        """What its accounts are charged more (or less) in all."""
        return self.new_fen - self.old_fen + self.other_fen


class RebillingRow(models.Model):
    """One account of a rebilling: what it comes to, and whether it is done (冲销重开明细). Amounts in fen."""

    class State(models.TextChoices):
        PLANNED = "planned", _("to do")
        DONE = "done", _("done")
        NOTHING = "nothing", _("nothing to do")
        FAILED = "failed", _("could not be billed")

    rebilling = models.ForeignKey(Rebilling, models.CASCADE, related_name="rows", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"), db_index=False)
    state = models.CharField(_("state"), max_length=7, choices=State.choices, default=State.PLANNED)
    bills = models.PositiveSmallIntegerField(_("bills"), default=0)
    old_fen = models.BigIntegerField(_("until now (fen)"), default=0)
    new_fen = models.BigIntegerField(_("billed again (fen)"), default=0)
    other_fen = models.BigIntegerField(_("other corrections (fen)"), default=0)
    paid_fen = models.BigIntegerField(_("paid already (fen)"), default=0)
    size_fen = models.BigIntegerField(default=0)  # the change without its sign: what the list is ordered by
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("account of a rebilling")
        verbose_name_plural = _("accounts of rebillings")
        constraints = [models.UniqueConstraint(fields=["rebilling", "account"], name="rebilling_account_once")]
        indexes = [models.Index(fields=["rebilling", "-size_fen", "account"], name="rebilling_by_size")]

    @property
    def change_fen(self) -> int:
        """What the account is charged more (or less)."""
        return self.new_fen - self.old_fen + self.other_fen
