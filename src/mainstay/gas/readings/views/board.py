"""The board of a reading crew: plan, how far readers and books are, and each book drawn by its buildings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.readings import actions_round, forms, queries, queries_round
from mainstay.gas.readings.api_incoming import RECORD_LIST
from mainstay.gas.readings.api_phone import Handed, take_file
from mainstay.gas.readings.filters import period_in
from mainstay.gas.readings.rules_round import percent, rate_bp
from mainstay.gas.readings.tables import HandheldTable
from mainstay.gas.readings.views.books import DETAIL, LIST, _OfBook
from mainstay.kit.dates import first_day, local_today, month_text, next_period, previous_period
from mainstay.web.pages import Button, Fact, FormPage, Outcome, Page, SignedRequest, export

BOARD = "readings:board"
PLAN = "gas.readings.plan_period"
ASSIGN = "gas.readings.assign_task"
KINDS = {
    "read": _("read"),
    "estimated": _("estimated"),
    "questioned": _("questioned"),
    "no_access": _("no access"),
    "left": _("to read"),
}


class Board(Page):
    """Who reads what this period, and what is left."""

    title = _("Reading board")
    right = queries.VIEW
    template_name = "readings/board.html"

    @cached_property
    def period(self) -> int:
        """The period of the address."""
        return period_in(self.request.GET.get("period"))

    def get_title(self) -> Any:
        """With the month."""
        return _("Reading board %(period)s") % {"period": month_text(self.period)}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the books."""
        return [(_("Books"), f"{reverse(LIST)}?period={self.period}")]

    def get_actions(self) -> Sequence[Button]:
        """Plan, other periods."""
        before, after = previous_period(self.period), next_period(self.period)
        sheet = f"{reverse('readings:handheld')}?period={self.period}"
        return [
            Button(_("Sheet for hand-held devices"), sheet, (), Handheld.right, "download"),
            Button(_("Take over a phone's file"), "readings:phone_file", (), PhoneFile.right, "file-import"),
            Button(
                _("Plan period"), f"{reverse('readings:plan')}?period={self.period}", (), PLAN, "calendar", primary=True
            ),
            Button(month_text(before), f"?period={before}", icon="chevron-left"),
            Button(month_text(after), f"?period={after}", icon="chevron-right"),
        ]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw it."""
        lines = queries_round.board(queries.books_visible_to(self.request.user), self.period)
        readers = queries_round.by_reader(lines)
        total = {name: sum(getattr(one, name) for one in lines) for name in ("accounts", *KINDS)}
        really = total["read"] - total["estimated"]
        facts: dict[str, Any] = {
            "lines": [(line, _bars(line)) for line in lines], "readers": readers, "period": self.period,
            "total": total, "rate": percent(rate_bp(really, total["accounts"])), "kinds": KINDS, "today": local_today(),
            "may_export": self.may(queries.EXPORT_ROUND),
        }  # fmt: skip
        return self.page(**facts)


def _bars(line: queries_round.BookLine) -> list[tuple[str, Any, int, int]]:
    """(kind, words, count, width in percent) of the parts of a book."""
    real = {name: getattr(line, name) for name in KINDS} | {"read": line.read - line.estimated}
    return [(kind, KINDS[kind], n, max(1, n * 100 // max(1, line.accounts))) for kind, n in real.items() if n > 0]


class Handheld(Page):
    """What is not read yet as one sheet for hand-held devices: the books of one reader, or all of them."""

    right = queries.EXPORT_ROUND

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """xlsx, or csv with `?export=csv`."""
        period, reader = period_in(request.GET.get("period")), request.GET.get("reader", "")
        lines = queries_round.board(queries.books_visible_to(self.request.user, self.right), period)
        if reader.isdigit():
            lines = [one for one in lines if one.reader and one.reader.pk == int(reader)]
        rows = queries_round.handheld_rows([one.book for one in lines], period)
        return export.response(
            HandheldTable(rows), request.GET.get("export", "xlsx"), f"{_('To read')} {month_text(period)}"
        )


class PhoneFile(FormPage):
    """The queue of a reader's phone that finds no network, handed over as a file."""

    title = _("Take over a phone's file")
    right = RECORD_LIST
    form_class = forms.PhoneFileForm
    submit_label = _("Take the file over")
    intro = _(
        "The phone saves the file under To send. Whatever the phone sends itself before or later is kept once only."
    )

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the board."""
        return [(_("Reading board"), reverse("readings:board"))]

    def action_call(self, form: Any, request: SignedRequest) -> Handed:
        """Take it."""
        return take_file(self.request.user, form.cleaned_data["file"])

    def success(self, result: Handed) -> Outcome:
        """Counts, and what was refused why."""
        counts = [
            (_("New readings"), result.new), (_("Already there"), result.already),
            (_("Visits without a reading"), result.visits), (_("Photos"), result.photos),
        ]  # fmt: skip
        text = _("These were refused. Everything else is recorded:") if result.refused else ""
        return Outcome(
            _("The file of %(name)s is taken over.") % {"name": result.reader},
            text,
            "amber" if result.refused else "green",
            [*(Fact(label, n) for label, n in counts), *(Fact(name, why) for name, why in result.refused)],
            [Button(_("Reading board"), "readings:board", icon="chevron-left", primary=True)],
        )


class BookMap(_OfBook):
    """A book by its buildings: every meter a cell."""

    right = queries.VIEW
    template_name = "readings/map.html"

    def get_title(self) -> Any:
        """Book and month."""
        return f"{self.book.code} {self.book.name} · {month_text(self.period)}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the board."""
        return [(_("Reading board"), f"{reverse(BOARD)}?period={self.period}")]

    def get_actions(self) -> Sequence[Button]:
        """To the round, and who reads it."""
        assign = reverse("readings:book_assign", args=[self.book.pk]) + f"?period={self.period}"
        return [
            Button(_("Assign book"), assign, (), ASSIGN, "user-check"),
            Button(_("Round"), reverse(DETAIL, args=[self.book.pk]) + f"?period={self.period}", icon="list"),
        ]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Draw it."""
        found = queries_round.buildings(self.book, self.period)
        counts = dict.fromkeys(KINDS, 0)
        for building in found:
            for kind, _room, _url in building.cells:
                counts[kind] += 1
        legend = [(kind, words, counts[kind]) for kind, words in KINDS.items()]
        return self.page(buildings=found, legend=legend, words=KINDS)


class Plan(FormPage):
    """Give every book that is due its reader and day."""

    title = _("Plan the readings of a period")
    right = PLAN
    form_class = forms.PlanForm
    submit_label = _("Plan period")
    intro = _(
        "Every book that is due gets its own reader and the day of the month before. Tasks that are there stay as "
        "they are; change single ones on the board."
    )

    def form_kwargs(self) -> dict[str, Any]:
        """Branches within reach."""
        return {"user": self.request.user, "right": self.right}

    def initial(self) -> dict[str, Any]:
        """The period of the address, from its first day or today."""
        period = period_in(self.request.GET.get("period"))
        return {"period": month_text(period), "first_on": max(first_day(period), local_today())}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the board."""
        return [(_("Reading board"), reverse(BOARD))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Plan."""
        made = actions_round.plan_period(**form.cleaned_data, by=self.request.user)
        return made, form.cleaned_data["period"]

    def success(self, result: Any) -> Any:
        """How many."""
        made, period = result
        back = Button(_("To the board"), f"{reverse(BOARD)}?period={period}", primary=True)
        text = "" if made else _("Every book that is due has its task already, or none is due here.")
        return Outcome(_("%(count)s tasks are new") % {"count": made}, text, buttons=[back])


class Assign(_OfBook, FormPage):
    """Who reads a book this time, and when."""

    title = _("Assign a book for a period")
    right = ASSIGN
    form_class = forms.AssignForm
    submit_label = _("Assign book")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        task = self.book.tasks.filter(period=self.period).first()
        return {
            "period": month_text(self.period), "reader": task.reader if task else self.book.reader,
            "planned_on": task.planned_on if task else max(first_day(self.period), local_today()),
        }  # fmt: skip

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Assign."""
        return actions_round.assign_task(book=self.book, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the board."""
        return f"{reverse(BOARD)}?period={result.period}"
