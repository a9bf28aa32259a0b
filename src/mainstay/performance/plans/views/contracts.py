"""Pages of contracts: list, detail, every act on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.events.providers import answers
from mainstay.performance.plans import actions, forms_plans, queries
from mainstay.performance.plans.filters import ContractFilter
from mainstay.performance.plans.forms import ReasonForm
from mainstay.performance.plans.models import Amendment, Contract
from mainstay.performance.plans.queries_content import content_of
from mainstay.performance.plans.queries_tree import lines_of
from mainstay.performance.plans.rules import bp_text, digest_of
from mainstay.performance.plans.states import CONTRACT
from mainstay.performance.plans.tables import ContractTable
from mainstay.performance.plans.views.acts import ActPage
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Outcome, Section, SignedRequest, steps_of

LIST = "plans:contract_list"
DETAIL = "plans:contract_detail"
CREATE = "performance.plans.create_contract"
EDIT = "performance.plans.edit_contract"
OFFER = "performance.plans.offer_contract"
DISCARD = "performance.plans.discard_contract"
CLOSE = "performance.plans.close_contract"
TEMPLATE = "performance.plans.save_template"
APPLY = "performance.plans.apply_template"
CONTRIBUTE = "performance.plans.contribute"


class ContractList(ListPage):
    """Contracts one is a party to, and those of one's units."""

    title = _("Performance contracts")
    table_class = ContractTable
    filterset_class = ContractFilter
    search_fields = ("number", "person__name")
    actions = (
        Button(_("Draft a contract"), "plans:contract_create", (), CREATE, "plus", True),
        Button(_("From a template"), "plans:template_apply", (), APPLY, "stack-2"),
        Button(_("Targets as a sheet"), "plans:target_list", (), queries.VIEW, "file-spreadsheet"),
    )
    first_use = FirstUse(
        _("No performance contracts yet"),
        _("A contract says who answers for which targets; both sides sign it, and then it is frozen."),
    )

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.contracts_for(self.request.user).order_by("-id")


