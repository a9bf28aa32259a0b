"""The arrears desk: who owes most, and what the clerk does about it without leaving the list."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.arrears import actions_steps, queries
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.arrears.forms import NoteForm
from mainstay.gas.arrears.models import DunningAct, Kind
from mainstay.gas.billing.models import Owed
from mainstay.gas.customers.models import Account, shown_name
from mainstay.kit import masking
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    Button,
    CodeColumn,
    DayColumn,
    Fact,
    FormPage,
    ListPage,
    MaskedColumn,
    MoneyColumn,
    Outcome,
    SignedRequest,
    act_on,
)

PROMISE, STEP = "gas.arrears.record_promise", "gas.arrears.take_step"


def _to(name: str) -> Any:
    return lambda record: reverse(name, args=[record["account"]])


class DeskTable(tables.Table):
    """Who owes, since when, what was done last, what was promised, and what to do."""

    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record["account"]]) + "?section=arrears",
    )  # fmt: skip
    name = tables.Column(accessor="account__customer__name", verbose_name=_("customer"), orderable=False)
    phone = MaskedColumn(masking.phone, accessor="account__customer__phone", verbose_name=_("phone"), orderable=False)
    owed = MoneyColumn(verbose_name=_("overdue (yuan)"), orderable=False)
    oldest = DayColumn(verbose_name=_("oldest due date"), orderable=False)
    step = tables.Column(verbose_name=_("last step"), orderable=False)
    promised = DayColumn(verbose_name=_("promised until"), orderable=False)
    promise = tables.Column(
        empty_values=(), verbose_name=_("promise or parts"), orderable=False, linkify=_to("arrears:promise_new")
    )
    take = tables.Column(
        empty_values=(), verbose_name=_("next step"), orderable=False, linkify=_to("arrears:step_take")
    )  # fmt: skip

    def render_name(self, value: str, record: dict[str, Any]) -> str:
        return shown_name(record["account__customer__kind"], value)

    value_name = render_name

    def render_step(self, value: str, record: dict[str, Any]) -> str:
        """Its name and its day."""
        return f"{Kind(value).label} {record['step_on'] or ''}".strip()

    value_step = render_step

    def render_promise(self) -> Any:
        return _("Record promise")

    def render_take(self) -> Any:
        return _("Take step")


class DeskFilter(django_filters.FilterSet):
    """By account, class and whether something was promised."""

    q = django_filters.CharFilter(field_name="account__account_no", label=_("account number"))
    category = django_filters.ChoiceFilter(
        field_name="account__category", choices=Account.Category.choices, label=_("class")
    )
    promised = django_filters.ChoiceFilter(
        method="of_promise", label=_("promise"), choices=[("yes", _("promised")), ("no", _("without a promise"))]
    )

    class Meta:
        model = Owed
        fields: tuple[str, ...] = ()

    def of_promise(self, rows: Any, _name: str, word: str) -> Any:
        """With or without a promise that is not replaced."""
        return queries.with_promise(rows, given=word == "yes")


class Desk(ListPage):
    """The arrears desk: the largest debt first; promise, parts and the next step stand beside each."""

    title = _("Arrears desk")
    right = VIEW
    table_class = DeskTable
    filterset_class = DeskFilter
    search_placeholder = _("account number")
    count_limit = 1_000
    keys_first = "account"  # what was done and promised last is looked up for those on the page
    actions = (
        Button(_("Propose steps"), "arrears:run_propose", right="gas.arrears.propose_run", icon="plus"),
        Button(_("Stop orders"), "arrears:stop_list", right=VIEW, icon="ban"),
    )

    def queryset(self) -> Any:
        return queries.overdue_items(self.request.user, local_today())

    def make_table(self, rows: Any) -> tables.Table:
        """By account, the largest debts alone unless a sheet of all is asked for; only acts the person may do."""
        if "export" not in self.request.GET:
            self.keys = queries.owing(queries.of_largest(rows, self.count_limit + 1))
        table = super().make_table(queries.by_debt(rows))
        for column, right in (("promise", PROMISE), ("take", STEP)):
            if not self.may(right):
                table.columns.hide(column)
        return table


class StepTake(FormPage):
    """Take the step that is due for one account."""

    title = _("Take the next dunning step")
    right = STEP
    form_class = NoteForm

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, STEP).select_related("customer")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Whose."""
        return act_on(self.title, self.account.with_name)

    @cached_property
    def due(self) -> queries.DueStep:
        """The step, or why there is none."""
        return queries.due_step(self.account, local_today())

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; where no step is due, why, and what can be done instead."""
        return super().get(request, *args, **kwargs) if self.due.step else self.tell(self.none_due())

    @property
    def intro(self) -> Any:
        """What is due and why."""
        due = self.due
        if due.step is None:
            return due.words
        words = _("Due: %(step)s. Overdue: %(owed)s yuan, the oldest since %(day)s. Say what came of it.")
        return words % {"step": Kind(due.step.kind).label, "owed": yuan(due.owed_fen), "day": due.oldest_due_on}

    @property
    def submit_label(self) -> Any:
        """The step by its name."""
        return _("Take step: %(step)s") % {"step": Kind(self.due.step.kind).label} if self.due.step else _("Take step")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Arrears desk"), reverse("arrears:desk"))]

    def action_call(self, form: Any, request: SignedRequest) -> DunningAct:
        return actions_steps.take_step(account=self.account, **form.cleaned_data, by=request.user)

    def success(self, result: Any) -> str:
        return self.account_page

    @property
    def account_page(self) -> str:
        """The tab of arrears of the account."""
        return reverse("customers:account_detail", args=[self.account.pk]) + "?section=arrears"

    def none_due(self) -> Outcome:
        """Why no step is due, and where to go instead."""
        facts = [
            Fact(_("account number"), self.account.account_no, "code", href=self.account_page),
            Fact(_("overdue (yuan)"), self.due.owed_fen, "money"),
        ]
        buttons = [
            Button(_("Record promise"), "arrears:promise_new", (self.account.pk,), PROMISE),
            Button(_("Arrears desk"), "arrears:desk", right=VIEW, primary=True),
        ]
        return Outcome(_("No step of dunning is due"), self.due.words, "amber", facts, buttons)
