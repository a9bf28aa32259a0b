"""Pages of budgets and charters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.queries import units_visible_to
from mainstay.core.publications.queries import counts_by_unit
from mainstay.kit.dates import local_today
from mainstay.performance.plans import actions, forms_plans
from mainstay.performance.plans.filters import BudgetFilter
from mainstay.performance.plans.models import BudgetAccount, BudgetEntry, Charter
from mainstay.performance.plans.queries_budget import (
    VIEW_BUDGET,
    VIEW_CHARTER,
    forecast_of,
    lines_for,
    open_commitments,
)
from mainstay.performance.plans.states import CHARTER
from mainstay.performance.plans.tables import AccountTable, BudgetTable, CharterTable, EntryTable
from mainstay.performance.plans.views.acts import ActPage
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section, steps_of

SET = "performance.plans.set_budget"
COMMIT = "performance.plans.commit_money"
SPEND = "performance.plans.spend_money"
RELEASE = "performance.plans.release_commitment"
ACCOUNT = "performance.plans.save_budget_account"
DRAFT = "performance.plans.draft_charter"
APPROVE = "performance.plans.approve_charter"
PUBLISH = "performance.plans.publish_charter"


class BudgetList(ListPage):
    """What units may spend, what is bound and spent, and where it will end."""

    title = _("Budgets")
    right = VIEW_BUDGET
    table_class = BudgetTable
    filterset_class = BudgetFilter
    actions = (
        Button(_("Set a budget"), "plans:budget_set", (), SET, "plus", True),
        Button(_("Budget accounts"), "plans:account_list", (), ACCOUNT, "list"),
    )
    first_use = FirstUse(
        _("No budgets yet"),
        _("A budget says what a unit may spend on an account; what would pass it is asked for before."),
    )

    def queryset(self) -> Any:
        """Lines of one's units."""
        return lines_for(self.request.user).order_by("unit__path", "account__code", "period__from_on")


