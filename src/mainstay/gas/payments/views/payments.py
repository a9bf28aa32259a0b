"""Payments: list, detail, receipt, reversal, refund, statement of account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.payments import papers, queries
from mainstay.gas.payments.actions import refund_advance, reverse_payment
from mainstay.gas.payments.filters import PaymentFilter
from mainstay.gas.payments.forms import ReasonForm, RefundForm
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.tables import KIND_HUES, PaymentTable, channel_name
from mainstay.kit.money import yuan
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, ListPage, Page, Section, SignedRequest, act_on

REVERSE = "gas.payments.reverse_payment"
REFUND = "gas.payments.refund_advance"
ON_FORM, AGAIN = "gas.payments.print_on_form", "gas.payments.reprint_on_form"


class PaymentList(ListPage):
    """Payments of a business day."""

    title = _("Payments")
    right = queries.VIEW
    table_class = PaymentTable
    filterset_class = PaymentFilter
    search_placeholder = _("Receipt number or account number")
    count_limit = 1_000

    def queryset(self) -> Any:
        """Payments of the user's branches."""
        return queries.payments_visible_to(self.request.user)


class PaymentDetail(DetailPage):
    """One payment: what it paid, its receipt, whether it was reversed."""

    right = queries.VIEW

    @cached_property
    def subject(self) -> Payment:
        """The payment, or 404."""
        return _payment(self.request, queries.VIEW, self.kwargs)

    @cached_property
    def reversal(self) -> Payment | None:
        """The payment that reversed it."""
        return queries.reversal_of(self.subject)

    def get_title(self) -> Any:
        """Receipt number, else its own."""
        return self.subject.receipt_no or str(self.subject)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Payments"), reverse("payments:payment_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its kind, or that it was reversed."""
        if self.reversal:
            return _("reversed"), "red"
        return self.subject.get_kind_display(), KIND_HUES[Payment.Kind(self.subject.kind)]

    def facts(self) -> list[Fact]:
        """Who, how much, how, when."""
        payment = self.subject
        found = [
            Fact(_("account number"), payment.account.account_no, "code", copy=True),
            Fact(_("customer"), payment.account.customer.shown_name),
            Fact(_("amount"), payment.amount_fen, "money"),
            Fact(_("to advance"), payment.advance_fen, "money"),
            Fact(_("received"), payment.received_fen, "money"),
            Fact(_("tender"), payment.get_tender_display()),
            Fact(_("business date"), payment.business_on, "date"),
            Fact(_("channel"), f"{channel_name(payment.channel)} {payment.serial}", "code"),
            Fact(_("by"), payment.by),
            Fact(_("time"), payment.at, "instant"),
        ]
        if payment.reason:
            found.append(Fact(_("reason"), payment.reason))
        other = self.reversal or (payment.refers_no and payment)
        if other:
            number = other.payment_no if self.reversal else payment.refers_no
            url = reverse("payments:payment_detail", args=[payment.account_id, number])
            label = _("reversed by") if self.reversal else _("reverses")
            found.append(Fact(label, f"{payment.account.account_no}-P{number}", "code", href=url))
        return found

    def get_actions(self) -> list[Button]:
        """Print the receipt; reverse it while that is possible."""
        key = (self.subject.account_id, self.subject.payment_no)
        found = []
        if self.subject.receipt_no:
            found.append(
                Button(
                    _("Print receipt"), "payments:receipt", key, icon="printer", key="F9", new_tab=True, primary=True
                )
            )
            if self.subject.shift and self.subject.shift.till.layout:
                found += [
                    Button(_("Receipt on a form"), "payments:form_receipt", key, right=ON_FORM, icon="file-text",
                           new_tab=True),
                    Button(_("Reprint on a new form"), "payments:form_reprint", key, right=AGAIN, icon="refresh"),
                ]  # fmt: skip
        if self.subject.kind == Payment.Kind.PAYMENT and not self.reversal:
            found.append(
                Button(
                    _("Reverse payment"), "payments:payment_reverse", key, right=REVERSE, icon="receipt-refund",
                    danger=True,
                )
            )  # fmt: skip
        return found

    def sections(self) -> list[Section]:
        """Which bills it went to."""
        rows = [
            {"period": row.period, "seq": row.seq, "amount_fen": row.amount_fen}
            for row in queries.allocations_of(self.subject)
        ]
        context = {"rows": rows, "advance_fen": self.subject.advance_fen}
        return [Section(_("Where it went"), template="payments/allocations.html", context=context)]

    def log(self) -> Any:
        """Operation log of the payment."""
        return super().log()


def _payment(request: SignedRequest, right: str, kwargs: dict[str, Any]) -> Payment:
    rows = queries.payments_visible_to(request.user, right)
    return get_object_or_404(rows, account_id=kwargs["account"], payment_no=kwargs["number"])


class Receipt(Page):
    """The receipt of a payment as PDF: issued when it is first printed."""

    right = "core.documents.print_document"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Issue it where needed and lead to the PDF."""
        payment = _payment(request, queries.VIEW, kwargs)
        document = papers.receipt_of(payment, by=request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[document.pk]))


