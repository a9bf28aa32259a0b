"""Forms of charges and credits on a bill."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.billing import actions, queries
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.charges import net_of
from mainstay.gas.billing.forms import AdjustForm, AmountForm, ReasonForm
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.views.bills import BillForm
from mainstay.kit.money import yuan
from mainstay.web.pages import Button, SignedRequest


class BillAdjust(BillForm):
    """Charge more or give back."""

    title = _("Adjust bill")
    right = "gas.billing.adjust_bill"
    form_class = AdjustForm
    submit_label = _("Adjust bill")
    intro = _("The bill stays as it is; a further document charges more or gives back. VAT follows the bill.")

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.adjust_bill(bill=self.bill, **form.values(), by=request.user)


class BillReduce(BillForm):
    """Let the customer off part of it."""

    title = _("Reduce bill")
    right = "gas.billing.reduce_bill"
    form_class = AmountForm
    submit_label = _("Reduce bill")

    @property
    def intro(self) -> Any:
        """How much may be let off."""
        text = _(
            "Still open of the bill: %(open)s yuan, which is the most. Above your limit a second person must agree."
        )
        return text % {"open": yuan(queries.open_of(self.bill))}

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.reduce_bill(bill=self.bill, **form.cleaned_data, by=request.user)


class BillWriteOff(BillForm):
    """Write off what is open."""

    title = _("Write off bill")
    right = "gas.billing.write_off"
    form_class = ReasonForm
    submit_label = _("Write off")
    danger = True

    @property
    def intro(self) -> Any:
        """How much becomes bad debt."""
        text = _(
            "Still open: %(open)s yuan, all of which becomes bad debt. Above your limit a second person must agree. "
            "It can be recovered when the customer pays after all."
        )
        return text % {"open": yuan(queries.open_of(self.bill))}

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.write_off(bill=self.bill, reason=form.cleaned_data["reason"], by=request.user)


class BillRecover(BillForm):
    """Make a written-off amount owed again."""

    title = _("Recover write-off")
    right = "gas.billing.recover_write_off"
    form_class = ReasonForm
    submit_label = _("Recover")

    @property
    def intro(self) -> Any:
        """How much is owed again."""
        text = _("Written off and not recovered: %(left)s yuan, which the customer owes again.")
        return text % {"left": yuan(-queries.left_of(self.bill))}

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.recover_write_off(bill=self.bill, reason=form.cleaned_data["reason"], by=request.user)


class BillWaive(BillForm):
    """Waive a late fee."""

    title = _("Waive late fee")
    right = "gas.billing.waive_late_fee"
    form_class = AmountForm
    submit_label = _("Waive late fee")

    @cached_property
    def left_fen(self) -> int:
        """What is left of the fee."""
        return queries.left_of(self.bill)

    @property
    def intro(self) -> Any:
        """How much may be let off."""
        text = _(
            "Left of the fee after what was waived: %(left)s yuan, which is the most. "
            "Above your limit a second person must agree."
        )
        return text % {"left": yuan(self.left_fen)}

    def initial(self) -> dict[str, Any]:
        """All that is left of the fee."""
        return {"amount_fen": yuan(self.left_fen)}

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.waive_late_fee(bill=self.bill, **form.cleaned_data, by=request.user)


def buttons_of(bill: Bill, open_fen: int, others: list[Bill], *, live: bool) -> list[Button]:
    """What can be charged or credited on a bill as it stands; `others`: the other elements of its period."""
    key, kind = (bill.account_id, bill.period, bill.seq), Bill.Kind
    found: list[Button] = []
    left = net_of(bill, others).amount_fen  # of a late fee or a write-off
    if bill.kind == kind.LATE_FEE and left > 0:
        found.append(Button(_("Waive"), "billing:bill_waive", key, "gas.billing.waive_late_fee"))
    if bill.kind == kind.WRITE_OFF and left < 0:
        found.append(Button(_("Recover"), "billing:bill_recover", key, "gas.billing.recover_write_off"))
    if live and bill.kind in BASE_KINDS:
        found.append(Button(_("Adjust"), "billing:bill_adjust", key, "gas.billing.adjust_bill"))
        if open_fen > 0:
            found.append(Button(_("Reduce"), "billing:bill_reduce", key, "gas.billing.reduce_bill"))
    if open_fen > 0 and (live or bill.kind == kind.LATE_FEE):
        found.append(Button(_("Write off"), "billing:bill_write_off", key, "gas.billing.write_off", danger=True))
    return found
