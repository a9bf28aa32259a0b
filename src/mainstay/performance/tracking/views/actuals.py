"""Pages of actual values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.answers import download
from mainstay.performance.plans.forms import ReasonForm
from mainstay.performance.plans.models import Target
from mainstay.performance.plans.rules import number_text
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.tracking import actions, forms, queries
from mainstay.performance.tracking.filters import ActualFilter
from mainstay.performance.tracking.models import Actual
from mainstay.performance.tracking.states import ACTUAL
from mainstay.performance.tracking.tables import ActualTable
from mainstay.performance.tracking.views.tasks import kept_file
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Outcome, Page, SignedRequest, steps_of

VERIFY = "performance.tracking.verify_actual"
DISPUTE = "performance.tracking.dispute_actual"
FETCH = "performance.tracking.fetch_actuals"


class ActualList(ListPage):
    """What was reported."""

    title = _("Actual values")
    table_class = ActualTable
    filterset_class = ActualFilter
    actions = (Button(_("Fetch values"), "tracking:actual_fetch", (), FETCH, "download"),)
    first_use = FirstUse(
        _("No values reported yet"),
        _("What a target reached is reported from its contract, with evidence, and verified by somebody else."),
    )

    def queryset(self) -> Any:
        """Values of the contracts one may see."""
        return queries.actuals_for(self.request.user).order_by("-id")


class ActualDetail(DetailPage):
    """One value with its evidence."""

    def queryset(self) -> Any:
        """Values of the contracts one may see."""
        return queries.actuals_for(self.request.user).select_related("evidence", "verified_by__person", "replaces")

    def get_title(self) -> Any:
        """Indicator and period."""
        return f"{self.subject.target.indicator} · {self.subject.period}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Actual values"), reverse("tracking:actual_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = ACTUAL.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a value."""
        return steps_of(ACTUAL.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """Verify or dispute, unless one reported it."""
        one, pk = self.subject, (self.subject.pk,)
        if one.reported_by_id == self.request.user.pk or one.state == Actual.State.DISPUTED:
            return []
        found = [Button(_("Dispute value"), "tracking:actual_dispute", pk, DISPUTE, danger=True)]
        if one.state == Actual.State.REPORTED:
            found.insert(0, Button(_("Verify value"), "tracking:actual_verify", pk, VERIFY, "check", True))
        return found

    def facts(self) -> Sequence[Fact]:
        """Value, target, who, evidence."""
        one = self.subject
        contract = one.target.contract
        found = [
            Fact(_("Value reached"), f"{number_text(one.value_e4)} {one.target.indicator.unit_zh}"),
            Fact(_("Target"), number_text(one.target.target_e4)),
            Fact(_("Contract"), contract, "code", href=contract.get_absolute_url()),
            Fact(_("Party B"), contract.person),
            Fact(_("Reported by"), one.reported_by),
            Fact(_("Reported at"), one.reported_at, "instant"),
            Fact(_("Checked by"), one.verified_by or "–"),
            Fact(_("Reason or remark"), one.note or "–"),
        ]
        if one.evidence:
            url = reverse("tracking:actual_evidence", args=[one.pk])
            found.append(Fact(_("Evidence"), one.evidence.name, href=url))
        if one.dispute:
            found.append(Fact(_("Objection"), one.dispute))
        return found


class ActualReport(ActPage):
    """Report what a target reached."""

    title = _("Report value")
    right = queries.REPORT
    submit_label = _("Report value")
    act = actions.report_actual
    key = "target"

    def rows(self) -> Any:
        """Targets of the contracts one may see."""
        rows = Target.objects.visible_to(self.request.user)
        return rows.select_related("indicator", "contract__period", "contract__person__user", "contract__unit")

    def get_title(self) -> Any:
        """The indicator."""
        return f"{self.title}: {self.thing.indicator}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the contract."""
        return [(str(self.thing.contract), self.thing.contract.get_absolute_url())]

    @property
    def intro(self) -> Any:
        """What was agreed."""
        indicator = self.thing.indicator
        unit = indicator.unit_zh
        return f"{indicator.formula_zh} · {_('target')} {number_text(self.thing.target_e4)} {unit}"

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        """With events where the rule asks for them."""
        events = {"veto", "plus_max", "minus_max"} & set(self.thing.rule)
        return forms.EventForm if events else forms.ActualForm

    def make_form(self, bound: bool) -> Any:
        """Only periods inside the contract's."""
        form = super().make_form(bound)
        whole = self.thing.contract.period
        rows = form.fields["period"].queryset
        form.fields["period"].queryset = rows.filter(from_on__gte=whole.from_on, until_on__lte=whole.until_on)
        return form

    def facts(self, form: Any) -> dict[str, Any]:
        """Value, events, evidence."""
        given = form.cleaned_data
        return {
            "period": given["period"],
            "value_e4": given["value"],
            "note": given["note"],
            "evidence": kept_file(self, form, f"plans.contract:{self.thing.contract_id}"),
            "veto": given.get("veto") or False,
            "plus_e2": given.get("plus") or 0,
            "minus_e2": given.get("minus") or 0,
        }

    def success(self, result: Any) -> str:
        """Back to the contract."""
        return str(self.thing.contract.get_absolute_url())


class ActualAct(ActPage):
    """An act on one value."""

    key = "actual"

    def rows(self) -> Any:
        """Values of the contracts one may see."""
        return queries.actuals_for(self.request.user)

    def get_title(self) -> Any:
        """The act and the value."""
        return f"{self.title}: {self.thing.target.indicator} {number_text(self.thing.value_e4)}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the value."""
        return [(str(self.thing), reverse("tracking:actual_detail", args=[self.thing.pk]))]

    def success(self, result: Any) -> str:
        """Back to the value."""
        return reverse("tracking:actual_detail", args=[self.thing.pk])


class ActualVerify(ActualAct):
    """Confirm it."""

    title = _("Verify value")
    right = VERIFY
    submit_label = _("Verify value")
    act = actions.verify_actual


class ActualDispute(ActualAct):
    """Reject it."""

    title = _("Dispute value")
    right = DISPUTE
    form_class = ReasonForm
    submit_label = _("Dispute value")
    danger = True
    act = actions.dispute_actual


class ActualFetch(ActPage):
    """Take over what other parts know."""

    title = _("Fetch values")
    right = FETCH
    form_class = forms.FetchForm
    submit_label = _("Fetch values")
    intro = _(
        "Indicators that other parts of the suite answer get their values from there; somebody still verifies them."
    )
    act = actions.fetch_actuals

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Actual values"), reverse("tracking:actual_list"))]

    def success(self, result: int) -> Outcome:
        """How many came."""
        return Outcome(
            _("%(count)s values were reported") % {"count": result},
            buttons=[Button(_("To the values"), "tracking:actual_list", primary=True)],
        )


class ActualEvidence(Page):
    """The evidence as a download."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        """Give the file to those who may see the value."""
        rows = queries.actuals_for(self.request.user).select_related("evidence__file")
        found = get_object_or_404(rows, pk=kwargs["pk"])
        if found.evidence is None:
            raise Http404
        return download(found.evidence)
