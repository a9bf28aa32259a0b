"""Pages of descriptions: detail, drafting, consultation, comparison, paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.kit.pdf import render_pdf
from mainstay.performance.posts import forms, papers, queries
from mainstay.performance.posts.models import Duty, PostDescription, Requirement
from mainstay.performance.posts.rules import compare
from mainstay.performance.posts.states import DESCRIPTION
from mainstay.performance.posts.tables import ConsultationTable, DutyTable, RequirementTable
from mainstay.performance.posts.views.common import ActPage, within
from mainstay.performance.posts.views.posts import APP, DETAIL, PostAct
from mainstay.web.pages import Button, DetailPage, Fact, Page, Section, SignedRequest, steps_of

HERE = "posts:description_detail"


class DescriptionDetail(DetailPage):
    """One version of a description."""

    def queryset(self) -> Any:
        """Versions this person may see."""
        return PostDescription.objects.visible_to(self.request.user).select_related(
            "post__unit", "owner__person", "approved_by__person"
        )

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the post, for those who may see it."""
        return [(self.subject.post, reverse(DETAIL, args=[self.subject.post_id]))] if self.may(queries.VIEW) else []

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = DESCRIPTION.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a description."""
        return steps_of(DESCRIPTION.path, self.subject.state)

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Why it is stale, and which contracts cite it."""
        reasons = queries.staleness([self.subject]).get(self.subject.pk, [])
        found = [("amber", reason) for reason in reasons]
        if reasons or self.subject.state == PostDescription.State.SUPERSEDED:
            numbers = ", ".join(str(one) for one in queries.contracts_citing(self.subject)[:10])
            if numbers:
                found.append(("amber", _("Contracts in force cite its duties: %(numbers)s.") % {"numbers": numbers}))
        return found

    @cached_property
    def holds(self) -> bool:
        """Whether this person holds the post."""
        me = self.request.user.person_id
        return me is not None and queries.incumbents(self.subject.post, queries.today()).filter(pk=me).exists()

    def get_actions(self) -> Sequence[Button]:
        """What its state allows."""
        one, pk = self.subject, (self.subject.pk,)
        paper = Button(_("Print"), "posts:description_pdf", pk, icon="printer", new_tab=True)
        if one.state == PostDescription.State.DRAFT:
            return [
                Button(_("Consult incumbents"), "posts:consult", pk, f"{APP}.consult_description", "users", True),
                Button(_("Edit text"), "posts:description_edit", pk, f"{APP}.edit_description", "edit"),
                Button(_("Add duty"), "posts:duty_add", pk, f"{APP}.save_duty", "plus"),
                Button(_("Require qualification"), "posts:require", pk, f"{APP}.require_qualification", "certificate"),
                paper,
            ]
        if one.state == PostDescription.State.CONSULTED:
            say = [Button(_("Give opinion"), "posts:opinion", pk, None, "message", True)] if self.holds else []
            return [
                *say,
                Button(_("Approve"), "posts:approve", pk, f"{APP}.approve_description", "check", not say),
                Button(_("Revise"), "posts:revise", pk, f"{APP}.revise_description", "arrow-back-up"),
                paper,
            ]
        return [Button(_("Compare versions"), "posts:compare", pk, icon="columns-3"), paper]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        labels = (_("Purpose of the post"), _("Authority"), _("Working relations"), _("Working conditions"))
        texts = [
            Fact(label, getattr(one, name) or "–")
            for label, name in zip(labels, ("purpose", "authority", "relations", "conditions"), strict=True)
        ]
        return [
            Fact(_("Post"), one.post),
            Fact(_("Unit"), one.post.unit),
            Fact(_("Owner"), one.owner),
            Fact(_("Approved by"), one.approved_by or "–"),
            Fact(_("Approved on"), one.approved_on, "date"),
            Fact(_("Answer by"), one.answer_by, "date"),
            *texts,
            Fact(_("Development path"), one.development or "–"),
            *([Fact(_("Reply to objections"), one.reply)] if one.reply else []),
        ]

    def sections(self) -> Sequence[Section]:
        """Duties, requirements, opinions."""
        one = self.subject
        duties, needs = DutyTable(one.duties.all()), RequirementTable(one.requirements.select_related("qualification"))
        duties.links = self.duty_links()
        opinions = list(one.consultations.select_related("person"))
        return [
            Section(_("Duties"), table=duties, count=len(duties.rows)),
            Section(_("Required qualifications"), table=needs, count=len(needs.rows)),
            Section(_("What incumbents answered"), table=ConsultationTable(opinions), count=len(opinions)),
        ]

    def duty_links(self) -> list[tuple[str, Any]]:
        """A draft's duties are changed, those in force are measured."""
        if self.subject.state == PostDescription.State.DRAFT and self.may(f"{APP}.save_duty"):
            return [("posts:duty_change", _("Change")), ("posts:duty_remove", _("Remove"))]
        if self.subject.state == PostDescription.State.APPROVED and self.may(f"{APP}.derive_indicator"):
            return [("posts:derive", _("Derive indicator"))]
        return []


class Draft(PostAct):
    """Begin a version."""

    title = _("Draft description")
    right = f"{APP}.draft_description"
    verb = "draft_description"
    submit_label = _("Draft description")

    def success(self, result: Any) -> Any:
        """To the draft."""
        return result.get_absolute_url()


class DescriptionAct(ActPage):
    """A form about a version."""

    name = "description"

    def rows(self) -> Any:
        """Versions of posts in the reach of the right."""
        rows = PostDescription.objects.select_related("post__unit")
        return within(rows, self.request.user, self.right or "", "post__unit_id")


