"""Readings: one reading with its decisions, the tab of the account page, estimates of one meter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.actions import open_file
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.meters.tables import account_url
from mainstay.gas.readings import actions, forms, queries
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.queries_round import photos_of
from mainstay.gas.readings.rules_words import doubt_sentences
from mainstay.gas.readings.tables import HUES, ReadingTable, reading_url
from mainstay.kit import masking, svg
from mainstay.kit.dates import month_text
from mainstay.kit.volume import m3
from mainstay.web.pages import Button, DetailPage, Fact, FormPage, Page, Section, SignedRequest
from mainstay.web.pages.answers import is_fragment

PARTS = ("account_id", "installation_id", "period", "seq")


class ReadingDetail(DetailPage):
    """One reading, what is doubtful about it, and what was read before."""

    right = queries.VIEW

    @cached_property
    def subject(self) -> Any:
        """The reading, or 404."""
        return reading_of(self, queries.VIEW)

    def get_title(self) -> Any:
        """Account and period."""
        account_no, period = self.subject.account.account_no, month_text(self.subject.period)
        return _("Reading of %(account)s, %(period)s") % {"account": account_no, "period": period}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the worklist."""
        return [(_("Questioned readings"), reverse("readings:worklist"))]

    def badge(self) -> tuple[Any, str]:
        """State."""
        return self.subject.get_state_display(), HUES[self.subject.state]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """The doubts in sentences."""
        return [("amber", text) for text in doubt_sentences(self.subject.doubts)]

    def get_actions(self) -> Sequence[Button]:
        """The three decisions."""
        one = self.subject
        key = tuple(getattr(one, part) for part in PARTS)
        correct = Button(_("Correct"), "readings:reading_correct", key, "gas.readings.correct_reading", "edit")
        again = Button(_("Read again"), "readings:reading_again", key, "gas.readings.set_aside_reading", "refresh")
        accept = Button(
            _("Accept"), "readings:reading_accept", key, "gas.readings.accept_reading", "check", primary=True
        )
        if one.state == Reading.State.ACCEPTED:
            return [correct, again]
        if one.state == Reading.State.SET_ASIDE:
            return [Button(_("Let this one count"), "readings:reading_accept", key, accept.right, "check")]
        return [accept, correct, again]

    def facts(self) -> Sequence[Fact]:
        """Everything the decision needs."""
        one, account = self.subject, self.subject.account
        return [
            Fact(_("Account number"), account.account_no, "code", account_url(account.pk)),
            Fact(_("Customer"), account.customer.shown_name),
            Fact(_("Supply address"), masking.address(account.premise.address)),
            Fact(_("Meter"), one.installation.meter.meter_no, "code"),
            Fact(_("Read on"), one.taken_on, "date"),
            Fact(_("Index (m³)"), m3(one.index_l)),
            Fact(_("Read before on"), one.previous_on, "date"),
            Fact(_("Index before (m³)"), m3(one.previous_index_l)),
            Fact(_("Volume (m³)"), m3(one.volume_l)),
            Fact(_("Source"), one.get_source_display()),
            Fact(_("By"), one.taken_by or "–"),
            Fact(_("Note"), one.note),
        ]

    def sections(self) -> Sequence[Section]:
        """Photos of the meter, history."""
        one = self.subject
        photos = list(photos_of(one.installation_id, one.period))
        shown = {"photos": photos, "key": [getattr(one, part) for part in PARTS]}
        pictures = [Section(_("Photos"), template="readings/photos.html", context=shown)] if photos else []
        past = history(one_account(self))
        return [*pictures, Section(_("Readings of this account"), template="readings/history.html", context=past)]


class ReadingPhoto(Page):
    """One photo of the meter, as it was sent."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        one = reading_of(self, queries.VIEW)
        photo = get_object_or_404(photos_of(one.installation_id, one.period), pk=self.kwargs["photo"])
        return FileResponse(open_file(photo.file), content_type=photo.file.media_type)


def one_account(page: ReadingDetail) -> Account:
    """The account of the reading shown."""
    account: Account = page.subject.account
    return account


def history(account: Account) -> dict[str, Any]:
    """Chart and table of an account's readings."""
    use = queries.monthly_use(account)
    chart = ""
    if use:
        labels = [f"{period % 100:02d}" for period, _litres in use]
        values = [litres for _period, litres in use]
        chart = svg.bars(_("Use in m³ a month"), labels, values, width=720, height=140, show=lambda v: m3(int(v)))
    rows = list(queries.readings_of_account(account)[:60])
    return {"chart": chart, "table": ReadingTable(rows), "account": account}


