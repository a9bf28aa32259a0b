"""What people may do about copies: start one, start the drill; and what programs note about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.rules import Outcome
from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job
from mainstay.core.todos.actions import close_todos
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

BACK_UP = "continuity.backup.back_up"
DRILL = "continuity.backup.drill_restore"
RECORD = "continuity.backup.record_proof"
MAKE_JOB, DRILL_JOB, SOFTWARE_JOB, WATCH_JOB = (
    "continuity.backup.make",
    "continuity.backup.drill",
    "continuity.backup.software",
    "continuity.backup.watch",
)
STALE = "continuity.backup"


@action(BACK_UP, title=_("Make a backup now"))
def back_up(*, by: User) -> Job:
    """Put a backup into every repository. Raises Problem while one waits or runs."""
    return _once(MAKE_JOB, by)


@action(DRILL, title=_("Start the restore drill"))
def drill_restore(*, by: User) -> Job:
    """Restore the newest off-site copy from nothing and compare it. Raises Problem while a drill waits or runs."""
    return _once(DRILL_JOB, by)


def _once(kind: str, by: User) -> Job:
    if Job.objects.filter(kind=kind, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists():
        raise Problem(_("This is under way already; the result appears here."), code="under_way")
    return enqueue_job(kind=kind, arguments={"asked": True}, by=by)


def _subject(*, outcome: Outcome, **_facts: Any) -> str:
    return f"{outcome.kind}:{outcome.repository}"


@action(RECORD, title=_("Note the result of a backup or drill"), subject=_subject)
def record_proof(*, outcome: Outcome, by: User) -> Proof:
    """Note a finished backup, verification or drill; a good one closes the to-do about a stale one."""
    row = Proof.objects.create(
        kind=outcome.kind,
        repository=outcome.repository[:40],
        offsite=outcome.offsite,
        label=outcome.label[:60],
        moment=outcome.moment,
        began_at=outcome.began_at,
        took_ms=round(outcome.seconds * 1000),
        size=outcome.size,
        fine=outcome.fine,
        findings=[[one.word, one.about[:200]] for one in outcome.findings],
        facts={key: value for key, value in outcome.facts.items() if key not in {"seal", "libraries"}},
        by=by,
    )
    if row.fine:
        close_todos(kind=STALE, subject=str(outcome.kind), by=by)
    note_change(after={"fine": row.fine, "label": row.label, "findings": row.findings})
    return row
