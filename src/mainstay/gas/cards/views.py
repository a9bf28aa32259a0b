"""Pages of card sales: the desk that talks with the reader, its answers, the list of orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.conf import settings
from django.http import HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.queries import PRINT
from mainstay.gas.cards import actions, papers, queries
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries_prices import CUBIC_METRE_L, offer
from mainstay.gas.cards.rules import CardState
from mainstay.gas.cards.states import ORDER
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import VIEW_ACCOUNT
from mainstay.gas.payments.actions import open_shift_of
from mainstay.gas.payments.models import Payment
from mainstay.kit import masking
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan, yuan
from mainstay.kit.volume import m3
from mainstay.web.middleware import POLICY
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    DetailPage,
    Fact,
    FirstUse,
    InstantColumn,
    ListPage,
    MoneyColumn,
    Page,
    SignedRequest,
    VolumeColumn,
    steps_of,
)

SELL = "gas.cards.pay_order"
ADVANCE = "gas.cards.buy_from_advance"
VOID = "gas.cards.void_order"


class OrderTable(tables.Table):
    """Card orders, newest first."""

    number = CodeColumn(linkify=("cards:order_detail", [tables.A("pk")]), orderable=False)
    account = CodeColumn(accessor="account__account_no", verbose_name=_("account number"), orderable=False)
    card_no = CodeColumn(orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    state = BadgeColumn(hues=ORDER.hues, orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = CardOrder
        fields = ("number", "account", "card_no", "volume_l", "amount_fen", "state", "at")
        order_by = "-id"


class OrderFilter(filters.FilterSet):
    """By state."""

    state = filters.ChoiceFilter(choices=CardOrder.State.choices, label=_("state"))

    class Meta:
        model = CardOrder
        fields = ("state",)


class OrderList(ListPage):
    """Card orders of the branches; those paid and not written first of all."""

    title = _("Card orders")
    right = queries.VIEW
    table_class = OrderTable
    filterset_class = OrderFilter
    search_fields = ("number", "card_no", "account__account_no")
    search_placeholder = _("Order, card or account number")
    first_use = FirstUse(_("No card orders yet"), _("Gas is sold on a card from the page of an account, tab IC card."))

    def queryset(self) -> Any:
        """Orders of the user's branches."""
        return queries.orders_visible_to(self.request.user)


class OrderDetail(DetailPage):
    """One order: where it stands, how it was priced."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Orders of the user's branches."""
        return queries.orders_visible_to(self.request.user)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Card orders"), reverse("cards:order_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), ORDER.hues[self.subject.state]

    def steps(self) -> Any:
        """Drafted, paid, written, confirmed."""
        return steps_of(ORDER.path, self.subject.state)

    def facts(self) -> list[Fact]:
        """Account, card, gas, money."""
        one = self.subject
        found = [
            Fact(_("account number"), one.account.account_no, "code", copy=True),
            Fact(_("card number"), one.card_no, "code"),
            Fact(_("purchases before"), one.purchases_before),
            Fact(_("volume"), one.volume_l, "volume"),
            Fact(_("amount"), one.amount_fen, "money"),
            Fact(_("bought in the year before"), one.year_before_l, "volume"),
        ]
        if one.payment_no:
            url = reverse("payments:payment_detail", args=[one.account_id, one.payment_no])
            found.append(Fact(_("payment"), f"{one.account.account_no}-P{one.payment_no}", "code", href=url))
        elif one.from_advance:
            found.append(Fact(_("payment"), _("from the advance")))
        for label, value in ((_("written at"), one.written_at), (_("confirmed at"), one.confirmed_at)):
            if value:
                found.append(Fact(label, value, "instant"))
        return [*found, Fact(_("reason"), one.reason)] if one.reason else found

    def get_actions(self) -> Sequence[Button]:
        """To the desk with this customer, and the paper."""
        one = self.subject
        found = [Button(_("Card desk"), "cards:desk", (one.account_id,), right=SELL, icon="id", primary=True)]
        if one.paid_at:
            found.insert(0, Button(_("Print order"), "cards:paper", (one.pk,), right=PRINT, icon="printer"))
        return found


def _account(request: SignedRequest, right: str, pk: int) -> Account:
    rows = Account.objects.visible_to(request.user, right).select_related("customer", "premise", "unit", "book_entry")
    return get_object_or_404(rows, pk=pk)


class OrderPaper(Page):
    """The paper of an order as PDF: issued when it is first printed."""

    right = PRINT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Issue it where needed and lead to the PDF."""
        rows = queries.orders_visible_to(request.user)
        found = rows.select_related("account__customer", "account__premise", "installation__meter")
        order = get_object_or_404(found, pk=kwargs["pk"])
        document = papers.order_paper(order, by=request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[document.pk]))


class Desk(Page):
    """Sell gas on a card: read, price, pay, write, read again. What was paid and not written is resumed first."""

    title = _("Card desk")
    right = SELL
    template_name = "cards/desk.html"

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return _account(self.request, SELL, self.kwargs["account"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Back to the customer, for who may see accounts."""
        if not self.may(VIEW_ACCOUNT):
            return []
        page = reverse("customers:account_detail", args=[self.account.pk])
        return [(self.account.account_no, f"{page}?section=cards")]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the desk; its page may talk with the reader's agent on this machine, and with nobody else."""
        account = self.account
        response = self.page(
            account=account,
            name=account.customer.shown_name,
            address=masking.address(account.premise.address),
            shift=open_shift_of(request.user),
            waiting=[told(one) for one in queries.unfinished(account)],
            orders=queries.orders_of(account),
            offer=offer(account) if self.may(ADVANCE) else None,
            tenders=Payment.desk_tenders(),
            agent=settings.CARD_AGENT,
        )
        allowed = f"connect-src 'self' {settings.CARD_AGENT}"
        response.headers["Content-Security-Policy"] = POLICY.replace("connect-src 'self'", allowed)
        return response


