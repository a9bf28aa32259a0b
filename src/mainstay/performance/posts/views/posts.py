"""Pages of posts: list, detail, superior, analyses, managers who know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Person, Post
from mainstay.performance.posts import forms, queries
from mainstay.performance.posts.filters import PostFilter
from mainstay.performance.posts.models import JobAnalysis, PostDescription
from mainstay.performance.posts.states import ANALYSIS
from mainstay.performance.posts.tables import AnalysisTable, AnswerTable, DescriptionTable, PostTable
from mainstay.performance.posts.views.common import ActPage, within
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Page, Section, SignedRequest, steps_of

APP = "performance.posts"
LIST = "posts:post_list"
DETAIL = "posts:post_detail"


class PostList(ListPage):
    """Posts with what is described of them."""

    title = _("Posts")
    right = queries.VIEW
    table_class = PostTable
    filterset_class = PostFilter
    search_fields = ("code", "name_zh", "name_en")
    actions = (
        Button(_("Who knows his post"), "posts:managers", (), queries.VIEW, "user-check"),
        Button(_("Qualifications"), "posts:qualification_list", (), queries.VIEW, "certificate"),
    )
    first_use = FirstUse(_("No posts yet"), _("Posts are made under Organisation; here they are described."))

    def queryset(self) -> Any:
        """Posts of the person's units."""
        return queries.posts_for(self.request.user).order_by("unit__path", "code")

    def make_table(self, rows: Any) -> Any:
        """The table, knowing which descriptions are stale."""
        table = super().make_table(rows)
        ids = queries.posts_for(self.request.user).values("pk")
        table.stale = queries.staleness(list(PostDescription.objects.in_force().filter(post__in=ids)))
        return table


