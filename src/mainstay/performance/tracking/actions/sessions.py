"""Sessions: planned, held, their decisions turned into actions, their minutes confirmed by everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User as Login
from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.tracking.actions.tasks import create_action
from mainstay.performance.tracking.models import Action, CoachingNote, Report, Seat, Session
from mainstay.performance.tracking.states import SESSION

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person, Unit
    from mainstay.performance.plans.models import Period

TODO_KIND = "minutes"


def _unit(session: Session | None = None, unit: Unit | None = None, **_facts: Any) -> int | None:
    return session.unit_id if session else unit.pk if unit else None


def _about(session: Session, **_facts: Any) -> str:
    return f"tracking.session:{session.pk}"


@action("performance.tracking.plan_session", title=_("Plan a session"), unit=_unit)
def plan_session(
    *,
    kind: str,
    title: str,
    unit: Unit,
    period: Period,
    held_on: date,
    host: Person,
    recorder: Person,
    reporters: Sequence[Person],
    others: Sequence[Person] = (),
    by: User,
) -> Session:
    """Plan a session with its seats; it opens with what the last of its kind in the unit decided. Raises Problem."""
    if host.pk == recorder.pk:
        raise Problem(_("The recorder must be somebody else than the host."), field="recorder", code="own_recorder")
    if not reporters:
        raise Problem(_("Choose who reports."), field="reporters", code="nobody")
    before = Session.objects.filter(kind=kind, unit=unit, held_on__lte=held_on).order_by("-held_on", "-id").first()
    session = Session.objects.create(
        kind=kind, title=title.strip(), unit=unit, period=period, held_on=held_on, host=host, recorder=recorder,
        previous=before,
    )  # fmt: skip
    speaking = {person.pk for person in reporters}
    silent = [person for person in (*others, host, recorder) if person.pk not in speaking]
    seated = [*[(one.pk, True) for one in reporters], *dict.fromkeys((one.pk, False) for one in silent)]
    Seat.objects.bulk_create(
        Seat(session=session, person_id=person, reports=reports, position=position)
        for position, (person, reports) in enumerate(dict.fromkeys(seated), 1)
    )
    note_change(after={"kind": kind, "unit": unit.code, "seats": len(seated)})
    return session


@action("performance.tracking.write_report", title=_("Write down a report"), unit=_unit, subject=_about)
def write_report(
    *, session: Session, seat: Seat, cause: str = "", outlook: str = "", questions: str = "", by: User
) -> Report:
    """Note why a reporter has a gap, what comes next, and what was asked. Raises Problem once minutes are confirmed."""
    _not_confirmed(session)
    if seat.session_id != session.pk:
        raise Problem(_("This seat belongs to another session."), code="other_session")
    found = Report.objects.filter(seat=seat).first() or Report(seat=seat)
    found.cause, found.outlook, found.questions = cause.strip(), outlook.strip(), questions.strip()
    found.save()
    note_change(after={"seat": seat.pk})
    return found


@action("performance.tracking.decide", title=_("Decide in a session"), unit=_unit, subject=_about)
def decide(
    *, session: Session, title: str, result: str, owner: Person, checker: Person, due_on: date, by: User
) -> Action:
    """Turn a decision into an action at once; the next session of this kind opens with it. Raises Problem."""
    _not_confirmed(session)
    return create_action(
        title=title, result=result, unit=session.unit, owner=owner, checker=checker, due_on=due_on,
        kind=Action.Kind.DECISION, session=session, by=by,
    )  # fmt: skip


@action("performance.tracking.hold_session", title=_("Close a session with its minutes"), unit=_unit, subject=_about)
def hold_session(*, session: Session, minutes: str, lessons: str = "", by: User) -> Session:
    """End a session: everybody with a seat is asked to confirm the minutes. Raises Problem: a review needs lessons."""
    lock("tracking.session", session.pk)
    session.refresh_from_db()
    SESSION.require(session.state, Session.State.HELD)
    if not minutes.strip():
        raise Problem(_("Write the minutes first."), field="minutes", code="empty")
    if session.kind == Session.Kind.REVIEW and not lessons.strip():
        raise Problem(_("A stage review ends with its lessons."), field="lessons", code="no_lessons")
    session.minutes, session.lessons, session.state = minutes.strip(), lessons.strip(), Session.State.HELD
    session.save(update_fields=["minutes", "lessons", "state"])
    people = session.seats.values("person")
    for user in Login.objects.filter(person__in=people, is_active=True):
        open_todo(
            kind=TODO_KIND,
            subject=f"tracking.session:{session.pk}",
            title_zh=f"确认会议纪要：{session.title}",
            title_en=f"Confirm the minutes: {session.title}",
            url=reverse("tracking:session_detail", args=[session.pk]),
            user=user,
        )
    note_change(before={"state": "planned"}, after={"state": "held"})
    return session


@action("performance.tracking.confirm_minutes", title=_("Confirm minutes"), everyone=True, subject=_about)
def confirm_minutes(*, session: Session, by: User) -> Session:
    """Confirm the minutes for oneself; with the last seat they are confirmed. Refused to those without a seat."""
    from mainstay.core.todos.models import Todo

    lock("tracking.session", session.pk)
    session.refresh_from_db()
    seat = session.seats.filter(person=by.person_id or 0).first()
    if seat is None:
        refuse(_("Only those who sat in the session confirm its minutes."))
    if session.state == Session.State.PLANNED:
        raise Problem(_("There are no minutes to confirm yet."), code="no_minutes")
    if seat.confirmed_at is None:
        seat.confirmed_at = timezone.now()
        seat.save(update_fields=["confirmed_at"])
    mine = Todo.objects.filter(kind=TODO_KIND, subject=f"tracking.session:{session.pk}", user=by, done_at=None)
    mine.update(done_at=timezone.now(), done_by=by)
    if session.state == Session.State.HELD and not session.seats.filter(confirmed_at=None).exists():
        session.state = Session.State.CONFIRMED
        session.save(update_fields=["state"])
        close_todos(kind=TODO_KIND, subject=f"tracking.session:{session.pk}", by=by)
    note_change(after={"state": session.state})
    return session


@action("performance.tracking.coach", title=_("Write a coaching note"), unit=lambda unit, **_facts: unit.pk)
def coach(*, person: Person, unit: Unit, text: str, agreed: str = "", by: User) -> CoachingNote:
    """Keep what was talked over with somebody; the person reads it on the own page. Raises Problem."""
    if by.person_id == person.pk:
        raise Problem(_("A coaching note is about somebody else."), field="person", code="oneself")
    if not text.strip():
        raise Problem(_("Say what was talked over."), field="text", code="empty")
    note = CoachingNote.objects.create(
        person=person, unit=unit, text=text.strip(), agreed=agreed.strip()[:300], by=by, at=timezone.now()
    )
    note_change(after={"person": person.staff_no})
    return note


def _not_confirmed(session: Session) -> None:
    lock("tracking.session", session.pk)
    session.refresh_from_db()
    if session.state == Session.State.CONFIRMED:
        raise Problem(_("The minutes are confirmed: nothing is added to them."), code="confirmed")
