"""Targets of a campaign, records of visits, targets as things, the board of a yearly plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns import actions, forms, hooks, queries
from mainstay.inspection.campaigns.filters import AssignmentFilter, RecordFilter, TargetFilter
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection, Target
from mainstay.inspection.campaigns.states import ASSIGNMENT, INSPECTION
from mainstay.inspection.campaigns.tables import (
    AnswerTable,
    AssignmentTable,
    RecordTable,
    StairTable,
    TargetTable,
    percent,
)
from mainstay.inspection.campaigns.views.campaigns import LIST, PRE
from mainstay.kit import masking
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest

TARGETS = "campaigns:target_list"


class _OfCampaign:
    """Something below one campaign."""

    request: Any
    kwargs: Any

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, or 404."""
        return get_object_or_404(Campaign.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name the campaign."""
        return f"{self.title}: {self.campaign}"  # type: ignore[attr-defined]

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the campaign."""
        return [(_("Campaigns"), reverse(LIST)), (self.campaign.name, self.campaign.get_absolute_url())]


class AssignmentList(_OfCampaign, ListPage):
    """The targets of a campaign."""

    title = _("Inspection targets")
    right = queries.VIEW
    table_class = AssignmentTable
    filterset_class = AssignmentFilter
    search_fields = ("target__name", "target__code")
    count_limit = 1_000

    def queryset(self) -> Any:
        """All of the campaign, by place."""
        rows = self.campaign.assignments.select_related("target", "unit", "group")
        return rows.order_by("block", "stair", "target")


class Board(_OfCampaign, ListPage):
    """A yearly plan by block and stair."""

    title = _("Board by stair")
    right = queries.VIEW
    table_class = StairTable
    export = False

    def queryset(self) -> Any:
        """One line a stair."""
        return queries.blocks_of(self.campaign)

    def make_table(self, rows: Any) -> Any:
        """The lines; grouped rows have no key to order by."""
        listed = [{**row, "campaign": self.campaign.pk} for row in rows]
        return super().make_table(listed)


class AssignmentDetail(DetailPage):
    """A target in a campaign, and every visit."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        rows = Assignment.objects.visible_to(self.request.user)
        return rows.select_related("target", "unit", "group", "campaign", "exempt_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list of targets."""
        one = self.subject.campaign
        return [
            (one.name, one.get_absolute_url()),
            (_("Inspection targets"), reverse("campaigns:assignment_list", args=[one.pk])),
        ]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = ASSIGNMENT.state(self.subject.state)
        return state.title, state.hue

    def get_actions(self) -> Sequence[Button]:
        """It can be exempt, while it is not inspected."""
        exempt = Button(
            _("Exempt target"), "campaigns:exempt", (self.subject.pk,), PRE + "exempt_assignment", danger=True
        )  # fmt: skip
        return [exempt] if ASSIGNMENT.may(self.subject.state, "exempt") else []

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Owning unit"), one.unit),
            Fact(_("Class"), one.get_klass_display()),
            Fact(_("Group"), one.group),
            Fact(_("Planned for"), one.due_on, "date"),
            Fact(_("Visits"), one.visits),
            Fact(_("Reached on"), one.reached_on, "date"),
            Fact(_("Inspected on"), one.inspected_on, "date"),
            Fact(_("Exempt because"), one.exempt_reason),
            Fact(_("Inspection target"), one.target, href=one.target.get_absolute_url()),
        ]

    def sections(self) -> Sequence[Section]:
        """The visits; and what other apps add."""
        rows = self.subject.inspections.filter(current=True).select_related("by__person", "assignment__target")
        table = RecordTable(rows.order_by("-arrived_at"), exclude=("target",))
        table.empty_text = _("Nobody has been there yet.")
        return [Section(_("Visits"), table=table), *hooks.sections_for(self.subject, self.request.user)]


