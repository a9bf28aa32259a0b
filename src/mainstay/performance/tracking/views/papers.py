"""Papers of tracking as PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from mainstay.kit.pdf import render_pdf
from mainstay.performance.tracking import papers, queries
from mainstay.performance.tracking.models import Action
from mainstay.web.pages import Page, SignedRequest


def pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    """Answer with a paper."""
    response = HttpResponse(render_pdf(template, data), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


class MinutesPdf(Page):
    """The minutes of a session."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the PDF to those who may see the session."""
        session = get_object_or_404(queries.sessions_for(self.request.user), pk=kwargs["pk"])
        return pdf("minutes", papers.minutes_data(session, self.request.user), f"minutes-{session.pk}")


class ImprovementPdf(Page):
    """The improvement plan of a person: where results are behind, and the actions agreed on."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the PDF to those who may see the actions."""
        rows = queries.actions_for(self.request.user).filter(owner=kwargs["person"], kind=Action.Kind.IMPROVEMENT)
        tasks = list(rows.order_by("due_on"))
        if not tasks:
            raise Http404
        return pdf("improvement", papers.improvement_data(tasks, self.request.user), f"improvement-{kwargs['person']}")
