"""Pages of targets: change, backing, contributions, the tree, the list for sheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.performance.plans import actions, forms_plans, queries
from mainstay.performance.plans.filters import TargetFilter
from mainstay.performance.plans.models import Contract, Contribution, Target
from mainstay.performance.plans.queries_parts import Made, carried_by, made_of
from mainstay.performance.plans.tables import TargetSheetTable
from mainstay.performance.plans.templatetags.performance import bp, e4
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.plans.views.contracts import CONTRIBUTE, EDIT, _values
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section, SignedRequest

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

    def action_call(self, form: Any, request: SignedRequest) -> Any:
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

    def action_call(self, form: Any, request: SignedRequest) -> Any:
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

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        given = form.cleaned_data
        facts = {"parent": given["parent"], "share_bp": given["share"], "covers_bp": given["covers"]}
        return actions.contribute(child=self.thing, **facts, by=self.request.user)


class TargetParts(DetailPage):
    """A target and its parts: who carries it with which share, what is not covered, what they reached together."""

    right = queries.VIEW
    show_log = False

    def queryset(self) -> Any:
        """Targets of the contracts one may see."""
        rows = Target.objects.visible_to(self.request.user)
        return rows.select_related("indicator", "contract__period", "contract__unit", "contract__person")

    def get_title(self) -> Any:
        """The indicator and whose it is."""
        return f"{self.subject.indicator} · {self.subject.contract.unit.name}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the tree and the contract."""
        contract = self.subject.contract
        return [
            (_("Tree of targets"), f"{reverse('plans:tree')}?period={contract.period.code}"),
            (str(contract), contract.get_absolute_url()),
        ]

    @cached_property
    def made(self) -> Made:
        """What it is made of."""
        return made_of(self.subject, self.request.user)

    def badge(self) -> tuple[Any, str] | None:
        """Whether the parts add up."""
        covered = self.made.coverage
        if not self.made.rolled.parts:
            return _("not broken down"), "grey"
        if covered.uncovered_bp:
            return _("%(share)s uncovered") % {"share": bp(covered.uncovered_bp)}, "red"
        if covered.over_bp:
            return _("%(share)s too much") % {"share": bp(covered.over_bp)}, "amber"
        return _("adds up"), "green"

    def get_actions(self) -> Sequence[Button]:
        """Let it carry something itself."""
        return [Button(_("Carries a target"), "plans:target_contribute", (self.subject.pk,), CONTRIBUTE, "git-merge")]

    def facts(self) -> Sequence[Fact]:
        """Target, coverage, own value, what the parts make of it."""
        one, covered, rolled = self.subject, self.made.coverage, self.made.rolled
        unit = one.indicator.unit
        facts = [
            Fact(_("Target value"), f"{e4(one.target_e4)} {unit}"),
            Fact(_("Covered"), bp(covered.covered_bp)),
            Fact(_("Uncovered"), bp(covered.uncovered_bp)),
            Fact(_("Covered too much"), bp(covered.over_bp)),
        ]
        if rolled.parts_e4 is not None:
            text = _("%(value)s %(unit)s (%(share)s; %(known)s of %(all)s parts have a value)")
            words = {"value": e4(rolled.parts_e4), "unit": unit, "share": bp(rolled.parts_bp), "known": rolled.known}
            facts.append(Fact(_("Parts have reached"), text % {**words, "all": rolled.parts}))
        if rolled.own_e4 is not None:
            facts.append(Fact(_("Reported itself"), f"{e4(rolled.own_e4)} {unit} ({bp(rolled.own_bp)})"))
        return facts

    def sections(self) -> Sequence[Section]:
        """Parts below, what it carries above."""
        parts, hidden = self.made.shares, self.made.hidden
        above = carried_by(self.subject)
        given = sum(link.share_bp for link in above)
        may = {"withdraw": self.may(WITHDRAW)}
        return [
            Section(
                _("Carried by"), template="plans/parts.html", count=len(parts) + hidden,
                context={"parts": parts, "hidden": hidden, "can": may},
            ),
            Section(
                _("Carries"), template="plans/carries.html", count=len(above),
                context={"above": above, "left": 10_000 - given, "can": may},
            ),
        ]  # fmt: skip


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
