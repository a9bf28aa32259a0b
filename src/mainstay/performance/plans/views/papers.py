"""Papers of plans as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from mainstay.kit.pdf import render_pdf
from mainstay.performance.plans import papers, queries
from mainstay.performance.plans.queries_budget import VIEW_CHARTER
from mainstay.performance.plans.views.budgets import _charters
from mainstay.web.pages import Page, SignedRequest


def pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    """Answer with a paper."""
    response = HttpResponse(render_pdf(template, data), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


class ContractPdf(Page):
    """A contract, to be signed on paper or kept."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the PDF to those who may see the contract."""
        contract = get_object_or_404(queries.contracts_for(self.request.user), pk=kwargs["pk"])
        return pdf("performance_contract", papers.contract_data(contract, self.request.user), contract.number)


class CharterPdf(Page):
    """The charter of a year."""

    right = VIEW_CHARTER

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the PDF to those who may see it."""
        charter = get_object_or_404(_charters(self.request.user, VIEW_CHARTER), pk=kwargs["pk"])
        return pdf("charter", papers.charter_data(charter, self.request.user), f"charter-{charter.period}")
