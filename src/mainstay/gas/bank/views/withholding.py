"""Withholding: agreements, batches, the file out and the file back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.bank import queries
from mainstay.gas.bank.actions import end_agreement, make_withholding, save_agreement, take_return
from mainstay.gas.bank.filters import WithholdingFilter
from mainstay.gas.bank.forms import AgreementForm, BatchForm, EndForm, ReturnForm
from mainstay.gas.bank.models import Agreement, Withholding
from mainstay.gas.bank.tables import BATCH_HUES, AgreementTable, WithholdingLineTable, WithholdingTable
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, Section, SignedRequest

SAVE, END = "gas.bank.save_agreement", "gas.bank.end_agreement"
MAKE, RETURN = "gas.bank.make_withholding", "gas.bank.take_return"
_NEW = Button(_("Add an agreement"), "bank:agreement_create", right=SAVE, primary=True, icon="plus")
_MAKE = Button(_("Make a batch"), "bank:withholding_create", right=MAKE, primary=True, icon="plus")
_LINES_SHOWN = 500


class AgreementList(ListPage):
    """Agreements."""

    title = _("Withholding agreements")
    right = queries.VIEW_WITHHOLDING
    table_class = AgreementTable
    search_fields = ("agreement_no", "account__account_no")
    search_placeholder = _("Agreement or account number")
    actions = (_NEW,)
    first_use = FirstUse(
        _("No agreement yet"), _("With an agreement the bank takes what is due from the customer's account."), _NEW
    )

    def queryset(self) -> Any:
        """Of accounts the user may see."""
        return queries.agreements_visible_to(self.request.user)


class AgreementCreate(FormPage):
    """Keep a customer's agreement."""

    title = _("Add an agreement")
    right = SAVE
    form_class = AgreementForm
    submit_label = _("Save agreement")
    success_url = "/bank/agreements/"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Withholding agreements"), reverse("bank:agreement_list"))]

    def initial(self) -> dict[str, Any]:
        """From today."""
        return {"from_on": local_today(), **super().initial()}

    def form_kwargs(self) -> dict[str, Any]:
        """Every bank may be named."""
        from mainstay.gas.bank.models import Bank

        return {"banks": Bank.objects.filter(active=True)}

    def action_call(self, form: Any, request: SignedRequest) -> Agreement:
        """Save it."""
        given = form.cleaned_data
        rows = Account.objects.visible_to(self.request.user, SAVE)
        account = rows.filter(account_no=given.pop("account_no")).first()
        if account is None:
            raise Problem(_("There is no such account."), field="account_no", code="no_account")
        return save_agreement(account=account, by=request.user, **given)


