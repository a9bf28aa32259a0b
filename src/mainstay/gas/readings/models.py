"""Books, and readings as facts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.core.sheets.models import SheetImport
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.kit.dates import month_text


class Book(models.Model):
    """A reader's round: accounts in walking order, read in one cycle (抄表册)."""

    class Cycle(models.TextChoices):
        MONTHLY = "monthly", _("monthly")
        ODD = "odd", _("odd months")
        EVEN = "even", _("even months")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reader")
    )
    cycle = models.CharField(_("cycle"), max_length=8, choices=Cycle.choices, default=Cycle.MONTHLY)

    class Meta:
        ordering = ["code"]
        verbose_name = _("book")
        verbose_name_plural = _("books")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """The book's page."""
        return reverse("readings:book_detail", args=[self.pk])


class BookEntry(models.Model):
    """An account's place in a book (册内顺序)."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="book_entry")
    book = models.ForeignKey(Book, models.PROTECT, related_name="entries", db_index=False, verbose_name=_("book"))
    sequence = models.PositiveIntegerField(_("sequence"))

    class Meta:
        ordering = ["book", "sequence"]
        indexes = [models.Index(fields=["book", "sequence"], name="book_sequence")]


class Reading(models.Model):
    """An index somebody or something read off a meter (抄表读数). The fact never changes; only its state does.

    Two readings of one period both stay; at most one of them is accepted. `volume_l` is what was used since the
    reading before (`previous_…`), worked out when the reading came in, so that the billing run need not look back.
    """

    repeated = False  # no column: an act that found it there already says so to its caller

    class Source(models.IntegerChoices):
        READER = 1, _("reader")
        SELF = 2, _("customer")
        REMOTE = 3, _("remote meter")
        ESTIMATE = 4, _("estimate")
        EXCHANGE = 5, _("meter exchange")
        IMPORT = 6, _("sheet")
        OPENING = 7, _("opening")

    class State(models.IntegerChoices):
        TAKEN = 1, _("taken")
        QUESTIONED = 2, _("questioned")
        ACCEPTED = 3, _("accepted")
        SET_ASIDE = 4, _("set aside")

    pk = models.CompositePrimaryKey("account_id", "installation_id", "period", "seq")
    account = models.ForeignKey(Account, models.PROTECT, db_index=False, db_constraint=False, related_name="readings")
    installation = models.ForeignKey(
        Installation, models.PROTECT, db_index=False, db_constraint=False, related_name="readings"
    )
    period = models.IntegerField(_("period (yyyymm)"))
    seq = models.SmallIntegerField(default=0)
    book = models.ForeignKey(Book, models.PROTECT, db_index=False, db_constraint=False, related_name="readings")
    taken_on = models.DateField(_("read on"))
    index_l = models.BigIntegerField(_("index (l)"))
    previous_on = models.DateField(_("read before on"))
    previous_index_l = models.BigIntegerField(_("index before (l)"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    source = models.SmallIntegerField(_("source"), choices=Source.choices)
    state = models.SmallIntegerField(_("state"), choices=State.choices)
    doubts = models.IntegerField(_("doubts"), default=0)
    rollover = models.BooleanField(_("dial went round"), default=False)
    note = models.CharField(_("note"), max_length=120, blank=True)
    client_key = models.UUIDField(null=True)
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, db_index=False, db_constraint=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        indexes = [
            models.Index(fields=["book", "period"], name="reading_book_period"),
            models.Index(fields=["book", "period"], condition=Q(state=2), name="reading_questioned"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "installation", "period"], condition=Q(state=3), name="reading_one_accepted"
            ),
            models.CheckConstraint(condition=Q(index_l__gte=0), name="reading_index_not_negative"),
            models.CheckConstraint(condition=Q(period__gte=200001, period__lte=299912), name="reading_period"),
        ]

    def __str__(self) -> str:
        return f"{self.account.account_no} {month_text(self.period)}"


class Task(models.Model):
    """Who reads a book in a period, and on which day it is planned (抄表任务)."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="tasks", db_index=False, verbose_name=_("book"))
    period = models.IntegerField(_("period (yyyymm)"))
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name=_("reader")
    )
    planned_on = models.DateField(_("planned for"))
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        verbose_name = _("reading task")
        verbose_name_plural = _("reading tasks")
        constraints = [models.UniqueConstraint(fields=["book", "period"], name="task_once")]
        indexes = [models.Index(fields=["reader", "period"], name="task_of_reader")]

    def __str__(self) -> str:
        return f"{self.book_id} {self.period}"


class Visit(models.Model):
    """A reader stood before a meter and could not read it: why (未抄到). The fact never changes."""

    class Reason(models.TextChoices):
        NOBODY = "nobody", _("nobody at home")
        REFUSED = "refused", _("not let in")
        BLOCKED = "blocked", _("meter is covered or locked")
        UNREADABLE = "unreadable", _("dial cannot be read")
        DANGER = "danger", _("dangerous: dog, gas smell, works")
        NO_METER = "no_meter", _("meter not found")

    client_key = models.UUIDField(primary_key=True)
    installation = models.ForeignKey(Installation, models.PROTECT, db_index=False, related_name="visits")
    account = models.ForeignKey(Account, models.PROTECT, related_name="visits")
    book = models.ForeignKey(Book, models.PROTECT, db_index=False, related_name="visits")
    period = models.IntegerField(_("period (yyyymm)"))
    on = models.DateField(_("visited on"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    note = models.CharField(_("note"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("visit without reading")
        verbose_name_plural = _("visits without reading")
        indexes = [models.Index(fields=["book", "period"], name="visit_book_period")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.on}"
