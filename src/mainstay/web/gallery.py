"""The style gallery: every component and page kind with made-up content, in developer mode only.

It is where a change of style is looked at first, in both languages, in light and dark, wide and narrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import pgettext_lazy
from django.views import View

from mainstay.kit.errors import Problem
from mainstay.web.pages import (
    BadgeColumn,
    BatchAction,
    Button,
    CodeColumn,
    DayColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    FormStep,
    ListPage,
    LogLine,
    MoneyColumn,
    Outcome,
    Page,
    ResultPage,
    Section,
    Step,
    StepPage,
    VolumeColumn,
    steps_of,
)

STATES = (
    ("unpaid", pgettext_lazy("gallery", "Unpaid"), "amber"),
    ("paid", pgettext_lazy("gallery", "Paid"), "green"),
    ("overdue", pgettext_lazy("gallery", "Overdue"), "red"),
)
STREETS = ("和平路 12 号 3 单元 502", "滨河花园 8 幢 1101", "新华街 7 号", "锦绣苑 2 期 15 幢 2 单元 301")
SHANGHAI = ZoneInfo("Asia/Shanghai")


class DeveloperPage(Page):
    """A page that exists in developer mode only, for everybody."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Be absent outside of developer mode."""
        if not settings.DEBUG:
            raise Http404
        try:
            return View.dispatch(self, request, *args, **kwargs)
        except Problem as error:
            from mainstay.web.pages import answers

            return answers.problem(request, error)


def bills(count: int = 3214) -> list[dict[str, Any]]:
    """Return made-up bills."""
    return [
        {
            "pk": number,
            "number": f"B2026{number:07d}",
            "account": f"0{10200345 + number * 7}",
            "customer": ("王*", "李**", "欧阳*", "城西幼儿园")[number % 4],
            "address": STREETS[number % 4],
            "period": "2026-10",
            "due_on": date(2026, 11, 1) + timedelta(days=number % 28),
            "volume_l": 1000 * (12 + number * 13 % 170) + (500 if number % 9 == 0 else 0),
            "amount_fen": (number * 9173) % 98_765 * (1 if number % 17 else -1),
            "state": STATES[number % 3][0],
        }
        for number in range(1, count + 1)
    ]


class BillTable(tables.Table):
    """Bills of the gallery."""

    number = CodeColumn(
        verbose_name=pgettext_lazy("gallery", "Bill no."), linkify=lambda record: "/web/gallery/detail/"
    )
    account = CodeColumn(verbose_name=pgettext_lazy("gallery", "Account no."))
    customer = tables.Column(verbose_name=pgettext_lazy("gallery", "Customer"))
    address = tables.Column(verbose_name=pgettext_lazy("gallery", "Address"))
    period = CodeColumn(verbose_name=pgettext_lazy("gallery", "Period"))
    due_on = DayColumn(verbose_name=pgettext_lazy("gallery", "Due"))
    volume_l = VolumeColumn(verbose_name=pgettext_lazy("gallery", "Volume (m³)"))
    amount_fen = MoneyColumn(verbose_name=pgettext_lazy("gallery", "Amount (yuan)"))
    state = BadgeColumn(
        verbose_name=pgettext_lazy("gallery", "State"),
        hues={key: hue for key, _word, hue in STATES},
        words={key: word for key, word, _hue in STATES},
    )


