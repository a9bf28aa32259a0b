"""Cheques: which wait for the bank, which it paid, which bounced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.payments import queries
from mainstay.gas.payments.actions import bounce_cheque, clear_cheque
from mainstay.gas.payments.forms import ReasonForm
from mainstay.gas.payments.models import Cheque, Payment
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    BadgeColumn,
    BatchAction,
    Button,
    CodeColumn,
    DayColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    MoneyColumn,
    SignedRequest,
)

CLEAR, BOUNCE = "gas.payments.clear_cheque", "gas.payments.bounce_cheque"
HUES = {
    Cheque.State.WAITING: "amber", Cheque.State.CLEARED: "green", Cheque.State.BOUNCED: "red",
    Cheque.State.RETURNED: "grey",
}  # fmt: skip


class ChequeTable(tables.Table):
    """Cheques, newest first."""

    number = CodeColumn(linkify=("payments:cheque_detail", [tables.A("pk")]), orderable=False)
    bank = tables.Column(orderable=False)
    drawer = tables.Column(orderable=False)
    drawn_on = DayColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=("customers:account_detail", [tables.A("account_id")]),
    )  # fmt: skip
    state = BadgeColumn(hues=HUES, orderable=False)
    decided_on = DayColumn(orderable=False)

    class Meta:
        model = Cheque
        fields = ("number", "bank", "drawer", "drawn_on", "amount_fen", "account", "state", "decided_on")
        order_by = "-id"


class ChequeFilter(filters.FilterSet):
    """By state and date."""

    state = filters.ChoiceFilter(choices=Cheque.State.choices, label=_("state"))
    drawn_on = filters.DateFilter(label=_("drawn on"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Cheque
        fields = ("state", "drawn_on")


def _paid(request: SignedRequest, rows: Any) -> str:
    cheques = [one for one in rows if one.state == Cheque.State.WAITING]
    for cheque in cheques:
        clear_cheque(cheque=cheque, by=request.user)
    text = _now("%(n)s cheques are paid by the bank, %(amount)s yuan.")
    return text % {"n": len(cheques), "amount": yuan(sum(one.amount_fen for one in cheques))}


class ChequeList(ListPage):
    """Cheques of the branches; the bank's list is ticked off here."""

    title = _("Cheques")
    right = queries.VIEW
    table_class = ChequeTable
    filterset_class = ChequeFilter
    search_fields = ("number", "bank", "drawer")
    search_placeholder = _("Number, bank or drawer")
    first_use = FirstUse(
        _("No cheques yet"),
        _("A cheque taken at the counter waits here until the bank has paid or refused it."),
    )
    batch_actions = (BatchAction("paid", _("Paid by the bank"), _paid, CLEAR, "check", True),)

    def queryset(self) -> Any:
        """Cheques of the user's branches."""
        return queries.cheques_visible_to(self.request.user)


def _cheque(request: SignedRequest, right: str, pk: int) -> Cheque:
    return get_object_or_404(queries.cheques_visible_to(request.user, right), pk=pk)


class ChequeDetail(DetailPage):
    """One cheque and its payment."""

    right = queries.VIEW

    @cached_property
    def subject(self) -> Cheque:
        """The cheque, or 404."""
        return _cheque(self.request, queries.VIEW, self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Cheques"), reverse("payments:cheque_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), HUES[Cheque.State(self.subject.state)]

    def facts(self) -> list[Fact]:
        """What is written on it, what became of it."""
        one = self.subject
        payment = reverse("payments:payment_detail", args=[one.account_id, one.payment_no])
        found = [
            Fact(_("drawer"), one.drawer),
            Fact(_("drawn on"), one.drawn_on, "date"),
            Fact(_("amount"), one.amount_fen, "money"),
            Fact(_("payment"), f"{one.account.account_no}-P{one.payment_no}", "code", href=payment),
        ]
        if one.decided_on:
            found += [
                Fact(_("decided on"), one.decided_on, "date"),
                Fact(pgettext_lazy("cheque", "settled by"), one.decided_by),
            ]
        return [*found, Fact(_("note"), one.note)] if one.note else found

    def get_actions(self) -> Sequence[Button]:
        """What the bank said."""
        if self.subject.state != Cheque.State.WAITING:
            return ()
        key = (self.subject.pk,)
        return (
            Button(_("Cheque bounced"), "payments:cheque_bounce", key, right=BOUNCE, icon="x", danger=True),
            Button(_("Paid by the bank"), "payments:cheque_clear", key, right=CLEAR, icon="check", primary=True),
        )


class ClearForm(forms.Form):
    """On which day the bank paid."""

    cleared_on = forms.DateField(label=_("Paid on"), widget=forms.DateInput(attrs={"type": "date"}))


class _Decision(FormPage):
    """One word of the bank about a cheque."""

    @cached_property
    def cheque(self) -> Cheque:
        """The cheque, or 404."""
        return _cheque(self.request, self.right or "", self.kwargs["pk"])

    @property
    def intro(self) -> Any:
        """Which cheque."""
        text = _now("%(cheque)s, %(amount)s yuan, account %(account)s.")
        one = self.cheque
        return text % {"cheque": one, "amount": yuan(one.amount_fen), "account": one.account.account_no}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The cheque above."""
        return [(str(self.cheque), reverse("payments:cheque_detail", args=[self.cheque.pk]))]

    def success(self, result: Any) -> str:
        """Back to the cheque."""
        return reverse("payments:cheque_detail", args=[self.cheque.pk])


class ChequeClear(_Decision):
    """The bank has paid."""

    title = _("Paid by the bank")
    right = CLEAR
    form_class = ClearForm
    submit_label = _("Record as paid")

    def initial(self) -> dict[str, Any]:
        """Today most often."""
        return {"cleared_on": local_today(), **super().initial()}

    def action_call(self, form: Any, request: SignedRequest) -> Cheque:
        """Record it."""
        day = form.cleaned_data["cleared_on"]
        return clear_cheque(cheque=self.cheque, cleared_on=day, by=request.user)


class ChequeBounce(_Decision):
    """The bank has refused."""

    title = _("Cheque bounced")
    right = BOUNCE
    form_class = ReasonForm
    submit_label = _("Reverse the payment")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Payment:
        """Reverse its payment."""
        return bounce_cheque(cheque=self.cheque, reason=form.cleaned_data["reason"], by=request.user)
