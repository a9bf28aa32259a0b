"""Pages of sessions: list, detail, projector, decisions, minutes; coaching notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.kit.dates import local_today
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.tracking import actions, forms, queries
from mainstay.performance.tracking.filters import SessionFilter
from mainstay.performance.tracking.models import Seat, Session
from mainstay.performance.tracking.queries_agenda import agenda_of
from mainstay.performance.tracking.states import SESSION
from mainstay.performance.tracking.tables import ActionTable, SessionTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Page, Section, SignedRequest, steps_of

PLAN = "performance.tracking.plan_session"
DECIDE = "performance.tracking.decide"
REPORT = "performance.tracking.write_report"
HOLD = "performance.tracking.hold_session"
COACH = "performance.tracking.coach"


class SessionList(ListPage):
    """Meetings, challenge sessions, reviews."""

    title = pgettext_lazy("meeting", "Sessions")
    table_class = SessionTable
    filterset_class = SessionFilter
    search_fields = ("title",)
    actions = (Button(_("Plan a session"), "tracking:session_plan", (), PLAN, "plus", True),)
    first_use = FirstUse(
        _("No sessions yet"),
        _("A session builds its agenda from the data: what was promised, what was done, why, and what comes next."),
    )

    def queryset(self) -> Any:
        """Those one sits in, and those of one's units."""
        return queries.sessions_for(self.request.user).order_by("-held_on", "-id")


class SessionDetail(DetailPage):
    """One session: seats, decisions, minutes."""

    template_name = "plans/detail.html"

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.sessions_for(self.request.user).select_related("previous")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(pgettext_lazy("meeting", "Sessions"), reverse("tracking:session_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = SESSION.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a session."""
        return steps_of(SESSION.path, self.subject.state)

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats in order."""
        return list(self.subject.seats.select_related("person"))

    def get_actions(self) -> Sequence[Button]:
        """Project, decide, end, confirm, print."""
        one, pk = self.subject, (self.subject.pk,)
        planned = one.state == Session.State.PLANNED
        found = [Button(_("Project"), "tracking:session_projector", pk, icon="layout-dashboard", primary=planned)]
        if one.state != Session.State.CONFIRMED:
            found.append(Button(_("Decide"), "tracking:session_decide", pk, DECIDE, "flag"))
        if planned:
            found.append(Button(_("Close with minutes"), "tracking:session_hold", pk, HOLD, "clipboard-text"))
        else:
            found.append(Button(_("Print minutes"), "tracking:session_minutes", pk, icon="printer", new_tab=True))
        mine = any(seat.person_id == self.request.user.person_id and not seat.confirmed_at for seat in self.seats)
        if mine and one.state == Session.State.HELD:
            found.append(Button(_("Confirm minutes"), "tracking:session_confirm", pk, icon="check", primary=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """When, who leads, which session came before."""
        one = self.subject
        found = [
            Fact(_("Kind"), one.get_kind_display()),
            Fact(_("Unit"), one.unit),
            Fact(_("Period looked at"), one.period),
            Fact(_("Day"), one.held_on, "date"),
            Fact(_("Host"), one.host),
            Fact(_("Recorder"), one.recorder),
        ]
        if one.previous:
            found.append(Fact(_("Session before"), one.previous, href=one.previous.get_absolute_url()))
        return found

    def sections(self) -> Sequence[Section]:
        """Seats, decisions, minutes, lessons."""
        one = self.subject
        decisions = list(one.decisions.select_related("owner", "checker", "unit"))
        found = [
            Section(_("Seats"), template="tracking/seats.html", context={"seats": self.seats}, count=len(self.seats)),
            Section(_("Decisions"), table=ActionTable(decisions, exclude=("kind", "unit")), count=len(decisions)),
        ]
        for title, text in ((_("Minutes"), one.minutes), (_("Lessons"), one.lessons)):
            if text:
                found.append(Section(title, template="tracking/lines.html", context={"lines": text.splitlines()}))
        return found


class SessionPlan(ActPage):
    """Plan a session."""

    title = _("Plan a session")
    right = PLAN
    form_class = forms.SessionForm
    submit_label = _("Plan session")
    act = actions.plan_session


class SessionAct(ActPage):
    """An act on one session."""

    key = "session"

    def rows(self) -> Any:
        """What this person may see."""
        return queries.sessions_for(self.request.user)


class SessionDecide(SessionAct):
    """Turn a decision into an action."""

    title = _("Decide")
    right = DECIDE
    form_class = forms.DecisionForm
    submit_label = _("Open action")
    act = actions.decide

    def success(self, result: Any) -> str:
        """Back to the wall while the session goes on, else to its page."""
        if self.request.GET.get("from") == "projector":
            return f"{reverse('tracking:session_projector', args=[self.thing.pk])}#p{result.owner_id}"
        return super().success(result)


class SessionHold(SessionAct):
    """Close with minutes."""

    title = _("Close with minutes")
    right = HOLD
    form_class = forms.MinutesForm
    submit_label = _("Close session")
    act = actions.hold_session


class SessionConfirm(SessionAct):
    """Confirm the minutes for oneself."""

    title = _("Confirm minutes")
    submit_label = _("Confirm minutes")
    act = actions.confirm_minutes

    @property
    def intro(self) -> Any:
        """The minutes once more."""
        return self.thing.minutes


class SessionReport(SessionAct):
    """Write down what a reporter said."""

    title = _("Write down a report")
    right = REPORT
    form_class = forms.ReportForm
    submit_label = _("Save report")

    @cached_property
    def seat(self) -> Seat:
        """The reporter's seat, or 404."""
        seats = self.thing.seats.select_related("person", "report")
        return get_object_or_404(seats, pk=self.kwargs["seat"])

    def get_title(self) -> Any:
        """The reporter."""
        return f"{self.title}: {self.seat.person}"

    def initial(self) -> dict[str, Any]:
        """What is written already."""
        report = getattr(self.seat, "report", None)
        return {name: getattr(report, name, "") for name in ("cause", "outlook", "questions")}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        facts = form.cleaned_data
        return actions.write_report(session=self.thing, seat=self.seat, **facts, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the wall."""
        return f"{reverse('tracking:session_projector', args=[self.thing.pk])}#p{self.seat.person_id}"


class Projector(Page):
    """The session on the wall: per reporter last promises, results, gap, why, next, decisions."""

    template_name = "tracking/projector.html"

    @cached_property
    def session(self) -> Session:
        """The session, or 404."""
        return get_object_or_404(
            queries.sessions_for(self.request.user).select_related("previous"), pk=self.kwargs["pk"]
        )

    def get_title(self) -> Any:
        """Its title."""
        return self.session.title

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the session."""
        return [
            (pgettext_lazy("meeting", "Sessions"), reverse("tracking:session_list")),
            (self.session, self.session.get_absolute_url()),
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the agenda."""
        session = self.session
        writable = session.state != Session.State.CONFIRMED
        return super().context(
            session=session,
            items=agenda_of(session, local_today()),
            may_write=writable and self.may(REPORT),
            may_decide=writable and self.may(DECIDE),
            **extra,
        )


class Coach(ActPage):
    """Write a coaching note."""

    title = _("Write a coaching note")
    right = COACH
    form_class = forms.CoachingForm
    submit_label = _("Keep note")
    intro = _("The person concerned reads this on the own page. It is not changed afterwards.")
    act = actions.coach

    def success(self, result: Any) -> str:
        """To one's page."""
        return reverse("tracking:my_page")
