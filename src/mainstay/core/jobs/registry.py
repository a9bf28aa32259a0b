"""What kinds of background work there are. Apps register theirs in `AppConfig.ready`.

    @job("gas.billing.run", _("Billing run"))
    def run_billing(job: Job, progress: Progress) -> None: ...

A job may be stopped at any `progress.update` and is then started again later, perhaps by another worker: it must
find out by itself what is done already.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.translation import gettext as _

from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.jobs.models import Job

MAX_ATTEMPTS = 3


class Progress(Protocol):
    """What a job reports to; `update` raises when the job was cancelled or the worker shall end."""

    def update(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` pieces are finished."""

    def stopping(self) -> bool:
        """Whether the work should stop at the next safe place."""


Run = Callable[["Job", Progress], None]


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: its function, and how often it may be tried."""

    kind: str
    title: Any
    run: Run
    attempts: int = MAX_ATTEMPTS


_kinds: dict[str, JobKind] = {}


def job(kind: str, title: Any, *, attempts: int = MAX_ATTEMPTS) -> Callable[[Run], Run]:
    """Declare a function as the work of jobs of `kind`; `title` is a lazy translated text."""

    def register(run: Run) -> Run:
        _kinds[kind] = JobKind(kind, title, run, attempts)
        return run

    return register


def job_kind(kind: str) -> JobKind:
    """Return a kind. Raises Problem for one that no installed app knows."""
    if kind not in _kinds:
        raise Problem(_("There is no kind of job called %(kind)s.") % {"kind": kind}, code="no_such_job")
    return _kinds[kind]


def title_of(kind: str) -> Any:
    """The kind's title; its name when no app knows it any more."""
    return _kinds[kind].title if kind in _kinds else kind


def kinds() -> list[JobKind]:
    """All kinds by name."""
    return [_kinds[name] for name in sorted(_kinds)]
