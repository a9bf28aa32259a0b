"""Readings by the list: as another program sends them, or as somebody decides them on the worklist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.actions import accept_reading, correct_reading, set_aside_reading
from mainstay.gas.readings.batch import NewReading, Recorded, record_readings
from mainstay.gas.readings.models import BookEntry, Reading
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.jobs.models import Job
    from mainstay.gas.customers.models import Account

DECIDE_JOB = "gas.readings.decide"


@action(
    "gas.readings.record_readings",
    title=_("Record a list of readings"),
    unit=lambda unit_id, **_f: unit_id,
    subject=lambda unit_id, **_f: f"organisation.unit:{unit_id}",
)
def record_reading_list(*, unit_id: int, rows: Sequence[NewReading], period: int, source: int, by: User) -> Recorded:
    """Record readings of one period for meters of one branch, at most one a meter; refused rows come back with why.

    Raises Problem, and records nothing, when a meter is of another branch or a later period is billed already.
    """
    ids = {row.installation_id for row in rows}
    if len(ids) < len(rows):
        raise Problem(_("A list has at most one reading of a meter."), code="twice")
    if Installation.objects.filter(pk__in=ids).exclude(account__unit=unit_id).exists():
        raise Problem(_("A list of readings is of one branch only."), code="other_unit")
    found = record_readings(rows, period=period, by=by, source=source, today=local_today())
    note_change(
        after={
            "period": period,
            "new": found.new,
            "already": found.already,
            "questioned": found.questioned,
            "refused": len(found.refused),
        }
    )
    return found


@dataclass(slots=True)
class Decided:
    """What became of readings decided one by one: how many are, and (account number, why not) of the others."""

    done: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def accept_each(
    readings: Iterable[Reading], *, reason: str, by: User, tell: Callable[[int], object] = lambda _n: None
) -> Decided:
    """Accept readings, each an act of its own with its own audit row; `tell` hears how many are through.

    What cannot be accepted (billed by now) comes back with why. Stopped half way, the rest is still questioned.
    """
    return _each(readings, lambda one: accept_reading(reading=one, reason=reason, by=by), tell)


def set_aside_each(
    readings: Iterable[Reading], *, reason: str, by: User, tell: Callable[[int], object] = lambda _n: None
) -> Decided:
    """Set readings aside to be read again, each an act of its own; see `accept_each`."""
    return _each(readings, lambda one: set_aside_reading(reading=one, reason=reason, by=by), tell)


def correct_each(rows: Sequence[tuple[Reading, int]], *, reason: str, by: User) -> Decided:
    """Correct readings to the index (litres) beside each, on the day they were read; see `accept_each`."""
    wanted = {one.pk: index_l for one, index_l in rows}

    def correct(one: Reading) -> Reading:
        return correct_reading(reading=one, index_l=wanted[one.pk], taken_on=one.taken_on, reason=reason, by=by)

    return _each([one for one, _index in rows], correct, lambda _n: None)


def _each(readings: Iterable[Reading], act: Callable[[Reading], Reading], tell: Callable[[int], object]) -> Decided:
    found = Decided()
    for number, one in enumerate(readings, 1):
        try:
            act(one)
            found.done += 1
        except Problem as problem:
            found.refused.append((one.account.account_no, str(problem)))
        tell(number)
    return found


@action(
    "gas.readings.decide_readings",
    title=_("Decide many questioned readings in the background"),
    unit=lambda unit_id, **_f: unit_id,
)
def start_decisions(*, unit_id: int, decision: str, keys: Sequence[tuple[int, ...]], reason: str, by: User) -> Job:
    """Start a job that accepts (or sets aside) readings one by one in the name of who asked for it.

    `unit_id` is the branch of one of them; each reading passes the door again when its turn comes.
    """
    if decision not in DECISIONS:
        raise Problem(_("There is no such decision."), code="no_such_decision")
    note_change(after={"decision": decision, "readings": len(keys)}, reason=reason)
    arguments = {"decision": decision, "keys": [list(key) for key in keys], "reason": reason}
    return enqueue_job(kind=DECIDE_JOB, arguments=arguments, by=by)


DECISIONS = {"accept": accept_each, "again": set_aside_each}


@action(
    "gas.readings.leave_book",
    title=_("Take account out of its book"),
    unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}",
)
def leave_book(*, account: Account, by: User) -> None:
    """Let a closed account be read no more; its readings stay. Does nothing when it is in no book."""
    entry = BookEntry.objects.filter(account=account).select_related("book").first()
    if entry is not None:
        note_change(before={"book": entry.book.code, "sequence": entry.sequence})
        entry.delete()
