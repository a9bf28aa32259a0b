"""Incidents opened, handled, ended, closed by a second person; what has to follow."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.incidents import queries
from mainstay.continuity.incidents.models import FollowUp, Incident, Step
from mainstay.continuity.incidents.rules import CLOSING, due_at
from mainstay.continuity.incidents.states import INCIDENT
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.registry import MEASURES
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change, refuse
from mainstay.core.door.rights import allowed
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.continuity.site.models import Observation
    from mainstay.core.access.models import User

OPEN, CHANGE, NOTE, END, CLOSE, REOPEN = (
    f"continuity.incidents.{one}_incident" for one in ("open", "change", "note", "end", "close", "reopen")
)
PLAN, FINISH = "continuity.incidents.plan_follow_up", "continuity.incidents.finish_follow_up"
PROBE = "incidents.open"
HANDLING, CLOSING_TODO, FOLLOWING = "incident", "incident_close", "incident_follow_up"


def _about(incident: Incident, **_facts: object) -> str:
    return f"incidents.incident:{incident.pk}"


def _look() -> None:
    now = timezone.now()
    record(PROBE, "", queries.look_at_incidents(now), now)


def _claim(incident: Incident, target: str = "") -> Incident:
    """Lock an incident, read it again, and make sure that it may become `target`."""
    lock("incidents.incident", incident.pk)
    incident.refresh_from_db()
    if target:
        INCIDENT.require(incident.state, target)
    return incident


@action(OPEN, title=_("Open an incident"))
def open_incident(
    *,
    title: str,
    kind: str,
    grade: int,
    began_at: datetime,
    noticed_at: datetime | None = None,
    touched: str = "",
    measure: str = "",
    finding: Observation | None = None,
    by: User,
) -> Incident:
    """Put an incident on record, from an alarm (`finding`) or by hand; those who handle incidents get a to-do.

    `noticed_at` (default: now) is when its time began to run. Raises Problem: noticed in the future or before it began,
    no such measure, the alarm has an incident that is not closed.
    """
    noticed_at, year = noticed_at or timezone.now(), local_today().year
    _check(began_at, noticed_at, measure)
    if finding is not None:
        lock(f"incidents.finding:{finding.probe}:{finding.place}:{finding.subject}", 0)
        if there := queries.unclosed(finding):
            raise Problem(_("Incident %(number)s is open about this already.") % {"number": there.number}, code="open")
    row = Incident.objects.create(
        number=f"{year}-{next_number('incidents', year):04d}", title=title.strip(), kind=kind, grade=grade,
        touched=touched.strip(), measure=measure, began_at=began_at, noticed_at=noticed_at, finding=finding,
        opened_by=by,
    )  # fmt: skip
    _ask_to_handle(row)
    note_change(subject=_about(row), after={"number": row.number, "grade": grade})
    _look()
    return row


def _check(began_at: datetime, noticed_at: datetime, measure: str) -> None:
    if began_at > noticed_at:
        raise Problem(_("It cannot have begun after it was noticed."), field="began_at", code="future")
    if noticed_at > timezone.now():
        raise Problem(_("This moment has not come yet."), field="noticed_at", code="noticed")
    if measure and measure not in MEASURES:
        raise Problem(_("There is no such measure."), field="measure", code="measure")


def _ask_to_handle(row: Incident) -> None:
    open_todo(
        kind=HANDLING, subject=_about(row), title_zh=f"处置安全事件：{row}", title_en=f"Handle incident: {row}",
        url=row.get_absolute_url(), right=END, due_at=due_at(row.grade, row.noticed_at),
    )  # fmt: skip


@action(CHANGE, title=_("Change an incident"), subject=_about)
def change_incident(
    *,
    incident: Incident,
    title: str,
    kind: str,
    grade: int,
    began_at: datetime,
    noticed_at: datetime | None = None,
    touched: str = "",
    measure: str = "",
    by: User,
) -> Incident:
    """Say better what happened, how grave it is, what it touched. Raises Problem: closed, and as for opening."""
    _claim(incident)
    _only_unclosed(incident)
    noticed_at = noticed_at or incident.noticed_at
    _check(began_at, noticed_at, measure)
    before = {"title": incident.title, "grade": incident.grade, "touched": incident.touched}
    incident.title, incident.kind, incident.grade = title.strip(), kind, grade
    incident.began_at, incident.noticed_at = began_at, noticed_at
    incident.touched, incident.measure = touched.strip(), measure
    incident.save(update_fields=["title", "kind", "grade", "began_at", "noticed_at", "touched", "measure"])
    if incident.state == Incident.State.OPEN:
        close_todos(kind=HANDLING, subject=_about(incident), by=by)
        _ask_to_handle(incident)
    note_change(before=before, after={"title": incident.title, "grade": grade, "touched": incident.touched})
    _look()
    return incident


def _only_unclosed(incident: Incident) -> None:
    if incident.state == Incident.State.CLOSED:
        raise Problem(_("This case is closed. Open it again first, with the reason."), code="closed")


@action(NOTE, title=_("Note what was done about an incident"), subject=_about)
def note_incident(*, incident: Incident, text: str, at: datetime | None = None, by: User) -> Step:
    """Write down what was done or learnt, when (default: now). Raises Problem: closed, before it began, in the future.

    What was noted stays as it was noted.
    """
    _claim(incident)
    _only_unclosed(incident)
    now = timezone.now()
    at = at or now
    if not incident.began_at <= at <= now:
        raise Problem(_("Give a moment between the beginning of the incident and now."), field="at", code="at")
    made = Step.objects.create(incident=incident, at=at, text=text.strip(), by=by)
    note_change(after={"step": made.text})
    return made


@action(END, title=_("End an incident"), subject=_about)
def end_incident(*, incident: Incident, over_at: datetime, cause: str, by: User) -> Incident:
    """Say that it is over, since when, and what caused it; then a second person closes the case.

    Raises Problem: not being handled, no cause, a moment before it began or in the future.
    """
    _claim(incident, Incident.State.OVER)
    if not cause.strip():
        raise Problem(_("Say what caused it, or that the cause was not found."), field="cause", code="no_cause")
    if not incident.began_at <= over_at <= timezone.now():
        raise Problem(_("Give a moment between the beginning of the incident and now."), field="over_at", code="at")
    incident.state, incident.over_at, incident.ended_by = Incident.State.OVER, over_at, by
    incident.cause = cause.strip()
    incident.save(update_fields=["state", "over_at", "ended_by", "cause"])
    close_todos(kind=HANDLING, subject=_about(incident), by=by)
    open_todo(
        kind=CLOSING_TODO, subject=_about(incident), title_zh=f"复核结案：{incident}", title_en=f"Close: {incident}",
        url=incident.get_absolute_url(), right=CLOSE, not_for=by, due_at=timezone.now() + CLOSING,
    )  # fmt: skip
    note_change(before={"state": "open"}, after={"state": "over", "cause": incident.cause})
    _look()
    return incident


@action(CLOSE, title=_("Close an incident"), subject=_about)
def close_incident(*, incident: Incident, conclusion: str, by: User) -> Incident:
    """Close the case after looking at what was done. Refused for who opened or ended it. Raises Problem: not over."""
    _claim(incident, Incident.State.CLOSED)
    if by.pk in {incident.opened_by_id, incident.ended_by_id}:
        refuse(_("Somebody else closes an incident than the person who opened or ended it."))
    if not conclusion.strip():
        raise Problem(_("Say what follows from it."), field="conclusion", code="no_conclusion")
    incident.state, incident.closed_at, incident.closed_by = Incident.State.CLOSED, timezone.now(), by
    incident.conclusion = conclusion.strip()
    incident.save(update_fields=["state", "closed_at", "closed_by", "conclusion"])
    close_todos(kind=CLOSING_TODO, subject=_about(incident), by=by)
    note_change(before={"state": "over"}, after={"state": "closed"})
    _look()
    return incident


@action(REOPEN, title=_("Open an incident again"), subject=_about)
def reopen_incident(*, incident: Incident, reason: str, by: User) -> Incident:
    """It came back, or the case was closed too early; the reason stays among its steps. Raises Problem: it is open."""
    _claim(incident, Incident.State.OPEN)
    before = incident.state
    incident.state, incident.over_at, incident.ended_by = Incident.State.OPEN, None, None
    incident.closed_at, incident.closed_by = None, None
    incident.save(update_fields=["state", "over_at", "ended_by", "closed_at", "closed_by"])
    Step.objects.create(incident=incident, at=timezone.now(), text=reason.strip(), by=by)
    close_todos(kind=CLOSING_TODO, subject=_about(incident), by=by)
    _ask_to_handle(incident)
    note_change(before={"state": before}, after={"state": "open"}, reason=reason.strip()[:200])
    _look()
    return incident


@action(PLAN, title=_("Plan a follow-up of an incident"), subject=_about)
def plan_follow_up(*, incident: Incident, what: str, who: User, due_on: date, by: User) -> FollowUp:
    """Say what has to be done so that it does not come back, by whom, until when; that person gets a to-do.

    Raises Problem: closed, a day that is over, somebody who may not see incidents.
    """
    _claim(incident)
    _only_unclosed(incident)
    if due_on < local_today():
        raise Problem(_("This day is over."), field="due_on", code="past")
    if not allowed(who, queries.VIEW):
        raise Problem(_("This person may not see incidents. Choose another."), field="who", code="who")
    made = FollowUp.objects.create(incident=incident, what=what.strip(), who=who, due_on=due_on)
    open_todo(
        kind=FOLLOWING, subject=f"incidents.followup:{made.pk}", title_zh=f"{incident.number} 后续措施：{made.what}",
        title_en=f"{incident.number} follow-up: {made.what}", url=incident.get_absolute_url(), user=who,
        due_at=timezone.make_aware(datetime.combine(due_on, time(18))),
    )  # fmt: skip
    note_change(after={"follow_up": f"{made.what} · {who} · {due_on}"})
    _look()
    return made


@action(
    FINISH, title=_("Finish a follow-up of an incident"), subject=lambda follow_up, **_f: _about(follow_up.incident)
)
def finish_follow_up(*, follow_up: FollowUp, result: str, by: User) -> FollowUp:
    """Say what was done. Refused for others than the person it was given to and those who plan follow-ups.

    Raises Problem: done already, nothing said.
    """
    _claim(follow_up.incident)
    follow_up.refresh_from_db()
    if follow_up.done_on:
        raise Problem(_("This follow-up is done already."), code="done")
    if follow_up.who_id != by.pk and not allowed(by, PLAN):
        refuse(_("This follow-up was given to somebody else."))
    if not result.strip():
        raise Problem(_("Say what was done."), field="result", code="no_result")
    follow_up.done_on, follow_up.result = local_today(), result.strip()
    follow_up.save(update_fields=["done_on", "result"])
    close_todos(kind=FOLLOWING, subject=f"incidents.followup:{follow_up.pk}", by=by)
    note_change(after={"follow_up": follow_up.what, "result": follow_up.result})
    _look()
    return follow_up