class Edit(DescriptionAct):
    """Its running texts."""

    title = _("Edit text")
    right = f"{APP}.edit_description"
    verb = "edit_description"
    form_class = forms.DescriptionForm
    submit_label = _("Save text")

    def initial(self) -> dict[str, Any]:
        """As they are."""
        return self.subject.texts


class DutyAdd(DescriptionAct):
    """A new duty."""

    title = _("Add duty")
    right = f"{APP}.save_duty"
    verb = "save_duty"
    form_class = forms.DutyForm
    submit_label = _("Save duty")


class DutyAct(ActPage):
    """A form about a duty."""

    name = "duty"

    def rows(self) -> Any:
        """Duties of posts in the reach of the right."""
        rows = Duty.objects.select_related("description__post__unit")
        return within(rows, self.request.user, self.right or "", "description__post__unit_id")

    def home(self) -> Any:
        """Back to the description."""
        return self.subject.description


class DutyChange(DutyAct):
    """Change a duty."""

    title = _("Change duty")
    right = f"{APP}.save_duty"
    verb = "save_duty"
    form_class = forms.DutyForm
    submit_label = _("Save duty")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.subject
        return {
            "name_zh": one.name_zh,
            "name_en": one.name_en,
            "detail": one.detail,
            "weight": f"{one.weight_bp / forms.BP:g}",
        }

    def arguments(self, form: Any) -> dict[str, Any]:
        """With its description."""
        return {**super().arguments(form), "description": self.subject.description}


class DutyRemove(DutyAct):
    """Take it out."""

    title = _("Remove duty")
    right = f"{APP}.remove_duty"
    verb = "remove_duty"
    submit_label = _("Remove duty")
    danger = True


class Derive(DutyAct):
    """An indicator from a duty."""

    title = _("Derive indicator")
    right = f"{APP}.derive_indicator"
    verb = "derive_indicator"
    form_class = forms.IndicatorForm
    submit_label = _("Derive indicator")

    def initial(self) -> dict[str, Any]:
        """Named after the duty."""
        return {"name_zh": self.subject.name_zh, "name_en": self.subject.name_en}


class Require(DescriptionAct):
    """Ask for a qualification."""

    title = _("Require qualification")
    right = f"{APP}.require_qualification"
    verb = "require_qualification"
    form_class = forms.RequirementForm
    submit_label = _("Require qualification")


class Drop(ActPage):
    """No longer ask for one."""

    title = _("Drop requirement")
    right = f"{APP}.drop_requirement"
    verb = "drop_requirement"
    name = "requirement"
    submit_label = _("Drop requirement")

    def rows(self) -> Any:
        """Requirements of posts in the reach of the right."""
        rows = Requirement.objects.select_related("description__post__unit", "qualification")
        return within(rows, self.request.user, self.right or "", "description__post__unit_id")

    def get_title(self) -> Any:
        """Which one."""
        return f"{self.title}: {self.subject.qualification}"

    def home(self) -> Any:
        """Back to the description."""
        return self.subject.description


class Consult(DescriptionAct):
    """Send it to the incumbents."""

    title = _("Consult incumbents")
    right = f"{APP}.consult_description"
    verb = "consult_description"
    form_class = forms.ConsultForm
    submit_label = _("Consult incumbents")


class Opinion(DescriptionAct):
    """What a holder says."""

    title = _("Give opinion")
    verb = "answer_consultation"
    form_class = forms.OpinionForm
    submit_label = _("Send opinion")

    def rows(self) -> Any:
        """What this person may see."""
        return PostDescription.objects.visible_to(self.request.user).select_related("post__unit")


class Revise(DescriptionAct):
    """Take it back."""

    title = _("Revise")
    right = f"{APP}.revise_description"
    verb = "revise_description"
    form_class = forms.ReasonForm
    submit_label = _("Take back to draft")


class Approve(DescriptionAct):
    """Put it into force."""

    title = _("Approve")
    right = f"{APP}.approve_description"
    verb = "approve_description"
    form_class = forms.ApprovalForm
    submit_label = _("Approve description")


class VersionPage(Page):
    """A page about a version this person may see."""

    @cached_property
    def subject(self) -> PostDescription:
        """The version, or 404."""
        rows = PostDescription.objects.visible_to(self.request.user).select_related("post__unit")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class Compare(VersionPage):
    """A version beside another, by default the one before it."""

    template_name = "posts/compare.html"

    def get_title(self) -> Any:
        """Which post."""
        return _("Compare versions: %(post)s") % {"post": self.subject.post}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the version."""
        return [(str(self.subject), self.subject.get_absolute_url())]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show what stayed, went and came."""
        others = list(self.subject.post.descriptions.exclude(pk=self.subject.pk).order_by("-version"))
        wanted = request.GET.get("with", "")
        chosen = next((one for one in others if str(one.version) == wanted), None)
        before = next((one for one in others if one.version < self.subject.version), None)
        other = chosen or before or next(iter(others), None)
        old, new = (other, self.subject) if other and other.version < self.subject.version else (self.subject, other)
        lines = compare(queries.paper_text(old), queries.paper_text(new)) if old and new else []
        return self.page(lines=lines, old=old, new=new, others=others, other=other)


class DescriptionPdf(VersionPage):
    """The paper."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Make it from the version."""
        data = papers.description_data(self.subject, self.request.user)
        response = HttpResponse(render_pdf("job_description", data), "application/pdf")
        name = f"{self.subject.post.code}-v{self.subject.version}.pdf"
        response["Content-Disposition"] = f'inline; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
