"""Every write of papers: issue, print, void."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.models import Document
from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action("core.documents.issue_document", title=_("Issue document"), unit=lambda unit_id=None, **_: unit_id)
def issue_document(
    *,
    kind: str,
    subject: str,
    template: str,
    data: dict[str, Any],
    unit_id: int | None = None,
    number: str = "",
    by: User,
) -> Document:
    """Issue a paper of a kind about a subject: `template` (a Typst template's name) filled with `data` (JSON values).

    Its number is the next of the kind and year ("2026-000017") unless the paper brings its own. A paper that brings its
    own number and is issued already is returned as it is.
    """
    if number:
        issued = Document.objects.filter(kind=kind, number=number).first()
        if issued is not None:
            return issued
    year = local_today().year
    document = Document.objects.create(
        kind=kind,
        number=number or f"{year}-{next_number(kind, year):06d}",
        subject=subject[:80],
        template=template,
        data=data,
        unit_id=unit_id,
        issued_by=by,
        issued_at=timezone.now(),
    )
    note_change(after={"kind": kind, "number": document.number, "of": subject[:80]})
    return document


@action("core.documents.print_document", title=_("Print document"), unit=lambda document, **_: document.unit_id)
def print_document(*, document: Document, by: User) -> int:
    """Count a print; returns how often the paper was printed, this time included (above 1: a reprint, marked)."""
    Document.objects.filter(pk=document.pk).update(prints=F("prints") + 1)
    prints = Document.objects.values_list("prints", flat=True).get(pk=document.pk)
    note_change(subject=f"documents.document:{document.pk}", after={"number": document.number, "prints": prints})
    return prints


@action("core.documents.void_document", title=_("Void document"), unit=lambda document, **_: document.unit_id)
def void_document(*, document: Document, reason: str, by: User) -> Document:
    """Void a paper: it keeps its number and shows that it is void. Problem without a reason or when it is void."""
    if not reason.strip():
        raise Problem(_("Say why the document is voided."), field="reason", code="no_reason")
    done = Document.objects.filter(pk=document.pk, state=Document.State.ISSUED).update(
        state=Document.State.VOID, void_reason=reason.strip()[:200]
    )
    if not done:
        raise Problem(_("This document is void already; nothing was changed."), code="void")
    document.refresh_from_db()
    note_change(before={"state": "issued"}, after={"state": "void"}, reason=reason)
    return document
