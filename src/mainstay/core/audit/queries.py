"""Reading the audit log."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.audit.models import Entry, Seal
from mainstay.core.door import catalogue, register_right

VIEW_LOG = register_right("core.audit.view_log", _("View the audit log"))
SHOWN = 30  # lines of a thing's own log
COUNTED = 1_000  # where the cards stop counting


def subject_key(subject: Model) -> str:
    """Return the text under which acts on a row are recorded: `billing.bill:17`."""
    return f"{subject._meta.label_lower}:{subject.pk}"


def log_of_subject(subject: Model) -> QuerySet[Entry]:
    """Return what was done to a thing, newest first."""
    rows = Entry.objects.filter(subject=subject_key(subject)).select_related("by__person", "approver__person")
    return rows.order_by("-id")[:SHOWN]


def title_of(action: str) -> Any:
    """Return the words for an action, or its name when it no longer exists."""
    spec = catalogue().get(action)
    return spec.title if spec else action


def differences(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Return (name, before, after) of every value that differs, as texts."""
    return [(name, text_of(old), text_of(new)) for name, old, new in changed(before, after)]


def changed(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    """Return (name, before, after) of every value that differs, as stored."""
    old = before if isinstance(before, dict) else {} if before is None else {"": before}
    new = after if isinstance(after, dict) else {} if after is None else {"": after}
    names = [*old, *(name for name in new if name not in old)]
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def text_of(value: Any) -> str:
    """A stored value as a text."""
    if value is None:
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(text_of(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {text_of(one)}" for key, one in value.items())
    return str(value)


def refused_today(_user: Any) -> QuerySet[Entry]:
    """Return the attempts refused today, at most a thousand."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Entry.objects.filter(outcome=Entry.Outcome.REFUSED, at__gte=midnight)[:COUNTED]


def refused_today_query(_user: Any) -> str:
    """The filter of the log that shows them."""
    return f"?outcome={Entry.Outcome.REFUSED}&since={timezone.localdate().isoformat()}"


def unsealed(_user: Any) -> QuerySet[Entry]:
    """Return the rows that wait for a seal, at most a thousand; in order, so that they are one range of the key."""
    last = Seal.objects.order_by("-last_id").values("last_id")[:1]
    return Entry.objects.filter(id__gt=Coalesce(Subquery(last), 0)).order_by("id")[:COUNTED]