class AccountCards(Page):
    """The tab "IC card" of an account's page."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Its orders, the way to the desk."""
        account = _account(request, queries.VIEW, kwargs["account"])
        found = offer(account) if self.may(ADVANCE) and queries.card_meter(account) else None
        return self.page(
            "cards/account_tab.html", account=account, orders=queries.orders_of(account), offer=found,
            may_sell=self.may(SELL),
        )  # fmt: skip


def told(order: CardOrder) -> dict[str, Any]:
    """An order as the desk's script needs it."""
    return {
        "id": order.pk, "number": order.number, "state": order.state, "state_words": str(order.get_state_display()),
        "card_no": order.card_no, "purchases": order.purchases_before, "volume_l": order.volume_l,
        "m3": m3(order.volume_l), "amount": yuan(order.amount_fen), "lines": _lines(order),
        "urls": {name: reverse(f"cards:{name}", args=[order.pk]) for name in ("pay", "written", "read", "void")},
        "receipt": _receipt(order),
    }  # fmt: skip


def _receipt(order: CardOrder) -> str:
    """Address of what the customer gets: the receipt of the payment, the order's own paper where there was none."""
    if order.payment_no:
        return reverse("payments:receipt", args=[order.account_id, order.payment_no])
    return reverse("cards:paper", args=[order.pk]) if order.paid_at else ""


def _lines(order: CardOrder) -> list[str]:
    """How it was priced, in words: tier, volume, price, amount."""
    words = _("tier %(tier)s: %(m3)s m³ × %(price)s = %(amount)s")
    found = []
    for tier, volume_l, price_e4, amount_fen in order.lines:
        price = f"{(price_e4 or 0) / 10_000:.4f}".rstrip("0")
        facts = {"tier": tier or "", "m3": m3(volume_l or 0), "price": price, "amount": yuan(amount_fen)}
        found.append(str(words % facts))
    return found


def _card(sent: Any) -> CardState:
    count = sent.get("purchases", "")
    if not count.isdigit():
        raise Problem(_("Put the card into the reader and read it first."), code="no_card")
    return CardState(sent.get("card_no", "")[:40], int(count), sent.get("last_order", "")[:40])


class Draft(Page):
    """Price a purchase."""

    right = SELL

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the priced order."""
        account, sent = _account(request, self.right, kwargs["account"]), request.POST
        volume = sent.get("volume", "").strip()
        volume_l = int(volume) * CUBIC_METRE_L if volume.isdigit() and len(volume) < 7 else 0  # noqa: PLR2004  # no slip of the hand
        return JsonResponse(told(self.act(account=account, card=_card(sent), volume_l=volume_l, by=request.user)))

    def act(self, **facts: Any) -> CardOrder:
        """Draft it."""
        return actions.draft_order(**facts)


class FromAdvance(Draft):
    """Buy for money of the advance: priced and paid at once."""

    right = ADVANCE

    def act(self, **facts: Any) -> CardOrder:
        """Buy it."""
        return actions.buy_from_advance(**facts)


class _OfOrder(Page):
    """An answer about one order."""

    right: str | None = SELL

    @cached_property
    def order(self) -> CardOrder:
        """The order, or 404."""
        rows = queries.orders_visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def act(self, sent: Any) -> CardOrder:
        """What is done."""
        raise TypeError(f"{type(self).__name__} declares no act")

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do it, answer with the order as it is then."""
        return JsonResponse(told(self.act(request.POST)))


class Pay(_OfOrder):
    """Take the money."""

    def act(self, sent: Any) -> CardOrder:
        """The same order again is the same payment."""
        tender = int(sent["tender"]) if sent.get("tender", "").isdigit() else 0
        handed = sent.get("received", "").strip()
        received = parse_yuan(handed, field="received") if handed and tender == Payment.Tender.CASH else None
        return actions.pay_order(order=self.order, tender=tender, received_fen=received, by=self.request.user)


class Written(_OfOrder):
    """The reader has written."""

    right = "gas.cards.report_write"

    def act(self, sent: Any) -> CardOrder:
        """Record it."""
        return actions.report_write(order=self.order, card=_card(sent), by=self.request.user)


class ReadAgain(_OfOrder):
    """The card was read again."""

    right = "gas.cards.report_read"

    def act(self, sent: Any) -> CardOrder:
        """Tell what became of the order."""
        return actions.report_read(order=self.order, card=_card(sent), by=self.request.user)


class VoidOrder(_OfOrder):
    """Void an order; a paid one with its card in the reader."""

    right = VOID

    def act(self, sent: Any) -> CardOrder:
        """Void it."""
        seen = _card(sent) if sent.get("purchases") else None
        card = (seen.card_no, seen.purchases, seen.last_order) if seen else None
        return actions.void_order(order=self.order, reason=sent.get("reason", ""), card=card, by=self.request.user)
