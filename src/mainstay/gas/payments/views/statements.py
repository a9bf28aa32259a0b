"""Statements of account (对账单): of an account, or of a customer with all accounts, for any days, also as PDF."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.queries import VIEW_STATEMENT, StatementRow, account_statement
from mainstay.gas.payments import papers
from mainstay.kit.dates import local_today, parse_date
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import Page, SignedRequest

MOST_ACCOUNTS = 200
Rows = list[tuple[Account, StatementRow]]


class Statement(Page):
    """Bills, payments and settlements with the balance after each; `from` and `until` narrow the days."""

    title = _("Statement of account")
    right = VIEW_STATEMENT
    template_name = "payments/statement.html"

    def accounts(self) -> list[Account]:
        """The accounts it is about, within reach; 404 when there is none."""
        return self.within(pk=self.kwargs["account"])

    def within(self, **narrowed: Any) -> list[Account]:
        """Accounts the reader may see statements of."""
        rows = Account.objects.visible_to(self.request.user, VIEW_STATEMENT)
        found = list(rows.select_related("customer", "unit").filter(**narrowed).order_by("account_no")[:MOST_ACCOUNTS])
        if not found:
            raise Http404
        return found

    def span(self) -> tuple[dt.date | None, dt.date]:
        """The days asked for; without a first day from the beginning."""
        first, last = self.request.GET.get("from", ""), self.request.GET.get("until", "")
        from_on = parse_date(first) if first else None
        until_on = parse_date(last) if last else local_today()
        if from_on and from_on > until_on:
            raise Problem(_("The first day must not be after the last."), field="from", code="span")
        return from_on, until_on

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it, or give the PDF."""
        accounts, (from_on, until_on) = self.accounts(), self.span()
        rows: Rows = [
            (one, row) for one in accounts for row in account_statement(one.pk, from_on=from_on, until_on=until_on)
        ]
        closing = sum({one.pk: row.balance_fen for one, row in rows}.values())
        if request.GET.get("format") == "pdf":
            data = papers.statement_data(accounts, rows, (from_on, until_on), closing, request.user)
            response = HttpResponse(render_pdf("listing", data), "application/pdf")
            response["Content-Disposition"] = f'inline; filename="statement-{accounts[0].account_no}.pdf"'
            return response
        facts: dict[str, Any] = {
            "accounts": accounts,
            "account": accounts[0],
            "several": len(accounts) > 1,
            "closing": closing,
        }
        return self.page(rows=rows, first=from_on, last=until_on, name=accounts[0].customer.shown_name, **facts)


class CustomerStatement(Statement):
    """The same for a customer: all accounts together."""

    def accounts(self) -> list[Account]:
        """Every account of the customer within reach."""
        return self.within(customer=self.kwargs["customer"])
