"""The deposit of an account: taken, used, paid back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import refund_deposit, take_deposit, use_deposit
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.queries import VIEW, advance_fen, deposit_fen, due_items
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan, yuan
from mainstay.web.pages import FormPage, SignedRequest

ACTS = (("take", _("take a deposit")), ("use", _("use it for bills")), ("refund", _("pay it back")))


class DepositForm(forms.Form):
    """What is done, how much, by which way of paying, and why."""

    act = forms.ChoiceField(label=_("Act"), choices=ACTS, widget=forms.RadioSelect)
    amount = forms.CharField(
        label=_("Amount (yuan)"), max_length=24, widget=forms.TextInput({"inputmode": "decimal", "class": "ms-num"})
    )
    tender = forms.TypedChoiceField(
        label=_("Way of paying"), choices=Payment.desk_tenders, coerce=int,
        help_text=_("For taking and paying back; using it for bills moves no money."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def clean_amount(self) -> int:
        """Fen."""
        try:
            return parse_yuan(self.cleaned_data["amount"])
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from problem


class Deposit(FormPage):
    """One page for the three acts: each is checked by its own right."""

    title = _("Deposit")
    right = VIEW
    form_class = DepositForm
    submit_label = _("Book deposit")

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, VIEW).select_related("customer")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def intro(self) -> Any:
        """What there is and what is owed."""
        owed = sum(one.open_fen for one in due_items(self.account))
        text = _("In deposit: %(held)s yuan. Owed: %(owed)s yuan. Advance: %(advance)s yuan.")
        held, advance = deposit_fen(self.account.pk), advance_fen(self.account.pk)
        return text % {"held": yuan(held), "owed": yuan(owed), "advance": yuan(advance)}

    def get_title(self) -> Any:
        """Whose."""
        return _("Deposit of account %(number)s") % {"number": self.account.with_name}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, self.account.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        """All that is held, where something is held."""
        held = deposit_fen(self.account.pk)
        return {"act": "refund" if held else "take", "amount": yuan(held).replace(",", "") if held else ""}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Take, use or pay back."""
        data, by = form.cleaned_data, self.request.user
        if data["act"] == "use":
            return use_deposit(account=self.account, amount_fen=data["amount"], reason=data["reason"], by=by)
        facts = {"amount_fen": data["amount"], "tender": data["tender"], "serial": self.once}
        if data["act"] == "take":
            return take_deposit(account=self.account, **facts, by=by)
        return refund_deposit(account=self.account, **facts, reason=data["reason"], by=by)

    def success(self, result: Any) -> str:
        """Back to the payments of the account, where the receipt is."""
        return f"{self.account.get_absolute_url()}?section=payments"
