"""Pages of late fees: terms by class, runs that propose and post, the late fees of one account."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.jobs.models import Job
from mainstay.gas.billing.models import Accrual, Bill
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import units_with_accounts
from mainstay.gas.latefees import actions, queries
from mainstay.gas.latefees.actions import VIEW
from mainstay.gas.latefees.forms import RuleForm, RunForm
from mainstay.gas.latefees.models import LateFeeRule, LateFeeRun
from mainstay.kit.dates import first_day, local_today, period_of
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    CountColumn,
    DayColumn,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    MoneyColumn,
    MonthColumn,
    Page,
    ReasonForm,
    RunAct,
    RunPage,
    Section,
    SignedRequest,
    Worked,
)

HUES = {"counting": "blue", "proposed": "amber", "posting": "blue", "posted": "green", "dropped": "grey"}
CHARGE = "gas.latefees.charge_account"
State = LateFeeRun.State
_COUNT = Button(
    _("Count late fees"), "latefees:run_propose", right="gas.latefees.propose_run", primary=True, icon="plus"
)
_TERMS = Button(_("Terms"), "latefees:rule_list", right=VIEW, icon="adjustments-horizontal")
_NEW_TERMS = Button(
    _("Set late fee terms"), "latefees:rule_new", right="gas.latefees.save_rule", primary=True, icon="plus"
)


def permille(ppm: int) -> str:
    """A daily rate for reading: 3000 millionths is 3 ‰."""
    return f"{ppm / 1000:g} ‰"


class RuleTable(tables.Table):
    """Terms by class, the newest first."""

    category = tables.Column(orderable=False)
    from_on = DayColumn(orderable=False)
    daily_ppm = tables.Column(verbose_name=_("a day"), orderable=False)
    grace_days = CountColumn(orderable=False)
    counts_from = tables.Column(orderable=False)
    cap_bp = tables.Column(verbose_name=_("at most, of the bill"), orderable=False)
    min_fee_fen = MoneyColumn(verbose_name=_("no fee below (yuan)"), orderable=False)
    notice = tables.Column(orderable=False)

    class Meta:
        model = LateFeeRule
        fields = ("category", "from_on", "daily_ppm", "grace_days", "counts_from", "cap_bp", "min_fee_fen", "notice")

    def render_daily_ppm(self, value: int) -> str:
        return permille(value)

    def render_cap_bp(self, value: int) -> str:
        return f"{value / 100:g} %"


class RuleList(ListPage):
    """The terms of every class."""

    title = _("Late fee terms")
    right = VIEW
    table_class = RuleTable
    actions = (_NEW_TERMS,)
    first_use = FirstUse(
        _("No late fee terms yet"),
        _("Without terms nobody is charged a late fee. Set them for each class, with the notice behind them."),
        _NEW_TERMS,
    )

    def queryset(self) -> Any:
        return LateFeeRule.objects.all()


class RuleNew(FormPage):
    """New terms for a class."""

    title = _("Set late fee terms")
    right = "gas.latefees.save_rule"
    form_class = RuleForm
    submit_label = _("Set late fee terms")
    intro = _("They hold for bills due from the day given; bills due earlier keep the terms they had.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Late fee terms"), reverse("latefees:rule_list"))]

    def action_call(self, form: Any, request: SignedRequest) -> LateFeeRule:
        return actions.save_rule(**form.values(), by=request.user)

    def success(self, result: Any) -> str:
        return reverse("latefees:rule_list")


class RunTable(tables.Table):
    """Runs, newest first."""

    through_on = DayColumn(linkify=True, orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    fees = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("posted (yuan)"), orderable=False)
    business_on = DayColumn(orderable=False)

    class Meta:
        model = LateFeeRun
        fields = ("through_on", "unit", "state", "fees", "amount_fen", "business_on")


class RunList(ListPage):
    """All runs a person may see."""

    title = _("Late fees")
    right = VIEW
    table_class = RunTable
    actions = (_TERMS, _COUNT)
    first_use = FirstUse(
        _("No late fees posted yet"),
        _("The counter charges late fees as it takes a payment. A run at the month's end posts the others."),
        _COUNT,
    )

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)


class RunPropose(FormPage):
    """Count the late fees of a branch."""

    title = _("Count late fees")
    right = "gas.latefees.propose_run"
    form_class = RunForm
    submit_label = _("Count late fees")
    intro = _("Nothing is posted yet: you see first what it comes to.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Late fees"), reverse("latefees:run_list"))]

    def initial(self) -> dict[str, Any]:
        """Up to the end of last month."""
        from datetime import timedelta

        return {"through_on": first_day(period_of(local_today())) - timedelta(days=1)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": units_with_accounts(self.request.user, str(self.right))}

    def action_call(self, form: Any, request: SignedRequest) -> LateFeeRun:
        return actions.propose_run(**form.cleaned_data, by=request.user)


class ClassTable(tables.Table):
    """What each class comes to."""

    category = tables.Column(verbose_name=_("class"), orderable=False)
    fees = CountColumn(verbose_name=pgettext_lazy("number", "late fees"), orderable=False)
    fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)


class TopTable(tables.Table):
    """The largest fees."""

    account = CodeColumn(
        verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record["pk"]]) + "?section=latefees",
    )  # fmt: skip
    period = MonthColumn(verbose_name=_("period"), orderable=False)
    days = CountColumn(verbose_name=_("days late"), orderable=False)
    fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)


class RunDetail(RunPage):
    """Where a run stands, what it comes to, what to do next."""

    right = VIEW
    url_name = "latefees:run"
    usual = ("counting", "proposed", "posting", "posted")
    hues = HUES
    working = (State.COUNTING, State.POSTING)
    acts = (
        RunAct("drop", _("Drop"), "gas.latefees.drop_run", actions.drop_run, (State.COUNTING, State.PROPOSED),
               danger=True, form=ReasonForm),
        RunAct("post", lambda run: _("Post %(n)s late fees") % {"n": f"{run.proposed_fees:,}"},
               "gas.latefees.post_run", actions.post_run, (State.PROPOSED,), primary=True),
    )  # fmt: skip

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)

    def get_title(self) -> Any:
        return _("Late fees to %(day)s · %(unit)s") % {"day": self.subject.through_on, "unit": self.subject.unit}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Late fees"), reverse("latefees:run_list"))]

    def worked(self) -> Worked:
        """The progress of the job that counts or posts."""
        job = Job.objects.filter(subject=f"latefees.latefeerun:{self.subject.pk}").order_by("-pk").first()
        label = _("Accounts counted") if self.subject.state == State.COUNTING else _("Accounts posted")
        return Worked(job.done, job.total, label) if job else Worked(0, 0, label)

    def facts(self) -> list[Fact]:
        run = self.subject
        return [
            Fact(_("to be posted"), run.proposed_fen, "money"),
            Fact(_("late fees proposed"), f"{run.proposed_fees:,}"),
            Fact(_("posted"), run.amount_fen, "money"),
            Fact(_("late fees posted"), f"{run.fees:,}"),
            Fact(_("up to and with"), run.through_on, "date"),
            Fact(_("business date"), run.business_on, "date"),
        ]

    def sections(self) -> list[Section]:
        run, words = self.subject, dict(Account.Category.choices)
        if not run.proposed:
            return []
        classes = [{"category": words[row[0]], "fees": row[1], "fen": row[2]} for row in run.proposed]
        numbers = dict(Account.objects.filter(pk__in=[row[0] for row in run.top]).values_list("pk", "account_no"))
        top = [
            {"pk": a, "account": numbers.get(a, a), "period": p, "days": days, "fen": fen}
            for a, p, days, fen in run.top
        ]
        return [
            Section(_("By class"), table=ClassTable(classes)),
            Section(_("Largest first"), table=TopTable(top)),
        ]


class DueTable(tables.Table):
    """Late bills of an account and what they owe by today."""

    period = MonthColumn(verbose_name=_("period"), orderable=False)
    due_on = DayColumn(verbose_name=_("due date"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("bill (yuan)"), orderable=False)
    days = CountColumn(verbose_name=_("days late"), orderable=False)
    daily_ppm = tables.Column(verbose_name=_("a day"), orderable=False)
    fee_fen = MoneyColumn(verbose_name=_("late fee by today (yuan)"), orderable=False)
    posted_fen = MoneyColumn(verbose_name=_("of it charged (yuan)"), orderable=False)

    class Meta:
        empty_text = _("No bill is late.")

    def render_daily_ppm(self, value: int) -> str:
        return permille(value)


class ChargedTable(tables.Table):
    """Late fees and waivers charged."""

    bill_no = CodeColumn(verbose_name=_("number"), linkify=True, orderable=False)
    kind = BadgeColumn(verbose_name=_("kind"), hues={11: "amber", 12: "green"}, orderable=False)
    issued_on = DayColumn(verbose_name=_("bill date"), orderable=False)
    days = CountColumn(verbose_name=_("days"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    reason = tables.Column(verbose_name=_("reason"), orderable=False)

    class Meta:
        model = Bill
        fields = ("bill_no", "kind", "issued_on", "days", "amount_fen", "reason")


class AccruedTable(tables.Table):
    """Late fees that a run posted and that have no document yet."""

    period = MonthColumn(
        verbose_name=_("period"), orderable=False,
        linkify=lambda record: reverse("billing:bill_detail", args=[record.account_id, record.period, record.seq]),
    )  # fmt: skip
    from_on = DayColumn(verbose_name=_("from"), orderable=False)
    to_on = DayColumn(verbose_name=_("to"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)

    class Meta:
        model = Accrual
        fields = ("period", "from_on", "to_on", "amount_fen")


class AccountCharge(FormPage):
    """Charge the late fees of one account now: what a run accrued, and what came since."""

    title = _("Charge late fees")
    right = CHARGE
    form_class = forms.Form
    submit_label = _("Charge late fees")
    intro = _("Each late fee becomes a document, which can be waived or written off. Counters do so by themselves.")

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return get_object_or_404(Account.objects.visible_to(self.request.user, CHARGE), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(self.account.account_no, reverse("customers:account_detail", args=[self.account.pk]))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        return actions.charge_account(account=self.account, by=request.user)

    def success(self, result: Any) -> str:
        return reverse("customers:account_detail", args=[self.account.pk]) + "?section=latefees"


class AccountTab(Page):
    """The tab "late fees" of an account's page."""

    right = VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is late and what was charged, without the shell."""
        accounts = Account.objects.visible_to(request.user, VIEW)
        account = get_object_or_404(accounts, pk=self.kwargs["pk"])
        charged = queries.charged(account)
        for bill in charged:
            bill.account = account
        due, accrued = queries.fees_of(account, local_today()), queries.accrued(account)
        context = {
            "account": account,
            "due": DueTable(due),
            "charged": ChargedTable(charged) if charged else None,
            "accrued": AccruedTable(accrued) if accrued else None,
            "may_charge": self.may(CHARGE) and (accrued or any(one.new_fen for one in due)),
        }
        return TemplateResponse(request, "latefees/account_tab.html", context)
