"""Papers: the list, one with its seals and receipts, the editor; statistics over campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.inspection.bulletins import actions, forms, papers, queries
from mainstay.inspection.bulletins.filters import PaperFilter
from mainstay.inspection.bulletins.models import Paper
from mainstay.inspection.bulletins.states import PAPER
from mainstay.inspection.bulletins.tables import PaperTable
from mainstay.inspection.campaigns.models import Campaign, InspectionGroup
from mainstay.inspection.campaigns.models.plan import Kind
from mainstay.inspection.campaigns.tables import percent
from mainstay.inspection.campaigns.views.papers import docx, pdf
from mainstay.inspection.hazards.models import Hazard
from mainstay.inspection.hazards.queries import by_item, by_unit
from mainstay.kit.pdf import render_pdf
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

LIST = "bulletins:paper_list"
PRE = "inspection.bulletins."
SHOWN = 12


class PaperList(ListPage):
    """Summaries and bulletins."""

    title = _("Summaries and bulletins")
    right = queries.VIEW
    table_class = PaperTable
    filterset_class = PaperFilter
    search_fields = ("title",)
    first_use = FirstUse(_("No papers yet"), _("They are drafted from the page of a campaign under review."))

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.papers_visible_to(self.request.user).order_by("-pk")


class PaperDetail(DetailPage):
    """One paper: its text, its seals, who acknowledged it."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.papers_visible_to(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Summaries and bulletins"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = PAPER.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a bulletin."""
        return steps_of(PAPER.path, self.subject.state) if self.subject.kind == Paper.Kind.BULLETIN else ()

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        pk, state = (self.subject.pk,), self.subject.state
        files = [
            Button(_("PDF"), "bulletins:paper_pdf", pk, queries.VIEW, "printer", new_tab=True),
            Button(_("Word"), "bulletins:paper_docx", pk, queries.VIEW, "download"),
        ]
        edit = Button(_("Edit text"), "bulletins:paper_edit", pk, PRE + "edit_paper", "edit", primary=True)
        if state == Paper.State.DRAFT and self.subject.kind == Paper.Kind.BULLETIN:
            submit = Button(_("Send to be sealed"), "bulletins:submit", pk, PRE + "submit_paper", "send")
            return [edit, submit, *files]
        if state == Paper.State.DRAFT:
            return [edit, *files]
        if state == Paper.State.SIGNING:
            return [
                Button(_("Put seal"), "bulletins:seal", pk, PRE + "seal_paper", "rubber-stamp", primary=True),
                Button(_("Issue bulletin"), "bulletins:issue", pk, PRE + "issue_paper", "send"),
                Button(_("Return to draft"), "bulletins:return", pk, PRE + "return_paper", "arrow-back-up"),
                *files,
            ]
        if state == Paper.State.ISSUED:
            take = Button(
                _("Acknowledge bulletin"), "bulletins:acknowledge", pk, PRE + "acknowledge_paper", primary=True
            )
            return [take, *files, Button(_("Void bulletin"), "bulletins:void", pk, PRE + "void_paper", danger=True)]
        return files

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Number of the paper"), one.document.number if one.document else "–", "code"),
            Fact(_("Kind"), one.get_kind_display()),
            Fact(_("Campaign"), one.campaign, href=one.campaign.get_absolute_url()),
            Fact(_("Drafted by"), one.drafted_by),
            Fact(_("Issued at"), one.issued_at, "instant"),
        ]

    def sections(self) -> Sequence[Section]:
        """The text, the seals, the receipts."""
        one = self.subject
        found = [Section(_("Text"), template="bulletins/text.html", context={"blocks": one.blocks})]
        if one.kind == Paper.Kind.BULLETIN:
            seals = {"seals": queries.seals_of(one)}
            found.insert(0, Section(_("Seals"), template="bulletins/seals.html", context=seals))
        if one.state == Paper.State.ISSUED:
            lines = queries.receipts_of(one)
            done = sum(line["receipt"] is not None for line in lines)
            context = {"lines": lines, "done": done}
            found.insert(
                1, Section(_("Acknowledged by"), template="bulletins/receipts.html", context=context, count=done)
            )
        return found


class PaperPage(FormPage):
    """A form about one paper."""

    form_class: type[BaseForm] = forms.EmptyForm
    verb = ""

    @cached_property
    def paper(self) -> Paper:
        """The paper, or 404."""
        return get_object_or_404(queries.papers_visible_to(self.request.user, self.right or ""), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which paper."""
        return f"{self.title}: {self.paper}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the paper."""
        return [(_("Summaries and bulletins"), reverse(LIST)), (self.paper.title, self.paper.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Do it."""
        return getattr(actions, self.verb)(paper=self.paper, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the paper."""
        return self.paper.get_absolute_url()


class PaperEdit(PaperPage):
    """The editor."""

    title = _("Edit text")
    right = PRE + "edit_paper"
    form_class = forms.PaperForm
    submit_label = _("Save draft")

    def form_kwargs(self) -> dict[str, Any]:
        """Its parts make the fields."""
        return {"paper": self.paper}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"title": self.paper.title, **{f"text_{one['key']}": one["text"] for one in self.paper.blocks}}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        title = form.cleaned_data["title"]
        return actions.edit_paper(paper=self.paper, title=title, texts=form.texts(), by=self.request.user)


class Submit(PaperPage):
    """End the editing."""

    title = _("Send to be sealed")
    right = PRE + "submit_paper"
    verb = "submit_paper"
    submit_label = _("Send to be sealed")
    intro = _("The text cannot be changed while it is being sealed. Each organiser gets a to-do.")


class Seal(PaperPage):
    """Put one seal."""

    title = _("Put seal")
    right = PRE + "seal_paper"
    verb = "seal_paper"
    form_class = forms.SealForm
    submit_label = _("Put seal")

    def form_kwargs(self) -> dict[str, Any]:
        """Its organisers."""
        return {"paper": self.paper}

    def initial(self) -> dict[str, Any]:
        """The organiser for whom this person may seal."""
        ids = rights.unit_ids(self.request.user, self.right or "")
        rows = self.paper.campaign.organisers.all()
        mine = next((one.pk for one in rows if ids is None or one.unit_id in ids), None)
        return {"organiser": mine}


class Return(PaperPage):
    """Back to the draft."""

    title = _("Return to draft")
    right = PRE + "return_paper"
    verb = "return_paper"
    form_class = forms.ReasonForm
    submit_label = _("Return to draft")


class Issue(PaperPage):
    """Issue it."""

    title = _("Issue bulletin")
    right = PRE + "issue_paper"
    verb = "issue_paper"
    submit_label = _("Issue bulletin")
    success_message = _("Issued. Every inspected unit has a to-do to acknowledge it.")


class Void(PaperPage):
    """Void it."""

    title = _("Void bulletin")
    right = PRE + "void_paper"
    verb = "void_paper"
    form_class = forms.ReasonForm
    submit_label = _("Void bulletin")
    danger = True


class Acknowledge(PaperPage):
    """An inspected unit has received it."""

    title = _("Acknowledge bulletin")
    right = PRE + "acknowledge_paper"
    verb = "acknowledge_paper"
    form_class = forms.UnitForm
    submit_label = _("Acknowledge bulletin")

    def form_kwargs(self) -> dict[str, Any]:
        """The inspected units this person answers for."""
        ids = rights.unit_ids(self.request.user, self.right or "")
        units = queries.inspected_units(self.paper.campaign)
        return {"units": units if ids is None else units.filter(pk__in=ids)}

    def success(self, result: Any) -> Any:
        """Back to the paper, for those who may see it."""
        return self.paper.get_absolute_url() if self.may(queries.VIEW) else "/"


class PaperFile(Page):
    """The paper as PDF; an issued one as it was issued."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the file."""
        paper = get_object_or_404(queries.papers_visible_to(self.request.user), pk=kwargs["pk"])
        if kwargs["form"] == "docx":
            return docx(papers.as_docx(paper), f"paper-{paper.pk}")
        issued = paper.document is not None
        data = {**paper.document.data, "number": paper.document.number} if issued else papers.bulletin_data(paper)  # type: ignore[union-attr]
        shown = {"state": paper.state, "void": paper.state == Paper.State.VOID}
        return pdf(render_pdf("inspection_bulletin", data | shown), f"paper-{paper.pk}")


class Draft(FormPage):
    """Draft the bulletin of a campaign."""

    title = _("Draft bulletin")
    right = PRE + "draft_bulletin"
    form_class = forms.EmptyForm
    submit_label = _("Draft bulletin")
    intro = _(
        "Overview, coverage, good practice, statistics, typical problems by name and requirements come from the data."
    )

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Draft."""
        campaign = get_object_or_404(
            Campaign.objects.visible_to(self.request.user, self.right or ""), pk=self.kwargs["pk"]
        )
        return actions.draft_bulletin(campaign=campaign, by=self.request.user)


class DraftSummary(FormPage):
    """Draft the summary of a group."""

    title = _("Draft summary")
    right = PRE + "draft_summary"
    form_class = forms.EmptyForm
    submit_label = _("Draft summary")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Draft."""
        seen = Campaign.objects.visible_to(self.request.user, self.right or "")
        groups = InspectionGroup.objects.filter(campaign__in=seen).select_related("campaign")
        return actions.draft_summary(group=get_object_or_404(groups, pk=self.kwargs["pk"]), by=self.request.user)


class Statistics(Page):
    """Trends over campaigns; every number opens its rows."""

    title = _("Statistics of inspections")
    right = queries.STATS
    template_name = "bulletins/statistics.html"

    def context(self, **extra: Any) -> dict[str, Any]:
        """Campaigns in order of time; problems by item and by unit."""
        kind = self.request.GET.get("kind", Kind.VAULT)
        kind = kind if kind in Kind.values else Kind.VAULT
        rows = queries.campaigns_over_time(self.request.user, kind)[-SHOWN:]
        for row in rows:
            row["rate"] = percent(row["done"] * 10_000 // row["total"] if row["total"] else None)
            row["mean"] = percent(row["mean_bp"] or None)
            row["width"] = max(1, round(100 * row["n"] / max(1, *(one["n"] for one in rows))))
        hazards = Hazard.objects.filter(campaign__in=[row["pk"] for row in rows])
        return super().context(
            rows=rows,
            items=by_item(hazards)[:SHOWN],
            units=by_unit(hazards)[:SHOWN],
            kind=kind,
            kinds=Kind.choices,
            **extra,
        )


def campaign_sections(subject: Any, user: Any) -> list[Section]:
    """What the page of a campaign says of its papers: the groups' summaries and the bulletin."""
    if not isinstance(subject, Campaign) or not rights.allowed(user, queries.VIEW):
        return []
    rows = (
        Paper.objects.filter(campaign=subject)
        .select_related("campaign", "document", "drafted_by__person")
        .order_by("pk")
    )
    table = PaperTable(rows, exclude=("campaign",))
    table.empty_text = _("No summary and no bulletin yet.")
    buttons = []
    if subject.state == Campaign.State.REVIEWING:
        buttons = [Button(_("Draft bulletin"), "bulletins:draft", (subject.pk,), PRE + "draft_bulletin", "plus")]
    if subject.state in (Campaign.State.COLLECTING, Campaign.State.REVIEWING):
        led = subject.groups.filter(members__leads=True, members__person=user.person_id or 0).first()
        if led is not None:
            buttons.append(
                Button(_("Draft summary"), "bulletins:draft_summary", (led.pk,), PRE + "draft_summary", "plus")
            )
    return [Section(_("Summaries and bulletins"), table=table, key="papers", buttons=buttons)]
