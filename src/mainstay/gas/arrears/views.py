"""Pages of arrears: the ladders, runs and their papers, what one account promised."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.queries import PRINT
from mainstay.core.door import rights
from mainstay.gas.arrears import actions, actions_messages, actions_steps, queries
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.arrears.forms import LadderForm, PromiseForm, RunForm
from mainstay.gas.arrears.models import DunningAct, DunningRun, DunningStep, Kind
from mainstay.gas.arrears.papers import PAPERS, dunning_data
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import units_with_accounts
from mainstay.kit.dates import local_today
from mainstay.kit.money import yuan
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import (
    BadgeColumn,
    BatchAction,
    Button,
    CodeColumn,
    CountColumn,
    DayColumn,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    MoneyColumn,
    NameColumn,
    Page,
    ReasonForm,
    RunAct,
    RunPage,
    Section,
    SignedRequest,
    act_on,
)

HUES = {"proposed": "amber", "confirmed": "green", "done": "green", "dropped": "grey", "left_out": "grey"}
KIND_HUES = {"sms": "blue", "call": "blue", "paper": "amber", "notice": "amber", "stop": "red"}
SHOWN = 200
State = DunningRun.State
_PROPOSE = Button(_("Propose steps"), "arrears:run_propose", right="gas.arrears.propose_run", primary=True, icon="plus")
_LADDERS = Button(_("Steps by class"), "arrears:ladder_list", right=VIEW, icon="list-check")
_SET = Button(_("Set steps"), "arrears:ladder_set", right="gas.arrears.save_ladder", primary=True, icon="plus")


class LadderTable(tables.Table):
    """Steps in order."""

    category = tables.Column(
        orderable=False, linkify=lambda record: f"{reverse('arrears:ladder_set')}?category={record.category}"
    )
    place = CountColumn(orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    days_overdue = CountColumn(orderable=False)
    wait_days = CountColumn(orderable=False)
    min_fen = MoneyColumn(verbose_name=_("from (yuan)"), orderable=False)

    class Meta:
        model = DunningStep
        fields = ("category", "place", "kind", "days_overdue", "wait_days", "min_fen")


class LadderList(ListPage):
    """The steps of every class."""

    title = _("Steps of dunning")
    right = VIEW
    table_class = LadderTable
    actions = (_SET,)
    first_use = FirstUse(
        _("No steps of dunning yet"),
        _("Say for each class after how many days a message, a call, a letter, a notice and a stop order follow."),
        _SET,
    )

    def queryset(self) -> Any:
        return DunningStep.objects.all()


class LadderSet(FormPage):
    """Set the steps of a class."""

    title = _("Set steps of dunning")
    right = "gas.arrears.save_ladder"
    form_class = LadderForm
    submit_label = _("Set steps")
    intro = _("Leave the days empty where a step is not used. A stop order needs a notice of stop before it.")

    def initial(self) -> dict[str, Any]:
        """The steps the class has, the first class unless told: who changes one day types one day."""
        category = self.request.GET.get("category", "")
        if category not in Account.Category.values:
            category = Account.Category.values[0]
        found: dict[str, Any] = {"category": category}
        for step in DunningStep.objects.filter(category=category):
            found |= {f"{step.kind}_days": step.days_overdue, f"{step.kind}_wait": step.wait_days,
                      f"{step.kind}_min": yuan(step.min_fen, thousands=False)}  # fmt: skip
        return found

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Steps of dunning"), reverse("arrears:ladder_list"))]

    def action_call(self, form: Any, request: SignedRequest) -> None:
        actions.save_ladder(category=form.cleaned_data["category"], steps=form.steps(), by=request.user)

    def success(self, result: Any) -> str:
        return reverse("arrears:ladder_list")


class RunTable(tables.Table):
    """Runs, newest first."""

    on = DayColumn(linkify=True, orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    proposed = CountColumn(orderable=False)

    class Meta:
        model = DunningRun
        fields = ("on", "unit", "state", "proposed")


class RunList(ListPage):
    """All runs a person may see."""

    title = _("Dunning")
    right = VIEW
    table_class = RunTable
    actions = (_LADDERS, _PROPOSE)
    first_use = FirstUse(
        _("Nobody was dunned yet"),
        _("Steps are proposed by the rules of each class and confirmed by a person."),
        _PROPOSE,
    )

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)


class RunPropose(FormPage):
    """Propose the steps that are due."""

    title = _("Propose dunning steps")
    right = "gas.arrears.propose_run"
    form_class = RunForm
    submit_label = _("Propose steps")
    intro = _("Nothing is sent yet: a person looks at the proposal and confirms it.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Dunning"), reverse("arrears:run_list"))]

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": units_with_accounts(self.request.user, str(self.right))}

    def action_call(self, form: Any, request: SignedRequest) -> DunningRun:
        return actions.propose_run(unit=form.cleaned_data["unit"], by=request.user)


def _paper_of(record: DunningAct) -> str | None:
    """The address of a step's paper, where it has one."""
    return reverse("arrears:act_pdf", args=[record.pk]) if record.kind in PAPERS else None


