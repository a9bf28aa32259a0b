"""Checklists: the list, one with its versions, one version, its editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.forms import BaseForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.inspection.checklists import actions, forms, queries, xlsform
from mainstay.inspection.checklists.models import Checklist, ChecklistVersion
from mainstay.inspection.checklists.states import VERSION
from mainstay.inspection.checklists.tables import ChecklistTable, ItemTable, VersionTable
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
    steps_of,
)

LIST = "checklists:checklist_list"
EDIT = "inspection.checklists.save_item"
IMPORT = "inspection.checklists.import_checklist"
CREATE = "inspection.checklists.create_checklist"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ChecklistList(ListPage):
    """All checklists."""

    title = _("Checklists")
    right = queries.VIEW
    table_class = ChecklistTable
    search_fields = ("code", "name_zh", "name_en")
    actions = (
        Button(_("Make checklist"), "checklists:checklist_create", (), CREATE, "plus", True),
        Button(_("Read XLSForm"), "checklists:checklist_import", (), IMPORT, "file-import"),
    )
    first_use = FirstUse(_("No checklists yet"), _("Make one, or read a form that another program wrote."))

    def queryset(self) -> Any:
        """All of them."""
        return queries.checklists()


class ChecklistDetail(DetailPage):
    """One checklist and its versions."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """All of them."""
        return queries.checklists()

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Checklists"), reverse(LIST))]

    def get_actions(self) -> Sequence[Button]:
        """The next version, or a form read into it."""
        pk = (self.subject.pk,)
        return [
            Button(
                _("Draft next version"), "checklists:version_draft", pk, "inspection.checklists.draft_version", "edit"
            ),
            Button(_("Read XLSForm"), "checklists:version_import", pk, IMPORT, "file-import"),
        ]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        return [Fact(_("Code"), self.subject.code, "code"), Fact(pgettext_lazy("thing", "Name"), self.subject.name)]

    def sections(self) -> Sequence[Section]:
        """The versions."""
        rows = self.subject.versions.annotate(item_count=Count("items")).order_by("-number")
        return [Section(_("Versions of the checklist"), table=VersionTable(rows))]


class VersionDetail(DetailPage):
    """One version with all its items; a draft is edited here."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """All of them."""
        return ChecklistVersion.objects.select_related("checklist", "published_by__person")

    def get_title(self) -> Any:
        """Name and version."""
        return _("%(name)s, version %(number)s") % {
            "name": self.subject.checklist.name, "number": self.subject.number,
        }  # fmt: skip

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the checklist."""
        return [
            (_("Checklists"), reverse(LIST)),
            (self.subject.checklist.name, self.subject.checklist.get_absolute_url()),
        ]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = VERSION.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a version."""
        return steps_of(VERSION.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        pk = (self.subject.pk,)
        export = Button(_("XLSForm"), "checklists:version_xlsform", pk, queries.VIEW, "download")
        if self.subject.state == ChecklistVersion.State.DRAFT:
            publish = "inspection.checklists.publish_version"
            return [
                Button(_("Publish checklist"), "checklists:version_publish", pk, publish, primary=True),
                Button(_("Add item"), "checklists:item_create", pk, EDIT, "plus"),
                Button(_("Add part"), "checklists:section_create", pk, "inspection.checklists.save_section", "plus"),
                Button(_("Scoring"), "checklists:version_change", pk, "inspection.checklists.edit_version", "edit"),
                export,
            ]
        withdraw = "inspection.checklists.withdraw_version"
        if self.subject.state == ChecklistVersion.State.PUBLISHED:
            return [export, Button(_("Withdraw checklist"), "checklists:version_withdraw", pk, withdraw, danger=True)]
        return [export]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        version = self.subject
        return [
            Fact(_("Code"), f"{version.checklist.code} · {version.number}", "code"),
            Fact(_("Scoring"), version.get_scoring_display()),
            Fact(_("Published at"), version.published_at, "instant"),
            Fact(_("Published by"), version.published_by),
            Fact(_("What is new"), version.note),
            Fact(_("Fingerprint"), version.digest[:16], "code"),
        ]

    def sections(self) -> Sequence[Section]:
        """A table for each part."""
        version = self.subject
        editable = version.state == ChecklistVersion.State.DRAFT and self.may(EDIT)
        items = list(version.items.order_by("order", "id"))
        found = []
        for section in version.sections.all():
            rows = [item for item in items if item.section_id == section.pk]
            change = Button(
                _("Change part"), "checklists:section_change", (version.pk, section.pk),
                "inspection.checklists.save_section", "edit",
            )  # fmt: skip
            title = f"{section.code} · {section.words}"
            buttons = (change,) if editable else ()
            found.append(Section(title, table=ItemTable(rows, editable=editable), count=len(rows), buttons=buttons))
        return found


class ChecklistCreate(FormPage):
    """A new checklist."""

    title = _("Make checklist")
    right = CREATE
    form_class = forms.NewChecklistForm
    submit_label = _("Make checklist")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Checklists"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Make it."""
        return actions.create_checklist(**form.cleaned_data, by=self.request.user)


