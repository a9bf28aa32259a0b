"""Texts people must read: drafted, published, superseded, acknowledged."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.organisation.models import Unit
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.core.publications.queries import missing_readers, visible_to
from mainstay.core.publications.states import PUBLICATION
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.core.todos.models import Todo
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

TODO_KIND = "publication"


def _place(publication: Publication | None = None, unit: Unit | None = None, **_facts: Any) -> int | None:
    return publication.unit_id if publication else unit.pk if unit else None


@action("core.publications.edit_publication", title=_("Write a publication"), unit=_place)
def edit_publication(
    *,
    code: str,
    title_zh: str,
    body: str,
    unit: Unit,
    title_en: str = "",
    kind: str = "notice",
    acknowledge_by: date | None = None,
    publication: Publication | None = None,
    by: User,
) -> Publication:
    """Make a draft, or change one; a text that is published is never changed: draft its next version."""
    if publication is not None and publication.state != Publication.State.DRAFT:
        raise Problem(_("A published text is not changed. Draft its next version."), code="published")
    if publication is None:
        last = Publication.objects.filter(code=code).order_by("-version").first()
        if last is not None and last.state == Publication.State.DRAFT:
            raise Problem(_("There is a draft with this code already. Change that one."), field="code", code="draft")
        publication = Publication(code=code, version=last.version + 1 if last else 1)
    publication.kind, publication.title_zh, publication.title_en = kind, title_zh, title_en
    publication.body, publication.unit, publication.acknowledge_by = body, unit, acknowledge_by
    publication.save()
    note_change(after={"code": publication.code, "version": publication.version, "unit": unit.pk})
    return publication


@action("core.publications.publish", title=_("Publish a text"), unit=_place)
def publish(*, publication: Publication, by: User) -> Publication:
    """Publish a draft: its text is fixed by a hash, the version before is superseded, readers get a to-do."""
    PUBLICATION.require(publication.state, Publication.State.PUBLISHED)
    if publication.acknowledge_by and publication.acknowledge_by < timezone.localdate():
        raise Problem(_("The day until which it must be read is over. Choose a later one."), field="acknowledge_by")
    older = Publication.objects.filter(code=publication.code, state=Publication.State.PUBLISHED)
    for one in older:
        close_todos(kind=TODO_KIND, subject=f"publications.publication:{one.pk}", by=by)
    older.update(state=Publication.State.SUPERSEDED)
    publication.state = Publication.State.PUBLISHED
    publication.published_at = timezone.now()
    publication.digest = hashlib.sha256(f"{publication.title_zh}\n{publication.body}".encode()).hexdigest()
    publication.save(update_fields=["state", "published_at", "digest"])
    note_change(after={"version": publication.version, "digest": publication.digest})
    if publication.acknowledge_by:
        _remind(publication)
    return publication


@action("core.publications.supersede", title=_("Withdraw a published text"), unit=_place)
def supersede(*, publication: Publication, reason: str, by: User) -> Publication:
    """Take a published text out of force."""
    PUBLICATION.require(publication.state, Publication.State.SUPERSEDED)
    publication.state = Publication.State.SUPERSEDED
    publication.save(update_fields=["state"])
    close_todos(kind=TODO_KIND, subject=f"publications.publication:{publication.pk}", by=by)
    note_change(before={"state": "published"}, after={"state": "superseded"}, reason=reason)
    return publication


@action(
    "core.publications.acknowledge",
    title=_("Acknowledge a publication"),
    everyone=True,
    subject=lambda publication, **_facts: f"publications.publication:{publication.pk}",
)
def acknowledge(*, publication: Publication, by: User) -> Acknowledgement:
    """Note that one has read a published text; doing it again changes nothing."""
    if publication.state != Publication.State.PUBLISHED:
        raise Problem(_("This text is not in force; there is nothing to acknowledge."), code="not_in_force")
    if not visible_to(by).filter(pk=publication.pk).exists():
        refuse(_("This text is not for your unit."))
    found, _made = Acknowledgement.objects.get_or_create(
        publication=publication, user=by, defaults={"at": timezone.now()}
    )
    mine = Todo.objects.filter(kind=TODO_KIND, subject=f"publications.publication:{publication.pk}", user=by)
    mine.filter(done_at=None).update(done_at=timezone.now(), done_by=by)
    return found


@action("core.publications.remind", title=_("Remind those who have not read a publication"), unit=_place)
def remind(*, publication: Publication, by: User) -> int:
    """Open a to-do for everybody who has not acknowledged yet (new colleagues too); returns how many are missing."""
    if publication.state != Publication.State.PUBLISHED:
        raise Problem(_("This text is not in force; there is nothing to acknowledge."), code="not_in_force")
    missing = _remind(publication)
    note_change(subject=f"publications.publication:{publication.pk}", after={"reminded": missing})
    return missing


def _remind(publication: Publication) -> int:
    due = None
    if publication.acknowledge_by:
        due = timezone.make_aware(datetime.combine(publication.acknowledge_by, time(23, 59)))
    missing = list(missing_readers(publication))
    for user in missing:
        open_todo(
            kind=TODO_KIND,
            subject=f"publications.publication:{publication.pk}",
            title_zh=f"阅读并确认：{publication.title_zh}",
            title_en=f"Read and acknowledge: {publication.title_en or publication.title_zh}",
            url=reverse("publications:publication_detail", args=[publication.pk]),
            user=user,
            due_at=due,
        )
    return len(missing)
