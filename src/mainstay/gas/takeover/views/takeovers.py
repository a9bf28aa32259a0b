"""A take-over from its beginning to the day it is real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.takeover import actions, queries
from mainstay.gas.takeover.filters import OldBillFilter
from mainstay.gas.takeover.forms import BeginForm, ReasonForm, SureForm
from mainstay.gas.takeover.models import Takeover
from mainstay.gas.takeover.papers import protocol
from mainstay.gas.takeover.states import TAKEOVER
from mainstay.gas.takeover.tables import OldBillTable, TakeoverTable
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
    Step,
)

BEGIN, LOAD, TRY = "gas.takeover.begin", "gas.takeover.load_sheet", "gas.takeover.start_trial"
REAL, ABANDON = "gas.takeover.make_real", "gas.takeover.abandon"
_NEW = Button(_("Begin take-over"), "takeover:takeover_begin", right=BEGIN, icon="plus", primary=True)


class TakeoverList(ListPage):
    """Take-overs."""

    title = _("Take-over from an old system")
    right = queries.VIEW
    table_class = TakeoverTable
    actions = (_NEW,)
    first_use = FirstUse(
        _("No take-over yet"),
        _("Customers, meters, balances and counters come from sheets, are compared bill by bill, and only then real."),
        _NEW,
    )

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.takeovers_visible_to(self.request.user)


class TakeoverBegin(FormPage):
    """Begin one."""

    title = _("Begin take-over")
    right = BEGIN
    form_class = BeginForm
    submit_label = _("Begin take-over")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Take-over from an old system"), reverse("takeover:takeover_list"))]

    def form_kwargs(self) -> dict[str, Any]:
        """For the branches offered."""
        return {"user": self.request.user}

    def action_call(self, form: Any, request: SignedRequest) -> Takeover:
        """Begin."""
        return actions.begin(**form.cleaned_data, by=self.request.user)


class TakeoverDetail(DetailPage):
    """What is staged, what differs, what is next."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.takeovers_visible_to(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Take-over from an old system"), reverse("takeover:takeover_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        return self.subject.get_state_display(), TAKEOVER.hues[self.subject.state]

    @cached_property
    def is_open(self) -> bool:
        """Whether it is still collecting."""
        return bool(self.subject.state == Takeover.State.COLLECTING)

    def steps(self) -> Sequence[Step]:
        """Sheets, trial, real."""
        one = self.subject
        done = (bool(one.accounts), bool(one.bills), one.tried_at is not None, one.state == Takeover.State.DONE)
        titles = (_("Accounts loaded"), _("Last bills loaded"), _("Trial run compared"), _("Taken over"))
        current = done.index(False) if False in done else len(done)
        return [
            Step(title, "done" if done[n] else "current" if n == current else "todo") for n, title in enumerate(titles)
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What the trial run found."""
        one = self.subject
        if not self.is_open or one.tried_at is None:
            return ()
        if not one.differing:
            return [("green", _("All compared bills are equal to the fen."))]
        text = _("%(n)s of %(all)s bills differ, by %(sum)s yuan in all: look at them before you go on.")
        facts = {"n": f"{one.differing:,}", "all": f"{one.bills:,}", "sum": yuan(one.difference_fen)}
        return [("amber", text % facts)]

    def get_actions(self) -> Sequence[Button]:
        """The next step first."""
        one, key = self.subject, (self.subject.pk,)
        compared = Button(_("Compared bills"), "takeover:bill_list", key, queries.VIEW, "list-details")
        if not self.is_open:
            paper = Button(_("Print protocol"), "takeover:protocol", key, "core.documents.print_document", "printer",
                           primary=True, new_tab=True)  # fmt: skip
            return [paper, compared] if one.state == Takeover.State.DONE else []
        return [
            self.sheet_button("accounts", _("Load accounts"), primary=not one.accounts),
            self.sheet_button("debts", _("Load unpaid bills")),
            self.sheet_button("bills", _("Load last bills"), primary=bool(one.accounts and not one.bills)),
            Button(_("Start trial run"), "takeover:trial", key, TRY, "player-play", primary=bool(one.bills),
                   method="post"),
            *([compared] if one.bills else []),
            Button(_("Make real"), "takeover:make_real", key, REAL, "check", danger=True),
            Button(_("Abandon take-over"), "takeover:abandon", key, ABANDON, danger=True),
        ]  # fmt: skip

    def sheet_button(self, what: str, label: Any, *, primary: bool = False) -> Button:
        """The way to the upload of one of the sheets."""
        url = f"{reverse('sheets:import_upload', args=[f'gas.takeover.{what}'])}?takeover={self.subject.pk}"
        return Button(label, url, right=LOAD, icon="upload", primary=primary)

    def facts(self) -> Sequence[Fact]:
        """Numbers and sums, to be held against the lists of the old system."""
        one = self.subject
        return [
            Fact(_("Branch"), one.unit),
            Fact(_("First day here"), one.on, "date"),
            Fact(_("Accounts"), f"{one.accounts:,}"),
            Fact(_("Meters"), f"{one.meters:,}"),
            Fact(_("Unpaid bills"), f"{one.debts:,}"),
            Fact(_("Unpaid"), one.debt_fen, "money"),
            Fact(_("Advances"), one.advance_fen, "money"),
            Fact(_("Deposits"), one.deposit_fen, "money"),
            Fact(_("Bills to compare"), f"{one.bills:,}"),
        ]

    def sections(self) -> Sequence[Section]:
        """Differences by reason; each number opens its bills."""
        if self.subject.tried_at is None:
            return ()
        url = reverse("takeover:bill_list", args=[self.subject.pk])
        unit = _("%(n)s bills, %(sum)s yuan")
        found = [
            Fact(words, unit % {"n": f"{n:,}", "sum": yuan(fen)}, href=f"{url}?reason={reason}")
            for reason, words, n, fen in queries.reasons_of(self.subject)
        ]
        return [Section(_("Trial run by reason"), facts=found)]


def takeover_of(page: Page) -> Takeover:
    """The take-over of the address within reach of the page's right, or 404."""
    return get_object_or_404(queries.takeovers_visible_to(page.request.user, page.right or ""), pk=page.kwargs["pk"])


class OldBillList(ListPage):
    """Bills compared, the greatest difference first."""

    title = _("Compared bills")
    right = queries.VIEW
    table_class = OldBillTable
    filterset_class = OldBillFilter
    search_placeholder = _("Account number")

    @cached_property
    def takeover(self) -> Takeover:
        """The take-over, or 404."""
        return takeover_of(self)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below it."""
        return [(str(self.takeover), self.takeover.get_absolute_url())]

    def queryset(self) -> Any:
        """Of this take-over."""
        return queries.bills_of(self.takeover)


class TrialStart(Page):
    """Start the trial run."""

    right = TRY

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Put it in the queue and lead to its progress."""
        job = actions.start_trial(takeover=takeover_of(self), by=self.request.user)
        return HttpResponseRedirect(reverse("jobs:job_detail", args=[job.pk]))


class _Of(FormPage):
    """A form about one take-over."""

    @cached_property
    def takeover(self) -> Takeover:
        """The take-over, or 404."""
        return takeover_of(self)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below it."""
        return [(str(self.takeover), self.takeover.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to it."""
        return self.takeover.get_absolute_url()


class MakeReal(_Of):
    """Make it real; a second person agrees."""

    title = _("Make take-over real")
    right = REAL
    form_class = SureForm
    submit_label = _("Make take-over real")
    danger = True
    intro = _("All of it becomes real in one step, or nothing. A second person looks at the numbers and agrees.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Make it real."""
        return actions.make_real(takeover=self.takeover, by=self.request.user)


class Abandon(_Of):
    """Give it up."""

    title = _("Abandon take-over")
    right = ABANDON
    form_class = ReasonForm
    submit_label = _("Abandon take-over")
    danger = True
    intro = _("What is staged is dropped; nothing of it was real.")

    def action_call(self, form: Any, request: SignedRequest) -> Takeover:
        """Abandon."""
        return actions.abandon(takeover=self.takeover, **form.cleaned_data, by=self.request.user)


class Protocol(Page):
    """The paper of a take-over that is done."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the PDF, which counts the print."""
        done = get_object_or_404(
            queries.takeovers_visible_to(self.request.user), pk=kwargs["pk"], state=Takeover.State.DONE
        )
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[protocol(done, by=self.request.user).pk]))
