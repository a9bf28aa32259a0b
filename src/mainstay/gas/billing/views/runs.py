"""Pages of billing runs: list, plan, one run with its progress, exceptions and books."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
import django_tables2 as tables
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.gas.billing import actions, queries, rules
from mainstay.gas.billing.forms import PlanForm
from mainstay.gas.billing.models import BillingRun, RunChunk, RunException
from mainstay.gas.billing.rights import VIEW_RUN
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.filters import PeriodFilter
from mainstay.gas.readings.queries import units_with_books
from mainstay.kit.dates import local_today, month_text, period_of, previous_period
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    CountColumn,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    MoneyColumn,
    MonthColumn,
    NameColumn,
    ReasonForm,
    RunAct,
    RunPage,
    Section,
    SignedRequest,
    VolumeColumn,
    Worked,
)  # fmt: skip

HUES = {"planned": "grey", "running": "blue", "computed": "amber", "released": "green", "abandoned": "grey"}
State = BillingRun.State
REASON_HUES = {"failed": "red", "no_price": "red", "no_terms": "red", "questioned": "amber", "no_reading": "amber"}
TOP_SHOWN = 20
_PLAN = Button(_("Plan a run"), "billing:run_plan", right="gas.billing.plan_run", primary=True, icon="plus")


class RunTable(tables.Table):
    """Runs, newest first."""

    run = tables.Column(accessor="pk", verbose_name=_("run"), linkify=True, orderable=False)
    period = MonthColumn(verbose_name=_("period"), orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    bills = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    excluded_accounts = CountColumn(orderable=False)
    issued_on = tables.DateColumn(format="Y-m-d", orderable=False)

    class Meta:
        model = BillingRun
        fields = ("run", "period", "unit", "state", "bills", "amount_fen", "excluded_accounts", "issued_on")
        order_by = "-pk"


class RunFilter(django_filters.FilterSet):
    """By state and period."""

    period = PeriodFilter(label=_("period"))

    class Meta:
        model = BillingRun
        fields = ("state", "period")


class RunList(ListPage):
    """All runs a person may see."""

    title = _("Billing runs")
    right = VIEW_RUN
    table_class = RunTable
    filterset_class = RunFilter
    actions = (_PLAN,)
    first_use = FirstUse(
        _("No billing run yet"),
        _("Plan a run over the books of a branch: you see what will be billed and what not before anything is billed."),
        _PLAN,
    )

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)


class RunPlan(FormPage):
    """Plan a run."""

    title = _("Plan a billing run")
    right = "gas.billing.plan_run"
    form_class = PlanForm
    submit_label = _("Plan run")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Billing runs"), reverse("billing:run_list"))]

    def initial(self) -> dict[str, Any]:
        """Last month, due in half a month."""
        today = local_today()
        last = previous_period(period_of(today))
        return {"period": month_text(last), "issued_on": today, "due_on": today + timedelta(days=15)}

    def form_kwargs(self) -> dict[str, Any]:
        return {"units": units_with_books(self.request.user, "gas.billing.plan_run")}

    def action_call(self, form: Any, request: SignedRequest) -> BillingRun:
        found = {**form.cleaned_data, "books": form.cleaned_data["books"] or None}
        return actions.plan_run(**found, by=request.user)


def _to_run(job: Any) -> str:
    """From the job that bills on to the run, which shows how far it is."""
    return reverse("billing:run_detail", args=[job.arguments["run"]])


class RunDetail(RunPage):
    """Where a run stands, what it comes to, what is left out, what to do next."""

    right = VIEW_RUN
    url_name = "billing:run"
    usual = ("planned", "running", "computed", "released")
    hues = HUES
    working = (State.RUNNING,)
    acts = (
        RunAct("abandon", _("Abandon run"), "gas.billing.abandon_run", actions.abandon_run, (State.PLANNED,),
               danger=True, form=ReasonForm),
        RunAct("dry", _("Dry run"), "gas.billing.start_dry_run", actions.start_dry_run, (State.PLANNED,)),
        RunAct("start", lambda run: _("Bill %(n)s accounts") % {"n": f"{run.planned_accounts:,}"},
               "gas.billing.start_run", actions.start_run, (State.PLANNED,), primary=True, then=_to_run),
        RunAct("release", lambda run: _("Release %(n)s bills") % {"n": f"{run.bills:,}"}, "gas.billing.release_run",
               actions.release_run, (State.COMPUTED,), primary=True),
    )  # fmt: skip

    def queryset(self) -> Any:
        return queries.runs_visible_to(self.request.user)

    def get_title(self) -> Any:
        year, month = divmod(self.subject.period, 100)
        return _("Billing run %(period)s · %(unit)s") % {"period": f"{year}-{month:02d}", "unit": self.subject.unit}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Billing runs"), reverse("billing:run_list"))]

    def get_actions(self) -> list[Button]:
        """With the way to take back what was billed wrongly."""
        found = list(super().get_actions())
        if self.subject.state in {State.COMPUTED, State.RELEASED} and self.subject.bills:
            address = f"{reverse('billing:rebilling_plan')}?run={self.subject.pk}"
            found.insert(0, Button(_("Cancel and rebill"), address, right="gas.billing.plan_rebilling"))
        return found

    def worked(self) -> Worked:
        now = queries.run_progress(self.subject)
        note = _("%(done)s of %(books)s books") % {"done": now.books_done, "books": now.books}
        return Worked(now.done, now.total, _("Accounts billed"), note)

    def facts(self) -> list[Fact]:
        run = self.subject
        chunks = RunChunk.objects.filter(run=run)
        before = sum(chunks.values_list("last_period_amount_fen", flat=True))
        dry = [one for one in chunks.values_list("dry_amount_fen", flat=True) if one is not None]
        amount = run.amount_fen if run.bills else sum(dry) if dry else None
        change = rules.share_of_change(amount, before) if amount else None
        return [
            Fact(_("accounts to bill"), f"{run.planned_accounts:,}"),
            Fact(_("left out"), f"{run.excluded_accounts:,}", href=reverse("billing:exception_list", args=[run.pk])),
            Fact(_("bills"), f"{run.bills:,}"),
            Fact(_("amount") if run.bills else _("amount of the dry run"), amount, "money"),
            Fact(_("volume"), run.volume_l if run.bills else None, "volume"),
            Fact(_("last period"), before, "money"),
            Fact(_("change"), "–" if change is None else f"{change:+,d} %"),
            Fact(_("bill date"), run.issued_on, "date"),
            Fact(_("due date"), run.due_on, "date"),
            Fact(_("books"), f"{chunks.count():,}", href=reverse("billing:chunk_list", args=[run.pk])),
        ]

    def sections(self) -> list[Section]:
        run = self.subject
        left = [
            Fact(words, f"{count:,}", href=f"{reverse('billing:exception_list', args=[run.pk])}?reason={reason}")
            for reason, words, count in queries.reasons_of(run)
        ]
        found = [Section(_("Left out, and why"), facts=left)] if left else []
        if run.top_changes:
            found.append(Section(_("Greatest changes in the dry run"), table=_changes(run)))
        return found


class ChangeTable(tables.Table):
    """Accounts whose bill changes most."""

    account = CodeColumn(
        verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record["pk"]]) + "?section=bills",
    )  # fmt: skip
    before = MoneyColumn(verbose_name=_("last bill (yuan)"), orderable=False)
    now = MoneyColumn(verbose_name=_("this bill (yuan)"), orderable=False)
    change = MoneyColumn(verbose_name=_("change (yuan)"), orderable=False)
    percent = CountColumn(verbose_name=_("change (%)"), orderable=False)

    def render_percent(self, value: int) -> str:
        return f"{value:+,d}"


def _changes(run: BillingRun) -> ChangeTable:
    rows = run.top_changes[:TOP_SHOWN]
    numbers = dict(Account.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "account_no"))
    return ChangeTable(
        [
            {
                "pk": a, "account": numbers[a], "before": before, "now": now, "change": now - before,
                "percent": rules.share_of_change(now, before),
            }
            for a, before, now in rows
        ]
    )  # fmt: skip


class _OfRun(ListPage):
    """A list below one run."""

    right = VIEW_RUN

    def run(self) -> BillingRun:
        return get_object_or_404(queries.runs_visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        run = self.run()
        return [(_("Billing runs"), reverse("billing:run_list")), (str(run), run.get_absolute_url())]


class ExceptionTable(tables.Table):
    """Accounts left out."""

    account = CodeColumn(
        accessor="account__account_no", orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record.account_id]) + "?section=readings",
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    book = tables.Column(verbose_name=_("book"), orderable=False)
    reason = BadgeColumn(hues=REASON_HUES, orderable=False)
    detail = tables.Column(orderable=False)

    class Meta:
        model = RunException
        fields = ("account", "name", "book", "reason", "detail")
        order_by = "pk"


class ExceptionFilter(django_filters.FilterSet):
    """By reason and book."""

    book = django_filters.CharFilter(field_name="book__code", label=_("book"))

    class Meta:
        model = RunException
        fields = ("reason", "book")


class ExceptionList(_OfRun):
    """The worklist of a run: who was left out, and why."""

    title = _("Left out of the run")
    table_class = ExceptionTable
    filterset_class = ExceptionFilter

    def queryset(self) -> Any:
        rows = RunException.objects.filter(run=self.run(), solved_at=None)
        return rows.select_related("account__customer", "book")


class ChunkTable(tables.Table):
    """The books of a run."""

    book = tables.Column(verbose_name=_("book"), orderable=False)
    planned = CountColumn(verbose_name=_("accounts to bill"), orderable=False)
    dry_bills = CountColumn(verbose_name=_("bills (dry run)"), orderable=False)
    dry_amount_fen = MoneyColumn(verbose_name=_("amount (dry run)"), orderable=False)
    bills = CountColumn(verbose_name=_("bills"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    last_period_amount_fen = MoneyColumn(verbose_name=_("last period (yuan)"), orderable=False)

    class Meta:
        model = RunChunk
        fields = ("book", "planned", "dry_bills", "dry_amount_fen", "bills", "amount_fen", "volume_l",
                  "last_period_amount_fen")  # fmt: skip
        order_by = "pk"


class ChunkList(_OfRun):
    """What each book of a run comes to, against the last period."""

    title = _("Books of the run")
    table_class = ChunkTable

    def queryset(self) -> Any:
        return RunChunk.objects.filter(run=self.run()).select_related("book")
