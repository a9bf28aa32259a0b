"""Pages of the audit log and its seals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from mainstay.core.audit.filters import EntryFilter
from mainstay.core.audit.models import Entry, Seal
from mainstay.core.audit.queries import COUNTED, VIEW_LOG, differences, title_of, unsealed
from mainstay.core.audit.tables import HUES, EntryTable, SealTable
from mainstay.web.pages import DetailPage, Fact, ListPage, Section


class EntryList(ListPage):
    """What was done, and what was refused."""

    title = _("Audit log")
    right = VIEW_LOG
    table_class = EntryTable
    filterset_class = EntryFilter
    filters_shown = 4
    count_limit = 1_000

    def queryset(self) -> Any:
        """All rows, newest first."""
        return Entry.objects.select_related("by__person")


class EntryDetail(DetailPage):
    """One act with what it changed."""

    right = VIEW_LOG
    show_log = False

    def queryset(self) -> Any:
        """All rows."""
        return Entry.objects.select_related("by__person", "approver__person")

    def get_title(self) -> Any:
        """The words of the action."""
        return title_of(self.subject.action)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Audit log"), reverse("audit:entry_list"))]

    def badge(self) -> tuple[Any, str]:
        """How it ended."""
        return self.subject.get_outcome_display(), HUES[self.subject.outcome]

    def facts(self) -> Sequence[Fact]:
        """Who, when, where, how much."""
        entry = self.subject
        return [
            Fact(_("Row"), entry.pk, "code"),
            Fact(_("Time"), entry.at, "instant"),
            Fact(_("By"), entry.by),
            Fact(_("Approved by"), entry.approver or "–"),
            Fact(pgettext("thing", "Name"), entry.action, "code"),
            Fact(_("Subject"), entry.subject or "–", "code"),
            Fact(_("Unit"), entry.unit_id if entry.unit_id is not None else "–"),
            Fact(_("Amount (yuan)"), entry.amount_fen, "money"),
            Fact(_("Reason"), entry.reason or "–"),
            Fact(_("Network address"), entry.ip or "–", "code"),
            Fact(_("Request"), entry.request_id or "–", "code"),
        ]

    def sections(self) -> Sequence[Section]:
        """Before and after."""
        changes = differences(self.subject.before, self.subject.after)
        return [Section(_("What changed"), template="audit/changes.html", context={"changes": changes})]


class SealList(ListPage):
    """Seals."""

    title = _("Audit seals")
    right = VIEW_LOG
    table_class = SealTable

    def queryset(self) -> Any:
        """All, newest first."""
        return Seal.objects.defer("marks")

    def context(self, **extra: Any) -> dict[str, Any]:
        """Say how many rows are not sealed yet."""
        number = unsealed(self.request.user).count()
        shown = f"{number:,}+" if number == COUNTED else number
        text = _("%(n)s rows are not sealed yet.") % {"n": shown}
        return super().context(subtitle=text, **extra)
