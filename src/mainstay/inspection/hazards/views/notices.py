"""Rectification notices: the list, one with its hazards and papers, issuing, serving, voiding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns.views.papers import docx, pdf
from mainstay.inspection.hazards import actions, forms, papers, queries
from mainstay.inspection.hazards.filters import NoticeFilter
from mainstay.inspection.hazards.models import Notice
from mainstay.inspection.hazards.states import NOTICE
from mainstay.inspection.hazards.tables import HazardTable, NoticeTable
from mainstay.inspection.hazards.views.hazards import PRE, HazardPage
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest

LIST = "hazards:notice_list"

PAPERS = (
    ("notice", _("Notice on paper")),
    ("receipt", _("Receipt of rectification")),
    ("recheck", _("Recheck opinion")),
)


class NoticeList(ListPage):
    """All notices a person sees."""

    title = _("Rectification notices")
    right = queries.VIEW
    table_class = NoticeTable
    filterset_class = NoticeFilter
    search_fields = ("number", "target__name")
    count_limit = 1_000
    first_use = FirstUse(
        _("No notices yet"), _("A notice is issued on the spot with the phone, or from a hazard's page.")
    )

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.notices_visible_to(self.request.user).order_by("-pk")


class NoticeDetail(DetailPage):
    """One notice: its hazards, its proof of service, its papers."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.notices_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its number."""
        return _("Rectification notice %(number)s") % {"number": self.subject.number}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Rectification notices"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = NOTICE.state(self.subject.state)
        return state.title, state.hue

    def get_actions(self) -> Sequence[Button]:
        """Print, serve, void."""
        pk, state = (self.subject.pk,), self.subject.state
        found = [
            Button(_("Notice on paper"), "hazards:notice_pdf", (*pk, "notice"), queries.VIEW, "printer", new_tab=True),
        ]
        if state == Notice.State.ISSUED:
            found.insert(0, Button(_("Note service"), "hazards:serve", pk, PRE + "serve_notice", "check", primary=True))
        if state != Notice.State.VOID:
            found.append(Button(_("Void notice"), "hazards:notice_void", pk, PRE + "void_notice", danger=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Inspection target"), one.target, href=one.target.get_absolute_url()),
            Fact(_("Responsible unit"), one.unit),
            Fact(_("Campaign"), one.campaign, href=one.campaign.get_absolute_url()),
            Fact(_("Deadline"), one.deadline_on, "date"),
            Fact(_("Issued by"), one.issued_by),
            Fact(_("Issued at"), one.issued_at, "instant"),
            Fact(_("Served"), one.get_served_display() if one.served else "–"),
            Fact(_("Received by"), one.received_by),
            Fact(_("Refused; witness"), one.witness if one.receipt_refused else ""),
        ]

    def sections(self) -> Sequence[Section]:
        """Its hazards, and its papers to print and to edit."""
        rows = self.subject.hazards.select_related("target", "unit").order_by("item_code")
        context = {"notice": self.subject, "papers": PAPERS}
        return [
            Section(_("Hazards"), table=HazardTable(rows)),
            Section(_("Papers"), template="hazards/papers.html", context=context, key="papers"),
        ]


class NoticeIssue(HazardPage):
    """A notice from a hazard's page."""

    title = _("Issue notice")
    right = PRE + "issue_notice"
    form_class = forms.NoticeForm
    submit_label = _("Issue notice")

    def form_kwargs(self) -> dict[str, Any]:
        """All hazards of the target may go into it."""
        return {"hazard": self.hazard}

    def initial(self) -> dict[str, Any]:
        """This hazard, its own deadline."""
        return {"hazards": [self.hazard.pk], "deadline_on": self.hazard.deadline_on}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Issue it."""
        data = form.cleaned_data
        return actions.issue_notice(
            hazards=list(data["hazards"]),
            deadline_on=data["deadline_on"],
            measures=data["measures"],
            by=self.request.user,
        )

    def success(self, result: Any) -> Any:
        """To the notice."""
        return result.get_absolute_url()


class NoticePage(FormPage):
    """A form about one notice."""

    @cached_property
    def notice(self) -> Notice:
        """The notice, or 404."""
        return get_object_or_404(queries.notices_visible_to(self.request.user, self.right or ""), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which notice."""
        return f"{self.title}: {self.notice}"

    def success(self, result: Any) -> Any:
        """Back to the notice."""
        return self.notice.get_absolute_url()


class Serve(NoticePage):
    """Proof of service."""

    title = _("Note service")
    right = PRE + "serve_notice"
    form_class = forms.ServeForm
    submit_label = _("Save service")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.serve_notice(notice=self.notice, **form.cleaned_data, by=self.request.user)


class NoticeVoid(NoticePage):
    """Void it."""

    title = _("Void notice")
    right = PRE + "void_notice"
    form_class = forms.ReasonForm
    submit_label = _("Void notice")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Void."""
        return actions.void_notice(notice=self.notice, **form.cleaned_data, by=self.request.user)


class NoticePdf(Page):
    """The papers of a notice: itself as it was issued, the receipt and the recheck opinion as they stand."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF."""
        one = get_object_or_404(queries.notices_visible_to(self.request.user), pk=kwargs["pk"])
        if kwargs["paper"] == "receipt":
            return pdf(render_pdf("rectification_receipt", papers.receipt_data(one)), f"receipt-{one.number}")
        if kwargs["paper"] == "recheck":
            return pdf(render_pdf("recheck_opinion", papers.recheck_data(one)), f"recheck-{one.number}")
        shown = {"void": one.state == Notice.State.VOID, "signature": papers.receiver_signature(one)}
        data = {**one.document.data, **shown}  # type: ignore[union-attr]
        return pdf(render_pdf("rectification_notice", data), f"notice-{one.number}")


class NoticeByNumber(Page):
    """The paper of a notice by its number: what a phone knows of the one it issued."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the PDF."""
        one = get_object_or_404(queries.notices_visible_to(self.request.user), number=kwargs["number"])
        return redirect("hazards:notice_pdf", one.pk, "notice")


class NoticeDocx(Page):
    """The papers of a notice as Word documents, to be edited."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the document."""
        # brings the library for Word, which few processes need
        from mainstay.inspection.hazards import papers_docx

        one = get_object_or_404(queries.notices_visible_to(self.request.user), pk=kwargs["pk"])
        if kwargs["paper"] == "receipt":
            return docx(papers_docx.receipt_docx(papers.receipt_data(one)), f"receipt-{one.number}")
        if kwargs["paper"] == "recheck":
            return docx(papers_docx.recheck_docx(papers.recheck_data(one)), f"recheck-{one.number}")
        return docx(papers_docx.notice_docx(one.document.data), f"notice-{one.number}")  # type: ignore[union-attr]
