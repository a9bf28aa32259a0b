"""Lines and their state, live; banks and what is agreed with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.bank import queries
from mainstay.gas.bank.actions import cut_day, record_settlement, save_bank, save_line
from mainstay.gas.bank.forms import BankForm, CutForm, LineForm, SettlementForm
from mainstay.gas.bank.models import Bank, Line, LineState, Settlement
from mainstay.gas.bank.rules.files import fee_fen
from mainstay.gas.bank.tables import BankTable
from mainstay.kit.money import yuan
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest
from mainstay.web.pages.answers import is_fragment

SAVE_BANK, SAVE_LINE, CUT = "gas.bank.save_bank", "gas.bank.save_line", "gas.bank.cut_day"
SETTLEMENT = "gas.bank.record_settlement"
STATE_HUES = {"down": "red", "listening": "amber", "connected": "blue", "signed_on": "green"}
_NEW_BANK = Button(_("Add a bank"), "bank:bank_create", right=SAVE_BANK, primary=True, icon="plus")


@dataclass(frozen=True, slots=True)
class Lamp:
    """A line with the colour of its state."""

    line: Line
    state: str

    @property
    def word(self) -> Any:
        """The state in words."""
        return LineState.State(self.state).label

    @property
    def hue(self) -> str:
        """Its colour."""
        return STATE_HUES[self.state]


class LineList(Page):
    """All lines, refreshed every two seconds."""

    title = _("Bank lines")
    right = queries.VIEW_LINES
    template_name = "bank/lines.html"

    def get_actions(self) -> list[Button]:
        """Where the process is told from."""
        return [Button(_("Banks"), "bank:bank_list", icon="building-bank")]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or its live part."""
        lamps = [Lamp(line, queries.state_of(line)) for line in queries.lines_visible_to(self.request.user)]
        down = [lamp for lamp in lamps if lamp.line.active and lamp.state == "down"]
        template = "bank/lines_live.html" if is_fragment(request) else ""
        return self.page(template, lamps=lamps, down=down)


class LineDetail(DetailPage):
    """One line: its address, its state, what happened to it."""

    right = queries.VIEW_LINES
    show_log = True

    def queryset(self) -> Any:
        """Lines of the user's branches."""
        return queries.lines_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Bank and name."""
        return str(self.subject)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Bank lines"), reverse("bank:line_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state now."""
        lamp = Lamp(self.subject, queries.state_of(self.subject))
        return lamp.word, lamp.hue

    def get_actions(self) -> list[Button]:
        """Change it."""
        return [Button(_("Change line"), "bank:line_change", (self.subject.pk,), right=SAVE_LINE, icon="edit")]

    def facts(self) -> list[Fact]:
        """How it talks."""
        line, now = self.subject, getattr(self.subject, "now", None)
        bank = line.bank
        return [
            Fact(_("bank"), bank.name, href=bank.get_absolute_url()),
            Fact(_("address to listen at"), f"{line.host}:{line.port}", "code"),
            Fact(_("layout"), bank.layout, "code"),
            Fact(_("authentication"), bank.get_mac_method_display()),
            Fact(_("length header"), line.get_header_display()),
            Fact(_("TLS"), _("Yes") if line.tls else _("No")),
            Fact(_("addresses that may call"), line.peers or _("any")),
            Fact(_("longest message (bytes)"), f"{line.longest:,}"),
            *([Fact(_("messages"), f"{now.messages:,}"), Fact(_("refused"), f"{now.refused:,}"),
               Fact(_("closed for a fault"), f"{now.closed:,}"), Fact(_("last message"), now.last_at, "instant")]
              if now else []),
        ]  # fmt: skip

    def sections(self) -> list[Section]:
        """What happened, newest first."""
        context = {"events": queries.events_of(self.subject)}
        return [Section(_("Events of the line"), template="bank/events.html", context=context)]