class ContractDetail(DetailPage):
    """One contract with its targets."""

    template_name = "plans/detail.html"

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.contracts_for(self.request.user).select_related("signed_a_by__person", "signed_b_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Performance contracts"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = CONTRACT.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a contract."""
        shown = {"amended": "signed", "amending": "signed"}.get(self.subject.state, self.subject.state)
        return steps_of(CONTRACT.path, shown)

    @cached_property
    def side(self) -> str:
        """Which side the reader is: "a", "b" or none."""
        me = self.request.user.person_id
        one = self.subject
        return "a" if me == one.party_a_id else "b" if me == one.person_id else ""

    def get_actions(self) -> Sequence[Button]:
        """What can be done in this state."""
        one, pk = self.subject, (self.subject.pk,)
        printed = Button(_("Print contract"), "plans:contract_paper", pk, icon="printer", new_tab=True)
        keep = Button(_("Keep as template"), "plans:template_save", pk, TEMPLATE, "stack-2")
        if one.state == Contract.State.DRAFT:
            return [
                Button(_("Add target"), "plans:target_create", pk, EDIT, "plus"),
                Button(_("Offer to both sides"), "plans:contract_offer", pk, OFFER, "send", True),
                keep,
                Button(_("Discard draft"), "plans:contract_discard", pk, DISCARD, danger=True),
            ]
        if one.state == Contract.State.NEGOTIATING:
            open_side = self.side and not getattr(one, f"signed_{self.side}_at")
            mine = [Button(_("Sign contract"), "plans:contract_sign", pk, icon="signature", primary=True)]
            back = [Button(_("Send back"), "plans:contract_return", pk, icon="arrow-back-up")]
            return [*(mine if open_side else []), *(back if self.side else []), printed]
        if not one.is_in_force:
            return [printed]
        amend = [Button(_("Ask for an amendment"), "plans:contract_amend", pk, icon="edit")] if self.side else []
        return [*amend, printed, keep, Button(_("Close contract"), "plans:contract_close", pk, CLOSE, danger=True)]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What keeps it from being offered or signed."""
        one = self.subject
        total = sum(line.target.weight_bp for line in self.lines)
        if one.is_open and self.lines and total != 10_000:  # noqa: PLR2004  # 100 %
            return [("amber", _("The weights sum to %(sum)s; they must be 100 %%.") % {"sum": bp_text(total)})]
        if one.state == Contract.State.NEGOTIATING and (one.signed_a_at or one.signed_b_at):
            return [("blue", _("One side has signed. A change now makes that signature void."))]
        return []

    def facts(self) -> Sequence[Fact]:
        """Parties, period, signatures."""
        one = self.subject
        return [
            Fact(_("Party A"), one.party_a),
            Fact(_("Party B"), one.person),
            Fact(_("Unit"), one.unit),
            Fact(pgettext_lazy("plan", "Period"), one.period),
            Fact(_("Signed by party A"), one.signed_a_at, "instant"),
            Fact(_("Signed by party B"), one.signed_b_at, "instant"),
            Fact(_("Version"), one.version),
            Fact(_("Content hash"), one.digest[:16] or "–", "code"),
        ]

    @cached_property
    def lines(self) -> Any:
        """The targets with what covers them."""
        return lines_of([self.subject.pk])

    def sections(self) -> Sequence[Section]:
        """Targets, what other apps add, the amendment that waits, versions."""
        one = self.subject
        may = {
            "edit": one.is_open and self.may(EDIT),
            "contribute": self.may(CONTRIBUTE),
            "back": self.may("performance.plans.write_backing"),
        }
        context = {"lines": self.lines, "can": may, "contract": one, "back_of": queries.backings_of(one)}
        found = [Section(_("Targets"), template="plans/targets.html", context=context, count=len(self.lines))]
        for sections in answers("contract_sections", contract=one, user=self.request.user):
            found += sections
        waiting = one.amendments.filter(state=Amendment.State.PROPOSED).select_related("proposed_by__person").first()
        if waiting:
            context = {"amendment": waiting, "changes": queries.changes_of(waiting), "side": self.side}
            found.append(Section(_("Amendment asked for"), template="plans/amendment.html", context=context))
        versions = list(one.versions.order_by("-version"))
        if len(versions) > 1:
            found.append(
                Section(
                    pgettext_lazy("plan", "Versions"), template="plans/versions.html", context={"versions": versions}
                )
            )
        return found


class ContractCreate(ActPage):
    """Draft one."""

    title = _("Draft a contract")
    right = CREATE
    form_class = forms_plans.ContractForm
    submit_label = _("Draft contract")
    act = actions.create_contract


class ContractAct(ActPage):
    """An act on one contract."""

    key = "contract"

    def rows(self) -> Any:
        """What this person may see."""
        return queries.contracts_for(self.request.user)


class ContractOffer(ContractAct):
    """Bring it to the table."""

    title = _("Offer to both sides")
    right = OFFER
    submit_label = _("Offer contract")
    act = actions.offer_contract


class ContractDiscard(ContractAct):
    """Delete a draft."""

    title = _("Discard draft")
    right = DISCARD
    submit_label = _("Discard draft")
    danger = True
    act = actions.discard_contract

    def success(self, result: Any) -> str:
        """To the list."""
        return reverse(LIST)


class ContractReturn(ContractAct):
    """Send it back."""

    title = _("Send back")
    form_class = ReasonForm
    submit_label = _("Send back to draft")
    act = actions.return_contract


class ContractSign(ContractAct):
    """Sign what is on the screen, and nothing else."""

    title = _("Sign contract")
    template_name = "plans/sign.html"
    submit_label = _("Sign contract")
    act = actions.sign_contract

    def context(self, **extra: Any) -> dict[str, Any]:
        """Show the targets and the hash of what is signed."""
        return super().context(
            contract=self.thing,
            lines=lines_of([self.thing.pk]),
            digest=digest_of(content_of(self.thing)),
            **extra,
        )

    def facts(self, form: Any) -> dict[str, Any]:
        """The hash that was on the screen."""
        return {"seen": self.request.POST.get("seen", "")}


class ContractClose(ContractAct):
    """End it."""

    title = _("Close contract")
    right = CLOSE
    form_class = ReasonForm
    submit_label = _("Close contract")
    danger = True
    act = actions.close_contract


class ContractAmend(ContractAct):
    """Ask the other side for other values."""

    title = _("Ask for an amendment")
    form_class = forms_plans.AmendForm
    submit_label = _("Ask for amendment")
    act = actions.propose_amendment
    intro = _("The other side must agree. A value may move only within the limit of the quarter.")

    def form_kwargs(self) -> dict[str, Any]:
        """One field a target."""
        return {"targets": queries.targets_of(self.thing)}

    def facts(self, form: Any) -> dict[str, Any]:
        """Changes and reason."""
        return {"changes": form.changes(), "reason": form.cleaned_data["reason"]}


class AmendmentAct(ActPage):
    """The other side's answer."""

    key = "amendment"

    def rows(self) -> Any:
        """Amendments of contracts one may see."""
        contracts = Contract.objects.visible_to(self.request.user)
        return Amendment.objects.filter(contract__in=contracts).select_related("contract")

    def get_title(self) -> Any:
        """The contract's number."""
        return f"{self.title}: {self.thing.contract}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the contract."""
        return [(str(self.thing.contract), self.thing.contract.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to the contract."""
        return str(self.thing.contract.get_absolute_url())


class AmendmentAgree(AmendmentAct):
    """Yes."""

    title = _("Agree to amendment")
    submit_label = _("Agree to amendment")
    act = actions.agree_amendment


class AmendmentReject(AmendmentAct):
    """No."""

    title = _("Reject amendment")
    form_class = ReasonForm
    submit_label = _("Reject amendment")
    danger = True
    act = actions.reject_amendment


class TemplateSave(ContractAct):
    """Keep the targets for others."""

    title = _("Keep as template")
    right = TEMPLATE
    form_class = forms_plans.TemplateForm
    submit_label = _("Keep template")
    act = actions.save_template


class TemplateApply(ActPage):
    """Drafts for many people at once."""

    title = _("Draft contracts from a template")
    right = APPLY
    form_class = forms_plans.ApplyForm
    submit_label = _("Draft contracts")
    intro = _(
        "Everybody who holds such a post and has no contract of the period yet gets a draft under the head of the unit."
    )
    act = actions.apply_template

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Performance contracts"), reverse(LIST))]

    def success(self, result: dict[str, int]) -> Outcome:
        """How many were made."""
        return Outcome(
            _("%(count)s contracts were drafted") % {"count": result["made"]},
            facts=[
                Fact(_("Had one already"), result["had"]),
                Fact(_("Nobody stands above them: draft by hand"), result["headless"]),
            ],
            buttons=[Button(_("To the contracts"), LIST, primary=True)],
        )


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """A target's form as the action's keywords."""
    names = ("base", "threshold", "target", "challenge")
    return {f"{name}_e4": given.pop(name) for name in names} | {"weight_bp": given.pop("weight")} | given


class TargetCreate(ContractAct):
    """Add a target."""

    title = _("Add target")
    right = EDIT
    form_class = forms_plans.TargetForm
    submit_label = pgettext_lazy("plan", "Save target")
    act = actions.save_target

    def facts(self, form: Any) -> dict[str, Any]:
        """As the action calls them."""
        return _values(dict(form.cleaned_data))

    def success(self, result: Any) -> str:
        """Back to the contract, or on to the next target."""
        return str(self.thing.get_absolute_url())

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.save_target(contract=self.thing, **self.facts(form), by=self.request.user)