def reading_of(page: Page, right: str) -> Reading:
    """The reading of the address within the person's units, or 404."""
    accounts = Account.objects.visible_to(page.request.user, right)
    key = {part: page.kwargs[part] for part in PARTS}
    found = (
        Reading.objects.filter(**key, account__in=accounts)
        .select_related(
            "account__customer", "account__premise", "account__unit", "installation__meter", "taken_by__person"
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


class _Decision(FormPage):
    """A decision about one reading."""

    form_class: type[Form] = forms.ReasonForm

    @cached_property
    def reading(self) -> Reading:
        """The reading, or 404."""
        return reading_of(self, self.right or "")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the reading."""
        return [
            (_("Questioned readings"), reverse("readings:worklist")),
            (month_text(self.reading.period), reading_url(self.reading)),
        ]

    def success(self, result: Any) -> Any:
        """To the reading that holds now."""
        return reading_url(result)


class ReadingAccept(_Decision):
    """It is right."""

    title = _("Accept the reading")
    right = "gas.readings.accept_reading"
    submit_label = _("Accept the reading")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Accept."""
        return actions.accept_reading(reading=self.reading, **form.cleaned_data, by=self.request.user)


class ReadingCorrect(_Decision):
    """It is wrong, and the right one is known."""

    title = _("Correct the reading")
    right = "gas.readings.correct_reading"
    form_class = forms.CorrectForm
    submit_label = _("Correct the reading")
    intro = _("The wrong reading stays on record beside the new one.")

    def initial(self) -> dict[str, Any]:
        """The day as it is; the index is to be typed."""
        return {"taken_on": self.reading.taken_on}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Correct."""
        facts = dict(form.cleaned_data)
        return actions.correct_reading(reading=self.reading, index_l=facts.pop("index"), **facts, by=self.request.user)


class ReadingAgain(_Decision):
    """It is wrong, and somebody must go there again."""

    title = _("Read again")
    right = "gas.readings.set_aside_reading"
    submit_label = _("Set aside and read again")
    intro = _("The reading is set aside; the account is on the reader's list again as not read.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Set aside."""
        return actions.set_aside_reading(reading=self.reading, **form.cleaned_data, by=self.request.user)


class _OfAccount(Page):
    """A page about one account within reach."""

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        accounts = Account.objects.visible_to(self.request.user, self.right or "")
        return get_object_or_404(accounts.select_related("unit"), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, account_url(self.account.pk))]


class AccountReadings(_OfAccount):
    """The tab "readings" of the account page; opened by itself it is a page."""

    right = queries.VIEW
    template_name = "readings/account_page.html"

    def get_title(self) -> Any:
        """Whose readings."""
        return _("Readings of account %(number)s") % {"number": self.account.account_no}

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Chart and table; without the shell for the tab."""
        context = history(self.account)
        entry = getattr(self.account, "book_entry", None)
        hung = list(self.account.installations.filter(until_on=None).select_related("meter"))
        context |= {"entry": entry, "hung": hung, "may_estimate": self.may("gas.readings.estimate_reading")}
        context |= {"may_place": self.may("gas.readings.place_account")}
        if is_fragment(request):
            return TemplateResponse(request, "readings/account.html", context)
        return self.page(**context)


class AccountPlace(_OfAccount, FormPage):
    """Into which book."""

    title = _("Put account into a book")
    right = "gas.readings.place_account"
    form_class = forms.PlaceForm
    submit_label = _("Put into the book")

    def form_kwargs(self) -> dict[str, Any]:
        """Books of the account's branch."""
        return {"unit": self.account.unit}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Place."""
        return actions.place_account(account=self.account, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the book."""
        return reverse("readings:book_detail", args=[result.book_id])


class MeterEstimate(FormPage):
    """An estimate for one meter."""

    title = _("Estimate a reading")
    right = "gas.readings.estimate_reading"
    form_class = forms.EstimateForm
    submit_label = _("Estimate")

    @cached_property
    def installation(self) -> Installation:
        """The meter in its place, or 404."""
        accounts = Account.objects.visible_to(self.request.user, self.right or "")
        hung = Installation.objects.filter(until_on=None, account__in=accounts)
        return get_object_or_404(hung.select_related("account__unit", "meter"), pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        account = self.installation.account
        return [(account.account_no, account_url(account.pk))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Estimate."""
        return actions.estimate_reading(installation=self.installation, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the reading."""
        return reading_url(result)
