"""The reconciliation desk: the day board, bank files, differences and how they are settled."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.core.workflow.models import Approval
from mainstay.gas.bank import queries
from mainstay.gas.bank.actions import reconcile, settle_difference
from mainstay.gas.bank.filters import DifferenceFilter, StatementFilter
from mainstay.gas.bank.forms import SettleForm, StatementForm
from mainstay.gas.bank.models import Difference, Statement
from mainstay.gas.bank.rules.sorting import WAYS, moves_of
from mainstay.gas.bank.tables import CLASS_HUES, STATE_HUES, DifferenceTable, StatementTable
from mainstay.gas.ledger.chart import CHART
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest

RECONCILE, SETTLE = "gas.bank.reconcile", "gas.bank.settle_difference"
_UPLOAD = Button(_("Reconcile a file"), "bank:statement_create", right=RECONCILE, primary=True, icon="upload")


class DayList(Page):
    """Every bank's last business days."""

    title = _("Bank days")
    right = queries.VIEW_DAYS
    template_name = "bank/days.html"
    actions = (_UPLOAD,)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The board."""
        banks = list(queries.banks_visible_to(self.request.user, queries.VIEW_DAYS))
        return self.page(rows=queries.day_board(banks), ageing=queries.ageing(banks, local_today()),
                         may_reconcile=self.may(RECONCILE))  # fmt: skip


class StatementList(ListPage):
    """Files that were compared."""

    title = _("Reconciliation")
    right = queries.VIEW_DAYS
    table_class = StatementTable
    filterset_class = StatementFilter
    actions = (_UPLOAD,)
    first_use = FirstUse(
        _("No file was compared yet"),
        _("After the day cut the bank sends its file of the day: every payment ends in one of four classes."),
        _UPLOAD,
    )

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.statements_visible_to(self.request.user)


class StatementCreate(FormPage):
    """Read a bank's file."""

    title = _("Reconcile a file")
    right = RECONCILE
    form_class = StatementForm
    submit_label = _("Reconcile file")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Reconciliation"), reverse("bank:statement_list"))]

    def initial(self) -> dict[str, Any]:
        """The bank and day of the address, else the oldest day that waits for its file."""
        given = super().initial()
        waiting = None if given else queries.next_to_reconcile(
            list(queries.banks_visible_to(self.request.user, RECONCILE))
        )  # fmt: skip
        return {"bank": waiting[0].pk, "business_on": waiting[1]} if waiting else given

    def form_kwargs(self) -> dict[str, Any]:
        """Banks the person may reconcile."""
        return {"banks": queries.banks_visible_to(self.request.user, RECONCILE)}

    def action_call(self, form: Any, request: SignedRequest) -> Statement:
        """Compare it."""
        given = form.cleaned_data
        return reconcile(bank=given["bank"], business_on=given["business_on"], name=given["file"].name,
                         raw=given["file"].read(), by=request.user)  # fmt: skip


class StatementDetail(DetailPage):
    """How a file compares with ours."""

    right = queries.VIEW_DAYS

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.statements_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Bank and day."""
        return _("%(bank)s, %(day)s") % {"bank": self.subject.bank.name, "day": self.subject.business_on}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Reconciliation"), reverse("bank:statement_list"))]

    def badge(self) -> tuple[Any, str]:
        """Whether all match."""
        one = self.subject
        count = one.bank_only + one.ours_only + one.differs
        return (_("%(count)s differences") % {"count": count}, "red") if count else (_("all match"), "green")

    def facts(self) -> list[Fact]:
        """The file."""
        one = self.subject
        return [
            Fact(_("file"), one.name, "code"),
            Fact(_("lines"), f"{one.rows:,}"),
            Fact(_("sum"), one.amount_fen, "money"),
            Fact(_("by"), one.by),
            Fact(_("reconciled at"), one.at, "instant"),
        ]

    def sections(self) -> list[Section]:
        """The four classes with the sums of both sides, and the differences."""
        one = self.subject
        rows: list[tuple[Any, ...]] = [
            (_("matched"), "green", one.matched, one.matched_fen, one.matched_fen),
            (_("only at the bank"), "amber", one.bank_only, one.bank_only_fen, 0),
            (_("only here"), "red", one.ours_only, 0, one.ours_only_fen),
            (_("amount or account differs"), "amber", one.differs, one.differs_bank_fen, one.differs_ours_fen),
        ]
        total = [sum(row[place] for row in rows) for place in (2, 3, 4)]
        of_day = Difference.objects.filter(bank=one.bank, business_on=one.business_on)
        items = list(queries.with_proposals(of_day)[:500])
        return [
            Section(_("Four classes"), template="bank/classes.html", context={"rows": rows, "total": total}),
            Section(_("Bank differences"), template="bank/differences.html", context={"items": items},
                    count=len(items)),
        ]  # fmt: skip


class DifferenceList(ListPage):
    """Work items, the oldest first."""

    title = _("Bank differences")
    right = queries.VIEW_DAYS
    table_class = DifferenceTable
    filterset_class = DifferenceFilter
    first_use = FirstUse(_("No open difference"), _("Every payment of every reconciled day is accounted for."))

    @property
    def is_narrowed(self) -> bool:
        """An empty list of open ones is good news, not a failed search."""
        return any(self.request.GET.get(name) for name in ("state", "business_on", "bank", "kind"))

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.differences_visible_to(self.request.user)


def _ways(one: Difference) -> list[tuple[str, Any, list[tuple[str, str, int]]]]:
    """Ways of settling a difference, the usual first: name, label, and (debit, credit, fen) of what is booked."""
    names = account_names()
    return [
        (way, Difference.Way(way).label,
         [(names[move.debit], names[move.credit], move.fen) for move in moves_of(way, one.bank_fen, one.ours_fen)])
        for way in WAYS[one.kind]
    ]  # fmt: skip


def account_names() -> dict[int, str]:
    """Ledger accounts with code and name in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    return {code: f"{code} {zh if chinese else en}" for code, _side, zh, en in CHART}


