"""Qualifications: what exists, who holds what, which training closes a gap."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.organisation.models import Holding, Person
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.performance.posts.models import HeldQualification, Qualification, Training
from mainstay.performance.posts.states import TRAINING

if TYPE_CHECKING:
    from mainstay.core.access.models import User

MONTHS = 12


def _of_person(person: Person, **_facts: Any) -> int | None:
    """The unit of the person's first post today."""
    units = Holding.objects.current(local_today()).filter(person=person).order_by("from_on")
    return units.values_list("post__unit", flat=True).first()


def _of_training(training: Training, **_facts: Any) -> int | None:
    return _of_person(training.person)


@action("performance.posts.save_qualification", title=_("Write a qualification"))
def save_qualification(
    *,
    code: str,
    name_zh: str,
    kind: str,
    name_en: str = "",
    valid_months: int | None = None,
    qualification: Qualification | None = None,
    by: User,
) -> Qualification:
    """Add something posts may require to the catalogue, or rename it. Problem: the code is taken."""
    code = code.strip().upper()
    if Qualification.objects.filter(code=code).exclude(pk=qualification.pk if qualification else 0).exists():
        raise Problem(_("There is a qualification with this code already."), field="code", code="taken")
    found = qualification or Qualification()
    found.code, found.name_zh, found.name_en = code, name_zh.strip(), name_en.strip()
    found.kind, found.valid_months = kind, valid_months
    found.save()
    note_change(after={"code": code, "kind": kind, "valid_months": valid_months})
    return found


@action("performance.posts.record_qualification", title=_("Record a qualification of a person"), unit=_of_person)
def record_qualification(
    *,
    person: Person,
    qualification: Qualification,
    proof: str,
    level: int = 1,
    from_on: date | None = None,
    until_on: date | None = None,
    by: User,
) -> HeldQualification:
    """Note that somebody has shown to have a qualification; its end follows from the catalogue unless given."""
    start = from_on or local_today()
    if not proof.strip():
        raise Problem(_("Name the certificate or what proves it."), field="proof", code="no_proof")
    if HeldQualification.objects.filter(person=person, qualification=qualification, from_on=start).exists():
        raise Problem(_("This is recorded from that day already."), field="from_on", code="twice")
    end = until_on or (_after(start, qualification.valid_months) if qualification.valid_months else None)
    if end and end < start:
        raise Problem(_("It cannot end before it begins."), field="until_on", code="dates")
    held = HeldQualification.objects.create(
        person=person, qualification=qualification, level=level, from_on=start, until_on=end, proof=proof.strip()
    )
    note_change(
        after={"qualification": qualification.code, "level": level, "until_on": end.isoformat() if end else None}
    )
    return held


def _after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is none."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@action("performance.posts.plan_training", title=_("Plan a training"), unit=_of_person)
def plan_training(*, person: Person, qualification: Qualification, due_on: date, level: int = 1, by: User) -> Training:
    """Plan how a gap is closed. Problem: it is planned already, or the day is over."""
    if due_on < local_today():
        raise Problem(_("Choose a day that is not over."), field="due_on", code="past")
    planned = Training.objects.filter(person=person, qualification=qualification, state=Training.State.PLANNED)
    if planned.exists():
        raise Problem(_("This training is planned already."), field="qualification", code="planned")
    made = Training.objects.create(person=person, qualification=qualification, level=level, due_on=due_on)
    note_change(after={"qualification": qualification.code, "due_on": due_on.isoformat()})
    return made


@action("performance.posts.finish_training", title=_("Finish a training"), unit=_of_training)
def finish_training(*, training: Training, proof: str, on: date | None = None, by: User) -> Training:
    """Note that a training was passed: the person holds the qualification from that day."""
    TRAINING.require(training.state, Training.State.DONE)
    training.held = record_qualification(
        person=training.person, qualification=training.qualification, level=training.level, proof=proof,
        from_on=on or local_today(), by=by,
    )  # fmt: skip
    training.state = Training.State.DONE
    training.save(update_fields=["state", "held"])
    note_change(after={"state": "done"})
    return training


@action("performance.posts.cancel_training", title=_("Give up a training"), unit=_of_training)
def cancel_training(*, training: Training, reason: str, by: User) -> Training:
    """Give up a planned training, with a reason."""
    TRAINING.require(training.state, Training.State.CANCELLED)
    training.state, training.reason = Training.State.CANCELLED, reason.strip()
    training.save(update_fields=["state", "reason"])
    note_change(after={"state": "cancelled"}, reason=reason)
    return training
