"""The supplies on one page, their course, times on battery, discharge tests with their curve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.power import actions, forms, queries
from mainstay.continuity.power.models import Discharge, Outage
from mainstay.continuity.power.rules import hours, runtime_at
from mainstay.continuity.site.queries import declared
from mainstay.continuity.site.views import STEP_WORDS
from mainstay.kit.svg import sparkline
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, Page, Section, SignedRequest

TITLE = _("Power supply")
SHOWN = 10
WORDS = {
    "green": (_("in order"), "green"), "amber": (_("look at it"), "amber"), "red": (_("not in order"), "red"),
    "unknown": (_("not proven"), "grey"),
}  # fmt: skip


class State(Page):
    """What carries the machine room now."""

    title = TITLE
    right = queries.VIEW
    template_name = "power/state.html"
    actions = (Button(_("Record discharge test"), "power:discharge_create", (), actions.RECORD, "clipboard-check"),)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Every supply with the course of a day, the policy, times on battery, tests."""
        now = timezone.now()
        site = declared()
        return self.page(
            rows=[self.row(one) for one in queries.supplies(now)],
            steps=[(one, STEP_WORDS[one.do]) for one in site.power] if site else [],
            outages=[(one, self.told(one)) for one in Outage.objects.all()[:SHOWN]],
            tests=Discharge.objects.select_related("by__person")[:SHOWN],
            hours=hours,
        )

    def row(self, one: queries.Supply) -> dict[str, Any]:
        """A supply in words, with its charge of a day."""
        now = timezone.now()
        samples = queries.course(one.ups.name, now - timedelta(days=1), now)
        state = queries.state_of_sample(one.sample)
        carried = runtime_at(state, one.ups.design_load)
        charge = [item.charge or 0 for item in samples]
        return {
            "supply": one,
            "word": WORDS[one.seen.verdict],
            "why": one.seen.zh if (get_language() or "zh").startswith("zh") else one.seen.en,
            "state": state,
            "carried": "–" if carried is None else hours(carried),
            "promised": hours(one.ups.runtime_s),
            "empty_in": "" if one.empty_in_s is None else hours(one.empty_in_s),
            "course": sparkline(_("Charge of a day"), charge, width=360, height=60) if len(charge) > 1 else "",
        }

    def told(self, outage: Outage) -> list[str]:
        """The steps of a time on battery in words."""
        words = {"step": "", "resume": _("resumed: ")}
        return [f"{words.get(one['move'], '')}{STEP_WORDS[one['do']]}" for one in outage.steps]


class DischargeDetail(DetailPage):
    """A test and its curve."""

    right = queries.VIEW
    model = Discharge

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the supplies."""
        return [(TITLE, reverse("power:state"))]

    def badge(self) -> tuple[Any, str] | None:
        """Whether it was passed."""
        return (_("passed"), "green") if self.subject.passed else (_("not passed"), "red")

    def facts(self) -> Sequence[Fact]:
        """What was measured."""
        one = self.subject
        return [
            Fact(_("supply"), one.ups),
            Fact(_("began"), one.began_at, "instant"),
            Fact(_("ended"), one.ended_at, "instant"),
            Fact(_("carried"), hours(one.carried_s)),
            Fact(_("load (%)"), one.load),
            Fact(_("charge at the end (%)"), one.left_percent),
            Fact(_("note"), one.note),
            Fact(_("by"), one.by),
        ]

    def sections(self) -> Sequence[Section]:
        """The curve."""
        one = self.subject
        samples = queries.course(one.ups, one.began_at, one.ended_at)
        charge = [item.charge or 0 for item in samples]
        picture = sparkline(_("Charge during the test (%)"), charge, width=720, height=200)
        context = {"picture": picture, "samples": samples[:: max(1, len(samples) // 12)]}
        return [Section(_("Curve"), template="power/curve.html", context=context, key="curve")]


class DischargeCreate(FormPage):
    """Record a test."""

    title = _("Record a discharge test")
    right = actions.RECORD
    form_class = forms.DischargeForm
    submit_label = _("Record discharge test")
    intro = _("Switch the mains off, let the battery carry, switch on again. What was sampled meanwhile is the proof.")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the supplies."""
        return [(TITLE, reverse("power:state"))]

    def form_kwargs(self) -> dict[str, Any]:
        """The declared supplies."""
        site = declared()
        return {"supplies": [one.name for one in site.ups] if site else []}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Record it."""
        return actions.record_discharge(by=self.request.user, **form.cleaned_data)
