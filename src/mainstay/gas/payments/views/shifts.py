"""Shifts and tills: open, count, accept."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.payments import form_papers, papers, queries
from mainstay.gas.payments.actions import accept_shift, close_shift, open_shift, save_till
from mainstay.gas.payments.filters import ShiftFilter
from mainstay.gas.payments.forms import CloseShiftForm, OpenShiftForm, TillForm
from mainstay.gas.payments.models import Shift, Till
from mainstay.gas.payments.tables import SHIFT_HUES, ShiftTable, TillTable
from mainstay.kit.pdf import render_pdf
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
    act_on,
)

OPEN = "gas.payments.open_shift"
CLOSE = "gas.payments.close_shift"
ACCEPT = "gas.payments.accept_shift"
TILL = "gas.payments.save_till"


class ShiftList(ListPage):
    """A clerk's own shifts; a supervisor's are those of the branch, filter "closed" for what waits."""

    title = _("Shifts")
    right = OPEN
    table_class = ShiftTable
    filterset_class = ShiftFilter
    first_use: FirstUse | None = FirstUse(
        _("No shifts yet"),
        _("A shift begins with the float in the drawer and ends with its count."),
        Button(_("Open shift"), "payments:shift_open", right=OPEN, primary=True),
    )
    actions: Sequence[Button] = (
        Button(_("Open shift"), "payments:shift_open", right=OPEN, icon="player-play", primary=True),
    )

    def queryset(self) -> Any:
        """Shifts the user may see."""
        return queries.shifts_visible_to(self.request.user)


class AcceptanceList(ShiftList):
    """Closed shifts that wait for a supervisor."""

    title = _("Shifts to accept")
    right = ACCEPT
    first_use = None
    actions = ()

    def queryset(self) -> Any:
        """Closed, not accepted, not the user's own."""
        rows = queries.shifts_visible_to(self.request.user)
        return rows.filter(state=Shift.State.CLOSED).exclude(clerk=self.request.user.pk)


def _shift(request: SignedRequest, pk: int) -> Shift:
    rows = queries.shifts_visible_to(request.user)
    return get_object_or_404(rows.select_related("till__unit"), pk=pk)


class ShiftDetail(DetailPage):
    """A shift: what came in by which way, what is to be in the drawer, the count."""

    @cached_property
    def subject(self) -> Shift:
        """The shift, or 404."""
        return _shift(self.request, self.kwargs["pk"])

    def get_title(self) -> Any:
        """Till and day."""
        return f"{self.subject.till.code} {self.subject.business_on:%Y-%m-%d}"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Shifts"), reverse("payments:shift_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), SHIFT_HUES[Shift.State(self.subject.state)]

    def steps(self) -> list[Step]:
        """Open, closed, accepted."""
        states = list(Shift.State)
        now = states.index(Shift.State(self.subject.state))
        return [
            Step(state.label, "done" if i < now or now == len(states) - 1 else "current" if i == now else "todo")
            for i, state in enumerate(states)
        ]

    def facts(self) -> list[Fact]:
        """Clerk, times, cash. What is expected stays hidden from the clerk until the drawer is counted."""
        shift = self.subject
        found = [
            Fact(_("clerk"), shift.clerk),
            Fact(_("opened at"), shift.opened_at, "instant"),
            Fact(_("float"), shift.float_fen, "money"),
            Fact(_("receipts"), shift.last_receipt),
        ]
        if shift.counted_fen is not None and shift.expected_fen is not None:
            found += [
                Fact(_("closed at"), shift.closed_at, "instant"),
                Fact(_("expected"), shift.expected_fen, "money"),
                Fact(_("counted"), shift.counted_fen, "money"),
                Fact(_("difference"), shift.counted_fen - shift.expected_fen, "money"),
            ]
        if shift.accepted_by:
            found.append(Fact(_("accepted by"), shift.accepted_by))
        return found

    def get_actions(self) -> list[Button]:
        """What can be done with it now."""
        shift = self.subject
        report = Button(_("Print report"), "payments:shift_report", (shift.pk,), icon="printer", new_tab=True)
        if shift.state == Shift.State.OPEN:
            close = Button(
                _("Close shift"), "payments:shift_close", (shift.pk,), right=CLOSE, icon="calculator", primary=True
            )
            return [close] if shift.clerk_id == self.request.user.pk else []
        if shift.state == Shift.State.CLOSED and shift.clerk_id != self.request.user.pk:
            accept = Button(
                _("Accept shift"), "payments:shift_accept", (shift.pk,), right=ACCEPT, icon="circle-check",
                primary=True, method="post",
            )  # fmt: skip
            return [report, accept]
        return [report]

    def sections(self) -> list[Section]:
        """Sums by way of paying, once the count is in or for the supervisor."""
        if self.subject.state == Shift.State.OPEN and not rights.allowed(self.request.user, queries.VIEW_SHIFTS):
            return []
        context = {"sums": queries.shift_sums(self.subject)}
        return [Section(_("By way of paying"), template="payments/shift_sums.html", context=context)]


