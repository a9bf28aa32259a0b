"""Pages of processes: list, detail with the swim lane, drafting, approval, paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from mainstay.kit.pdf import render_pdf
from mainstay.kit.swimlane import Stop, swimlane
from mainstay.performance.posts import actions, forms, papers
from mainstay.performance.posts.filters import ProcessFilter
from mainstay.performance.posts.models import ProcessStep, WorkProcess
from mainstay.performance.posts.states import PROCESS
from mainstay.performance.posts.tables import ProcessTable, StepTable
from mainstay.performance.posts.views.common import ActPage, within
from mainstay.performance.posts.views.posts import APP
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

LIST = "posts:process_list"
NEW = Button(_("Draft process"), "posts:process_draft", (), f"{APP}.draft_process", "plus", True)


class ProcessList(ListPage):
    """Work processes."""

    title = _("Work processes")
    table_class = ProcessTable
    filterset_class = ProcessFilter
    search_fields = ("code", "name_zh", "name_en")
    actions = (NEW,)
    first_use = FirstUse(_("No work processes yet"), _("A process says who does what after whom."), NEW)

    def queryset(self) -> Any:
        """Published ones; drafts with the right."""
        rows = WorkProcess.objects.visible_to(self.request.user)
        return rows.select_related("unit").order_by("unit__path", "code", "-version")


def picture(process: WorkProcess, steps: Sequence[ProcessStep]) -> Any:
    """The swim lane of a process."""
    chinese = (get_language() or "zh").startswith("zh")
    stops = []
    for one in steps:
        hours = now("%(hours)s h") % {"hours": one.limit_hours} if one.limit_hours else ""
        ways = [
            (way["to"], way.get("when_zh" if chinese else "when_en") or way.get("when_zh", "")) for way in one.next_to
        ]
        stops.append(Stop(one.position, one.lane, one.name, " · ".join(filter(None, [one.form, hours])), ways))
    return swimlane(process.name, stops)


class ProcessDetail(DetailPage):
    """One version of a process: its picture and its steps."""

    def queryset(self) -> Any:
        """What this person may see."""
        rows = WorkProcess.objects.visible_to(self.request.user)
        return rows.select_related("unit", "written_by__person", "approved_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Work processes"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = PROCESS.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a process."""
        return steps_of(PROCESS.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What its state allows."""
        one, pk = self.subject, (self.subject.pk,)
        paper = Button(_("Print"), "posts:process_pdf", pk, icon="printer", new_tab=True)
        if one.state == WorkProcess.State.DRAFT:
            return [
                Button(_("Add step"), "posts:step_add", pk, f"{APP}.save_step", "plus", True),
                Button(_("Approve"), "posts:process_approve", pk, f"{APP}.approve_process", "check"),
                Button(_("Edit text"), "posts:process_edit", pk, f"{APP}.edit_process", "edit"),
                paper,
            ]
        if one.state == WorkProcess.State.APPROVED:
            return [
                Button(_("Publish"), "posts:process_publish", pk, f"{APP}.publish_process", "send", True),
                Button(_("Revise"), "posts:process_reopen", pk, f"{APP}.reopen_process", "arrow-back-up"),
                paper,
            ]
        if one.state == WorkProcess.State.PUBLISHED:
            again = Button(_("Draft next version"), "posts:process_next", pk, f"{APP}.draft_process", "edit")
            return [again, paper]
        return [paper]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("Code"), f"{one.code} · {one.version}", "code"),
            Fact(_("Unit"), one.unit),
            Fact(_("Written by"), one.written_by),
            Fact(_("Approved by"), one.approved_by or "–"),
            Fact(_("Purpose"), one.purpose or "–"),
        ]

    def sections(self) -> Sequence[Section]:
        """Picture and steps."""
        rows = list(self.subject.steps.select_related("post"))
        table = StepTable(rows)
        if self.subject.state == WorkProcess.State.DRAFT and self.may(f"{APP}.save_step"):
            table.links = [("posts:step_change", _("Change")), ("posts:step_remove", _("Remove"))]
        found = [Section(_("Steps"), table=table, count=len(rows))]
        if rows:
            context = {"picture": picture(self.subject, rows)}
            found.insert(0, Section(_("Swim lane"), template="posts/swimlane.html", context=context))
        return found


class ProcessDraft(FormPage):
    """A new process."""

    title = _("Draft process")
    right = f"{APP}.draft_process"
    form_class = forms.NewProcessForm
    submit_label = _("Draft process")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Begin it."""
        return actions.draft_process(**form.cleaned_data, by=self.request.user)


class ProcessAct(ActPage):
    """A form about a process."""

    name = "process"

    def rows(self) -> Any:
        """Processes in the reach of the right."""
        return within(WorkProcess.objects.select_related("unit"), self.request.user, self.right or "")


class ProcessEdit(ProcessAct):
    """Name and purpose."""

    title = _("Edit text")
    right = f"{APP}.edit_process"
    verb = "edit_process"
    form_class = forms.ProcessForm
    submit_label = _("Save text")

    def initial(self) -> dict[str, Any]:
        """As they are."""
        return {name: getattr(self.subject, name) for name in ("name_zh", "name_en", "purpose")}


class ProcessNext(ProcessEdit):
    """The next version."""

    title = _("Draft next version")
    right = f"{APP}.draft_process"
    verb = "draft_process"
    submit_label = _("Draft next version")

    def arguments(self, form: Any) -> dict[str, Any]:
        """Code and unit stay."""
        return {"code": self.subject.code, "unit": self.subject.unit, **form.cleaned_data}

    def success(self, result: Any) -> Any:
        """To the draft."""
        return result.get_absolute_url()


class StepAdd(ProcessAct):
    """A new step."""

    title = _("Add step")
    right = f"{APP}.save_step"
    verb = "save_step"
    form_class = forms.StepForm
    submit_label = _("Save step")


class StepAct(ActPage):
    """A form about a step."""

    name = "step"

    def rows(self) -> Any:
        """Steps in the reach of the right."""
        rows = ProcessStep.objects.select_related("process__unit", "post")
        return within(rows, self.request.user, self.right or "", "process__unit_id")

    def home(self) -> Any:
        """Back to the process."""
        return self.subject.process


class StepChange(StepAct):
    """Change a step."""

    title = _("Change step")
    right = f"{APP}.save_step"
    verb = "save_step"
    form_class = forms.StepForm
    submit_label = _("Save step")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.subject
        names = ("name_zh", "name_en", "outside", "input", "output", "form", "limit_hours")
        ways = [f"{way['to']} {way.get('when_zh', '')} | {way.get('when_en', '')}" for way in one.next_to]
        return {**{name: getattr(one, name) for name in names}, "post": one.post_id, "ways": "\n".join(ways)}

    def arguments(self, form: Any) -> dict[str, Any]:
        """With its process."""
        return {**super().arguments(form), "process": self.subject.process}


class StepRemove(StepAct):
    """Take it out."""

    title = _("Remove step")
    right = f"{APP}.remove_step"
    verb = "remove_step"
    submit_label = _("Remove step")
    danger = True


class ProcessApprove(ProcessAct):
    """Agree as a second person."""

    title = _("Approve")
    right = f"{APP}.approve_process"
    verb = "approve_process"
    submit_label = _("Approve process")


class ProcessReopen(ProcessAct):
    """Back to draft."""

    title = _("Revise")
    right = f"{APP}.reopen_process"
    verb = "reopen_process"
    form_class = forms.ReasonForm
    submit_label = _("Take back to draft")


class ProcessPublish(ProcessAct):
    """Put it into force."""

    title = _("Publish")
    right = f"{APP}.publish_process"
    verb = "publish_process"
    submit_label = _("Publish process")


class ProcessPdf(Page):
    """The paper."""

    @cached_property
    def subject(self) -> WorkProcess:
        """The process, or 404."""
        return get_object_or_404(WorkProcess.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Make it."""
        data = papers.process_data(self.subject, self.request.user)
        response = HttpResponse(render_pdf("work_process", data), "application/pdf")
        response["Content-Disposition"] = f'inline; filename="{self.subject.code}-v{self.subject.version}.pdf"'
        response["Cache-Control"] = "no-store"
        return response
