"""Pages of approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow import actions, forms, queries
from mainstay.core.workflow.filters import ApprovalFilter
from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.states import APPROVAL
from mainstay.core.workflow.tables import ApprovalTable
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Outcome,
    Section,
    SignedRequest,
    act_on,
    steps_of,
)

LIST = "workflow:approval_list"
DETAIL = "workflow:approval_detail"


class ApprovalList(ListPage):
    """What waits for a second person, and what became of it."""

    title = _("Approvals")
    table_class = ApprovalTable
    filterset_class = ApprovalFilter
    first_use = FirstUse(
        _("Nothing has been sent for approval"),
        _("Acts above somebody's limit, or that always need two people, wait here for the second person."),
    )

    def queryset(self) -> Any:
        """One's own requests and those one's rights reach."""
        return queries.visible_to(self.request.user).select_related("requested_by__person")

    def make_table(self, rows: Any) -> Any:
        """What all are about when it becomes a sheet."""
        table = super().make_table(rows)
        if self.request.GET.get("export"):
            table.things = queries.things_of(rows.all())
        return table

    def list_context(self) -> dict[str, Any]:
        """What the requests on this page are about."""
        context = super().list_context()
        table = context["table"]
        table.things = queries.things_of([row.record for row in table.paginated_rows])
        return context


class ApprovalDetail(DetailPage):
    """One request: what, who, how much, and the decision."""

    def queryset(self) -> Any:
        """One's own requests and those one's rights reach."""
        rows = queries.visible_to(self.request.user)
        return rows.select_related("requested_by__person", "decided_by__person")

    def get_title(self) -> Any:
        """The words of the act."""
        return queries.title_of(self.subject)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Approvals"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = APPROVAL.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a request."""
        return steps_of(APPROVAL.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """Approve and reject for those who may; withdraw for the one who asked."""
        pk, user = (self.subject.pk,), self.request.user
        if self.subject.state != Approval.State.WAITING:
            return []
        if self.subject.requested_by_id == user.pk:
            return [Button(_("Withdraw request"), "workflow:withdraw", pk, danger=True)]
        if not queries.may_decide(user, self.subject):
            return []
        return [
            Button(_("Approve"), "workflow:approve", pk, icon="check", primary=True),
            Button(_("Reject"), "workflow:reject", pk, icon="x", danger=True),
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Say why somebody cannot decide."""
        mine = self.subject.requested_by_id == self.request.user.pk
        if self.subject.state != Approval.State.WAITING or queries.may_decide(self.request.user, self.subject):
            return []
        if mine:
            return [("blue", _("You asked for this. Another person must decide."))]
        return [("amber", _("This is above your limit or outside your units. Somebody else must decide."))]

    def facts(self) -> Sequence[Fact]:
        """Who asked for how much."""
        one = self.subject
        thing = queries.things_of([one])[one.pk]
        return [
            Fact(_("Asked by"), one.requested_by),
            Fact(_("Asked at"), one.requested_at, "instant"),
            Fact(_("Amount (yuan)"), one.amount_fen, "money"),
            Fact(_("Subject"), thing.text or "–", href=thing.href),
            Fact(_("Decided by"), one.decided_by or "–"),
            Fact(_("Decided at"), one.decided_at, "instant"),
            Fact(_("Note"), one.note or "–"),
        ]

    def sections(self) -> Sequence[Section]:
        """What the act was asked to do."""
        try:
            shown = queries.arguments_shown(self.subject)
        except Problem as problem:
            shown = [queries.Argument(str(_("Problem")), str(problem))]
        facts = [Fact(one.label, one.text, href=one.href) for one in shown]
        return [Section(_("What will be done"), facts=facts)]


class Decision(FormPage):
    """A form about one waiting request."""

    verb = ""

    @cached_property
    def approval(self) -> Approval:
        """Return the request, or 404."""
        rows = queries.visible_to(self.request.user).select_related("requested_by__person")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Name the act, and what it is about."""
        thing = queries.things_of([self.approval])[self.approval.pk].text
        return act_on(self.title, f"{queries.title_of(self.approval)} {thing}".strip())

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the request."""
        page = reverse(DETAIL, args=[self.approval.pk])
        return [(_("Approvals"), reverse(LIST)), (queries.title_of(self.approval), page)]

    @property
    def intro(self) -> Any:
        """Who asked, and for how much."""
        one = self.approval
        if one.amount_fen is None:
            return _("Asked by %(who)s.") % {"who": one.requested_by}
        return _("Asked by %(who)s: %(amount)s yuan.") % {"who": one.requested_by, "amount": yuan(one.amount_fen)}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Decide."""
        return getattr(actions, self.verb)(approval=self.approval, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the request."""
        return reverse(DETAIL, args=[self.approval.pk])


class Approve(Decision):
    """Run the act."""

    title = _("Approve")
    verb = "approve"
    form_class = forms.ApproveForm
    submit_label = _("Approve and run")

    def success(self, result: Any) -> Any:
        """Back to the request; a secret that the act issued is shown once."""
        secret = getattr(result, "secret", "")
        if not secret:
            return super().success(result)
        return Outcome(
            title=_("Approved"),
            text=_("It is shown now and never again. Hand it over in person, or have it typed in at once."),
            facts=[Fact(_("User"), result.user.username, "code"), Fact(_("Secret"), secret, "code", copy=True)],
            buttons=[Button(_("Back to approvals"), LIST, primary=True)],
        )


class Reject(Decision):
    """Turn down."""

    title = _("Reject")
    verb = "reject"
    form_class = forms.RejectForm
    submit_label = _("Reject request")
    danger = True


class Withdraw(Decision):
    """Take back."""

    title = _("Withdraw request")
    verb = "withdraw"
    form_class = forms.EmptyForm
    submit_label = _("Withdraw request")
    danger = True