class Exempt(FormPage):
    """Ask for an exemption."""

    title = _("Exempt target")
    right = PRE + "exempt_assignment"
    form_class = forms.ReasonForm
    submit_label = _("Ask for exemption")
    intro = _("A second person has to agree. The target then need not be inspected for full coverage.")

    @cached_property
    def assignment(self) -> Assignment:
        """The assignment, or 404."""
        rows = Assignment.objects.visible_to(self.request.user, self.right or "").select_related("campaign", "target")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name it."""
        return f"{self.title}: {self.assignment}"

    def initial(self) -> dict[str, Any]:
        """What the inspector proposed from his phone, if he did."""
        return {"reason": self.request.GET.get("reason", "")[:200]}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Ask."""
        return actions.exempt_assignment(assignment=self.assignment, **form.cleaned_data, by=self.request.user)


class RecordList(ListPage):
    """Records of all campaigns a person sees."""

    title = _("Inspection records")
    right = queries.VIEW
    table_class = RecordTable
    filterset_class = RecordFilter
    search_fields = ("assignment__target__name", "assignment__target__code")
    count_limit = 1_000
    first_use = FirstUse(_("No records yet"), _("Records appear here when phones have sent them."))

    def queryset(self) -> Any:
        """The newest editions, latest first."""
        return queries.records_visible_to(self.request.user).order_by("-arrived_at", "-pk")


class InspectionDetail(DetailPage):
    """One record: what was found at each item."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        rows = Inspection.objects.filter(assignment__campaign__in=Campaign.objects.visible_to(self.request.user))
        return rows.select_related(
            "assignment__target__unit", "assignment__campaign", "by__person", "confirmed_by__person"
        )

    def get_title(self) -> Any:
        """What was inspected."""
        return _("Record of %(target)s") % {"target": self.subject.assignment.target}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the target in its campaign."""
        one = self.subject.assignment
        return [(one.campaign.name, one.campaign.get_absolute_url()), (str(one.target), one.get_absolute_url())]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = INSPECTION.state(self.subject.state)
        return state.title, state.hue

    def get_actions(self) -> Sequence[Button]:
        """Confirm it, print it."""
        pk = (self.subject.pk,)
        form = Button(_("Record form"), "campaigns:record_pdf", pk, queries.VIEW, "printer", new_tab=True)
        word = Button(_("Record form to edit"), "campaigns:record_docx", pk, queries.VIEW, "file-text")
        if self.subject.state != Inspection.State.SUBMITTED or not self.subject.current:
            return [form, word]
        confirm = PRE + "confirm_inspection"
        return [Button(_("Confirm record"), "campaigns:confirm", pk, confirm, "check", primary=True), form, word]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What is missing."""
        missing = self.subject.photos.filter(attachment=None).count()
        found = [("amber", _("%(n)s photos have not arrived yet.") % {"n": missing})] if missing else []
        return found if self.subject.current else [*found, ("amber", _("A later edition takes the place of this one."))]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Arrived at"), one.arrived_at, "instant"),
            Fact(_("Left at"), one.left_at, "instant"),
            Fact(_("Outcome"), one.get_outcome_display()),
            Fact(_("Recorded by"), one.by),
            Fact(_("Edition"), one.edition),
            Fact(_("Score"), percent(one.score_bp)),
            Fact(_("Confirmed by"), one.confirmed_by),
            Fact(_("Opinion"), one.note),
        ]

    def sections(self) -> Sequence[Section]:
        """Answers, photos, signatures."""
        answers = self.subject.answers.select_related("item__section")
        answers = answers.order_by("-item__version__checklist__code", "item__section__order", "item__order", "pk")
        photos = {"photos": self.subject.photos.filter(is_signature=False)}
        signed = {"signatures": self.subject.signatures.all()}
        return [
            Section(_("What was found"), table=AnswerTable(answers)),
            Section(_("Photos"), template="campaigns/photos.html", context=photos),
            Section(_("Signatures"), template="campaigns/signatures.html", context=signed),
        ]


class Confirm(FormPage):
    """The leader stands by a record."""

    title = _("Confirm record")
    right = PRE + "confirm_inspection"
    form_class = forms.EmptyForm
    submit_label = _("Confirm record")

    @cached_property
    def inspection(self) -> Inspection:
        """The record, or 404."""
        seen = Campaign.objects.visible_to(self.request.user, self.right or "")
        rows = Inspection.objects.filter(assignment__campaign__in=seen)
        return get_object_or_404(
            rows.select_related("assignment__campaign", "assignment__target"), pk=self.kwargs["pk"]
        )

    def get_title(self) -> Any:
        """Name it."""
        return f"{self.title}: {self.inspection}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Confirm."""
        return actions.confirm_inspection(inspection=self.inspection, by=self.request.user)


