"""How the copies stand on one screen; what was proven, as a list; a backup and a drill at a press."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.backup import actions, declared, queries
from mainstay.continuity.backup.models import Proof
from mainstay.continuity.backup.rules import Kind, Verdict
from mainstay.continuity.site.rules import DeclarationError
from mainstay.core.jobs.models import Job
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CountColumn,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    Page,
    SignedRequest,
)

HUES = {Verdict.FINE: "green", Verdict.LATE: "amber", Verdict.FAILED: "red", Verdict.NEVER: "red"}
VERDICTS = {
    Verdict.FINE: _("in order"),
    Verdict.LATE: _("too old"),
    Verdict.FAILED: _("failed"),
    Verdict.NEVER: _("never done"),
}
KINDS = {
    Kind.BACKUP: _("Last backup"),
    Kind.DRILL: _("Last restore drill"),
    Kind.VERIFY: _("Repositories read through"),
    Kind.SOFTWARE: _("Archive of the software"),
}
ADVICE = {  # what to do, by measure and verdict
    (Kind.BACKUP, Verdict.NEVER): _(
        "Nothing was ever copied. Press “Back up now”; without a copy a dead disk ends "
        "the business."
    ),
    (Kind.BACKUP, Verdict.LATE): _(
        "The last backup is too old. Look whether the worker runs, then press “Back up "
        "now”."
    ),
    (Kind.BACKUP, Verdict.FAILED): _(
        "The last backup failed. Mend what is named below, then press “Back up "
        "now”."
    ),
    (Kind.DRILL, Verdict.NEVER): _(
        "No copy was ever restored. A copy counts only when it was: start the restore "
        "drill."
    ),
    (Kind.DRILL, Verdict.LATE): _("The last restore drill is too old. Start it; it changes nothing here."),
    (Kind.DRILL, Verdict.FAILED): _(
        "The last copy could not be restored as it should. Make a new backup and start "
        "the drill again."
    ),
    (Kind.SOFTWARE, Verdict.NEVER): _(
        "The software was never archived. The worker does it each week, or at once: mainstay backup --software"
    ),
    (Kind.VERIFY, Verdict.FAILED): _(
        "A repository is damaged. Its disk may be dying: make a copy elsewhere first, "
        "then replace it."
    ),
}  # fmt: skip
SHOWN = 12
FINE_HUES = {True: "green", False: "red"}
FINE_WORDS = {True: VERDICTS[Verdict.FINE], False: VERDICTS[Verdict.FAILED]}


class State(Page):
    """What there is, how old, whether it was restored, what to do."""

    title = _("Backup and restore")
    right = queries.VIEW
    template_name = "backup/state.html"
    actions = (
        Button(_("Back up now"), "backup:back_up", right=actions.BACK_UP, icon="device-floppy", primary=True),
        Button(_("Start restore drill"), "backup:drill", right=actions.DRILL, icon="refresh"),
        Button(_("All records"), "backup:history", icon="history"),
    )

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Judge what is on record."""
        found = queries.standings()
        rows = list(queries.proofs()[:SHOWN])
        kinds = (actions.MAKE_JOB, actions.DRILL_JOB)
        running = Job.objects.filter(kind__in=kinds, state__in=[Job.State.WAITING, Job.State.RUNNING]).first()
        return self.page(
            measures=[_measure(one) for one in found],
            alerts=[_advice(one) for one in found if (one.kind, one.verdict) in ADVICE],
            offsite=queries.last_offsite(),
            restorable=queries.restorable(),
            places=_places(),
            rows=[(row, queries.words_of(row)) for row in rows],
            running=running,
        )  # fmt: skip


def _advice(one: queries.Standing) -> tuple[str, Any]:
    return HUES[one.verdict], ADVICE[one.kind, one.verdict]


def _measure(one: queries.Standing) -> dict[str, Any]:
    return {
        "title": KINDS[one.kind],
        "word": VERDICTS[one.verdict],
        "hue": HUES[one.verdict],
        "last": one.last,
        "restore": one.last.facts.get("restore_s", one.last.seconds) if one.last and one.kind == Kind.DRILL else None,
    }


def _places() -> list[tuple[Any, str, Any]]:
    """Every repository: where, and what it is good for."""
    try:
        site = declared.place()
    except DeclarationError:
        site = None
    rows: list[tuple[Any, str, Any]] = []
    if site:
        words = {True: _("off-site, encrypted"), False: _("local")}
        received = _("off-site, encrypted; its host receives each change as it is written")
        rows += [
            (name, "pgBackRest", received if name in site.receivers else words[name in site.offsite])
            for name in site.repositories
        ]
    rows.append((_("local"), settings.BACKUP_FOLDER, _("quick to restore from; lost with this machine")))
    if settings.BACKUP_OFFSITE:
        rows.append((_("off-site"), settings.BACKUP_OFFSITE, _("encrypted; survives this building")))
    return rows


class ProofTable(tables.Table):
    """Backups, drills, verifications."""

    began_at = InstantColumn(orderable=False)
    kind = BadgeColumn(hues={Kind.DRILL: "blue"}, orderable=False)
    fine = BadgeColumn(hues=FINE_HUES, words=FINE_WORDS, orderable=False)
    repository = tables.Column(orderable=False)
    label = tables.Column(orderable=False)
    took_ms = CountColumn(verbose_name=_("took (ms)"), orderable=False)
    size = CountColumn(verbose_name=_("bytes"), orderable=False)

    class Meta:
        model = Proof
        fields = ("began_at", "kind", "fine", "repository", "label", "took_ms", "size")


class ProofFilter(filters.FilterSet):
    """By kind."""

    kind = filters.ChoiceFilter(choices=Proof.Kind.choices, label=_("Kind"))

    class Meta:
        model = Proof
        fields = ("kind",)


class History(ListPage):
    """Everything that was ever proven, to be shown to an auditor."""

    title = _("Records of backups and drills")
    right = queries.VIEW
    model = Proof
    table_class = ProofTable
    filterset_class = ProofFilter
    first_use = FirstUse(_("Nothing is on record yet"), _("Every backup and every restore drill appears here."))

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the state."""
        return [(_("Backup and restore"), reverse("backup:state"))]

    def queryset(self) -> Any:
        """All."""
        return queries.proofs()


class BackUp(FormPage):
    """Ask for a backup."""

    title = _("Back up now")
    right = actions.BACK_UP
    form_class = forms.Form
    submit_label = _("Back up now")
    success_url = "/backup/"
    success_message = _("Under way. The result appears here within a minute or so.")
    intro = _("Copies the database, uploaded files and keys into every repository. Work goes on meanwhile.")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the state."""
        return [(_("Backup and restore"), reverse("backup:state"))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Queue it."""
        return actions.back_up(by=self.request.user)


class Drill(BackUp):
    """Ask for the restore drill."""

    title = _("Start restore drill")
    right = actions.DRILL
    submit_label = _("Start restore drill")
    intro = _(
        "Restores the newest off-site copy into an empty folder, compares rows, ledger and audit seals with what was "
        "sealed, and removes it again. Nothing here is changed."
    )

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Queue it."""
        return actions.drill_restore(by=self.request.user)