class PaymentReverse(FormPage):
    """Reverse a payment, with a reason."""

    title = _("Reverse payment")
    right = REVERSE
    form_class = ReasonForm
    submit_label = _("Reverse payment")
    danger = True

    @cached_property
    def payment(self) -> Payment:
        """The payment, or 404."""
        return _payment(self.request, REVERSE, self.kwargs)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The payment above."""
        return [(self.payment.receipt_no or str(self.payment), reverse("payments:payment_detail", args=self._key))]

    @property
    def _key(self) -> list[int]:
        return [self.payment.account_id, self.payment.payment_no]

    @property
    def intro(self) -> Any:
        """What will happen."""
        text = _("%(amount)s yuan of account %(account)s go back; the bills it paid are open again.")
        return text % {"amount": yuan(self.payment.amount_fen), "account": self.payment.account.account_no}

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for the reason."""
        return super().get(request, *args, **kwargs) if self.payment else HttpResponse(status=404)

    def action_call(self, form: Any, request: SignedRequest) -> Payment:
        """Reverse it."""
        return reverse_payment(payment=self.payment, reason=form.cleaned_data["reason"], by=request.user)


def _account(request: SignedRequest, right: str, pk: int) -> Account:
    rows = Account.objects.visible_to(request.user, right).select_related("customer", "unit")
    return get_object_or_404(rows, pk=pk)


class AdvanceRefund(FormPage):
    """Pay advance back."""

    title = _("Refund advance")
    right = REFUND
    form_class = RefundForm
    submit_label = _("Refund advance")
    danger = True

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return _account(self.request, REFUND, self.kwargs["account"])

    def get_title(self) -> Any:
        """Whose."""
        return act_on(self.title, self.account.with_name)

    @property
    def intro(self) -> Any:
        """How much there is."""
        text = _("Account %(account)s has an advance of %(advance)s yuan.")
        return text % {"account": self.account.account_no, "advance": yuan(self.advance_fen)}

    @cached_property
    def advance_fen(self) -> int:
        """What can be paid back, in fen."""
        return queries.advance_fen(self.account.pk)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Below the account's payments."""
        page = reverse("customers:account_detail", args=[self.account.pk])
        return [(self.account.account_no, f"{page}?section=payments")]

    def form_kwargs(self) -> dict[str, Any]:
        """Not more than there is."""
        return {"most_fen": self.advance_fen}

    def initial(self) -> dict[str, Any]:
        """All of it, as nearly always."""
        return {"amount": yuan(self.advance_fen, thousands=False)} if self.advance_fen > 0 else {}

    def action_call(self, form: Any, request: SignedRequest) -> Payment:
        """Pay it back."""
        given = form.cleaned_data
        return refund_advance(
            account=self.account,
            amount_fen=given["amount"],
            tender=given["tender"],
            serial=self.once,
            reason=given["reason"],
            by=request.user,
        )


class AccountPayments(Page):
    """The tab "payments" of an account's page."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Due, advance, the newest payments."""
        account = _account(request, queries.VIEW, kwargs["account"])
        due = queries.due_items(account)
        return self.page(
            "payments/account_tab.html",
            account=account,
            due_fen=sum(one.open_fen for one in due),
            advance_fen=queries.advance_fen(account.pk),
            payments=queries.last_payments(account.pk),
        )
