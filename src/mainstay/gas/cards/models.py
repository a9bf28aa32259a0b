"""Gas sold by IC card: one order for each write to a card (购气单)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.tariffs.models import Version


class CardOrder(models.Model):
    """A purchase of gas on a card: priced, paid once, written once, confirmed by reading the card again.

    "Returned" is the purchase back of what was left on a meter that was taken down (余气退款): nothing is written.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", pgettext_lazy("card order", "drafted")
        PAID = "paid", pgettext_lazy("card order", "paid, not written")
        WRITTEN = "written", pgettext_lazy("card order", "written")
        CONFIRMED = "confirmed", pgettext_lazy("card order", "confirmed")
        VOID = "void", pgettext_lazy("card order", "void")
        RETURNED = "returned", pgettext_lazy("card order", "gas left, paid back")

    number = models.CharField(_("order number"), max_length=20, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="card_orders", verbose_name=_("account"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("branch"))
    installation = models.ForeignKey(
        Installation, models.PROTECT, null=True, related_name="card_orders", verbose_name=_("meter")
    )
    card_no = models.CharField(_("card number"), max_length=20)
    purchases_before = models.PositiveIntegerField(_("purchases before"))
    volume_l = models.BigIntegerField(_("volume (l)"))
    amount_fen = models.BigIntegerField(_("amount (fen)"))
    vat_fen = models.BigIntegerField(_("VAT (fen)"))
    lines = models.JSONField(default=list)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+", verbose_name=_("tariff version"))
    year_start_on = models.DateField(_("start of the tariff year"))
    year_before_l = models.BigIntegerField(_("bought in the year before (l)"))
    year_after_l = models.BigIntegerField(_("bought in the year after (l)"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFTED)
    payment_no = models.IntegerField(_("payment"), null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    paid_at = models.DateTimeField(_("paid at"), null=True)
    written_at = models.DateTimeField(_("written at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("card order")
        verbose_name_plural = _("card orders")
        constraints = [
            # A card can take each purchase once: two paid orders for the same place on a card are impossible.
            models.UniqueConstraint(
                fields=["card_no", "purchases_before"], condition=Q(state__in=["paid", "written", "confirmed"]),
                name="card_purchase_once",
            ),
            models.UniqueConstraint(
                fields=["installation"], condition=Q(state="returned"), name="card_returned_once"
            ),
            models.UniqueConstraint(
                fields=["account", "payment_no"], condition=Q(payment_no__isnull=False), name="card_payment_once"
            ),
            models.CheckConstraint(condition=Q(volume_l__gt=0, amount_fen__gt=0), name="card_order_positive"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("cards:order_detail", args=[self.pk])

    @property
    def from_advance(self) -> bool:
        """Whether it was bought for money that stood in the advance."""
        return self.paid_at is not None and self.payment_no is None and self.state != self.State.RETURNED
