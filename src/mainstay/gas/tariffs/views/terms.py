"""What an account is billed by: the tab of the account page, and setting it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs import actions, forms, queries
from mainstay.gas.tariffs.tables import TermsTable
from mainstay.gas.tariffs.views.plans import LIST
from mainstay.kit.dates import local_today
from mainstay.web.pages import DetailPage, FormPage, Section, SignedRequest
from mainstay.web.pages.answers import is_fragment

SET = "gas.tariffs.set_terms"


class AccountTerms(DetailPage):
    """The tab "terms" of the account page; opened by itself it is a page."""

    right = queries.VIEW_TERMS
    show_log = False

    def queryset(self) -> Any:
        """Accounts this person may see."""
        return Account.objects.visible_to(self.request.user)

    def get_title(self) -> Any:
        """Whose terms."""
        return _("Billing terms of account %(number)s") % {"number": self.subject.account_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        url = account_url(self.subject.pk)
        return [(self.subject.account_no, url)] if url else [(_("Tariff plans"), reverse(LIST))]

    def content(self) -> dict[str, Any]:
        """What the tab shows."""
        account = self.subject
        table = TermsTable(queries.terms_of(account))
        table.empty_text = _("This account has no terms yet: it cannot be billed.")
        reach = rights.reaching(self.request.user, SET, unit_id=account.unit_id, owner_id=None)
        may_set = bool(reach) and account.state != Account.State.CLOSED
        return {"table": table, "account": account, "may_set": may_set}

    def sections(self) -> Sequence[Section]:
        """One."""
        return [Section(_("Billing terms"), template="tariffs/account_terms.html", context=self.content())]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The content alone for the tab, else the page."""
        if is_fragment(request):
            return TemplateResponse(request, "tariffs/account_terms.html", self.content())
        return super().get(request, *args, **kwargs)


class TermsSet(FormPage):
    """Other terms from a day on."""

    title = _("Set billing terms")
    right = SET
    form_class = forms.TermsForm
    submit_label = _("Save terms")
    success_message = _("The terms are set.")

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, SET)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Whose."""
        return _("Set billing terms of account %(number)s") % {"number": self.account.account_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, back_to(self.account.pk))]

    def initial(self) -> dict[str, Any]:
        """As they are, from the day the account is billed to."""
        now, account = queries.terms_now(self.account), self.account
        billed = queries.billed_until(account.pk)
        if now is None:
            return {"from_on": billed or account.opened_on or local_today()}
        held = now.terms
        price = held.contract_price_e4
        return {
            "from_on": billed or local_today(), "plan": held.plan_id, "persons": held.persons,
            "low_income": held.low_income, "low_income_until": now.low_income_until, "heating": held.heating,
            "contract_price": None if price is None else f"{price // 10_000}.{price % 10_000:04d}",
        }  # fmt: skip

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Set them."""
        data = dict(form.cleaned_data)
        data["contract_price_e4"] = data.pop("contract_price")
        return actions.set_terms(account=self.account, **data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the account."""
        return back_to(self.account.pk)


def account_url(pk: int) -> str:
    """The page of an account; "" where there is none."""
    try:
        return reverse("customers:account_detail", args=[pk])
    except NoReverseMatch:
        return ""


def back_to(account_id: int) -> str:
    """The tab "terms" of the account's page."""
    url = account_url(account_id)
    return f"{url}?section=terms" if url else reverse("tariffs:account_terms", args=[account_id])