class LineSave(FormPage):
    """Add or change a line."""

    right = SAVE_LINE
    form_class = LineForm
    submit_label = _("Save line")
    intro = _("A new address is listened at when the front-end processor starts again.")

    @cached_property
    def line(self) -> Line | None:
        """The line to change."""
        if "line" not in self.kwargs:
            return None
        return _found(queries.lines_visible_to(self.request.user), self.kwargs["line"])

    @cached_property
    def bank(self) -> Bank:
        """The bank it belongs to."""
        if self.line is not None:
            return self.line.bank
        return _found(queries.banks_visible_to(self.request.user, SAVE_LINE), self.kwargs["bank"])

    def get_title(self) -> Any:
        """Which bank."""
        return str(self.line) if self.line else _("Line of %(bank)s") % {"bank": self.bank}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The bank above."""
        return [(self.bank, self.bank.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        """A copy, so that nothing is saved past the action."""
        return {"instance": Line(**{name: getattr(self.line, name) for name in LineForm.Meta.fields})
                if self.line else Line(bank=self.bank)}  # fmt: skip

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """404 before the form where the bank is another branch's."""
        return super().get(request, *args, **kwargs) if self.bank else super().get(request)

    def action_call(self, form: Any, request: SignedRequest) -> Line:
        """Save it."""
        return save_line(bank=self.bank, line=self.line, by=request.user, **form.cleaned_data)

    def success(self, result: Line) -> str:
        """To the line."""
        return reverse("bank:line_detail", args=[result.pk])


def _found(rows: Any, pk: int) -> Any:
    return get_object_or_404(rows, pk=pk)


class BankList(ListPage):
    """Banks."""

    title = _("Banks")
    right = queries.VIEW_LINES
    table_class = BankTable
    actions = (_NEW_BANK,)
    first_use = FirstUse(
        _("No bank yet"),
        _("Add a bank with its layout and limits, then a line it may call; its key is a file of this machine."),
        _NEW_BANK,
    )

    def queryset(self) -> Any:
        """Banks of the user's branches."""
        return queries.banks_visible_to(self.request.user)


class BankDetail(DetailPage):
    """A bank: what is agreed, its lines, its last days."""

    right = queries.VIEW_LINES

    def queryset(self) -> Any:
        """Banks of the user's branches."""
        return queries.banks_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its name."""
        return self.subject.name

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Banks"), reverse("bank:bank_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its business date, or that it is out of use."""
        if not self.subject.active:
            return _("not in use"), "grey"
        return _("business date %(day)s") % {"day": self.subject.business_on}, "blue"

    def get_actions(self) -> list[Button]:
        """Cut the day, record what was paid over, change."""
        key = (self.subject.pk,)
        return [
            Button(_("Change bank"), "bank:bank_change", key, right=SAVE_BANK, icon="edit"),
            Button(_("Cut the day"), "bank:bank_cut", key, right=CUT, icon="calendar", danger=True),
            Button(_("Record settlement"), "bank:settlement_create", key, right=SETTLEMENT, icon="cash", primary=True),
        ]

    def facts(self) -> list[Fact]:
        """What is agreed."""
        bank = self.subject
        fee = _("%(each)s yuan a payment, %(rate)s‱") % {"each": yuan(bank.fee_each_fen), "rate": bank.fee_e4}
        return [
            Fact(_("code"), bank.code, "code"),
            Fact(_("branch"), bank.unit),
            Fact(_("layout"), bank.layout, "code"),
            Fact(_("authentication"), bank.get_mac_method_display()),
            Fact(_("amount"), bank.get_amount_rule_display()),
            Fact(_("Most of one payment"), bank.limit_payment_fen, "money"),
            Fact(_("Most of one account a day"), bank.limit_account_fen, "money"),
            Fact(_("Most of the bank a day"), bank.limit_day_fen, "money"),
            Fact(_("requests a minute"), f"{bank.rate_bank:,}"),
            Fact(_("Fee"), fee),
        ]

    def sections(self) -> list[Section]:
        """Lines; days; settlements."""
        bank = self.subject
        lamps = [Lamp(line, queries.state_of(line)) for line in bank.lines.select_related("bank", "now")]
        add = Button(_("Add a line"), "bank:line_create", (bank.pk,), right=SAVE_LINE, icon="plus")
        found = [
            Section(_("Bank lines"), template="bank/line_table.html", context={"lamps": lamps}, count=len(lamps),
                    buttons=[add]),
        ]  # fmt: skip
        if self.may(queries.VIEW_DAYS):
            board = queries.day_board([bank], days=8)
            settlements = list(Settlement.objects.filter(bank=bank).select_related("by__person")[:10])
            found.append(Section(_("Day board"), template="bank/board.html", context={"rows": board, "one_bank": True}))
            found.append(
                Section(_("Settlements"), template="bank/settlements.html", context={"settlements": settlements})
            )
        return found