class BudgetDetail(DetailPage):
    """One line with its entries."""

    right = VIEW_BUDGET

    def queryset(self) -> Any:
        """Lines of one's units."""
        return lines_for(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Budgets"), reverse("plans:budget_list"))]

    def get_actions(self) -> Sequence[Button]:
        """Commit, spend, change."""
        pk = (self.subject.pk,)
        spend = _("Enter expense") if self.subject.limited else _("Enter income")
        return [
            Button(spend, "plans:budget_spend", pk, SPEND, "cash", True),
            Button(_("Commit money"), "plans:budget_commit", pk, COMMIT, "lock"),
        ]

    @cached_property
    def forecast(self) -> int:
        """Where the line will end, fen."""
        return forecast_of(self.subject, local_today())

    def notices(self) -> Sequence[tuple[str, Any]]:
        """An overrun, before it happens."""
        one = self.subject
        if one.limited and self.forecast > one.amount_fen + one.allowance_fen:
            return [("amber", _("At this pace the budget will be passed before the period ends."))]
        return []

    def facts(self) -> Sequence[Fact]:
        """Budget, bound, spent, left, forecast."""
        one = self.subject
        return [
            Fact(_("Budget (yuan)"), one.amount_fen, "money"),
            Fact(_("Approved beyond (yuan)"), one.allowance_fen, "money"),
            Fact(_("Committed (yuan)"), one.committed_fen, "money"),
            Fact(_("Actual (yuan)"), one.actual_fen, "money"),
            Fact(_("Left (yuan)"), one.free_fen, "money"),
            Fact(_("Forecast (yuan)"), self.forecast, "money"),
        ]

    def sections(self) -> Sequence[Section]:
        """Open commitments, and all entries."""
        entries = list(self.subject.entries.select_related("by__person").order_by("-id")[:50])
        waiting = open_commitments(self.subject)
        context = {"entries": waiting, "can": {"spend": self.may(SPEND), "release": self.may(RELEASE)}}
        found = [Section(_("Entries"), table=EntryTable(entries), count=len(entries))]
        if waiting:
            section = Section(_("Open commitments"), template="plans/commitments.html", context=context)
            found.insert(0, section)
        return found


class BudgetSet(ActPage):
    """Set a line."""

    title = _("Set a budget")
    right = SET
    form_class = forms_plans.BudgetForm
    submit_label = _("Set budget")
    act = actions.set_budget

    def action_call(self, form: Any, request: Any) -> Any:
        """Set it."""
        given = form.cleaned_data
        facts = {"unit": given["unit"], "account": given["account"], "period": given["period"]}
        return actions.set_budget(**facts, amount_fen=given["amount"], by=self.request.user)


class BudgetAct(ActPage):
    """An act on one line."""

    key = "line"
    form_class = forms_plans.MoneyForm

    def rows(self) -> Any:
        """Lines of the units the right reaches."""
        return lines_for(self.request.user, self.right or "")

    def facts(self, form: Any) -> dict[str, Any]:
        """Fen as the action calls them."""
        given = form.cleaned_data
        return {"amount_fen": given["amount"], "text": given["text"], "on": given["on"]}


class BudgetCommit(BudgetAct):
    """Bind money."""

    title = _("Commit money")
    right = COMMIT
    submit_label = _("Commit money")
    act = actions.commit_money


class BudgetSpend(BudgetAct):
    """Enter what was spent; with `?commitment=` in settlement of one."""

    title = _("Enter expense")
    right = SPEND
    submit_label = _("Enter amount")
    act = actions.spend_money

    def initial(self) -> dict[str, Any]:
        """The commitment's own facts."""
        entry = self.commitment
        return {"amount": entry.amount_fen, "text": entry.text, "on": local_today()} if entry else super().initial()

    @cached_property
    def commitment(self) -> BudgetEntry | None:
        """The commitment that is settled."""
        wanted = self.request.GET.get("commitment", "")
        if not wanted.isdigit():
            return None
        return self.thing.entries.filter(pk=wanted, kind=BudgetEntry.Kind.COMMIT).first()

    def facts(self, form: Any) -> dict[str, Any]:
        """With the commitment."""
        return {**super().facts(form), "commitment": self.commitment}


class CommitmentRelease(ActPage):
    """Set money free."""

    title = _("Release commitment")
    right = RELEASE
    form_class = forms_plans.ReleaseForm
    submit_label = _("Release commitment")
    key = "commitment"
    act = actions.release_commitment

    def rows(self) -> Any:
        """Commitments of lines within reach."""
        lines = lines_for(self.request.user, RELEASE)
        return BudgetEntry.objects.filter(line__in=lines, kind=BudgetEntry.Kind.COMMIT).select_related("line")

    def get_title(self) -> Any:
        """What for."""
        return f"{self.title}: {self.thing.text}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the line."""
        return [(str(self.thing.line), self.thing.line.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to the line."""
        return str(self.thing.line.get_absolute_url())


class AccountList(ListPage):
    """Accounts of budgets."""

    title = _("Budget accounts")
    right = ACCOUNT
    table_class = AccountTable
    model = BudgetAccount
    actions = (Button(_("New budget account"), "plans:account_create", (), ACCOUNT, "plus", True),)
    first_use = FirstUse(_("No budget accounts yet"), _("Accounts say what money is spent on or earned with."))


class AccountSave(ActPage):
    """Create an account."""

    title = _("New budget account")
    right = ACCOUNT
    form_class = forms_plans.AccountForm
    submit_label = _("Save budget account")
    act = actions.save_budget_account

    def success(self, result: Any) -> str:
        """Back to the accounts."""
        return reverse("plans:account_list")


def _charters(user: Any, right: str) -> Any:
    rows = Charter.objects.filter(contract__unit__in=units_visible_to(user, right))
    return rows.select_related("period", "contract__unit", "publication__unit")


class CharterList(ListPage):
    """Charters of the years."""

    title = _("Operating charters")
    right = VIEW_CHARTER
    table_class = CharterTable
    actions = (Button(_("Draft a charter"), "plans:charter_create", (), DRAFT, "plus", True),)
    first_use = FirstUse(
        _("No charter yet"),
        _("The charter makes the company's targets of a year known to everybody, and counts who has read it."),
    )

    def queryset(self) -> Any:
        """Charters within reach."""
        return _charters(self.request.user, VIEW_CHARTER).order_by("-period__from_on", "-id")


class CharterDetail(DetailPage):
    """One charter: words, targets, who has read it."""

    template_name = "plans/detail.html"

    right = VIEW_CHARTER

    def queryset(self) -> Any:
        """Charters within reach."""
        return _charters(self.request.user, VIEW_CHARTER)

    def get_title(self) -> Any:
        """The year."""
        return _("Operating charter %(year)s") % {"year": self.subject.period}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Operating charters"), reverse("plans:charter_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = CHARTER.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a charter."""
        return steps_of(CHARTER.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """Approve, publish, remind, print."""
        one, pk = self.subject, (self.subject.pk,)
        paper = Button(_("Print charter"), "plans:charter_paper", pk, icon="printer", new_tab=True)
        if one.state == Charter.State.DRAFT:
            return [Button(_("Approve charter"), "plans:charter_approve", pk, APPROVE, "check", True), paper]
        if one.state == Charter.State.APPROVED:
            return [Button(_("Publish to everybody"), "plans:charter_publish", pk, PUBLISH, "send", True), paper]
        text = (one.publication_id,)
        return [
            Button(_("Remind"), "publications:remind", text, "core.publications.remind", "bell"),
            Button(_("Open the text"), "publications:publication_detail", text, icon="book"),
            paper,
        ]

    def facts(self) -> Sequence[Fact]:
        """Year, contract, preamble."""
        one = self.subject
        found = [
            Fact(pgettext_lazy("plan", "Period"), one.period),
            Fact(_("Contract of the company"), one.contract, "code", href=one.contract.get_absolute_url()),
        ]
        if one.publication:
            found.append(Fact(_("To be acknowledged by"), one.publication.acknowledge_by, "date"))
        return found

    def sections(self) -> Sequence[Section]:
        """Preamble, and the count by unit."""
        lines = self.subject.preamble_zh.splitlines()
        found = [Section(_("Preamble"), template="plans/words.html", context={"lines": lines})]
        if self.subject.publication:
            counts = counts_by_unit(self.subject.publication)
            expected, read = sum(one.expected for one in counts), sum(one.acknowledged for one in counts)
            context = {"counts": counts, "expected": expected, "read": read}
            found.insert(0, Section(_("Who has read it"), template="plans/readers.html", context=context))
        return found


class CharterCreate(ActPage):
    """Draft one."""

    title = _("Draft a charter")
    right = DRAFT
    form_class = forms_plans.CharterForm
    submit_label = _("Save draft")
    act = actions.draft_charter

    def make_form(self, bound: bool) -> Any:
        """Only the company contracts within reach."""
        form = super().make_form(bound)
        field = form.fields["contract"]
        field.queryset = field.queryset.filter(unit__in=units_visible_to(self.request.user, DRAFT))
        return form


class CharterAct(ActPage):
    """An act on one charter."""

    key = "charter"

    def rows(self) -> Any:
        """Charters within reach."""
        return _charters(self.request.user, self.right or "")


class CharterApprove(CharterAct):
    """Approve it."""

    title = _("Approve charter")
    right = APPROVE
    submit_label = _("Approve charter")
    act = actions.approve_charter


class CharterPublish(CharterAct):
    """Make it known."""

    title = _("Publish to everybody")
    right = PUBLISH
    form_class = forms_plans.PublishForm
    submit_label = _("Publish charter")
    act = actions.publish_charter
