"""Pages of papers: list, detail, the PDF."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents import queries
from mainstay.core.documents.actions import print_document, void_document
from mainstay.core.documents.models import Document
from mainstay.core.documents.papers import kind_name
from mainstay.core.documents.tables import HUES, DocumentTable
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, SignedRequest


class DocumentFilter(filters.FilterSet):
    """Filters of the list; numbers are searched from their beginning, by index."""

    q = filters.CharFilter(field_name="number", lookup_expr="startswith", label=_("number"))
    state = filters.ChoiceFilter(choices=Document.State.choices, label=_("state"))

    class Meta:
        model = Document
        fields = ("state",)


class DocumentList(ListPage):
    """Papers that were issued."""

    title = _("Documents")
    right = queries.VIEW
    table_class = DocumentTable
    filterset_class = DocumentFilter
    search_placeholder = _("Number")
    first_use = FirstUse(_("No documents yet"), _("Receipts and other papers appear here when they are first printed."))

    def queryset(self) -> Any:
        """Papers of the user's units."""
        return queries.visible_to(self.request.user)


class DocumentDetail(DetailPage):
    """One paper: what it is about, how often it was printed, whether it is void."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Papers of the user's units."""
        return queries.visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its number."""
        return self.subject.number

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Documents"), reverse("documents:document_list"))]

    def badge(self) -> tuple[Any, str]:
        """Issued or void."""
        return self.subject.get_state_display(), HUES[self.subject.state]

    def facts(self) -> list[Fact]:
        """What is known of it."""
        found = [
            Fact(_("kind"), kind_name(self.subject.kind)),
            Fact(_("issued by"), self.subject.issued_by),
            Fact(_("issued at"), self.subject.issued_at, "instant"),
            Fact(_("times printed"), self.subject.prints),
        ]
        return [*found, Fact(_("reason for voiding"), self.subject.void_reason)] if self.subject.void_reason else found

    def get_actions(self) -> list[Button]:
        """Print it, or void it."""
        found = [
            Button(
                _("Print"), "documents:document_pdf", (self.subject.pk,), right=queries.PRINT, icon="printer",
                primary=True, new_tab=True,
            )
        ]  # fmt: skip
        if self.subject.state == Document.State.ISSUED:
            right = "core.documents.void_document"
            found.append(
                Button(_("Void document"), "documents:document_void", (self.subject.pk,), right=right, danger=True)
            )
        return found


class VoidForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class DocumentVoid(FormPage):
    """Void a paper, with a reason."""

    title = _("Void document")
    right = "core.documents.void_document"
    form_class = VoidForm
    submit_label = _("Void document")
    danger = True

    @cached_property
    def document(self) -> Document:
        """The paper, or 404."""
        return _document(self.request, self.right or "", self.kwargs["pk"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask for the reason."""
        self.intro = self.document.number
        return super().get(request, *args, **kwargs)

    def action_call(self, form: Any, request: SignedRequest) -> Document:
        """Void it."""
        return void_document(document=self.document, reason=form.cleaned_data["reason"], by=request.user)

    def success(self, result: Document) -> str:
        """Back to the paper."""
        return reverse("documents:document_detail", args=[result.pk])


class DocumentPdf(Page):
    """The paper as PDF; each time counts as a print, and from the second on it says so."""

    right = queries.PRINT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Count the print and give the PDF."""
        document = _document(request, queries.PRINT, kwargs["pk"])
        prints = print_document(document=document, by=request.user)
        marks = {"number": document.number, "reprint": prints > 1, "void": document.state == Document.State.VOID}
        response = HttpResponse(render_pdf(document.template, {**document.data, **marks}), "application/pdf")
        response["Content-Disposition"] = f'inline; filename="{document.kind}-{document.number}.pdf"'
        response["Cache-Control"] = "no-store"
        return response


def _document(request: SignedRequest, right: str, pk: int) -> Document:
    return get_object_or_404(queries.visible_to(request.user, right), pk=pk)