class ShiftOpen(FormPage):
    """Open a shift."""

    title = _("Open shift")
    right = OPEN
    form_class = OpenShiftForm
    submit_label = _("Open shift")

    def form_kwargs(self) -> dict[str, Any]:
        """Tills of the user's branches."""
        ids = rights.unit_ids(self.request.user, OPEN)
        tills = Till.objects.order_by("code")
        return {"tills": tills if ids is None else tills.filter(unit_id__in=ids)}

    def action_call(self, form: Any, request: SignedRequest) -> Shift:
        """Open it."""
        given = form.cleaned_data
        return open_shift(till=given["till"], float_fen=given["float"], by=request.user)

    def success(self, result: Shift) -> str:
        """To the counter."""
        return reverse("payments:counter")


class ShiftClose(FormPage):
    """Count the drawer and close."""

    title = _("Close shift")
    right = CLOSE
    form_class = CloseShiftForm
    submit_label = _("Close shift")

    @cached_property
    def shift(self) -> Shift:
        """The shift, or 404."""
        return _shift(self.request, self.kwargs["pk"])

    def get_title(self) -> Any:
        """Which one."""
        return act_on(self.title, self.shift)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Below the shift."""
        return [(_("Shifts"), reverse("payments:shift_list")), (str(self.shift), self.shift.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Shift:
        """Close it."""
        return close_shift(shift=self.shift, counted_fen=form.cleaned_data["counted"], by=request.user)

    def success(self, result: Shift) -> str:
        """To the shift with its difference."""
        return reverse("payments:shift_detail", args=[result.pk])


class ShiftAccept(Page):
    """A supervisor accepts a closed shift."""

    right = ACCEPT

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Accept it and show it."""
        shift = accept_shift(shift=_shift(request, kwargs["pk"]), by=request.user)
        return HttpResponse(status=302, headers={"Location": reverse("payments:shift_detail", args=[shift.pk])})

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing to see here: the shift has the button."""
        shift = _shift(request, kwargs["pk"])
        return HttpResponse(status=302, headers={"Location": reverse("payments:shift_detail", args=[shift.pk])})


class ShiftReport(Page):
    """The cashier's report as PDF."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF of a closed shift."""
        shift = _shift(request, kwargs["pk"])
        if shift.state == Shift.State.OPEN:
            raise Http404
        response = HttpResponse(render_pdf("shift_report", papers.shift_data(shift, request.user)), "application/pdf")
        response["Content-Disposition"] = f'inline; filename="shift-{shift.pk}.pdf"'
        return response


class TillList(ListPage):
    """Counter windows."""

    title = _("Tills")
    right = TILL
    table_class = TillTable
    first_use = FirstUse(
        _("No tills yet"),
        _("A till is a counter window with its drawer."),
        Button(_("Create till"), "payments:till_create", right=TILL, primary=True),
    )
    actions = (Button(_("Create till"), "payments:till_create", right=TILL, icon="plus", primary=True),)

    def queryset(self) -> Any:
        """Tills of the user's branches."""
        ids = rights.unit_ids(self.request.user, TILL)
        rows = Till.objects.select_related("unit")
        return rows if ids is None else rows.filter(unit_id__in=ids)


class TillSave(FormPage):
    """Create a till or rename it."""

    title = _("Till")
    right = TILL
    form_class = TillForm
    submit_label = _("Save till")

    @cached_property
    def till(self) -> Till | None:
        """The till to change, None for a new one, or 404."""
        if "pk" not in self.kwargs:
            return None
        ids = rights.unit_ids(self.request.user, TILL)
        found = Till.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None or (ids is not None and found.unit_id not in ids):
            raise Http404
        return found

    def initial(self) -> dict[str, Any]:
        """What it is now."""
        till = self.till
        if till is None:
            return super().initial()
        shifts = {"right_mm": Decimal(till.right_mm10) / 10, "down_mm": Decimal(till.down_mm10) / 10}
        names = {"code": till.code, "name_zh": till.name_zh, "name_en": till.name_en}
        return {"unit": till.unit_id, "layout": till.layout, **names, **shifts}

    def get_actions(self) -> list[Button]:
        """The sheet that shows how its printer is set."""
        if self.till is None:
            return []
        return [Button(_("Print test sheet"), "payments:till_test", (self.till.pk,), icon="printer", new_tab=True)]

    def form_kwargs(self) -> dict[str, Any]:
        """Units within reach."""
        ids = rights.unit_ids(self.request.user, TILL)
        units = Unit.objects.filter(closed_on=None)
        units = units if ids is None else units.filter(pk__in=ids)
        return {"units": units, "layouts": form_papers.layout_choices()}

    def action_call(self, form: Any, request: SignedRequest) -> Till:
        """Save it."""
        return save_till(till=self.till, by=request.user, **form.cleaned_data)

    def success(self, result: Till) -> str:
        """Back to the list."""
        return reverse("payments:till_list")
