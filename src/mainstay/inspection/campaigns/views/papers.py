"""Files of campaigns: record form and plan on paper, the record to edit, photos, labels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from mainstay.core.evidence.answers import download
from mainstay.inspection.campaigns import papers, queries
from mainstay.inspection.campaigns.models import Campaign, Inspection, Photo
from mainstay.inspection.campaigns.qr import label_svg
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import Page, SignedRequest

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def pdf(data: bytes, name: str) -> HttpResponse:
    """Answer with a PDF to look at."""
    response = HttpResponse(data, "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def docx(data: bytes, name: str) -> HttpResponse:
    """Answer with a Word document to keep."""
    response = HttpResponse(data, DOCX)
    response["Content-Disposition"] = f'attachment; filename="{name}.docx"'
    response["Cache-Control"] = "no-store"
    return response


class RecordPdf(Page):
    """The record form on paper."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the record."""
        rows = Inspection.objects.filter(assignment__campaign__in=Campaign.objects.visible_to(self.request.user))
        one = get_object_or_404(
            rows.select_related("assignment__target__unit", "assignment__campaign"), pk=kwargs["pk"]
        )
        return self.answer(one)

    def answer(self, one: Inspection) -> HttpResponseBase:
        """Give the PDF."""
        return pdf(render_pdf("inspection_record", papers.record_data(one)), f"record-{one.pk}")


class PlanPdf(Page):
    """The plan document of a campaign."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF."""
        one = get_object_or_404(Campaign.objects.visible_to(self.request.user), pk=kwargs["pk"])
        return pdf(render_pdf("campaign_plan", papers.plan_data(one)), f"plan-{one.code}")


class PhotoFile(Page):
    """A photo as a file."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the file."""
        seen = Campaign.objects.visible_to(self.request.user)
        rows = Photo.objects.filter(inspection__assignment__campaign__in=seen).exclude(attachment=None)
        return download(get_object_or_404(rows.select_related("attachment__file"), pk=kwargs["pk"]).attachment)  # type: ignore[arg-type]


class RecordDocx(RecordPdf):
    """The record form as a Word document, to be edited."""

    def answer(self, one: Inspection) -> HttpResponseBase:
        """Give the document."""
        # brings the library for Word, which few processes need
        from mainstay.inspection.campaigns.papers_docx import record_docx

        return docx(record_docx(papers.record_data(one)), f"record-{one.pk}")


class TargetLabel(Page):
    """The QR label of a target, to print."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the picture."""
        one = get_object_or_404(queries.targets_visible_to(self.request.user), pk=kwargs["pk"])
        return HttpResponse(label_svg(one), "image/svg+xml")