class BankSave(FormPage):
    """Add or change a bank."""

    right = SAVE_BANK
    form_class = BankForm
    submit_label = _("Save bank")

    @cached_property
    def bank(self) -> Bank | None:
        """The bank to change."""
        if "pk" not in self.kwargs:
            return None
        return _found(queries.banks_visible_to(self.request.user, SAVE_BANK), self.kwargs["pk"])

    def get_title(self) -> Any:
        """Its name, or that it is new."""
        return self.bank.name if self.bank else _("Add a bank")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """What is above."""
        above = [(_("Banks"), reverse("bank:bank_list"))]
        return [*above, (self.bank.name, self.bank.get_absolute_url())] if self.bank else above

    def initial(self) -> dict[str, Any]:
        """The bank's own values, amounts in yuan."""
        if self.bank is None:
            return super().initial()
        values = {name: getattr(self.bank, name) for name in BankForm.base_fields}
        return {name: yuan(value, thousands=False) if name.endswith("_fen") and value is not None else value
                for name, value in values.items()}  # fmt: skip

    def form_kwargs(self) -> dict[str, Any]:
        """Branches the person may give it."""
        ids = rights.unit_ids(self.request.user, SAVE_BANK)
        units = Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)
        return {"units": units, "fixed_code": self.bank is not None}

    def action_call(self, form: Any, request: SignedRequest) -> Bank:
        """Save it."""
        return save_bank(bank=self.bank, by=request.user, **form.cleaned_data)


class _OfBank(FormPage):
    """A form about one bank."""

    @cached_property
    def bank(self) -> Bank:
        """The bank, or 404."""
        return _found(queries.banks_visible_to(self.request.user, self.right or ""), self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The bank above."""
        return [(self.bank.name, self.bank.get_absolute_url())]

    def success(self, _result: Any) -> str:
        """Back to the bank."""
        return self.bank.get_absolute_url()


class DayCut(_OfBank):
    """Cut the day by hand, when the bank's own message does not come."""

    title = _("Cut the business day")
    right = CUT
    form_class = CutForm
    submit_label = _("Cut the day")
    danger = True

    @property
    def intro(self) -> Any:
        """What it does."""
        text = _("After this no payment or reversal of %(day)s comes over the line any more; the next day opens.")
        return text % {"day": self.bank.business_on}

    def initial(self) -> dict[str, Any]:
        """The open day."""
        return {"business_on": self.bank.business_on}

    def action_call(self, form: Any, request: SignedRequest) -> Bank:
        """Cut it."""
        return cut_day(bank=self.bank, business_on=form.cleaned_data["business_on"], by=request.user)


class SettlementCreate(_OfBank):
    """Record what the bank paid over."""

    title = _("Record settlement")
    right = SETTLEMENT
    form_class = SettlementForm
    submit_label = _("Record settlement")

    def initial(self) -> dict[str, Any]:
        """The newest day that is cut and not yet paid over, with its sum and the fee that was agreed."""
        rows = [row for row in queries.day_board([self.bank], 8) if not row.is_open and not row.settled_fen]
        if not rows:
            return {}
        row = rows[-1]
        fee = fee_fen(row.net, row.net_fen, self.bank.fee_each_fen, self.bank.fee_e4)
        return {"collected_on": row.business_on, "amount": yuan(row.net_fen, thousands=False),
                "fee": yuan(fee, thousands=False)}  # fmt: skip

    def action_call(self, form: Any, request: SignedRequest) -> Settlement:
        """Post it."""
        given = form.cleaned_data
        return record_settlement(
            bank=self.bank, collected_on=given["collected_on"], amount_fen=given["amount"], fee_fen=given["fee"],
            reference=given["reference"], by=request.user,
        )  # fmt: skip
