"""Pages of qualifications: the catalogue, the fit matrix, a person's record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Person, Post, Unit
from mainstay.core.organisation.queries import people_visible_to, units_visible_to
from mainstay.performance.posts import actions, forms, queries
from mainstay.performance.posts.models import Qualification, Training
from mainstay.performance.posts.tables import QualificationTable, TrainingTable
from mainstay.performance.posts.views.common import ActPage
from mainstay.performance.posts.views.posts import APP, LIST
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest

MOST_ROWS = 200
NEW = Button(_("Add qualification"), "posts:qualification_add", (), f"{APP}.save_qualification", "plus", True)


class QualificationList(ListPage):
    """What posts may require."""

    title = _("Qualifications")
    right = queries.VIEW
    table_class = QualificationTable
    search_fields = ("code", "name_zh", "name_en")
    actions = (NEW,)
    first_use = FirstUse(_("No qualifications yet"), _("Education, licences, skills: what posts may require."), NEW)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the posts."""
        return [(_("Posts"), reverse(LIST))]

    def queryset(self) -> Any:
        """All of them."""
        return Qualification.objects.order_by("kind", "code")


class QualificationAdd(FormPage):
    """A new one."""

    title = _("Add qualification")
    right = f"{APP}.save_qualification"
    form_class = forms.QualificationForm
    submit_label = _("Add qualification")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_qualification(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the catalogue."""
        return reverse("posts:qualification_list")


class FitMatrix(Page):
    """Holders of a unit's posts against what is required of them."""

    title = _("Qualifications and fit")
    right = queries.VIEW_FIT
    template_name = "posts/fit.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the matrix of one unit and what lies below it."""
        units = list(units_visible_to(self.request.user, queries.VIEW_FIT).filter(closed_on=None).order_by("path"))
        wanted = request.GET.get("unit", "")
        unit = next((one for one in units if str(one.pk) == wanted), next(iter(units), None))
        lines = self.lines(unit, {one.pk for one in units}) if unit else []
        columns = {
            cell.requirement.qualification_id: cell.requirement.qualification
            for line in lines
            for cell in line.cells.values()
        }
        ordered = sorted(columns.values(), key=lambda one: (one.kind, one.code))
        rows = [(line, [line.cells.get(one.pk) for one in ordered]) for line in lines[:MOST_ROWS]]
        return self.page(
            units=units, unit=unit, columns=ordered, rows=rows, more=len(lines) > MOST_ROWS, may_open=self.may_open()
        )

    def may_open(self) -> bool:
        """Whether a person's record may be opened from here."""
        return self.may(queries.VIEW_FIT)

    def lines(self, unit: Unit, visible: set[int]) -> list[queries.FitLine]:
        """Everybody below the unit who may be seen."""
        posts = Post.objects.filter(unit__path__startswith=unit.path, unit__in=visible)
        return queries.fit_lines(posts, queries.today())


def people(user: Any) -> Any:
    """Return whose record a user may see: those in reach of the right, and himself."""
    seen = people_visible_to(user, queries.VIEW_FIT, queries.today())
    return Person.objects.filter(pk__in=seen.values("pk")) | Person.objects.filter(pk=user.person_id)


class PersonFit(DetailPage):
    """A person's qualifications, gaps and trainings; everybody may see the own ones."""

    show_log = False

    def queryset(self) -> Any:
        """Those in reach, and oneself."""
        return people(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the matrix, for those who may see it."""
        return [(_("Qualifications and fit"), reverse("posts:fit_matrix"))] if self.may(queries.VIEW_FIT) else []

    def get_actions(self) -> Sequence[Button]:
        """Record, plan."""
        pk = (self.subject.pk,)
        return [
            Button(_("Plan training"), "posts:training_plan", pk, f"{APP}.plan_training", "calendar-event", True),
            Button(_("Record qualification"), "posts:held_record", pk, f"{APP}.record_qualification", "certificate"),
        ]

    @cached_property
    def lines(self) -> list[queries.FitLine]:
        """The person against each of his posts."""
        posts = Post.objects.filter(holdings__person=self.subject).distinct()
        return [one for one in queries.fit_lines(posts, queries.today()) if one.person.pk == self.subject.pk]

    def facts(self) -> Sequence[Fact]:
        """How well he fits."""
        return [Fact(line.post, f"{line.fit_bp // 100} %" if line.cells else "–") for line in self.lines]

    def sections(self) -> Sequence[Section]:
        """Requirements, trainings."""
        trainings = TrainingTable(self.subject.trainings.select_related("qualification"))
        if self.may(f"{APP}.finish_training"):
            trainings.links = [
                ("posts:training_finish", _("Passed")),
                ("posts:training_cancel", pgettext_lazy("training", "Give up")),
            ]
        held = self.subject.qualifications.select_related("qualification")
        return [
            Section(_("Requirements of the post"), template="posts/person_fit.html", context={"lines": self.lines}),
            Section(_("Qualifications held"), template="posts/held.html", context={"held": held}),
            Section(_("Trainings"), table=trainings, count=len(trainings.rows)),
        ]


class PersonAct(ActPage):
    """A form about a person."""

    name = "person"

    def rows(self) -> Any:
        """People in reach of the right."""
        return people_visible_to(self.request.user, self.right or "", queries.today())

    def success(self, result: Any) -> Any:
        """Back to the person."""
        return reverse("posts:person_fit", args=[self.subject.pk])


class HeldRecord(PersonAct):
    """What somebody has shown to have."""

    title = _("Record qualification")
    right = f"{APP}.record_qualification"
    verb = "record_qualification"
    form_class = forms.HeldForm
    submit_label = _("Record qualification")


class TrainingPlan(PersonAct):
    """How a gap is closed."""

    title = _("Plan training")
    right = f"{APP}.plan_training"
    verb = "plan_training"
    form_class = forms.TrainingForm
    submit_label = _("Plan training")


class TrainingAct(ActPage):
    """A form about a training."""

    name = "training"

    def rows(self) -> Any:
        """Trainings of people in reach of the right."""
        seen = people_visible_to(self.request.user, self.right or "", queries.today())
        return Training.objects.filter(person__in=seen).select_related("person", "qualification")

    def success(self, result: Any) -> Any:
        """Back to the person."""
        return reverse("posts:person_fit", args=[self.subject.person_id])


class TrainingFinish(TrainingAct):
    """It was passed."""

    title = _("Passed")
    right = f"{APP}.finish_training"
    verb = "finish_training"
    form_class = forms.PassedForm
    submit_label = _("Record as passed")


class TrainingCancel(TrainingAct):
    """It is given up."""

    title = _("Give up training")
    right = f"{APP}.cancel_training"
    verb = "cancel_training"
    form_class = forms.ReasonForm
    submit_label = _("Give up training")
    danger = True
