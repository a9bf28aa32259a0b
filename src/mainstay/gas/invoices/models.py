"""Invoices of an isolated network: who they are for, what was asked, what came back (电子发票)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.models import Attachment
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account, Customer, shown_name


def shown_title(title: str, tax_no: str, account: Account) -> str:
    """A buyer's name as everybody sees it: masked of a person, who has no tax number; whole on the paper alone."""
    return shown_name(Customer.Kind.FIRM if tax_no else account.customer.kind, title)


class BuyerTitle(models.Model):
    """What an account's invoices are made out to (开票抬头): a person's name, or a firm's with its tax number."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="buyer_title")
    name = models.CharField(pgettext_lazy("invoice", "title"), max_length=120)
    tax_no = models.CharField(_("tax number"), max_length=20, blank=True)
    address_phone = models.CharField(_("address and phone"), max_length=160, blank=True)
    bank_account = models.CharField(_("bank and account"), max_length=160, blank=True)
    send_to = models.CharField(_("sent to (mail or phone)"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("buyer's title")
        verbose_name_plural = _("buyers' titles")

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The name as everybody sees it."""
        return shown_title(self.name, self.tax_no, self.account)


class Exchange(models.Model):
    """A file of requests that was carried out of the isolated network, kept as it was."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("branch"))
    file = models.ForeignKey(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    requests = models.PositiveIntegerField(_("requests"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("exchange file")
        verbose_name_plural = _("exchange files")

    def __str__(self) -> str:
        return self.number


class Invoice(models.Model):
    """One invoice, from its request to the file that came back. A red one (红字) takes another back."""

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("invoice", "requested")
        SENT = "sent", pgettext_lazy("invoice", "sent out")
        ISSUED = "issued", pgettext_lazy("invoice", "issued")
        DELIVERED = "delivered", pgettext_lazy("invoice", "delivered")
        RED = "red", pgettext_lazy("invoice", "made red")
        FAILED = "failed", pgettext_lazy("invoice", "failed")
        WITHDRAWN = "withdrawn", pgettext_lazy("invoice", "withdrawn")

    number = models.CharField(_("request number"), max_length=20, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="invoices", verbose_name=_("account"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    red_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reds", verbose_name=_("makes red"))
    title = models.CharField(pgettext_lazy("invoice", "title"), max_length=120)
    tax_no = models.CharField(_("tax number"), max_length=20, blank=True)
    buyer = models.JSONField(default=dict)
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    vat_fen = models.BigIntegerField(_("VAT (fen)"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    exchange = models.ForeignKey(
        Exchange, models.PROTECT, null=True, related_name="invoices", verbose_name=_("exchange file")
    )
    invoice_no = models.CharField(_("invoice number"), max_length=20, blank=True)
    issued_on = models.DateField(_("issued on"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    xml = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+", verbose_name=_("XML file"))
    delivered_by = models.CharField(_("delivered by"), max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("invoice")
        verbose_name_plural = pgettext_lazy("many", "invoices")
        constraints = [
            models.UniqueConstraint(fields=["invoice_no"], condition=~Q(invoice_no=""), name="invoice_no_once"),
            models.UniqueConstraint(
                fields=["red_of"], condition=Q(red_of__isnull=False) & ~Q(state__in=["failed", "withdrawn"]),
                name="invoice_red_once",
            ),
            models.CheckConstraint(
                condition=Q(red_of=None, amount_fen__gt=0) | Q(red_of__isnull=False, amount_fen__lt=0),
                name="invoice_sign",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.invoice_no or self.number

    @property
    def shown_title(self) -> str:
        """The buyer's name as everybody sees it."""
        return shown_title(self.title, self.tax_no, self.account)


class InvoiceLine(models.Model):
    """A bill on an invoice. While `live` no other invoice may have it: the database refuses a second one."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", verbose_name=_("invoice"))
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("account"))
    period = models.IntegerField(_("period"))
    seq = models.SmallIntegerField()
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    vat_fen = models.BigIntegerField(_("VAT (fen)"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["invoice", "period", "seq"]
        verbose_name = _("bill of an invoice")
        verbose_name_plural = _("bills of invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "period", "seq"], condition=Q(live=True), name="bill_invoiced_once"
            )
        ]
