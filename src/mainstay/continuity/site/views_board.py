"""The board of operational safety (运行安全), the same for a screen on the wall, and the evidence behind a tile."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site import actions, forms, queries, registry
from mainstay.continuity.site.models import Observation
from mainstay.core.events.providers import answers
from mainstay.kit.dates import local_today
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.web.pages import Button, FormPage, Page, SignedRequest

WORDS = {
    "green": (_("in order"), "green", "circle-check"),
    "amber": (_("look at it"), "amber", "alert-triangle"),
    "red": (_("not in order"), "red", "alert-circle"),
    "unknown": (_("not proven"), "grey", "help-circle"),
}
TITLE = _("Board of operational safety")
SHOWN = 3


class Board(Page):
    """One tile for each measure."""

    title = TITLE
    right = queries.BOARD
    template_name = "site/board.html"
    actions = (Button(_("For the wall"), "site:wall", icon="eye", new_tab=True),)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The tiles, the worst counted on top."""
        found = queries.tiles(timezone.now())
        count = Counter(one.verdict for one in found)
        tally = [(key, *WORDS[key], count[key]) for key in ("red", "amber", "unknown", "green")]
        rows = [{"tile": one, "word": WORDS[one.verdict], "wrong": one.wrong[:SHOWN]} for one in found]
        return self.page(rows=rows, tally=tally, shown=timezone.localtime(), more=SHOWN)


class Wall(Board):
    """The board alone, large, without menu; it renews itself."""

    template_name = "site/wall.html"


class Evidence(Page):
    """What was seen of a measure, now and before."""

    right = queries.BOARD
    template_name = "site/evidence.html"

    @cached_property
    def measure(self) -> registry.Measure:
        """The measure of the address, or 404."""
        if self.kwargs["key"] not in registry.MEASURES:
            raise Http404
        return registry.MEASURES[self.kwargs["key"]]

    def get_title(self) -> Any:
        """Its row and name."""
        return f"{self.measure.key} {self.measure.title}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the board."""
        return [(TITLE, reverse("site:board"))]

    def get_actions(self) -> Sequence[Button]:
        """Its own page, and looking at once."""
        look = Button(_("Look now"), "site:look", (self.measure.key,), actions.LOOK, "refresh", method="post")
        sheet = Button(_("Export evidence"), "?export=xlsx", icon="file-export")
        page = registry.page_of(self.measure.key)
        found = [look, sheet]
        return found if page is None else [*found, Button(page[0], page[1], (), page[2], "arrow-right", primary=True)]

    def sheet(self) -> HttpResponseBase:
        """Every stretch on record as a sheet, for whoever audits the measure."""
        heads = (
            OutColumn(str(_("Probe"))), OutColumn(str(_("What"))), OutColumn(str(_("State"))), OutColumn(str(_("Why"))),
            OutColumn(str(_("Figure"))), OutColumn(str(_("From")), "instant"), OutColumn(str(_("Until")), "instant"),
            OutColumn(str(_("times")), "int"), OutColumn(str(_("accepted until")), "instant"),
            OutColumn(str(_("accepted by"))), OutColumn(str(_("reason"))),
        )  # fmt: skip
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it when it has been sent
        write_xlsx(file, str(self.get_title()), heads, self.lines())
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{self.get_title()}-{local_today()}.xlsx")

    def lines(self) -> Iterator[list[Any]]:
        """The rows of the sheet, newest first."""
        for one in queries.stretches(self.measure.key).select_related("excused_by__person").iterator(2000):
            yield [
                str(registry.probe(one.probe).title), str(one), str(one.get_verdict_display()), one.text, one.figure,
                one.since, one.seen_at, one.times, one.excused_until, str(one.excused_by or ""), one.excuse,
            ]  # fmt: skip

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What is seen now, by which probe, the stretches before, what else is on record; or all of it as a sheet."""
        if request.GET.get("export") == "xlsx":
            return self.sheet()
        now = timezone.now()
        opener = registry.opener()
        tile = queries.tiles(now, [self.measure.key])[0]
        titles = {line.probe.key: line.probe.title for line in tile.probes}
        late = {line.probe.key for line in tile.late}
        return self.page(
            tile=tile,
            word=WORDS[tile.verdict],
            seen=[(one, WORDS[one.counted(now)], titles[one.probe], one.excused_until) for one in tile.seen],
            lines=[(line, line.probe.key in late) for line in tile.probes],
            past=[(one, WORDS[one.verdict], titles[one.probe]) for one in queries.history_of(self.measure.key)],
            may_excuse=self.may(actions.EXCUSE),
            opener=opener[0] if opener and self.may(opener[1]) else "",
            records=[one for rows in answers("on_record_of_measure", measure=self.measure.key) for one in rows],
        )


class LookNow(Page):
    """The button that lets the probes look at once."""

    right = actions.LOOK

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Start the job and go back."""
        actions.look_now(measure=self.kwargs["key"], by=self.request.user)
        messages.success(request, str(_("The probes look now. What they see is here within a minute.")))
        return HttpResponseRedirect(reverse("site:measure", args=[self.kwargs["key"]]))

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """An address opened by hand leads to the evidence."""
        return HttpResponseRedirect(reverse("site:measure", args=[self.kwargs["key"]]))


class Excuse(FormPage):
    """Let a red finding be for a time."""

    title = _("Accept a finding for a time")
    right = actions.EXCUSE
    form_class = forms.ExcuseForm
    submit_label = _("Accept finding")
    danger = True
    intro = _("The tile turns amber until then; the finding stays on record as red, with your name and reason.")

    @cached_property
    def finding(self) -> Observation:
        """The finding of the address."""
        return get_object_or_404(Observation, pk=self.kwargs["pk"])

    @property
    def key(self) -> str:
        """The measure it belongs to."""
        return registry.probe(self.finding.probe).measure

    def get_title(self) -> Any:
        """What is accepted."""
        return f"{self.title}: {self.finding}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below its measure."""
        return [(TITLE, reverse("site:board")), (self.key, reverse("site:measure", args=[self.key]))]

    def initial(self) -> dict[str, Any]:
        """Until tomorrow."""
        return {"until": timezone.localtime() + timedelta(days=1)}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Accept it."""
        return actions.excuse_finding(finding=self.finding, by=self.request.user, **form.cleaned_data)

    def success(self, result: Any) -> str:
        """Back to the evidence."""
        return reverse("site:measure", args=[self.key])
