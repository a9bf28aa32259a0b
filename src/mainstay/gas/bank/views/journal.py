"""The journal: search, and a message field by field."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.bank import library, queries
from mainstay.gas.bank.filters import EntryFilter
from mainstay.gas.bank.models import Entry
from mainstay.gas.bank.rules.messages import BadFrame
from mainstay.gas.bank.tables import ANSWER_HUES, EntryTable
from mainstay.gas.customers.models import Account
from mainstay.kit.errors import Problem
from mainstay.web.pages import DetailPage, Fact, FirstUse, ListPage, Section

_SHOWN_OF_SECRET = 4
FIELD_WORDS = {
    "type": _("message type"), "bitmap": _("bitmap"), "processing": _("processing code"),
    "network": _("network code"), "mac": _("authentication code"), "trace": _("trace number"),
    "at": _("time of transmission"), "terminal": _("terminal"),
    "institution": pgettext_lazy("bank message", "institution"),
    "serial": _("bank serial"), "code": _("answer"), "business_on": _("business date"),
    "account_no": _("account number"), "amount_fen": _("amount"), "count": _("count"),
    "original": _("serial of the payment"), "token": _("query token"), "text": pgettext_lazy("bank message", "text"),
}  # fmt: skip
SECRET = {"mac", "token"}


class EntryList(ListPage):
    """What banks asked and were answered on a day."""

    title = _("Journal of messages")
    right = queries.VIEW_JOURNAL
    table_class = EntryTable
    filterset_class = EntryFilter
    search_placeholder = _("Serial, account number, or amount of the day")
    count_limit = 1_000
    first_use = FirstUse(_("No message on this day"), _("Payments and reversals of banks appear here as they come."))

    def queryset(self) -> Any:
        """Entries of the user's banks."""
        return queries.entries_visible_to(self.request.user)


def told(layout: str, text: str) -> list[dict[str, Any]]:
    """A stored message field by field: place, name, value; secrets are masked to their first characters."""
    try:
        fields = library.adapter(layout).fields(bytes.fromhex(text))
    except (BadFrame, Problem, ValueError):
        return []
    return [
        {"place": place, "name": FIELD_WORDS.get(name, name), "value": masked(value) if name in SECRET else value}
        for place, name, value in fields
    ]


def side_by_side(asked: list[dict[str, Any]], answered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a field with what was asked and what was answered, in the order of the messages."""
    rows: dict[Any, dict[str, Any]] = {}
    for side, fields in (("asked", asked), ("answered", answered)):
        for field in fields:
            rows.setdefault(field["name"], {"name": field["name"]})[side] = field
    return list(rows.values())


def masked(value: str) -> str:
    """The first characters and stars."""
    return value[:_SHOWN_OF_SECRET] + "*" * max(0, len(value) - _SHOWN_OF_SECRET)


def masked_bytes(layout: str, text: str) -> str:
    """The bytes in hexadecimal, in pairs, without the code of authentication at their end."""
    width = 16 if library.layouts().get(layout, {}).get("family") == "iso8583" else 32
    shown = text[:-width] + "*" * width if len(text) > width else text
    return " ".join(shown[place : place + 2] for place in range(0, len(shown), 2))


class EntryDetail(DetailPage):
    """One message and its answer."""

    right = queries.VIEW_JOURNAL
    show_log = False

    @cached_property
    def subject(self) -> Entry:
        """The entry, or 404."""
        try:
            day = dt.date.fromisoformat(self.kwargs["day"])
        except ValueError:
            raise Http404 from None
        rows = queries.entries_visible_to(self.request.user)
        return get_object_or_404(rows, bank=self.kwargs["bank"], business_on=day, serial=self.kwargs["serial"])

    def get_title(self) -> Any:
        """Kind and serial."""
        return f"{self.subject.get_kind_display()} {self.subject.serial}"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The day's journal above."""
        return [(_("Journal of messages"), f"{reverse('bank:entry_list')}?business_on={self.subject.business_on}")]

    def badge(self) -> tuple[Any, str]:
        """What was answered."""
        return self.subject.get_code_display(), ANSWER_HUES.get(self.subject.code, "grey")

    def facts(self) -> list[Fact]:
        """Who, how much, when, and the payment."""
        entry = self.subject
        account = Account.objects.filter(pk=entry.account_id).first() if entry.account_id else None
        found = [
            Fact(_("bank"), entry.bank.name, href=entry.bank.get_absolute_url()),
            Fact(_("account number"), entry.account_no, "code", copy=True,
                 href=account.get_absolute_url() if account else ""),
            Fact(_("amount"), entry.amount_fen, "money"),
            Fact(_("business date"), entry.business_on, "date"),
            Fact(_("bank line"), entry.line),
            Fact(_("time"), entry.at, "instant"),
        ]  # fmt: skip
        if entry.payment_no and account:
            url = reverse("payments:payment_detail", args=[account.pk, entry.payment_no])
            found.append(Fact(_("payment"), f"{account.account_no}-P{entry.payment_no}", "code", href=url))
        if entry.original:
            url = reverse("bank:entry_detail", args=[entry.bank_id, entry.business_on.isoformat(), entry.original])
            found.append(Fact(_("serial of the payment"), entry.original, "code", href=url))
        return found

    def sections(self) -> list[Section]:
        """Request and answer field by field, side by side; their bytes below."""
        layout, one = self.subject.bank.layout, self.subject
        context = {"fields": side_by_side(told(layout, one.request), told(layout, one.response)),
                   "bytes": [(_("request"), masked_bytes(layout, one.request)),
                             (_("response"), masked_bytes(layout, one.response))]}  # fmt: skip
        return [Section(_("Message and answer"), template="bank/message.html", context=context)]
