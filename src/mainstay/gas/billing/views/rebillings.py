"""Pages of rebillings: list, plan, one with its preview and progress, its accounts."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.billing import actions, queries, rules
from mainstay.gas.billing.forms import RebillingForm
from mainstay.gas.billing.models import BillingRun, Rebilling, RebillingRow
from mainstay.gas.billing.rights import VIEW_RUN
from mainstay.gas.readings.queries import units_with_books
from mainstay.kit.dates import local_today, month_text
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    CountColumn,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    MoneyColumn,
    NameColumn,
    ReasonForm,
    RunAct,
    RunPage,
    Section,
    SignedRequest,
    Worked,
)

HUES = {"counting": "blue", "proposed": "amber", "working": "blue", "done": "green", "dropped": "grey"}
ROW_HUES = {"planned": "grey", "done": "green", "nothing": "grey", "failed": "red"}
TOP_SHOWN, RUNS_SHOWN = 20, 60
State, RowState = Rebilling.State, RebillingRow.State
PLAN = Button(
    _("Plan a rebilling"), "billing:rebilling_plan", right="gas.billing.plan_rebilling", primary=True, icon="plus"
)


class RebillingTable(tables.Table):
    """Rebillings, newest first."""

    at = InstantColumn(verbose_name=_("planned at"), linkify=True, orderable=False)
    unit = tables.Column(orderable=False)
    mode = tables.Column(orderable=False)
    from_period = tables.Column(verbose_name=_("from period"), orderable=False)
    to_period = tables.Column(verbose_name=_("to period"), orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    bills = CountColumn(orderable=False)
    change_fen = MoneyColumn(verbose_name=_("change (yuan)"), orderable=False)
    reason = tables.Column(orderable=False)

    class Meta:
        model = Rebilling
        fields = ("at", "unit", "mode", "from_period", "to_period", "state", "bills", "change_fen", "reason")


class RebillingList(ListPage):
    """All rebillings a person may see."""

    title = _("Rebillings")
    right = VIEW_RUN
    table_class = RebillingTable
    actions = (PLAN,)
    first_use = FirstUse(
        _("Nothing was billed again yet"),
        _("When a whole book was misread or a tariff was wrong, its bills are cancelled and made again together."),
        PLAN,
    )

    def queryset(self) -> Any:
        return queries.rebillings_visible_to(self.request.user)


class RebillingPlan(FormPage):
    """Choose the bills."""

    title = _("Plan a rebilling")
    right = "gas.billing.plan_rebilling"
    form_class = RebillingForm
    submit_label = _("Count what it comes to")
    intro = _(
        "Put right first what was wrong: readings, terms, prices. Nothing is billed yet: you see first what it comes "
        "to, and a second person must agree."
    )

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Rebillings"), reverse("billing:rebilling_list"))]

    def initial(self) -> dict[str, Any]:
        """What the address names; from a run its period and branch."""
        found = {"business_on": local_today(), **super().initial()}
        run = queries.runs_visible_to(self.request.user).filter(pk=_number(found.get("run"))).first()
        if run is not None:
            month = month_text(run.period)
            found |= {"run": run, "unit": run.unit_id, "from_period": month, "to_period": month}
        return found

    def form_kwargs(self) -> dict[str, Any]:
        units = units_with_books(self.request.user, str(self.right))
        states = [BillingRun.State.COMPUTED, BillingRun.State.RELEASED]
        runs = BillingRun.objects.select_related("unit").filter(state__in=states, unit__in=units)
        return {"units": units, "runs": runs}

    def action_call(self, form: Any, request: SignedRequest) -> Rebilling:
        return actions.plan_rebilling(**form.cleaned_data, by=request.user)


def _number(text: Any) -> int:
    return int(text) if str(text or "").isdigit() else 0


def _begin_words(one: Rebilling) -> Any:
    words = {
        Rebilling.Mode.AGAIN: _("Cancel and rebill %(n)s bills"),
        Rebilling.Mode.CANCEL: _("Cancel %(n)s bills"),
        Rebilling.Mode.BILL: _("Bill %(n)s periods again"),
    }
    return words[Rebilling.Mode(one.mode)] % {"n": f"{one.bills:,}"}


class RebillingDetail(RunPage):
    """What it comes to, what is paid, what cannot be billed; then how far it is and what came of it."""

    right = VIEW_RUN
    url_name = "billing:rebilling"
    usual = ("counting", "proposed", "working", "done")
    hues = HUES
    working = ("counting", "working")
    acts = (
        RunAct("drop", _("Drop"), "gas.billing.drop_rebilling", actions.drop_rebilling,
               (State.COUNTING, State.PROPOSED), danger=True, form=ReasonForm),
        RunAct("begin", _begin_words, "gas.billing.begin_rebilling", actions.begin_rebilling,
               (State.PROPOSED,), primary=True),
    )  # fmt: skip

    def queryset(self) -> Any:
        return queries.rebillings_visible_to(self.request.user)

    def get_title(self) -> Any:
        one = self.subject
        words = {"unit": one.unit, "from": month_text(one.from_period), "to": month_text(one.to_period)}
        if one.from_period == one.to_period:
            return _("Rebilling of %(from)s · %(unit)s") % words
        return _("Rebilling of %(from)s to %(to)s · %(unit)s") % words

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Rebillings"), reverse("billing:rebilling_list"))]

    def get_actions(self) -> list[Button]:
        """Nothing can be begun where there is nothing to do."""
        one = self.subject
        return [
            self.button(act) for act in self.acts if one.state in act.states and (act.key != "begin" or one.accounts)
        ]

    @cached_property
    def states(self) -> dict[str, int]:
        """Accounts by state."""
        return queries.rebilling_states(self.subject)

    def worked(self) -> Worked:
        counts, left = self.states, self.states.get(RowState.PLANNED, 0)
        total = sum(counts.values())
        if self.subject.state == State.COUNTING:
            return Worked(0, total, _("Accounts being counted"))
        total -= counts.get(RowState.NOTHING, 0)
        return Worked(total - left, total, _("Accounts done"))

    def notices(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        if (failed := self.states.get(RowState.FAILED, 0)) and self.subject.state != State.COUNTING:
            words = _("%(n)s accounts cannot be billed and stay as they are: see why below.")
            found.append(("amber", words % {"n": f"{failed:,}"}))
        if self.subject.state == State.PROPOSED and self.subject.paid_fen:
            if self.subject.mode == Rebilling.Mode.CANCEL:
                words = _("What is paid already stays with the customers as a credit for their other and next bills.")
            else:
                words = _(
                    "What is paid already stays paid: it is used for the new bills, what is left over becomes an "
                    "advance, what is missing stays open."
                )
            found.append(("blue", words))
        return found

    def facts(self) -> list[Fact]:
        one = self.subject
        share = rules.share_of_change(one.old_fen + one.change_fen, one.old_fen)
        rows = reverse("billing:rebilling_rows", args=[one.pk])
        return [
            Fact(_("bills"), f"{one.bills:,}"),
            Fact(_("accounts"), f"{one.accounts:,}", href=rows),
            Fact(_("until now"), one.old_fen, "money"),
            Fact(_("billed again"), one.new_fen, "money"),
            Fact(_("corrections of other bills"), one.other_fen, "money"),
            Fact(_("change in all"), one.change_fen, "money"),
            Fact(_("change"), "–" if share is None else f"{share:+d} %"),
            Fact(_("paid already"), one.paid_fen, "money"),
        ]

    def sections(self) -> list[Section]:
        one = self.subject
        found = [Section(_("What was chosen"), facts=self._chosen())]
        if reasons := queries.rebilling_failures(one):
            link = f"{reverse('billing:rebilling_rows', args=[one.pk])}?state=failed"
            facts = [Fact(words, f"{count:,}", href=link) for words, count in reasons]
            found.append(Section(_("Cannot be billed, and why"), facts=facts))
        top = _rows(one).exclude(state__in=[RowState.NOTHING, RowState.FAILED]).order_by("-size_fen", "account")
        more = Button(_("All accounts"), "billing:rebilling_rows", (one.pk,), VIEW_RUN)
        table = RowTable(top[:TOP_SHOWN], exclude=("state", "detail"))
        found.append(Section(_("Greatest changes first"), table=table, buttons=[more]))
        return found

    def _chosen(self) -> list[Fact]:
        one = self.subject
        books = ", ".join(one.books.order_by("code").values_list("code", flat=True))
        facts = [
            Fact(_("what to do"), one.get_mode_display()),
            Fact(_("books"), books or _("all")),
            Fact(_("reason"), one.reason),
            Fact(_("business date"), one.business_on, "date"),
        ]
        if one.run:
            facts.append(Fact(_("billing run"), str(one.run), href=one.run.get_absolute_url()))
        if one.version:
            facts.append(Fact(_("tariff version"), f"{one.version.plan} · {one.version.effective_on}"))
        if one.plan:
            facts.append(Fact(_("right tariff plan"), str(one.plan)))
        return facts


def _rows(one: Rebilling) -> Any:
    return RebillingRow.objects.filter(rebilling=one).select_related("account__customer")


class RowTable(tables.Table):
    """Accounts of a rebilling."""

    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record.account_id]) + "?section=bills",
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    bills = CountColumn(orderable=False)
    old_fen = MoneyColumn(verbose_name=_("until now (yuan)"), orderable=False)
    new_fen = MoneyColumn(verbose_name=_("billed again (yuan)"), orderable=False)
    other_fen = MoneyColumn(verbose_name=_("other corrections (yuan)"), orderable=False)
    change_fen = MoneyColumn(verbose_name=_("change (yuan)"), orderable=False)
    paid_fen = MoneyColumn(verbose_name=_("paid already (yuan)"), orderable=False)
    state = BadgeColumn(hues=ROW_HUES, orderable=False)
    detail = tables.Column(orderable=False)

    class Meta:
        model = RebillingRow
        fields = ("account", "name", "bills", "old_fen", "new_fen", "other_fen", "change_fen", "paid_fen", "state",
                  "detail")  # fmt: skip


class RowFilter(django_filters.FilterSet):
    """By state and account."""

    q = django_filters.CharFilter(field_name="account__account_no", label=_("account number"))

    class Meta:
        model = RebillingRow
        fields = ("q", "state")


class RowList(ListPage):
    """The accounts of a rebilling, the greatest change first."""

    title = _("Accounts of the rebilling")
    right = VIEW_RUN
    table_class = RowTable
    filterset_class = RowFilter
    search_placeholder = _("account number")

    @cached_property
    def one(self) -> Rebilling:
        """The rebilling, or 404."""
        return get_object_or_404(queries.rebillings_visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Rebillings"), reverse("billing:rebilling_list")), (str(self.one), self.one.get_absolute_url())]

    def queryset(self) -> Any:
        return _rows(self.one).order_by("-size_fen", "account")