class ActTable(tables.Table):
    """Steps for accounts."""

    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record.account_id]) + "?section=arrears",
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    owed_fen = MoneyColumn(verbose_name=_("owed (yuan)"), orderable=False)
    oldest_due_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    paper = tables.Column(empty_values=(), verbose_name=_("printed paper"), orderable=False, linkify=_paper_of)

    class Meta:
        model = DunningAct
        fields = ("account", "name", "kind", "owed_fen", "oldest_due_on", "state", "paper")

    def render_paper(self, record: DunningAct) -> Any:
        return "PDF" if record.kind in PAPERS else ""


class TrailTable(ActTable):
    """Steps for one account."""

    on = DayColumn(verbose_name=_("day"), orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, verbose_name=_("step"), orderable=False)
    oldest_due_on = DayColumn(verbose_name=_("oldest due date"), orderable=False)
    state = BadgeColumn(hues=HUES, verbose_name=_("state"), orderable=False)
    note = tables.Column(verbose_name=_("note"), orderable=False)

    class Meta:
        model = DunningAct
        fields = ("on", "kind", "owed_fen", "oldest_due_on", "state", "note", "paper")
        exclude = ("account", "name")


def _to_messages(made: Any) -> str:
    """To the messages of the file just written."""
    return f"{reverse('arrears:message_list')}?of_file={made.pk}"


class RunDetail(RunPage):
    """What a run proposes, and the word of the person."""

    right = VIEW
    url_name = "arrears:run"
    usual = ("proposed", "confirmed")
    hues = HUES
    acts = (
        RunAct("drop", _("Drop"), "gas.arrears.drop_run", actions.drop_run, (State.PROPOSED,), danger=True,
               form=ReasonForm),
        RunAct("messages", _("Write out text messages"), "gas.arrears.export_messages",
               actions_messages.export_messages, (State.CONFIRMED,), icon="message", then=_to_messages),
        RunAct("confirm", lambda run: _("Confirm %(n)s steps") % {"n": f"{run.proposed:,}"},
               "gas.arrears.confirm_run", actions.confirm_run, (State.PROPOSED,), primary=True),
    )  # fmt: skip

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)

    def get_title(self) -> Any:
        return _("Dunning of %(day)s · %(unit)s") % {"day": self.subject.on, "unit": self.subject.unit}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Dunning"), reverse("arrears:run_list"))]

    def facts(self) -> list[Fact]:
        words = dict(Kind.choices)
        return [
            Fact(words[kind], _("%(n)s accounts, %(owed)s yuan") % {"n": f"{count:,}", "owed": yuan(fen)})
            for kind, count, fen in queries.by_kind(self.subject)
        ]

    def sections(self) -> list[Section]:
        acts = self.subject.acts.select_related("account__customer").order_by("-place", "-owed_fen")[:SHOWN]
        more = Button(_("All steps; leave some out"), "arrears:act_list", (self.subject.pk,), VIEW)
        return [Section(_("Steps, the hardest and largest first"), table=ActTable(acts), buttons=[more])]