class AgreementEnd(FormPage):
    """End an agreement."""

    title = _("End agreement")
    right = END
    form_class = EndForm
    submit_label = _("End agreement")
    danger = True
    success_url = "/bank/agreements/"

    @cached_property
    def agreement(self) -> Agreement:
        """The agreement, or 404."""
        return get_object_or_404(queries.agreements_visible_to(self.request.user, END), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Below the agreements."""
        return [(_("Withholding agreements"), reverse("bank:agreement_list"))]

    @property
    def intro(self) -> Any:
        """Which."""
        return _("Agreement %(no)s of account %(account)s") % {
            "no": self.agreement.agreement_no, "account": self.agreement.account.account_no
        }  # fmt: skip

    def initial(self) -> dict[str, Any]:
        """Today."""
        return {"until_on": local_today()}

    def action_call(self, form: Any, request: SignedRequest) -> Agreement:
        """End it."""
        return end_agreement(agreement=self.agreement, by=request.user, **form.cleaned_data)


class WithholdingList(ListPage):
    """Batches."""

    title = _("Withholding batches")
    right = queries.VIEW_WITHHOLDING
    table_class = WithholdingTable
    filterset_class = WithholdingFilter
    actions = (_MAKE,)
    first_use = FirstUse(
        _("No batch yet"), _("A batch lists what is due of every account with an agreement at a bank."), _MAKE
    )

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.withholdings_visible_to(self.request.user)


class WithholdingCreate(FormPage):
    """Make a batch."""

    title = _("Make a batch")
    right = MAKE
    form_class = BatchForm
    submit_label = _("Make batch")
    intro = _("Lists what is due now; what an earlier batch still asks for is left out.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Withholding batches"), reverse("bank:withholding_list"))]

    def form_kwargs(self) -> dict[str, Any]:
        """Banks the person may ask."""
        return {"banks": queries.banks_visible_to(self.request.user, MAKE).filter(active=True)}

    def action_call(self, form: Any, request: SignedRequest) -> Withholding:
        """Make it."""
        return make_withholding(bank=form.cleaned_data["bank"], by=request.user)


class WithholdingDetail(DetailPage):
    """A batch, its lines, and what became of them."""

    right = queries.VIEW_WITHHOLDING

    def queryset(self) -> Any:
        """Of the user's banks."""
        return queries.withholdings_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its number."""
        return _("Batch %(batch)s") % {"batch": self.subject.batch_no}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Withholding batches"), reverse("bank:withholding_list"))]

    def badge(self) -> tuple[Any, str]:
        """Out or back."""
        return self.subject.get_state_display(), BATCH_HUES[self.subject.state]

    def get_actions(self) -> list[Button]:
        """The file for the bank; what came back."""
        key = (self.subject.pk,)
        waits = self.subject.state == Withholding.State.MADE
        found = [Button(_("Download file"), "bank:withholding_file", key, icon="download", primary=waits)]
        if waits:
            found.append(
                Button(_("Take the returned file"), "bank:withholding_return", key, right=RETURN, icon="upload")
            )
        return found

    def facts(self) -> list[Fact]:
        """Counts and sums."""
        one = self.subject
        return [
            Fact(_("bank"), one.bank.name, href=one.bank.get_absolute_url()),
            Fact(_("business date"), one.business_on, "date"),
            Fact(_("lines"), f"{one.rows:,}"),
            Fact(_("sum"), one.amount_fen, "money"),
            Fact(_("taken by the bank"), f"{one.taken:,}"),
            Fact(_("sum taken"), one.taken_fen, "money"),
            Fact(_("returned on"), one.returned_on, "date"),
            Fact(_("made by"), one.made_by),
        ]

    def sections(self) -> list[Section]:
        """The lines, those not taken first."""
        rows = self.subject.lines.select_related("agreement", "account").order_by("-result", "line_no")
        table = WithholdingLineTable(rows[:_LINES_SHOWN])
        return [Section(_("Lines of the batch"), table=table, count=self.subject.rows)]


class WithholdingFile(Page):
    """The file for the bank."""

    right = queries.VIEW_WITHHOLDING

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """GBK, CRLF, amounts in fen."""
        batch = get_object_or_404(queries.withholdings_visible_to(self.request.user), pk=kwargs["pk"])
        response = HttpResponse(queries.withholding_file(batch), "text/plain; charset=gb18030")
        response["Content-Disposition"] = f'attachment; filename="{batch.bank.code}{batch.batch_no}.txt"'
        return response


class WithholdingReturn(FormPage):
    """Take what the bank sends back."""

    title = _("Take the returned file")
    right = RETURN
    form_class = ReturnForm
    submit_label = _("Book what was taken")
    intro = _("All lines are checked against the batch first; then what the bank took is booked, all or nothing.")

    @cached_property
    def batch(self) -> Withholding:
        """The batch, or 404."""
        return get_object_or_404(queries.withholdings_visible_to(self.request.user, RETURN), pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The batch above."""
        return [(self.batch.batch_no, self.batch.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Withholding:
        """Book it."""
        return take_return(withholding=self.batch, raw=form.cleaned_data["file"].read(), by=request.user)
