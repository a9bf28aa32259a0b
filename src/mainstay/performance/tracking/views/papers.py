"""Papers of tracking as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from mainstay.kit.pdf import render_pdf
from mainstay.performance.tracking import papers, queries
from mainstay.web.pages import Page


def pdf(template: str, data: dict[str, Any], name: str) -> HttpResponse:
    """Answer with a paper."""
    response = HttpResponse(render_pdf(template, data), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


class MinutesPdf(Page):
    """The minutes of a session."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give the PDF to those who may see the session."""
        session = get_object_or_404(queries.sessions_for(self.request.user), pk=kwargs["pk"])
        return pdf("minutes", papers.minutes_data(session, self.request.user), f"minutes-{session.pk}")