class GalleryList(DeveloperPage, ListPage):
    """The list page kind."""

    title = pgettext_lazy("gallery", "Bills")
    table_class = BillTable
    search_fields = ("number",)
    search_placeholder = pgettext_lazy("gallery", "Bill no., account no.")
    first_use = FirstUse(
        pgettext_lazy("gallery", "No bills yet"),
        pgettext_lazy("gallery", "Bills come out of a billing run over the readings of one or more books."),
        Button(pgettext_lazy("gallery", "Plan a billing run"), "/web/gallery/steps/", icon="plus", primary=True),
    )
    actions = (
        Button(pgettext_lazy("gallery", "Import"), "/web/gallery/form/", icon="file-import"),
        Button(
            pgettext_lazy("gallery", "Plan a billing run"), "/web/gallery/steps/", icon="plus", primary=True, key="N"
        ),
    )
    batch_actions = (
        BatchAction(
            "print",
            pgettext_lazy("gallery", "Print bills"),
            lambda request, rows: pgettext_lazy("gallery", "Printed"),
            icon="printer",
        ),
        BatchAction(
            "cancel",
            pgettext_lazy("gallery", "Cancel bills"),
            lambda request, rows: pgettext_lazy("gallery", "Cancelled"),
            icon="ban",
            danger=True,
        ),
    )

    @cached_property
    def rows(self) -> Any:
        """Return bills made up on the spot; `?q=` narrows to none, `?empty=1` shows the first use."""
        if self.request.GET.get("empty"):
            return []
        text = self.request.GET.get("q", "")
        return [bill for bill in bills() if text in bill["number"]]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the search is in use."""
        return bool(self.request.GET.get("q"))


class GalleryDetail(DeveloperPage, DetailPage):
    """The detail page kind."""

    show_log = True

    @cached_property
    def subject(self) -> Any:
        """Return something with a name."""
        return "B20260000128"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Lead back to the list."""
        return [(pgettext_lazy("gallery", "Bills"), "/web/gallery/list/")]

    def get_title(self) -> Any:
        """Return the bill's number."""
        return self.subject

    def badge(self) -> tuple[Any, str]:
        """Return its state."""
        return pgettext_lazy("gallery", "Overdue"), "red"

    def get_actions(self) -> Sequence[Button]:
        """Return buttons of each kind."""
        return [
            Button(pgettext_lazy("gallery", "Print bill"), "/web/gallery/result/", icon="printer", key="F9"),
            Button(pgettext_lazy("gallery", "Cancel bill"), "/web/gallery/form/", icon="ban", danger=True),
            Button(pgettext_lazy("gallery", "Take payment"), "/web/gallery/form/", icon="cash", primary=True, key="F8"),
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Return one notice."""
        return [
            ("amber", pgettext_lazy("gallery", "An open hazard at this address: flexible hose older than 18 months."))
        ]

    def steps(self) -> Sequence[Step]:
        """Return a steps bar in the middle."""
        path = [
            ("read", pgettext_lazy("gallery", "Read")),
            ("billed", pgettext_lazy("gallery", "Billed")),
            ("released", pgettext_lazy("gallery", "Released")),
            ("paid", pgettext_lazy("gallery", "Paid")),
        ]
        return steps_of(path, "released")

    def facts(self) -> Sequence[Fact]:
        """Return facts of each kind."""
        return [
            Fact(pgettext_lazy("gallery", "Customer"), "王*", reveal_url="/web/gallery/result/"),
            Fact(pgettext_lazy("gallery", "Account no."), "010201241", "code", href="/web/gallery/detail/", copy=True),
            Fact(pgettext_lazy("gallery", "Address"), "和平路 12 号 *** 室"),
            Fact(pgettext_lazy("gallery", "Period"), "2026-10", "code"),
            Fact(pgettext_lazy("gallery", "Due"), date(2026, 11, 14), "date"),
            Fact(pgettext_lazy("gallery", "Volume"), 43_500, "volume"),
            Fact(pgettext_lazy("gallery", "Amount"), 11_745, "money"),
            Fact(pgettext_lazy("gallery", "Open"), 11_745, "money"),
        ]

    def sections(self) -> Sequence[Section]:
        """Return a table and facts."""
        return [
            Section(pgettext_lazy("gallery", "Charge lines"), table=BillTable(bills(4), orderable=False), count=4),
            Section(
                pgettext_lazy("gallery", "Notes"),
                facts=[
                    Fact(pgettext_lazy("gallery", "Meter no."), "G4-20190233", "code"),
                    Fact(pgettext_lazy("gallery", "Balance"), -2_050, "money"),
                ],
            ),
        ]

    def log(self) -> Sequence[LogLine]:
        """Return log lines, one of them a refusal."""
        at = datetime(2026, 11, 2, 9, 14, tzinfo=SHANGHAI)
        return [
            LogLine(
                at + timedelta(days=9),
                pgettext_lazy("gallery", "Clerk"),
                pgettext_lazy("gallery", "Cancel bill"),
                pgettext_lazy("gallery", "above the limit of the rank"),
                refused=True,
            ),
            LogLine(
                at,
                pgettext_lazy("gallery", "Billing"),
                pgettext_lazy("gallery", "Released"),
                pgettext_lazy("gallery", "Run 2026-10, book 0127"),
            ),
        ]


class BillForm(forms.Form):
    """Fields of each kind."""

    account = forms.CharField(
        label=pgettext_lazy("gallery", "Account no."), help_text=pgettext_lazy("gallery", "Ten digits, as on the bill.")
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("gallery", "Reason"),
        choices=[
            ("", ""),
            ("read", pgettext_lazy("gallery", "Wrong reading")),
            ("price", pgettext_lazy("gallery", "Wrong price")),
        ],
    )
    read_on = forms.DateField(label=pgettext_lazy("gallery", "Read on"), widget=forms.DateInput(attrs={"type": "date"}))
    index = forms.IntegerField(label=pgettext_lazy("gallery", "Index (m³)"), min_value=1283)
    how = forms.ChoiceField(
        label=pgettext_lazy("gallery", "Payment method"),
        widget=forms.RadioSelect,
        choices=[("cash", pgettext_lazy("gallery", "Cash")), ("card", pgettext_lazy("gallery", "Card"))],
    )
    note = forms.CharField(
        label=pgettext_lazy("gallery", "Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    notify = forms.BooleanField(label=pgettext_lazy("gallery", "Tell the customer by text message"), required=False)


class GalleryForm(DeveloperPage, FormPage):
    """The form page kind."""

    title = pgettext_lazy("gallery", "Cancel bill")
    form_class = BillForm
    submit_label = pgettext_lazy("gallery", "Cancel bill B20260000128")
    submit_key = "F8"
    success_url = "/web/gallery/result/"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Lead back to the bill."""
        return [(pgettext_lazy("gallery", "Bills"), "/web/gallery/list/"), ("B20260000128", "/web/gallery/detail/")]

    def action_call(self, form: Any, request: HttpRequest) -> Any:
        """Refuse one account, to show how a problem looks."""
        if form.cleaned_data["account"] == "0":
            raise Problem(
                pgettext_lazy("gallery", "There is no account 0. Look the number up on the bill."), field="account"
            )
        return None


class GallerySteps(DeveloperPage, StepPage):
    """The step page kind."""

    title = pgettext_lazy("gallery", "Plan a billing run")
    submit_label = pgettext_lazy("gallery", "Start the billing run")
    success_url = "/web/gallery/result/"
    form_steps = (
        FormStep("scope", pgettext_lazy("gallery", "Scope"), BillForm),
        FormStep("dates", pgettext_lazy("gallery", "Dates"), BillForm),
    )

    def steps_call(self, data: dict[str, Any], request: HttpRequest) -> Any:
        """Do nothing."""


class GalleryResult(DeveloperPage, ResultPage):
    """The result page kind."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer the reveal button of the detail page."""
        return HttpResponse("王小明")

    def outcome(self) -> Outcome:
        """Return a payment taken."""
        return Outcome(
            pgettext_lazy("gallery", "Payment taken"),
            pgettext_lazy("gallery", "Receipt R2026-004511 is ready to print."),
            facts=[
                Fact(pgettext_lazy("gallery", "Received"), 12_000, "money"),
                Fact(pgettext_lazy("gallery", "Change due"), 255, "money"),
            ],
            buttons=[
                Button(
                    pgettext_lazy("gallery", "Print receipt"),
                    "/web/gallery/detail/",
                    icon="printer",
                    primary=True,
                    key="F9",
                ),
                Button(pgettext_lazy("gallery", "Next customer"), "/web/gallery/list/"),
            ],
        )


class Gallery(DeveloperPage):
    """All components on one page."""

    title = pgettext_lazy("gallery", "Style gallery")
    template_name = "web/gallery.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show them."""
        form = BillForm({"account": ""})
        detail = GalleryDetail()
        return self.page(
            form=form,
            bar=detail.steps(),
            lines=detail.log(),
            table=BillTable(bills(5), orderable=False),
            hostile="<script>alert(1)</script>",
        )
