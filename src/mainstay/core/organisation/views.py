"""Pages of the organisation: the tree of units, people, posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation import actions, forms, queries
from mainstay.core.organisation.actions import VIEW_PEOPLE, VIEW_UNITS
from mainstay.core.organisation.filters import PersonFilter
from mainstay.core.organisation.models import Holding, Person, Post, Unit
from mainstay.core.organisation.tables import HoldingTable, PersonTable, PostTable
from mainstay.kit import masking
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, ListPage, Page, Section, SignedRequest

UNIT = "organisation:unit_detail"
PERSON = "organisation:person_detail"


class UnitTree(Page):
    """All units as a tree."""

    title = _("Units")
    right = VIEW_UNITS
    template_name = "organisation/unit_tree.html"
    actions = (Button(_("Create unit"), "organisation:unit_create", (), "core.organisation.create_unit", "plus", True),)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the tree."""
        return super().context(tree=queries.unit_tree(self.request.user, VIEW_UNITS, local_today()), **extra)


class UnitDetail(DetailPage):
    """One unit with its posts."""

    right = VIEW_UNITS

    def queryset(self) -> Any:
        """Units within reach."""
        return queries.units_visible_to(self.request.user, VIEW_UNITS).select_related("parent")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the tree."""
        return [(_("Units"), reverse("organisation:unit_tree"))]

    def badge(self) -> tuple[Any, str] | None:
        """Closed units say so."""
        return (_("closed"), "grey") if self.subject.closed_on else None

    def get_actions(self) -> Sequence[Button]:
        """What can be done."""
        pk = self.subject.pk
        below, post = reverse("organisation:unit_create"), reverse("organisation:post_create")
        return [
            Button(_("Create post"), f"{post}?unit={pk}", right="core.organisation.create_post", primary=True),
            Button(_("Create unit below"), f"{below}?parent={pk}", right="core.organisation.create_unit"),
            Button(_("Change unit"), "organisation:unit_change", (pk,), "core.organisation.change_unit"),
            Button(_("Close unit"), "organisation:unit_close", (pk,), "core.organisation.close_unit", danger=True),
        ]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        unit = self.subject
        return [
            Fact(_("Code"), unit.code, "code"),
            Fact(_("Below"), unit.parent or "–"),
            Fact(_("Kind"), dict(forms.KINDS).get(unit.kind, unit.kind)),
            Fact(_("Closed on"), unit.closed_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """Posts with the number of people."""
        today = local_today()
        inside = Q(holdings__from_on__lte=today) & (Q(holdings__until_on=None) | Q(holdings__until_on__gte=today))
        posts = Post.objects.filter(unit=self.subject).annotate(people=Count("holdings", filter=inside))
        people = f"{reverse('organisation:person_list')}?unit={self.subject.pk}"
        button = Button(_("People of this unit"), people, right=VIEW_PEOPLE)
        return [Section(_("Posts"), table=PostTable(posts, request=self.request), buttons=[button])]


class UnitForm(FormPage):
    """A form about one unit within reach."""

    @cached_property
    def unit(self) -> Unit:
        """Return the unit, or 404."""
        return get_object_or_404(queries.units_visible_to(self.request.user, self.right or ""), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name it."""
        return f"{self.title}: {self.unit}"

    def success(self, result: Any) -> Any:
        """Back to the unit."""
        return reverse(UNIT, args=[self.unit.pk])


