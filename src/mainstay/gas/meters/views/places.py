"""Where meters hang: install, remove, exchange, master meters, and the tab of the account page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.queries import PRINT
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.meters import actions, forms, queries
from mainstay.gas.meters.models import Installation
from mainstay.gas.meters.papers import change_paper
from mainstay.gas.meters.tables import InstallationTable, account_url
from mainstay.gas.meters.views.meters import LIST, MeterForm
from mainstay.web.pages import DetailPage, FormPage, Page, Section, SignedRequest
from mainstay.web.pages.answers import is_fragment

ACTS = {
    "meter_exchange": "gas.meters.exchange_meter",
    "change_paper": PRINT,
    "meter_remove": "gas.meters.remove_meter",
}


class AccountMeters(DetailPage):
    """The tab "meters" of the account page; opened by itself it is a page."""

    right = queries.VIEW
    show_log = False

    def queryset(self) -> Any:
        """Accounts this person may see."""
        return Account.objects.visible_to(self.request.user, queries.VIEW)

    def get_title(self) -> Any:
        """Whose meters."""
        return _("Meters of account %(number)s") % {"number": self.subject.account_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        url = account_url(self.subject.pk)
        return [(self.subject.account_no, url)] if url else [(_("Meters"), reverse(LIST))]

    def content(self) -> dict[str, Any]:
        """What the tab shows."""
        may = {name: self.may(right) for name, right in ACTS.items()}
        table = InstallationTable(
            queries.installations_of(self.subject), may=may, exclude=("account_no", "address"),
        )  # fmt: skip
        table.empty_text = _("No meter hangs here yet.")
        may_install = self.may("gas.meters.install_meter") and self.subject.state != Account.State.CLOSED
        return {"table": table, "account": self.subject, "may_install": may_install}

    def sections(self) -> Sequence[Section]:
        """One."""
        return [Section(_("Meters"), template="meters/account_meters.html", context=self.content())]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The content alone for the tab, else the page."""
        if is_fragment(request):
            return TemplateResponse(request, "meters/account_meters.html", self.content())
        return super().get(request, *args, **kwargs)


class _PlaceForm(FormPage):
    """A form whose fields name meters and accounts of the person's branches."""

    def form_kwargs(self) -> dict[str, Any]:
        """The person and the right decide what can be named."""
        return {"user": self.request.user, "right": self.right}


class _InstallForm(_PlaceForm):
    """A meter at an account: one of the two is known."""

    title = _("Install meter")
    right = "gas.meters.install_meter"
    form_class = forms.InstallForm
    submit_label = _("Install meter")
    success_message = _("The meter is installed.")
    known = ""

    def make_form(self, bound: bool) -> Any:
        """Ask for the other one only."""
        form = super().make_form(bound)
        del form.fields[self.known]
        return form

    def install(self, form: Any, **known: Any) -> Installation:
        """Hang the meter up."""
        data = {**form.cleaned_data, **known}
        return actions.install_meter(
            account=data["account"], meter=data["meter"], from_on=data["on"], first_index_l=data["first_index"],
            master=data["master"], by=self.request.user,
        )  # fmt: skip


class MeterInstall(_InstallForm, MeterForm):
    """This meter at an account."""

    known = "meter"

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Hang it up."""
        return self.install(form, meter=self.meter)


class AccountInstall(_InstallForm):
    """A meter at this account."""

    known = "account"

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, self.right or "")
        return get_object_or_404(rows.select_related("unit"), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Where."""
        return _("Install meter at account %(number)s") % {"number": self.account.account_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, account_url(self.account.pk) or tab_url(self.account.pk))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Hang it up."""
        return self.install(form, account=self.account)

    def success(self, result: Any) -> Any:
        """To the account."""
        return back_to(result.account_id)


class _HungForm(FormPage):
    """A form about a meter that hangs at an account."""

    @cached_property
    def hung(self) -> Installation:
        """The installation, or 404."""
        accounts = Account.objects.visible_to(self.request.user, self.right or "")
        rows = Installation.objects.filter(account__in=accounts)
        rows = rows.select_related("meter", "account__unit", "master__meter")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """What is done to which meter where."""
        names = {"act": self.title, "meter": self.hung.meter, "account": self.hung.account.account_no}
        return _("%(act)s %(meter)s at account %(account)s") % names

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the meter."""
        return [(_("Meters"), reverse(LIST)), (self.hung.meter.meter_no, self.hung.meter.get_absolute_url())]

    def success(self, result: Any) -> Any:
        """To the account."""
        return back_to(self.hung.account_id)


class _TakeDownForm(_HungForm):
    """A form that takes the meter down."""

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What stands in its way today: "hindrances_of_taking_down" answers with pairs (hue, text)."""
        found = answers("hindrances_of_taking_down", installation=self.hung)
        return [one for several in found for one in several]


class MeterRemove(_TakeDownForm):
    """Take a meter down."""

    title = _("Remove meter")
    right = "gas.meters.remove_meter"
    form_class = forms.RemoveForm
    submit_label = _("Remove meter")
    success_message = _("The meter is taken down; its last index is the final reading.")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Take it down."""
        data = form.cleaned_data
        return actions.remove_meter(
            installation=self.hung, until_on=data["on"], last_index_l=data["last_index"], reason=data["reason"],
            by=self.request.user,
        )  # fmt: skip


class MeterExchange(_PlaceForm, _TakeDownForm):
    """Another meter in its place."""

    title = _("Exchange meter")
    right = "gas.meters.exchange_meter"
    form_class = forms.ExchangeForm
    submit_label = _("Exchange meter")
    success_message = _("The meter is exchanged; volumes of both add up in the bill.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Exchange."""
        data = form.cleaned_data
        return actions.exchange_meter(
            installation=self.hung, meter=data["meter"], on=data["on"], last_index_l=data["last_index"],
            first_index_l=data["first_index"], reason=data["reason"], scrap_old=data["scrap_old"], by=self.request.user,
        )  # fmt: skip

    def success(self, result: Any) -> Any:
        """To what is left to do: "after_exchange" answers with its address, or None. Else to the account."""
        told = answers("after_exchange", installation=self.hung, user=self.request.user)
        return next((url for url in told if url), None) or super().success(result)


class ChangePaper(Page):
    """The paper of an exchange or removal as PDF: issued when it is first printed."""

    right = PRINT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Issue it where needed and lead to the PDF."""
        rows = Installation.objects.filter(account__in=Account.objects.visible_to(request.user, queries.VIEW))
        found = rows.select_related("meter", "account__customer", "account__premise")
        document = change_paper(get_object_or_404(found, pk=kwargs["pk"]), by=request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[document.pk]))


class MeterMaster(_PlaceForm, _HungForm):
    """Below which master meter it hangs."""

    title = _("Set master meter of")
    right = "gas.meters.set_master"
    form_class = forms.MasterForm
    submit_label = _("Save master meter")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"master": self.hung.master.meter.meter_no if self.hung.master else ""}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.set_master(installation=self.hung, **form.cleaned_data, by=self.request.user)


def tab_url(account_id: int) -> str:
    """The meters of an account as a page."""
    return reverse("meters:account_meters", args=[account_id])


def back_to(account_id: int) -> str:
    """The tab "meters" of the account's page."""
    url = account_url(account_id)
    return f"{url}?section=meters" if url else tab_url(account_id)