def told(label: Any, moves: list[tuple[str, str, int]]) -> Any:
    """A way of settling with its entry below."""
    text = _("Debit %(debit)s, credit %(credit)s: %(amount)s yuan")
    lines: list[Any] = [text % {"debit": debit, "credit": credit, "amount": yuan(fen)} for debit, credit, fen in moves]
    below = format_html_join("", '<br><span class="ms-hint">{}</span>',
                             [(line,) for line in lines or [_("Nothing is booked.")]])  # fmt: skip
    return format_html("{}{}", label, below)


class DifferenceDetail(DetailPage):
    """One difference: both sides, what is proposed, who settled it."""

    right = queries.VIEW_DAYS

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.differences_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its serial."""
        return _("Difference %(serial)s") % {"serial": self.subject.serial}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Its statement above."""
        one = self.subject.statement
        name = _("%(bank)s, %(day)s") % {"bank": self.subject.bank.name, "day": self.subject.business_on}
        return [(_("Reconciliation"), reverse("bank:statement_list")), (name, one.get_absolute_url())]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        if self.proposal is not None:
            return _("waits for approval"), "amber"
        return self.subject.get_state_display(), STATE_HUES[self.subject.state]

    @cached_property
    def proposal(self) -> Approval | None:
        """What somebody proposed and nobody has decided yet."""
        if self.subject.state != Difference.State.OPEN:
            return None
        return queries.waiting_for_approval(self.subject)

    def notices(self) -> list[tuple[str, Any]]:
        """Who proposed what."""
        if self.proposal is None:
            return []
        way = Difference.Way(self.proposal.arguments["way"]).label
        told = {"who": self.proposal.requested_by, "way": way, "reason": self.proposal.note}
        return [("amber", _("%(who)s proposes: %(way)s (%(reason)s). A second person decides.") % told)]

    def get_actions(self) -> list[Button]:
        """Settle it while it is open, or go to the proposal that waits."""
        if self.subject.state != Difference.State.OPEN:
            return []
        if self.proposal is not None:
            return [Button(_("View proposal"), "workflow:approval_detail", (self.proposal.pk,), primary=True)]
        key = (self.subject.pk,)
        return [Button(_("Settle difference"), "bank:difference_settle", key, right=SETTLE, primary=True)]

    def sections(self) -> list[Section]:
        """The entry each way would book, the usual way first."""
        one = self.subject
        if one.state != Difference.State.OPEN:
            return []
        return [Section(_("Proposed entries"), template="bank/proposals.html", context={"ways": _ways(one)})]

    def facts(self) -> list[Fact]:
        """Both sides."""
        one = self.subject
        found = [
            Fact(_("kind of difference"), one.get_kind_display(), "badge", hue=CLASS_HUES[one.kind]),
            Fact(_("business date"), one.business_on, "date"),
            Fact(_("account number"), one.account_no, "code", copy=True),
            Fact(_("bank"), one.bank_fen, "money"),
            Fact(_("ours"), one.ours_fen, "money"),
            Fact(_("found at"), one.at, "instant"),
        ]
        if one.kind != "bank_only":
            url = reverse("bank:entry_detail", args=[one.bank_id, one.business_on.isoformat(), one.serial])
            found.append(Fact(_("journal entry"), one.serial, "code", href=url))
        if one.way:
            found += [Fact(_("settled by"), one.get_way_display()), Fact(_("settled on"), one.settled_on, "date"),
                      Fact(_("reason"), one.reason), Fact(_("by"), one.by)]  # fmt: skip
        return found


class DifferenceSettle(FormPage):
    """Propose how a difference is settled; a second person agrees."""

    title = _("Settle difference")
    right = SETTLE
    form_class = SettleForm
    submit_label = _("Propose settlement")

    @cached_property
    def difference(self) -> Difference:
        """The work item, or 404."""
        from django.shortcuts import get_object_or_404

        rows = queries.differences_visible_to(self.request.user, SETTLE)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The difference above."""
        return [(self.difference.serial, self.difference.get_absolute_url())]

    @property
    def intro(self) -> Any:
        """Both sides once more, and that somebody else must agree."""
        one = self.difference
        text = _("Bank: %(bank)s yuan; ours: %(ours)s yuan. A second person approves before anything is booked.")
        return text % {"bank": yuan(one.bank_fen or 0), "ours": yuan(one.ours_fen or 0)}

    def initial(self) -> dict[str, Any]:
        """The usual way of this kind."""
        return {"way": WAYS[self.difference.kind][0]}

    def form_kwargs(self) -> dict[str, Any]:
        """The ways of this kind with what each books."""
        return {"ways": [(way, told(label, moves)) for way, label, moves in _ways(self.difference)]}

    def action_call(self, form: Any, request: SignedRequest) -> Difference:
        """File it for the second person."""
        return settle_difference(difference=self.difference, **form.cleaned_data, by=request.user)
