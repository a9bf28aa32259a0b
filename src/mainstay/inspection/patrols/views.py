"""Patrols: the list with the last rounds, one with every point and round, its plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.patrols import actions, forms, queries
from mainstay.inspection.patrols.models import Patrol
from mainstay.inspection.patrols.tables import STATES, PatrolTable
from mainstay.kit.dates import local_today
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Section, SignedRequest

LIST = "patrols:patrol_list"
SAVE, PAUSE = "inspection.patrols.save_patrol", "inspection.patrols.pause_patrol"


class PatrolList(ListPage):
    """All patrols a person sees."""

    title = _("Patrols")
    right = queries.VIEW
    table_class = PatrolTable
    search_fields = ("code", "name_zh", "name_en")
    actions = (Button(_("Plan patrol"), "patrols:patrol_create", (), SAVE, "plus", True),)
    first_use = FirstUse(
        _("No patrols yet"),
        _("A patrol leads by labelled points and comes again every day, week or month."),
        actions[0],
    )

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.patrols_visible_to(self.request.user)

    def make_table(self, rows: Any) -> Any:
        """The lines with their last rounds and what was missed."""
        listed, today = list(rows), local_today()
        newest = queries.newest_of(listed, today)
        missed = queries.missed_since(Patrol.objects.filter(pk__in=[one.pk for one in listed]), today)
        for one in listed:
            one.newest, one.missed = newest.get(one.pk, []), missed.get(one.pk, 0)
        return super().make_table(listed)


class PatrolDetail(DetailPage):
    """One patrol: which point was walked when, which round was missed."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """What this person sees."""
        return queries.patrols_visible_to(self.request.user).prefetch_related("checklists", "walkers__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Patrols"), reverse(LIST))]

    def badge(self) -> tuple[Any, str] | None:
        """Whether it is paused."""
        return (_("paused"), "amber") if self.subject.paused else None

    def get_actions(self) -> Sequence[Button]:
        """Change it, pause it or go on."""
        pk = (self.subject.pk,)
        pause = Button(_("Pause patrol"), "patrols:pause", pk, PAUSE, "player-pause")
        resume = Button(_("Go on with patrol"), "patrols:resume", pk, PAUSE, "player-play", primary=True)
        change = Button(_("Change patrol"), "patrols:patrol_change", pk, SAVE, "edit")
        return [resume if self.subject.paused else pause, change]

    def facts(self) -> Sequence[Fact]:
        """The header."""
        one = self.subject
        return [
            Fact(_("unit in charge"), one.unit),
            Fact(_("how often"), one.get_rhythm_display()),
            Fact(_("days to walk it"), one.days),
            Fact(_("checklists"), "、".join(str(checklist) for checklist in one.checklists.all())),
            Fact(_("Walked by"), "、".join(str(walker) for walker in one.walkers.all())),
            Fact(_("From"), one.from_on, "date"),
            Fact(_("Until"), one.until_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """The points by round, and the rounds."""
        lines = queries.rounds_of(self.subject, local_today())
        context = {"lines": lines, "states": STATES}
        points = {**context, "points": queries.by_point(self.subject, lines), "oldest_first": lines[::-1]}
        return [
            Section(_("Points by round"), template="patrols/points.html", context=points, key="points"),
            Section(_("Rounds"), template="patrols/rounds.html", context=context, key="rounds", count=len(lines)),
        ]


class _PatrolForm(FormPage):
    """A patrol, new or changed."""

    right = SAVE
    form_class: type[BaseForm] = forms.PatrolForm
    submit_label = _("Save patrol")

    @cached_property
    def patrol(self) -> Patrol | None:
        """The patrol to change; None for a new one."""
        if "pk" not in self.kwargs:
            return None
        rows = queries.patrols_visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list, or the patrol."""
        found: list[tuple[Any, str]] = [(_("Patrols"), reverse(LIST))]
        return found if self.patrol is None else [*found, (self.patrol.name, self.patrol.get_absolute_url())]


class PatrolSave(_PatrolForm):
    """Plan a patrol or change it."""

    title = _("Plan patrol")
    intro = _("Rounds are made three days ahead, so that phones can take them along.")

    def form_kwargs(self) -> dict[str, Any]:
        """The person decides which units can be chosen."""
        return {"user": self.request.user, "right": self.right}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.patrol
        if one is None:
            return super().initial()
        names = ("code", "name_zh", "name_en", "unit", "rhythm", "anchor", "days", "from_on", "until_on")
        walkers = list(one.walkers.select_related("person"))
        return {
            **{name: getattr(one, name) for name in names},
            "checklists": list(one.checklists.all()),
            "targets": "\n".join(point.target.code for point in one.points.select_related("target")),
            "leader": next((walker.person.staff_no for walker in walkers if walker.leads), ""),
            "walkers": "\n".join(walker.person.staff_no for walker in walkers if not walker.leads),
        }

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save; what is due is made at once."""
        return actions.save_patrol(patrol=self.patrol, **form.cleaned_data, by=self.request.user)


class Pause(_PatrolForm):
    """Make no more rounds."""

    title = _("Pause patrol")
    right = PAUSE
    form_class: type[BaseForm] = forms.PauseForm
    submit_label = _("Pause patrol")
    intro = _("Rounds that were made stay. Days of the pause count neither as walked nor as missed.")
    paused = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Pause it or go on."""
        assert self.patrol is not None  # noqa: S101 - the address has its key
        return actions.pause_patrol(patrol=self.patrol, paused=self.paused, by=self.request.user, **form.cleaned_data)


class Resume(Pause):
    """Make rounds again."""

    title = _("Go on with patrol")
    form_class = forms.EmptyForm
    submit_label = _("Go on with patrol")
    intro = _("Rounds are made again from today on.")
    paused = False