class ChecklistImport(FormPage):
    """A form of another program as a new checklist, or as the next version of one."""

    title = _("Read XLSForm")
    right = IMPORT
    form_class = forms.FormFileForm
    submit_label = _("Read form")
    success_message = _("The form is read into a draft: look at it, then publish it.")
    intro = _("Nothing is in force before you publish the draft.")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Checklists"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Read it."""
        definition = xlsform.read_workbook(form.cleaned_data["file"])
        pk = self.kwargs.get("pk")
        checklist = get_object_or_404(Checklist, pk=pk) if pk else None
        return actions.import_checklist(definition=definition, checklist=checklist, by=self.request.user)


class VersionDraft(FormPage):
    """The next version as a copy."""

    title = _("Draft next version")
    right = "inspection.checklists.draft_version"
    form_class = forms.EmptyForm
    submit_label = _("Draft next version")
    intro = _("The newest version is copied; the one in force stays as it is until you publish.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Copy."""
        checklist = get_object_or_404(Checklist, pk=self.kwargs["pk"])
        return actions.draft_version(checklist=checklist, by=self.request.user)


class VersionPage(FormPage):
    """A form about one version."""

    form_class: type[BaseForm] = forms.EmptyForm

    @cached_property
    def version(self) -> ChecklistVersion:
        """The version, or 404."""
        return get_object_or_404(ChecklistVersion.objects.select_related("checklist"), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the version."""
        return [(_("Checklists"), reverse(LIST)), (str(self.version), self.version.get_absolute_url())]

    def success(self, result: Any) -> Any:
        """Back to the version."""
        return self.version.get_absolute_url()


class VersionChange(VersionPage):
    """How it is scored."""

    title = _("Scoring")
    right = "inspection.checklists.edit_version"
    form_class = forms.VersionForm
    submit_label = _("Save scoring")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"scoring": self.version.scoring, "note": self.version.note}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.edit_version(version=self.version, **form.cleaned_data, by=self.request.user)


class VersionPublish(VersionPage):
    """Put a draft in force."""

    title = _("Publish checklist")
    right = "inspection.checklists.publish_version"
    submit_label = _("Publish checklist")
    success_message = _("The checklist is in force and never changes from now on.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Publish."""
        return actions.publish_version(version=self.version, by=self.request.user)


class VersionWithdraw(VersionPage):
    """Take a version out of force."""

    title = _("Withdraw checklist")
    right = "inspection.checklists.withdraw_version"
    form_class = forms.ReasonForm
    submit_label = _("Withdraw checklist")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Withdraw."""
        return actions.withdraw_version(version=self.version, **form.cleaned_data, by=self.request.user)


class SectionSave(VersionPage):
    """A part, new or changed."""

    title = _("Part of the checklist")
    right = "inspection.checklists.save_section"
    form_class = forms.SectionForm
    submit_label = _("Save part")

    @cached_property
    def section(self) -> Any:
        """The part to change; None for a new one."""
        key = self.kwargs.get("section")
        return get_object_or_404(self.version.sections, pk=key) if key else None

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.section
        if one is None:
            return super().initial()
        return {
            "code": one.code, "zh": one.zh, "en": one.en, "points": one.points_e2 / 100, "scale": one.scale_e4 / 10_000,
        }  # fmt: skip

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.save_section(version=self.version, section=self.section, **form.facts(), by=self.request.user)


class ItemSave(VersionPage):
    """An item, new or changed."""

    title = _("Item of the checklist")
    right = EDIT
    form_class = forms.ItemForm
    submit_label = _("Save item")

    @cached_property
    def item(self) -> Any:
        """The item to change; None for a new one."""
        key = self.kwargs.get("item")
        return get_object_or_404(self.version.items, pk=key) if key else None

    def form_kwargs(self) -> dict[str, Any]:
        """Its version gives the parts."""
        return {"version": self.version}

    def get_actions(self) -> Sequence[Button]:
        """It can be taken off."""
        if self.item is None:
            return ()
        args = (self.version.pk, self.item.pk)
        return [
            Button(_("Take item off"), "checklists:item_drop", args, "inspection.checklists.drop_item", danger=True)
        ]

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return forms.item_initial(self.item) if self.item else super().initial()

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.save_item(
            version=self.version, section=form.cleaned_data["section"], facts=form.facts(), item=self.item,
            by=self.request.user,
        )  # fmt: skip


class ItemDrop(VersionPage):
    """Take an item off."""

    title = _("Take item off")
    right = "inspection.checklists.drop_item"
    submit_label = _("Take item off")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Drop it."""
        item = get_object_or_404(self.version.items, pk=self.kwargs["item"])
        return actions.drop_item(version=self.version, item=item, by=self.request.user)


class VersionXlsform(Page):
    """A version as an XLSForm workbook."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the workbook."""
        version = get_object_or_404(ChecklistVersion.objects.select_related("checklist"), pk=kwargs["pk"])
        data = xlsform.write_workbook(queries.definition_of(version), str(version.number))
        response = HttpResponse(data, XLSX)
        name = f"{version.checklist.code}-{version.number}.xlsx"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