class PostDetail(DetailPage):
    """One post: its descriptions, analyses, holders."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Posts of the person's units."""
        return queries.posts_for(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Posts"), reverse(LIST))]

    @cached_property
    def stale(self) -> list[Any]:
        """Why the description in force is stale."""
        found = queries.staleness([one for one in self.subject.descriptions.all() if one.state == "approved"])
        return next(iter(found.values()), [])

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What is stale; what keeps a description from being written."""
        found = [("amber", reason) for reason in self.stale]
        if not self.subject.descriptions.all() and len(queries.methods_used(self.subject)) < queries_needed():
            found.append(("blue", _("A description needs finished job analyses by at least two methods.")))
        return found

    def get_actions(self) -> Sequence[Button]:
        """Study it, describe it, say whom it reports to."""
        pk = (self.subject.pk,)
        return [
            Button(_("Draft description"), "posts:description_draft", pk, f"{APP}.draft_description", "plus", True),
            Button(_("Start analysis"), "posts:analysis_start", pk, f"{APP}.start_analysis", "search"),
            Button(_("Set superior"), "posts:superior", pk, f"{APP}.set_superior", "arrow-right"),
        ]

    def facts(self) -> Sequence[Fact]:
        """Where it belongs and who holds it."""
        post = self.subject
        holders = [str(one) for one in queries.incumbents(post, queries.today())]
        line = getattr(post, "reporting", None)
        return [
            Fact(_("Code"), post.code, "code"),
            Fact(_("Unit"), post.unit),
            Fact(_("Superior post"), line.superior if line else "–"),
            Fact(_("Held by"), ", ".join(holders) or "–"),
        ]

    def sections(self) -> Sequence[Section]:
        """Versions and analyses."""
        versions = self.subject.descriptions.select_related("owner__person", "approved_by__person").order_by("-version")
        analyses = JobAnalysis.objects.filter(post=self.subject)
        newest = (versions[0].pk,) if len(versions) > 1 else ()
        buttons = [Button(_("Compare versions"), "posts:compare", newest, icon="columns-3")] if newest else []
        return [
            Section(_("Job descriptions"), table=DescriptionTable(versions), count=len(versions), buttons=buttons),
            Section(_("Job analyses"), table=AnalysisTable(analyses), count=len(analyses)),
        ]


def queries_needed() -> int:
    """How many methods a description needs."""
    from mainstay.performance.posts.rules import METHODS_NEEDED

    return METHODS_NEEDED


class PostAct(ActPage):
    """A form about a post."""

    name = "post"

    def rows(self) -> Any:
        """Posts in the reach of the right."""
        return within(Post.objects.select_related("unit"), self.request.user, self.right or "")

    def success(self, result: Any) -> Any:
        """Back to the post."""
        return reverse(DETAIL, args=[self.subject.pk])


class Superior(PostAct):
    """Whom it reports to."""

    title = _("Set superior")
    right = f"{APP}.set_superior"
    verb = "set_superior"
    form_class = forms.SuperiorForm
    submit_label = _("Set superior")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        line = getattr(self.subject, "reporting", None)
        return {"superior": line.superior_id if line else None}


class AnalysisStart(PostAct):
    """A new analysis."""

    title = _("Start analysis")
    right = f"{APP}.start_analysis"
    verb = "start_analysis"
    form_class = forms.AnalysisForm
    submit_label = _("Start analysis")

    def form_kwargs(self) -> dict[str, Any]:
        """Participants: the holders first, then everybody of the unit."""
        people = Person.objects.filter(holdings__post__unit=self.subject.unit_id).distinct()
        return {"people": people.select_related("user")}

    def success(self, result: Any) -> Any:
        """To the analysis."""
        return reverse("posts:analysis_detail", args=[result.pk])


class AnalysisDetail(DetailPage):
    """One analysis with its answers."""

    def queryset(self) -> Any:
        """What this person may see or was asked."""
        return JobAnalysis.objects.visible_to(self.request.user).select_related("post__unit", "started_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the post, for those who may see it."""
        return [(self.subject.post, reverse(DETAIL, args=[self.subject.post_id]))] if self.may(queries.VIEW) else []

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = ANALYSIS.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of an analysis."""
        return steps_of(ANALYSIS.path, self.subject.state)

    @cached_property
    def answers(self) -> list[Any]:
        """Everybody's answers; a participant without the right sees only his own."""
        rows = self.subject.answers.select_related("person")
        if not self.may(queries.VIEW):
            rows = rows.filter(person=self.request.user.person_id)
        return list(rows)

    def get_actions(self) -> Sequence[Button]:
        """Answer; finish."""
        if self.subject.state != JobAnalysis.State.OPEN:
            return []
        pk, me = (self.subject.pk,), self.request.user.person_id
        asked = any(one.person_id == me and one.at is None for one in self.answers)
        finish = Button(_("Finish analysis"), "posts:analysis_finish", pk, f"{APP}.finish_analysis", "check")
        return [*([Button(_("Answer"), "posts:analysis_answer", pk, None, "pencil", True)] if asked else []), finish]

    def facts(self) -> Sequence[Fact]:
        """What is asked, what was found."""
        one = self.subject
        return [
            Fact(_("Post"), one.post),
            Fact(_("Method"), one.get_method_display()),
            Fact(_("Started on"), one.started_on, "date"),
            Fact(_("Started by"), one.started_by),
            Fact(_("What is asked"), one.question or "–"),
            Fact(_("Findings"), one.findings or "–"),
        ]

    def sections(self) -> Sequence[Section]:
        """The answers."""
        return [Section(_("Answers"), table=AnswerTable(self.answers), count=len(self.answers))]


class AnalysisAct(ActPage):
    """A form about an analysis."""

    name = "analysis"

    def rows(self) -> Any:
        """What this person may see or was asked."""
        return JobAnalysis.objects.visible_to(self.request.user).select_related("post")

    def success(self, result: Any) -> Any:
        """Back to the analysis."""
        return reverse("posts:analysis_detail", args=[self.subject.pk])


class AnalysisAnswerPage(AnalysisAct):
    """Give one's answer."""

    title = _("Answer")
    verb = "answer_analysis"
    form_class = forms.AnswerForm
    submit_label = _("Send answer")

    @property
    def intro(self) -> Any:
        """What is asked."""
        return self.subject.question


class AnalysisFinish(AnalysisAct):
    """Write down what was found."""

    title = _("Finish analysis")
    right = f"{APP}.finish_analysis"
    verb = "finish_analysis"
    form_class = forms.FindingsForm
    submit_label = _("Finish analysis")

    def rows(self) -> Any:
        """Analyses of posts in the reach of the right."""
        return within(JobAnalysis.objects.select_related("post"), self.request.user, self.right or "", "post__unit_id")


class Managers(Page):
    """Which managers have acknowledged the descriptions of their own posts."""

    title = _("Who knows his post")
    right = queries.VIEW
    template_name = "posts/managers.html"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Posts"), reverse(LIST))]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show them."""
        found = queries.managers_who_know(self.request.user, queries.today())
        return self.page(lines=found, known=sum(one.acknowledged for one in found))
