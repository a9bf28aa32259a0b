"""Stop orders from order to restored supply, and the text messages that were carried out."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
import django_tables2 as tables
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.queries import PRINT
from mainstay.core.evidence.actions import open_file
from mainstay.gas.arrears import actions_steps, queries
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.arrears.forms import NoteForm, WhyForm
from mainstay.gas.arrears.models import DunningAct, Message, MessageFile, Promise
from mainstay.gas.arrears.papers import promise_paper
from mainstay.gas.customers.models import Account
from mainstay.kit import masking
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    DayColumn,
    FirstUse,
    FormPage,
    ListPage,
    MaskedColumn,
    MoneyColumn,
    NameColumn,
    Page,
    SignedRequest,
)

PROGRESS = {
    "ordered": _("ordered"), "stopped": _("supply stopped"), "restored": _("restored"), "left_out": _("withdrawn"),
}  # fmt: skip
PROGRESS_HUES = {"ordered": "amber", "stopped": "red", "restored": "green", "left_out": "grey"}
ACTS: dict[str, tuple[Any, str, Any, Any]] = {
    "carry-out": (_("Record stopped supply"), "gas.arrears.carry_out_stop", actions_steps.carry_out_stop, NoteForm),
    "restore": (_("Restore supply"), "gas.arrears.restore_supply", actions_steps.restore_supply, NoteForm),
    "withdraw": (_("Withdraw order"), "gas.arrears.withdraw_stop", actions_steps.withdraw_stop, WhyForm),
}
INTRO = {
    "carry-out": _("The account is suspended, with its case and paper, while the debt is open."),
    "restore": _("The account goes on, with its case and paper, when nothing is overdue or a promise is kept."),
}
NEXT = {"ordered": ("carry-out", _("Stopped")), "stopped": ("restore", _("Restore"))}


def _next(record: DunningAct) -> str | None:
    act = NEXT.get(record.progress)
    return reverse("arrears:stop_act", args=[record.pk, act[0]]) if act else None


def _withdraw(record: DunningAct) -> str | None:
    return reverse("arrears:stop_act", args=[record.pk, "withdraw"]) if record.progress == "ordered" else None


_SHORT = {"td": {"class": "ms-num"}}  # acts of one word stay in one line


class StopTable(tables.Table):
    """Stop orders and how far they are."""

    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record.account_id]) + "?section=arrears",
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    address = MaskedColumn(
        masking.address, accessor="account__premise__address", verbose_name=_("address"), orderable=False
    )
    owed_fen = MoneyColumn(verbose_name=_("owed (yuan)"), orderable=False)
    on = DayColumn(verbose_name=_("ordered on"), orderable=False)
    progress = BadgeColumn(hues=PROGRESS_HUES, words=PROGRESS, verbose_name=_("state"), orderable=False)
    since = DayColumn(empty_values=(), accessor="on", verbose_name=_("state since"), attrs=_SHORT, orderable=False)
    todo = tables.Column(empty_values=(), verbose_name=_("to do"), attrs=_SHORT, orderable=False, linkify=_next)
    back = tables.Column(empty_values=(), verbose_name=_("take back"), attrs=_SHORT, orderable=False, linkify=_withdraw)
    paper = tables.Column(
        empty_values=(), verbose_name=_("printed paper"), attrs=_SHORT, orderable=False,
        linkify=("arrears:act_pdf", [tables.A("pk")]),
    )  # fmt: skip

    class Meta:
        model = DunningAct
        fields = ("account", "name", "address", "owed_fen", "on", "progress", "since", "todo", "back", "paper")

    def value_since(self, record: DunningAct) -> date:
        """The day it came to be as it is."""
        return record.restored_on or record.stopped_on or record.on

    def render_since(self, record: DunningAct) -> str:
        return f"{self.value_since(record):%Y-%m-%d}"

    def render_todo(self, record: DunningAct) -> Any:
        return NEXT[record.progress][1] if record.progress in NEXT else ""

    def render_back(self, record: DunningAct) -> Any:
        return _("Withdraw") if record.progress == "ordered" else ""

    def render_paper(self) -> str:
        return "PDF"


class StopFilter(django_filters.FilterSet):
    """By account and how far they are."""

    q = django_filters.CharFilter(field_name="account__account_no", label=_("account number"))
    progress = django_filters.ChoiceFilter(method="of_progress", label=_("state"), choices=list(PROGRESS.items()))

    class Meta:
        model = DunningAct
        fields: tuple[str, ...] = ()

    def of_progress(self, rows: Any, _name: str, word: str) -> Any:
        """As the property of the model."""
        if word == "left_out":
            return rows.filter(state=DunningAct.State.LEFT_OUT)
        rows = rows.filter(state=DunningAct.State.DONE)
        if word == "restored":
            return rows.filter(restored_on__isnull=False)
        return rows.filter(restored_on=None, stopped_on__isnull=word == "ordered")


class StopList(ListPage):
    """The worklist of stop orders: what is to be stopped, what is to be restored."""

    title = _("Stop orders")
    right = VIEW
    table_class = StopTable
    filterset_class = StopFilter
    search_placeholder = _("account number")
    first_use = FirstUse(
        _("No stop order was given yet"),
        _("The last step of dunning orders the stop, after the notice and its days. It is carried out here."),
    )

    def queryset(self) -> Any:
        return queries.stop_orders(self.request.user)

    def make_table(self, rows: Any) -> tables.Table:
        """Only acts the person may do."""
        table = super().make_table(rows)
        for column, names in (("todo", ("carry-out", "restore")), ("back", ("withdraw",))):
            if not any(self.may(ACTS[name][1]) for name in names):
                table.columns.hide(column)
        return table


class StopAct(FormPage):
    """Carry a stop order out, lift it, or withdraw it."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the act, or 404."""
        super().setup(request, *args, **kwargs)
        if kwargs["act"] not in ACTS:
            raise Http404
        self.title, self.right, self.call, self.form_class = ACTS[kwargs["act"]]
        self.submit_label, self.intro = self.title, INTRO.get(kwargs["act"], "")
        self.danger = kwargs["act"] != "restore"

    @cached_property
    def order(self) -> DunningAct:
        """The order, or 404."""
        return get_object_or_404(queries.stop_orders(self.request.user), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Stop orders"), reverse("arrears:stop_list")), (self.order.order_no, reverse("arrears:stop_list"))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        return self.call(act=self.order, **form.cleaned_data, by=request.user)

    def success(self, result: Any) -> str:
        return reverse("arrears:stop_list")


class PromisePaper(Page):
    """The agreement of a promise as PDF: issued when it is first printed."""

    right = PRINT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Issue it where needed and lead to the PDF."""
        accounts = Account.objects.visible_to(request.user, VIEW)
        rows = Promise.objects.filter(account__in=accounts).select_related("account__customer", "account__premise")
        document = promise_paper(get_object_or_404(rows, pk=kwargs["pk"]), by=request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[document.pk]))


class MessageTable(tables.Table):
    """Text messages, the number masked."""

    number = CodeColumn(verbose_name=_("message no."), orderable=False)
    account = CodeColumn(
        accessor="act__account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=lambda record: reverse("customers:account_detail", args=[record.act.account_id]) + "?section=arrears",
    )  # fmt: skip
    name = NameColumn(accessor="act__account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    phone_tail = tables.Column(orderable=False)
    owed = MoneyColumn(accessor="act__owed_fen", verbose_name=_("owed (yuan)"), orderable=False)
    state = BadgeColumn(hues={"sent": "blue", "delivered": "green", "failed": "red"}, orderable=False)
    reason = tables.Column(orderable=False)

    class Meta:
        model = Message
        fields = ("number", "account", "name", "phone_tail", "owed", "state", "reason")

    def render_phone_tail(self, value: str) -> str:
        return f"***{value}"


class MessageFilter(django_filters.FilterSet):
    """By file, account and state."""

    q = django_filters.CharFilter(field_name="act__account__account_no", label=_("account number"))
    of_file = django_filters.NumberFilter(field_name="of_file_id", label=_("file"))

    class Meta:
        model = Message
        fields = ("q", "of_file", "state")


class MessageList(ListPage):
    """What was carried out of the network, and what came back."""

    title = _("Text messages")
    right = VIEW
    table_class = MessageTable
    filterset_class = MessageFilter
    search_placeholder = _("account number")
    first_use = FirstUse(
        _("No text message was written out yet"),
        _("A confirmed run writes its messages into a file; somebody carries it out and brings the answers back."),
    )

    def get_actions(self) -> list[Button]:
        """The file itself, where one is shown, and the way for answers."""
        found = [
            Button(_("Import answers"), "sheets:import_upload", ("gas.arrears.messages",), "gas.arrears.import_answers")
        ]
        number = self.request.GET.get("of_file", "")
        if number.isdigit():
            key = (int(number),)
            found.append(
                Button(_("Download file"), "arrears:message_file", key, "gas.arrears.export_messages", primary=True)
            )
        return found

    def queryset(self) -> Any:
        return queries.messages_visible_to(self.request.user)


class MessageDownload(Page):
    """The file with the numbers in full: only for whoever may write it out."""

    right = "gas.arrears.export_messages"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file as it left."""
        runs = queries.runs_visible_to(request.user)
        found = get_object_or_404(MessageFile.objects.select_related("file__file"), pk=kwargs["pk"], run__in=runs)
        return FileResponse(
            open_file(found.file.file), as_attachment=True, filename=f"{found.number}.csv", content_type="text/csv"
        )
