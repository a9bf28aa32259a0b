"""Approvals of easier terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.actions import store_file
from mainstay.core.evidence.answers import download
from mainstay.gas.accounts import actions, queries
from mainstay.gas.accounts.actions.reliefs import check_relief
from mainstay.gas.accounts.filters import ReliefFilter
from mainstay.gas.accounts.forms_dated import EndForm, ReliefForm
from mainstay.gas.accounts.models import Relief
from mainstay.gas.accounts.papers import relief_paper
from mainstay.gas.accounts.tables import DATED_HUES, ReliefTable
from mainstay.gas.accounts.views.dated import OfAccount
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, SignedRequest

GRANT, END = "gas.accounts.grant_relief", "gas.accounts.end_relief"


class ReliefList(ListPage):
    """Approvals; which end soon."""

    title = _("Low income and large households")
    right = queries.VIEW_RELIEF
    table_class = ReliefTable
    filterset_class = ReliefFilter
    search_placeholder = _("Account or certificate number")
    first_use = FirstUse(
        _("No approval yet"), _("It is asked for on the page of an account, with a copy of the proof.")
    )

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.reliefs_for_list(self.request.user)


class ReliefGrant(OfAccount):
    """Ask for an approval; a second person grants it."""

    title = _("Ask for easier terms")
    right = GRANT
    form_class = ReliefForm
    submit_label = _("Send for approval")
    intro = _("A second person looks at the proof and approves. What it is worth is the tariff's rule.")

    def action_call(self, form: Any, request: SignedRequest) -> Relief:
        """Keep the proof, then ask."""
        data = dict(form.cleaned_data)
        file = data.pop("file")
        check_relief(self.account, data["kind"], (data["from_on"], data["until_on"]), data["persons"])
        subject = f"customers.account:{self.account.pk}"
        proof = store_file(file=file, name=file.name, subject=subject, by=self.request.user)
        return actions.grant_relief(account=self.account, proof=proof, **data, by=self.request.user)


class ReliefDetail(DetailPage):
    """One approval."""

    right = queries.VIEW_RELIEF

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.reliefs_for_list(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Low income and large households"), reverse("accounts:relief_list"))]

    def badge(self) -> tuple[Any, str]:
        """Held or ended."""
        return self.subject.get_state_display(), DATED_HUES[self.subject.state]

    def get_actions(self) -> Sequence[Button]:
        """Paper, proof, end, renew."""
        one, key = self.subject, (self.subject.pk,)
        found = [
            Button(_("Print notice"), "accounts:relief_paper", key, "core.documents.print_document", "printer",
                   primary=True, new_tab=True),
            Button(_("Download proof"), "accounts:relief_proof", key, icon="download"),
            Button(_("Renew approval"), "accounts:relief_grant", (one.account_id,), GRANT),
        ]  # fmt: skip
        if one.state == Relief.State.HELD:
            found.append(Button(_("End approval early"), "accounts:relief_end", key, END, danger=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """Who, what, when."""
        one = self.subject
        return [
            Fact(_("Account"), one.account, "code", href=one.account.get_absolute_url()),
            Fact(_("Customer"), one.account.customer.shown_name),
            Fact(_("Kind"), one.get_kind_display()),
            *([Fact(_("Persons"), one.persons)] if one.persons else []),
            Fact(_("Certificate number"), one.certificate_no, "code"),
            Fact(pgettext_lazy("terms", "From"), one.from_on, "date"),
            Fact(_("Last day"), one.until_on, "date"),
            Fact(_("Bills made anew"), one.rebilled),
            Fact(_("Approved for"), one.granted_by),
        ]


class _Of(FormPage):
    """A form about one approval."""

    @cached_property
    def relief(self) -> Relief:
        """The approval, or 404."""
        return relief_of(self)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below it."""
        return [(str(self.relief), self.relief.get_absolute_url())]


class ReliefEnd(_Of):
    """End it early."""

    title = _("End approval early")
    right = END
    form_class = EndForm
    submit_label = _("End approval early")
    danger = True
    intro = _("Days after it that are billed already are billed again without it.")

    def action_call(self, form: Any, request: SignedRequest) -> Relief:
        """End."""
        return actions.end_relief(relief=self.relief, **form.cleaned_data, by=self.request.user)


def relief_of(page: Page) -> Relief:
    """The approval of the address within reach of the page's right, or 404."""
    return get_object_or_404(queries.reliefs_for_list(page.request.user, page.right or ""), pk=page.kwargs["pk"])


class ReliefProof(Page):
    """The copy of the proof."""

    right = queries.VIEW_RELIEF

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As a download."""
        return download(relief_of(self).proof)


class ReliefPaper(Page):
    """The notice to the customer."""

    right = queries.VIEW_RELIEF

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the PDF, which counts the print."""
        paper = relief_paper(relief_of(self), by=self.request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[paper.pk]))
