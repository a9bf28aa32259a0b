"""Arrears: the steps of dunning, runs that propose them, what was done, what was promised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.models import Attachment
from mainstay.core.organisation.models import Unit
from mainstay.gas.arrears import rules
from mainstay.gas.customers.models import Account


class Kind(models.TextChoices):
    """What a step is."""

    SMS = rules.SMS, _("text message")
    CALL = rules.CALL, _("phone call")
    PAPER = rules.PAPER, _("letter")
    NOTICE = rules.NOTICE, _("notice of stop")
    STOP = rules.STOP, _("stop order")


class DunningStep(models.Model):
    """A step of the ladder of a class (催缴步骤), in order of its place."""

    category = models.CharField(_("class"), max_length=12, choices=Account.Category.choices)
    place = models.PositiveSmallIntegerField(pgettext_lazy("step", "place"))
    kind = models.CharField(_("step"), max_length=6, choices=Kind.choices)
    days_overdue = models.PositiveSmallIntegerField(_("days overdue"))
    wait_days = models.PositiveSmallIntegerField(_("days after the step before"), default=0)
    min_fen = models.PositiveBigIntegerField(_("from (fen)"), default=1)

    class Meta:
        ordering = ["category", "place"]
        verbose_name = _("dunning step")
        verbose_name_plural = _("dunning steps")
        constraints = [models.UniqueConstraint(fields=["category", "place"], name="dunning_step_once")]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.place} {self.get_kind_display()}"

    @property
    def rule(self) -> rules.Step:
        """The step as the rules take it."""
        return rules.Step(self.place, self.kind, self.days_overdue, self.min_fen, self.wait_days)


class DunningRun(models.Model):
    """Steps proposed for a branch on a day, and confirmed by a person (催缴批次)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("run", "proposed")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("dropped")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.PROPOSED)
    proposed = models.PositiveIntegerField(_("steps"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("dunning run")
        verbose_name_plural = _("dunning runs")

    def __str__(self) -> str:
        return f"{self.unit} {self.on}"

    def get_absolute_url(self) -> str:
        """The run's page."""
        return reverse("arrears:run_detail", args=[self.pk])


class DunningAct(models.Model):
    """One step for one account: proposed, then done or left out (催缴记录). The trail that a stop of supply needs."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("run", "proposed")
        DONE = "done", _("done")
        LEFT_OUT = "left_out", _("left out")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name=_("account"), db_index=False, db_constraint=False
    )
    run = models.ForeignKey(
        DunningRun, models.PROTECT, null=True, related_name="acts", verbose_name=_("run"), db_constraint=False
    )  # none: taken at the desk for one account
    place = models.PositiveSmallIntegerField(pgettext_lazy("step", "place"))
    kind = models.CharField(_("step"), max_length=6, choices=Kind.choices)
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    owed_fen = models.BigIntegerField(_("owed (fen)"))
    oldest_due_on = models.DateField(_("oldest due date"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    stopped_on = models.DateField(_("supply stopped on"), null=True)  # of a stop order that was carried out
    restored_on = models.DateField(_("supply restored on"), null=True)

    class Meta:
        verbose_name = _("dunning record")
        verbose_name_plural = _("dunning records")
        constraints = [models.UniqueConstraint(fields=["account", "run"], name="dunning_act_once")]
        indexes = [models.Index(fields=["-on", "-id"], condition=Q(kind="stop"), name="dunning_stop_orders")]

    def __str__(self) -> str:
        return f"{self.account} {self.get_kind_display()} {self.on}"

    @property
    def order_no(self) -> str:
        """The number on its paper."""
        return f"{self.account.account_no}-{self.pk}"

    @property
    def progress(self) -> str:
        """How far a stop order is: ordered, stopped, restored, or left out."""
        if self.state == self.State.LEFT_OUT:
            return "left_out"
        return "restored" if self.restored_on else "stopped" if self.stopped_on else "ordered"


class Promise(models.Model):
    """A promise to pay, at once or in parts (缴费承诺 / 分期). While it is kept the steps rest."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")


class PromisePart(models.Model):
    """A part of a promise: so much by that day."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="parts")
    due_on = models.DateField(pgettext_lazy("day", "by"))
    fen = models.PositiveBigIntegerField(_("amount (fen)"))

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["promise", "due_on"], name="promise_part_once")]


class MessageFile(models.Model):
    """Text messages of a run, written out for whoever carries them from the isolated network (短信交换文件)."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    run = models.ForeignKey(DunningRun, models.PROTECT, related_name="+", verbose_name=_("run"))
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    messages = models.PositiveIntegerField(pgettext_lazy("text message", "messages"))
    without_phone = models.PositiveIntegerField(_("without a mobile number"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("file of text messages")
        verbose_name_plural = _("files of text messages")

    def __str__(self) -> str:
        return self.number


class Message(models.Model):
    """One text message and what became of it (催缴短信). The number is kept in full in the file alone."""

    class State(models.TextChoices):
        SENT = "sent", _("carried out")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("not delivered")

    number = models.CharField(_("message no."), max_length=24, unique=True)
    of_file = models.ForeignKey(MessageFile, models.PROTECT, related_name="rows", verbose_name=_("file"))
    act = models.OneToOneField(DunningAct, models.PROTECT, related_name="message", verbose_name=_("step"))
    phone_tail = models.CharField(_("phone ends in"), max_length=4)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.SENT)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")

    def __str__(self) -> str:
        return self.number