class TargetList(ListPage):
    """Targets as things."""

    title = _("Inspection targets")
    right = queries.VIEW
    table_class = TargetTable
    filterset_class = TargetFilter
    search_fields = ("name", "code")
    count_limit = 1_000
    actions = (Button(_("Register target"), "campaigns:target_create", (), PRE + "save_target", "plus", True),)
    first_use = FirstUse(_("No targets yet"), _("Vaults, homes and machine rooms are registered once."), actions[0])

    def get_actions(self) -> Sequence[Button]:
        """Register one, or many by a sheet."""
        upload = reverse("sheets:import_upload", args=["inspection.targets"])
        return [*self.actions, Button(_("Import sheet"), upload, right=PRE + "import_targets", icon="upload")]

    def queryset(self) -> Any:
        """Those of the person's units."""
        return queries.targets_visible_to(self.request.user).order_by("code")


class TargetDetail(DetailPage):
    """One target: its history."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Those of the person's units."""
        return queries.targets_visible_to(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Inspection targets"), reverse(TARGETS))]

    def get_actions(self) -> Sequence[Button]:
        """Change it, print its label."""
        pk = (self.subject.pk,)
        return [
            Button(_("Change target"), "campaigns:target_change", pk, PRE + "save_target", "edit"),
            Button(_("QR label"), "campaigns:target_label", pk, queries.VIEW, "qrcode", new_tab=True),
        ]

    def facts(self) -> Sequence[Fact]:
        """The header; people's names and telephones are masked."""
        one = self.subject
        home = one.kind == "household"
        return [
            Fact(_("Code"), one.code, "code"),
            Fact(_("Kind"), one.get_kind_display()),
            Fact(_("Class"), one.get_klass_display()),
            Fact(_("Owning unit"), one.unit),
            Fact(_("Address"), masking.address(one.address) if home else one.address),
            Fact(_("Contact"), masking.name(one.contact) if home else one.contact),
            Fact(_("Telephone"), masking.phone(one.phone)),
            Fact(_("Customer account"), one.account_no, "code"),
        ]

    def sections(self) -> Sequence[Section]:
        """Every visit; and what other apps add."""
        table = RecordTable(queries.history_of(self.subject)[:100], exclude=("target",))
        table.empty_text = _("Nobody has been there yet.")
        return [Section(_("History"), table=table), *hooks.sections_for(self.subject, self.request.user)]


class TargetSave(FormPage):
    """A target, new or changed."""

    title = _("Register target")
    right = PRE + "save_target"
    form_class = forms.TargetForm
    submit_label = _("Save target")

    @cached_property
    def target(self) -> Target | None:
        """The target to change; None for a new one."""
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(queries.targets_visible_to(self.request.user, self.right or ""), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Inspection targets"), reverse(TARGETS))]

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which units can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        if self.target is None:
            return super().initial()
        return {name: getattr(self.target, name) for name in forms.TargetForm.base_fields}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.save_target(target=self.target, **form.cleaned_data, by=self.request.user)