class ActFilter(django_filters.FilterSet):
    """By step, state and account."""

    q = django_filters.CharFilter(field_name="account__account_no", label=_("account number"))

    class Meta:
        model = DunningAct
        fields = ("q", "kind", "state")


def _leave_out(request: Any, rows: Any) -> Any:
    run = rows.first().run if rows.exists() else None
    if run is None:
        return _("Nothing was chosen.")
    left = actions_steps.leave_out(run=run, acts=list(rows.values_list("pk", flat=True)), by=request.user)
    return _("%(n)s steps left out.") % {"n": f"{left:,}"}


class ActList(ListPage):
    """All steps of a run; whoever is to be spared is left out here before the run is confirmed."""

    title = _("Steps of the run")
    right = VIEW
    table_class = ActTable
    filterset_class = ActFilter
    search_placeholder = _("account number")
    batch_actions = (BatchAction("out", _("Leave out"), _leave_out, "gas.arrears.leave_out", "ban", True),)

    @cached_property
    def run(self) -> DunningRun:
        """The run, or 404."""
        return get_object_or_404(queries.runs_visible_to(self.request.user), pk=self.kwargs["pk"])

    def usable_batch_actions(self) -> list[BatchAction]:
        """Only a proposal can be changed."""
        return super().usable_batch_actions() if self.run.state == State.PROPOSED else []

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Dunning"), reverse("arrears:run_list")), (str(self.run), self.run.get_absolute_url())]

    def queryset(self) -> Any:
        return self.run.acts.select_related("account__customer", "run").order_by("-place", "-owed_fen", "pk")


def _account(view: Page, right: str) -> Account:
    rows = Account.objects.visible_to(view.request.user, right).select_related("customer")
    return get_object_or_404(rows, pk=view.kwargs["pk"])


class ActPdf(Page):
    """The letter, notice or stop order of a step."""

    right = VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF."""
        ids = rights.unit_ids(request.user, VIEW)
        rows = DunningAct.objects.filter(kind__in=PAPERS).select_related(
            "account__customer", "account__premise", "account__unit"
        )
        rows = rows if ids is None else rows.filter(account__unit__in=ids)
        act = get_object_or_404(rows, pk=self.kwargs["pk"])
        response = HttpResponse(render_pdf("dunning", dunning_data(act)), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="dunning-{act.pk}.pdf"'
        return response


class AccountTab(Page):
    """The tab "dunning" of an account's page."""

    right = VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The promise and the steps, without the shell."""
        account = _account(self, VIEW)
        context = {
            "account": account, "kept": queries.promise_of(account, local_today()),
            "trail": TrailTable(queries.trail_of(account)), "may_promise": self.may("gas.arrears.record_promise"),
            "may_step": self.may("gas.arrears.take_step"), "may_print": self.may(PRINT),
        }  # fmt: skip
        return TemplateResponse(request, "arrears/account_tab.html", context)


class PromiseNew(FormPage):
    """Record a promise."""

    title = _("Record a promise to pay")
    right = "gas.arrears.record_promise"
    form_class = PromiseForm
    submit_label = _("Record promise")
    intro = _("While the promise is kept no step of dunning is proposed; when it is broken they go on.")

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return _account(self, str(self.right))

    def get_title(self) -> Any:
        """Whose promise."""
        return act_on(self.title, self.account.with_name)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(self.account.account_no, f"{self.account.get_absolute_url()}?section=arrears")]

    def initial(self) -> dict[str, Any]:
        """All that is owed."""
        from mainstay.gas.payments.queries import due_items

        owed = sum(one.open_fen for one in due_items(self.account))
        return {"amount": f"{max(owed, 0) / 100:.2f}", "count": 1}

    def action_call(self, form: Any, request: SignedRequest) -> Account:
        note = form.cleaned_data["note"]
        actions.record_promise(account=self.account, parts=form.parts(), note=note, by=request.user)
        return self.account