class UnitCreate(FormPage):
    """A new unit."""

    title = _("Create unit")
    right = "core.organisation.create_unit"
    form_class = forms.NewUnitForm
    submit_label = _("Create unit")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_unit(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the unit."""
        return reverse(UNIT, args=[result.pk])


class UnitChange(UnitForm):
    """Rename."""

    title = _("Change unit")
    right = "core.organisation.change_unit"
    form_class = forms.UnitForm
    submit_label = _("Save unit")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name_zh": self.unit.name_zh, "name_en": self.unit.name_en, "kind": self.unit.kind}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_unit(unit=self.unit, **form.cleaned_data, by=self.request.user)


class UnitClose(UnitForm):
    """Close."""

    title = _("Close unit")
    right = "core.organisation.close_unit"
    form_class = forms.DayForm
    submit_label = _("Close unit")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Close."""
        return actions.close_unit(unit=self.unit, **form.cleaned_data, by=self.request.user)


class PostCreate(FormPage):
    """A new post."""

    title = _("Create post")
    right = "core.organisation.create_post"
    form_class = forms.PostForm
    submit_label = _("Create post")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_post(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To its unit."""
        return reverse(UNIT, args=[result.unit_id])


class PersonList(ListPage):
    """People."""

    title = _("People")
    right = VIEW_PEOPLE
    table_class = PersonTable
    filterset_class = PersonFilter
    search_placeholder = _("Name, initials, staff number")
    actions = (
        Button(
            _("Register person"), "organisation:person_create", (), "core.organisation.create_person", "user-plus", True
        ),
        Button(_("Assign post"), "organisation:assign", right="core.organisation.assign_post"),
    )

    def queryset(self) -> Any:
        """People within reach, with their posts of today."""
        today = local_today()
        held = Holding.objects.current(today).select_related("post__unit")
        people = queries.people_visible_to(self.request.user, VIEW_PEOPLE, today)
        return people.prefetch_related(Prefetch("holdings", held, to_attr="current_holdings"))


class PersonDetail(DetailPage):
    """One person with all posts."""

    right = VIEW_PEOPLE

    def queryset(self) -> Any:
        """People within reach."""
        return queries.people_visible_to(self.request.user, VIEW_PEOPLE, local_today())

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("People"), reverse("organisation:person_list"))]

    def badge(self) -> tuple[Any, str]:
        """Here or gone."""
        left = self.subject.left_on
        return (_("has left"), "grey") if left and left <= local_today() else (_("works here"), "green")

    def get_actions(self) -> Sequence[Button]:
        """What can be done."""
        pk = self.subject.pk
        assign = f"{reverse('organisation:assign')}?person={pk}"
        return [
            Button(_("Assign post"), assign, right="core.organisation.assign_post", primary=True),
            Button(_("Change person"), "organisation:person_change", (pk,), "core.organisation.change_person"),
            Button(
                _("Record leaving"), "organisation:person_leave", (pk,), "core.organisation.record_leaver", danger=True
            ),
        ]

    def facts(self) -> Sequence[Fact]:
        """The header; the telephone is masked."""
        person = self.subject
        return [
            Fact(_("Staff number"), person.staff_no, "code"),
            Fact(_("Phone"), masking.phone(person.phone) if person.phone else "–"),
            Fact(_("Joined on"), person.joined_on, "date"),
            Fact(_("Left on"), person.left_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """All posts, newest first."""
        held = self.subject.holdings.select_related("post__unit").order_by("-from_on")
        return [Section(_("Posts"), table=HoldingTable(held, request=self.request))]


class PersonForm(FormPage):
    """A form about one person within reach."""

    @cached_property
    def person(self) -> Person:
        """Return the person, or 404."""
        people = queries.people_visible_to(self.request.user, self.right or "", local_today())
        return get_object_or_404(people, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name the person."""
        return f"{self.title}: {self.person}"

    def success(self, result: Any) -> Any:
        """Back to the person."""
        return reverse(PERSON, args=[self.person.pk])


class PersonCreate(FormPage):
    """Somebody new."""

    title = _("Register person")
    right = "core.organisation.create_person"
    form_class = forms.NewPersonForm
    submit_label = _("Register person")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Register."""
        return actions.create_person(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the person."""
        return reverse(PERSON, args=[result.pk])


class PersonChange(PersonForm):
    """Correct."""

    title = _("Change person")
    right = "core.organisation.change_person"
    form_class = forms.PersonForm
    submit_label = _("Save person")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.person.name, "phone": self.person.phone}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_person(person=self.person, **form.cleaned_data, by=self.request.user)


class PersonLeave(PersonForm):
    """Record that somebody leaves."""

    title = _("Record leaving")
    right = "core.organisation.record_leaver"
    form_class = forms.DayForm
    submit_label = _("Record leaving")
    danger = True
    intro = _("From this day on the person has no post, no role, and cannot log in.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Record."""
        return actions.record_leaver(person=self.person, **form.cleaned_data, by=self.request.user)


class Assign(FormPage):
    """Put a person into a post."""

    title = _("Assign post")
    right = "core.organisation.assign_post"
    form_class = forms.AssignForm
    submit_label = _("Assign post")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Assign."""
        return actions.assign_post(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the person."""
        return reverse(PERSON, args=[result.person_id])


class HoldingEnd(FormPage):
    """Take a person out of a post."""

    title = _("End post")
    right = "core.organisation.end_holding"
    form_class = forms.DayForm
    submit_label = _("End post")
    danger = True

    @cached_property
    def holding(self) -> Holding:
        """Return the holding in a unit within reach, or 404."""
        units = queries.units_visible_to(self.request.user, self.right or "")
        return get_object_or_404(Holding.objects.filter(post__unit__in=units), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name person and post."""
        return f"{self.title}: {self.holding}"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """End."""
        return actions.end_holding(holding=self.holding, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the person."""
        return reverse(PERSON, args=[result.person_id])
