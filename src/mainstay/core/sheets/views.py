"""Pages of imports: upload, preview, errors back in the same sheet, commit."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.evidence.answers import download
from mainstay.core.sheets import actions, forms
from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.queries import imports_visible_to
from mainstay.core.sheets.registry import ImportKind, import_kind, import_kinds
from mainstay.core.sheets.tables import HUES, ImportTable
from mainstay.kit.errors import Problem
from mainstay.kit.sheets import write_errors, write_template
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportList(ListPage):
    """Sheets that came in."""

    title = _("Sheet imports")
    table_class = ImportTable
    export = False
    first_use = FirstUse(_("No sheet was imported yet"), _("Upload a sheet; you see every error before it counts."))

    def queryset(self) -> Any:
        """Those within reach."""
        return imports_visible_to(self.request.user)

    def get_actions(self) -> Sequence[Button]:
        """One button for each kind."""
        return [
            Button(kind.title, "sheets:import_upload", (kind.kind,), kind.right, "upload") for kind in import_kinds()
        ]


class _OfKind(Page):
    """A page about one kind of sheet."""

    @cached_property
    def kind(self) -> ImportKind:
        """Return the kind, or 404."""
        try:
            return import_kind(self.kwargs["kind"])
        except Problem:
            raise Http404 from None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The right is that of the kind."""
        self.right = self.kind.right
        return super().dispatch(request, *args, **kwargs)


class Upload(_OfKind, FormPage):
    """Upload a sheet."""

    form_class = forms.UploadForm
    submit_label = _("Check the sheet")

    def get_title(self) -> Any:
        """Name the kind."""
        return _("Import: %(kind)s") % {"kind": self.kind.title}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Sheet imports"), reverse("sheets:import_list"))]

    def get_actions(self) -> Sequence[Button]:
        """The empty sheet to fill in."""
        return [Button(_("Template"), "sheets:import_template", (self.kind.kind,), self.kind.right, "download")]

    @property
    def intro(self) -> Any:
        """What the sheet must hold."""
        return self.kind.hint

    def form_kwargs(self) -> dict[str, Any]:
        """The options of the kind."""
        return {"options": self.kind.options_form}

    def initial(self) -> dict[str, Any]:
        """Options may stand in the address."""
        return {name: value for name, value in self.request.GET.items() if name in self.kind.options_form.base_fields}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Check."""
        file = form.cleaned_data["file"]
        return actions.check_sheet(
            kind=self.kind.kind, file=file.file, name=file.name, options=form.options(), by=self.request.user
        )

    def success(self, result: Any) -> str:
        """To the preview."""
        return reverse("sheets:import_detail", args=[result.pk])


class Template(_OfKind):
    """An empty sheet."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the file."""
        buffer = io.BytesIO()
        write_template(buffer, self.kind.title, self.kind.columns)
        return _file(buffer, f"{self.kind.title}.xlsx")


class ImportDetail(DetailPage):
    """The preview of a checked sheet, or what became of it."""

    def queryset(self) -> Any:
        """Those within reach."""
        return imports_visible_to(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Sheet imports"), reverse("sheets:import_list"))]

    def badge(self) -> tuple[Any, str] | None:
        """State."""
        return self.subject.get_state_display(), HUES[self.subject.state]

    def facts(self) -> Sequence[Fact]:
        """Counts."""
        one = self.subject
        return [
            Fact(_("Kind"), import_kind(one.kind).title),
            Fact(_("Rows"), one.rows),
            Fact(_("New"), one.new_rows),
            Fact(_("Already there"), one.preview.get("already", 0)),
            *([Fact(_("Nothing to import"), skipped)] if (skipped := one.preview.get("skipped", 0)) else []),
            Fact(_("With errors"), one.bad_rows),
            Fact(_("Checked at"), one.checked_at, "instant"),
            Fact(_("By"), one.by),
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What to do next."""
        one = self.subject
        if one.state == SheetImport.State.CHECKED and one.bad_rows:
            text = _("%(count)s rows have errors. Nothing has been imported yet: download the errors and correct them.")
            return [("amber", text % {"count": one.bad_rows})]
        if one.state == SheetImport.State.CHECKED:
            return [("blue", _("Every row is in order. Nothing has been imported yet."))]
        return []

    def get_actions(self) -> Sequence[Button]:
        """Import, discard, errors, the file as it came."""
        one, right = self.subject, import_kind(self.subject.kind).right
        buttons = []
        if one.state == SheetImport.State.CHECKED:
            if good := one.rows - one.bad_rows - one.preview.get("skipped", 0):
                label = _("Import %(count)s rows") % {"count": good}
                buttons.append(Button(label, "sheets:import_commit", (one.pk,), right, "check", primary=True))
            buttons.append(Button(_("Discard"), "sheets:import_discard", (one.pk,), right, method="post"))
        if one.bad_rows and one.state == SheetImport.State.CHECKED:
            buttons.append(Button(_("Download errors"), "sheets:import_errors", (one.pk,), right, "download"))
        buttons.append(Button(_("Original file"), "sheets:import_source", (one.pk,), right, "paperclip"))
        return buttons

    def sections(self) -> Sequence[Section]:
        """The first rows."""
        return [Section(_("Preview"), template="sheets/preview.html", context={"preview": self.subject.preview})]


class _OfImport(Page):
    """A page about one import."""

    @cached_property
    def found(self) -> SheetImport:
        """Return the import, or 404."""
        return get_object_or_404(imports_visible_to(self.request.user), pk=self.kwargs["pk"])


class ImportErrors(_OfImport):
    """The sheet back with its errors."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the file."""
        sheet, checked = actions.read_again(self.found, self.request.user)
        buffer = io.BytesIO()
        write_errors(sheet, buffer, checked.errors)
        stem = self.found.source.name.rpartition(".")[0] or self.found.source.name
        return _file(buffer, f"{stem}-{_('errors')}.xlsx")


class ImportSource(_OfImport):
    """The file as it came."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the file."""
        return download(self.found.source)


class ImportCommit(_OfImport, FormPage):
    """Import a checked sheet."""

    title = _("Import the sheet")
    form_class = forms.CommitForm
    submit_label = _("Import")

    def make_form(self, bound: bool) -> Any:
        """Without errors there is nothing to leave out."""
        form = super().make_form(bound)
        if not self.found.bad_rows:
            del form.fields["skip_bad"]
        return form

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Only with the right."""
        right = import_kind(self.found.kind).right
        if not rights.allowed(self.request.user, right):
            raise Http404
        return super().get(request, *args, **kwargs)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the import."""
        return [(str(self.found), reverse("sheets:import_detail", args=[self.found.pk]))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Import."""
        skip_bad = bool(form.cleaned_data.get("skip_bad"))
        return actions.commit_sheet(sheet_import=self.found, skip_bad=skip_bad, by=self.request.user)

    success_message = _("The sheet was imported.")

    def success(self, result: Any) -> str:
        """Back to the import."""
        return reverse("sheets:import_detail", args=[result.pk])


class ImportDiscard(_OfImport):
    """Discard a checked sheet."""

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Discard and go back to the list."""
        actions.discard_sheet(sheet_import=self.found, by=self.request.user)
        response = HttpResponse(status=302)
        response["Location"] = reverse("sheets:import_list")
        return response


def _file(buffer: io.BytesIO, name: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
