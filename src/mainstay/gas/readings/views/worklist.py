"""The worklist of questioned readings: decided one by one on their pages, or many at once here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mainstay.core.jobs.models import Job
from mainstay.gas.readings import actions_list, forms, queries
from mainstay.gas.readings.filters import WorklistFilter
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.rules import Doubt
from mainstay.gas.readings.tables import WorklistTable
from mainstay.kit.errors import Problem
from mainstay.web.pages import BatchAction, Button, Fact, FirstUse, FormPage, ListPage, Outcome, SignedRequest

AT_ONCE = 100  # more are decided in the background, with a bar that shows how far it is
AT_MOST = 10_000
OWN = ("ids", "all", "seen")
NUMBER = re.compile(r"\d+")
Key = tuple[int, ...]


def keys_of(texts: Sequence[str]) -> list[Key]:
    """Keys of readings as they stand in an address or a ticked box; what is no key is left out."""
    found = [tuple(int(part) for part in NUMBER.findall(text)) for text in texts]
    return [key for key in found if len(key) == 4]  # noqa: PLR2004  # account, installation, period, seq


def _lead_to(name: str) -> Any:
    """A batch action that takes the choice along to the page where the reason is given."""

    def run(request: SignedRequest, _rows: Any) -> HttpResponse:
        facts = [(key, value) for key, values in request.GET.lists() for value in values if key not in OWN]
        if request.POST.get("all") == "1":
            facts += [("all", "1"), ("seen", timezone.now().isoformat())]
        else:
            facts += [("ids", "-".join(map(str, key))) for key in keys_of(request.POST.getlist("ids"))]
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode(facts)}")

    return run


class Worklist(ListPage):
    """Questioned readings: accept, correct, or have them read again. Bills of others do not wait for them."""

    title = _("Questioned readings")
    right = queries.VIEW
    table_class = WorklistTable
    filterset_class = WorklistFilter
    search_placeholder = _("account number")
    first_use = FirstUse(_("Nothing is questioned"), _("Doubtful readings wait here for a decision."))
    batch_actions = (
        BatchAction(
            "accept", _("Accept"), _lead_to("readings:worklist_accept"), "gas.readings.accept_reading", "check", True
        ),
        BatchAction(
            "correct", _("Correct"), _lead_to("readings:worklist_correct"), "gas.readings.correct_reading", "edit"
        ),
        BatchAction(
            "again", _("Read again"), _lead_to("readings:worklist_again"), "gas.readings.set_aside_reading", "refresh"
        ),
    )

    def queryset(self) -> Any:
        """Those within reach."""
        return queries.questioned_visible_to(self.request.user)

    def chosen_rows(self) -> QuerySet[Any]:
        """The pages behind the batch bar find the rows by themselves."""
        return self.rows.none()


class _Many(FormPage):
    """One decision about the chosen readings."""

    form_class: Any = forms.ReasonForm
    decision = ""

    @cached_property
    def picked(self) -> list[Reading]:
        """The readings picked, still questioned and within reach of the right. Raises Problem for none or too many."""
        rows = queries.questioned_visible_to(self.request.user, self.right or "")
        if self.request.GET.get("all") == "1":
            rows = WorklistFilter(data=self.request.GET, queryset=rows, request=self.request).qs
            seen = parse_datetime(self.request.GET.get("seen", ""))
            if seen is not None:  # what came in since nobody has looked at
                rows = rows.filter(recorded_at__lte=seen)
        else:
            rows = rows.filter(pk__in=keys_of(self.request.GET.getlist("ids")))
        found = list(rows.order_by("account_id", "installation_id", "period", "seq")[: AT_MOST + 1])
        if not found:
            raise Problem(_("These readings are decided already. Load the worklist again."), code="nothing_chosen")
        if len(found) > AT_MOST:
            raise Problem(_("Choose at most 10,000 readings: narrow the filter."), code="too_many")
        return found

    @cached_property
    def chosen(self) -> list[Reading]:
        """Those of them that are decided here."""
        return self.picked

    @property
    def intro(self) -> Any:
        """How many, and what happens to each."""
        text = ngettext(
            "%(count)d reading is decided; the reason goes on record with it.",
            "%(count)d readings are decided; the reason goes on record with each of them.",
            len(self.chosen),
        )
        return text % {"count": len(self.chosen)}

    @property
    def back(self) -> str:
        """The worklist with its filter."""
        facts = [(key, value) for key, values in self.request.GET.lists() for value in values if key not in OWN]
        return f"{reverse('readings:worklist')}?{urlencode(facts)}" if facts else reverse("readings:worklist")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the worklist."""
        return [(_("Questioned readings"), self.back)]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Decide at once, or start a job when there are many."""
        reason = form.cleaned_data["reason"]
        if len(self.chosen) > AT_ONCE:
            keys = [tuple(one.pk) for one in self.chosen]
            unit_id = self.chosen[0].book.unit_id
            return actions_list.start_decisions(
                unit_id=unit_id,
                decision=self.decision,
                keys=keys,
                reason=reason,
                by=request.user,
            )
        return actions_list.DECISIONS[self.decision](self.chosen, reason=reason, by=request.user)

    def success(self, result: Any) -> Any:
        """What became of them; a job shows its own progress."""
        if isinstance(result, Job):
            return reverse("jobs:job_detail", args=[result.pk])
        text = ngettext("%(count)d reading is decided.", "%(count)d readings are decided.", result.done)
        return Outcome(
            text % {"count": result.done},
            _("These could not be decided:") if result.refused else "",
            "amber" if result.refused else "green",
            [Fact(number, why) for number, why in result.refused],
            [Button(_("Back to the worklist"), self.back, icon="chevron-left", primary=True)],
        )


class AcceptMany(_Many):
    """They are right. Those below the last index would bill a volume below zero, so each of them is decided alone."""

    title = _("Accept the readings")
    right = "gas.readings.accept_reading"
    submit_label = _("Accept the readings")
    decision = "accept"

    @cached_property
    def chosen(self) -> list[Reading]:
        """Those that are not below the last index. Raises Problem when all are."""
        found = [one for one in self.picked if not one.doubts & Doubt.LOWER]
        if not found:
            text = _("All these readings are below the last index. Open them one by one: correct them, or accept each.")
            raise Problem(text, code="below_last")
        return found

    def notices(self) -> Sequence[tuple[str, Any]]:
        """How many are left out, and what to do with them."""
        left = len(self.picked) - len(self.chosen)
        text = ngettext(
            "%(count)d reading is below the last index and stays on the worklist: correct it, or accept it on its "
            "page.",
            "%(count)d readings are below the last index and stay on the worklist: correct them, or accept each on its "
            "page.",
            left,
        )
        return [("amber", text % {"count": left})] if left else []


class AgainMany(_Many):
    """They are wrong, and somebody must go there again."""

    title = _("Read again")
    right = "gas.readings.set_aside_reading"
    submit_label = _("Set aside and read again")
    decision = "again"


class CorrectMany(_Many):
    """They are wrong, and the right indexes are known."""

    title = _("Correct the readings")
    right = "gas.readings.correct_reading"
    form_class = forms.CorrectManyForm
    submit_label = _("Correct the readings")

    @property
    def intro(self) -> Any:
        """What an empty line means."""
        return _("Enter the right index beside each reading; a line left empty stays on the worklist.")

    def form_kwargs(self) -> dict[str, Any]:
        """The readings, no more than fit on a page."""
        if len(self.chosen) > AT_ONCE:
            raise Problem(_("Choose at most 100 readings to correct."), code="too_many")
        return {"readings": self.chosen}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Correct those with an index."""
        return actions_list.correct_each(form.corrected, reason=form.cleaned_data["reason"], by=request.user)
