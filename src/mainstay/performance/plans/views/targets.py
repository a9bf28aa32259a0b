"""Pages of targets: change, backing, contributions, the tree, the list for sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.performance.plans import actions, forms_plans, queries
from mainstay.performance.plans.filters import TargetFilter
from mainstay.performance.plans.models import Contract, Contribution, Period, Target
from mainstay.performance.plans.queries_tree import people_of, periods_with_contracts, tree_of
from mainstay.performance.plans.tables import TargetSheetTable
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.plans.views.contracts import CONTRIBUTE, EDIT, _values
from mainstay.web.pages import Button, FirstUse, ListPage, Page
from mainstay.web.pages.answers import is_fragment

REMOVE = "performance.plans.remove_target"
BACK = "performance.plans.write_backing"
WITHDRAW = "performance.plans.withdraw_contribution"
IMPORT = "performance.plans.import_targets"


class TargetList(ListPage):
    """Targets of open contracts, in the form in which they are imported again."""

    title = _("Targets")
    right = queries.VIEW
    table_class = TargetSheetTable
    filterset_class = TargetFilter
    search_fields = ("contract__person__name", "contract__person__staff_no", "indicator__code")
    first_use = FirstUse(
        pgettext_lazy("plan", "No targets yet"), _("Draft a contract first, then add its targets here or by a sheet.")
    )

    def get_actions(self) -> Sequence[Button]:
        """The way in."""
        url = reverse("sheets:import_upload", args=["performance.targets"])
        return [Button(_("Import sheet"), url, right=IMPORT, icon="upload", primary=True)]

    def queryset(self) -> Any:
        """Targets of the contracts one may see."""
        rows = Target.objects.visible_to(self.request.user)
        return rows.select_related("indicator", "contract__person", "contract__period").order_by(
            "-contract", "position"
        )


class TargetAct(ActPage):
    """An act on one target."""

    key = "target"

    def rows(self) -> Any:
        """Targets of the contracts one may see."""
        rows = Target.objects.visible_to(self.request.user)
        return rows.select_related("indicator", "contract__period", "contract__unit")

    def get_title(self) -> Any:
        """The indicator."""
        return f"{self.title}: {self.thing.indicator}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the contract."""
        return [(str(self.thing.contract), self.thing.get_absolute_url())]


class TargetChange(TargetAct):
    """Change a target of a contract that is not signed."""

    title = pgettext_lazy("plan", "Change target")
    right = EDIT
    form_class = forms_plans.TargetForm
    submit_label = pgettext_lazy("plan", "Save target")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        one = self.thing
        return {
            "indicator": one.indicator,
            "weight": one.weight_bp,
            "base": one.base_e4,
            "threshold": one.threshold_e4,
            "target": one.target_e4,
            "challenge": one.challenge_e4,
            "duty": one.duty,
            "rule": one.rule,
        }

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Save it."""
        facts = _values(dict(form.cleaned_data))
        return actions.save_target(contract=self.thing.contract, target=self.thing, **facts, by=self.request.user)


class TargetRemove(TargetAct):
    """Take it out."""

    title = _("Remove target")
    right = REMOVE
    submit_label = _("Remove target")
    danger = True

    @cached_property
    def back(self) -> str:
        """The contract's page, while the target is there."""
        return str(self.thing.get_absolute_url())

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Remove it."""
        _kept = self.back
        return actions.remove_target(contract=self.thing.contract, target=self.thing, by=self.request.user)

    def success(self, result: Any) -> str:
        """Back to the contract."""
        return self.back


class TargetBacking(TargetAct):
    """Measures, resources, risks."""

    title = _("Measures, resources, risks")
    right = BACK
    form_class = forms_plans.BackingForm
    submit_label = _("Save")
    act = actions.write_backing

    def initial(self) -> dict[str, Any]:
        """What is written already."""
        backing = getattr(self.thing, "backing", None)
        return {name: getattr(backing, name, "") for name in ("measures", "resources", "risks")}


class TargetContribute(TargetAct):
    """Let it carry another target."""

    title = _("Carries a target")
    right = CONTRIBUTE
    form_class = forms_plans.ContributeForm
    submit_label = _("Save contribution")

    def form_kwargs(self) -> dict[str, Any]:
        """Targets of the units above, whose period holds this one's."""
        one = self.thing
        above = [int(part) for part in one.contract.unit.path.split(".") if part]
        rows = Target.objects.filter(
            contract__unit__in=above,
            contract__period__from_on__lte=one.contract.period.from_on,
            contract__period__until_on__gte=one.contract.period.until_on,
        ).exclude(contract=one.contract_id)
        leading = rows.exclude(contract__kind=Contract.Kind.PERSON)
        return {"parents": leading.select_related("indicator", "contract__unit", "contract__period")}

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Save it."""
        given = form.cleaned_data
        facts = {"parent": given["parent"], "share_bp": given["share"], "covers_bp": given["covers"]}
        return actions.contribute(child=self.thing, **facts, by=self.request.user)


class ContributionWithdraw(ActPage):
    """No longer carry it."""

    title = _("Withdraw contribution")
    right = WITHDRAW
    submit_label = _("Withdraw contribution")
    danger = True
    key = "contribution"
    act = actions.withdraw_contribution

    def rows(self) -> Any:
        """Contributions of targets one may see."""
        rows = Contribution.objects.filter(child__in=Target.objects.visible_to(self.request.user))
        return rows.select_related("child__contract", "parent__indicator")

    def get_title(self) -> Any:
        """What was carried."""
        return f"{self.title}: {self.thing.parent.indicator}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the child's contract."""
        return [(str(self.thing.child.contract), self.thing.child.get_absolute_url())]

    def success(self, result: Target) -> str:
        """Back to the child's contract."""
        return str(result.get_absolute_url())


class Tree(Page):
    """Company, units, people: what each target is covered by."""

    title = _("Tree of targets")
    right = queries.VIEW
    template_name = "plans/tree.html"

    @cached_property
    def periods(self) -> list[Period]:
        """The periods to choose from."""
        return periods_with_contracts()

    @cached_property
    def period(self) -> Period | None:
        """The period asked for, else the latest year, else the latest."""
        wanted = self.request.GET.get("period", "")
        chosen = next((one for one in self.periods if one.code == wanted), None)
        years = (one for one in self.periods if one.kind == Period.Kind.YEAR)
        return chosen or next(years, None) or next(iter(self.periods), None)

    def context(self, **extra: Any) -> dict[str, Any]:
        """Add the tree."""
        tree = tree_of(self.request.user, self.period) if self.period else []
        return super().context(periods=self.periods, period=self.period, tree=tree, **extra)


class TreePeople(Page):
    """The people of one unit, loaded when the branch is opened."""

    title = _("Contracts of people")
    right = queries.VIEW
    template_name = "plans/tree_people_page.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer with a fragment, or a page of its own."""
        period = Period.objects.filter(pk=kwargs["period"]).first()
        if period is None:
            raise Http404
        rows = people_of(self.request.user, period, kwargs["unit"])
        if is_fragment(request):
            return TemplateResponse(request, "plans/tree_people.html", {"rows": rows})
        return self.page(rows=rows)
