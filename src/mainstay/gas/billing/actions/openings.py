"""The first element of a chain when an account goes on counting where another one, or an old system, stopped."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.billing.batch import BillDraft, PlanBook, write_bills
from mainstay.gas.billing.models import Bill
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.dates import period_of, previous_period
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account


@action(
    "gas.billing.take_over_counter",
    title=_("Take over the volume of the year"),
    unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}",
)
def take_over_counter(*, account: Account, on: date, year_start_on: date, volume_l: int, reason: str, by: User) -> Bill:
    """Let the tiers of a new account go on from `volume_l` (litres used in the tariff year before `on`).

    Appends an element without amount in the month before `on`. Raises Problem once the account has any bill.
    """
    lock("account", account.pk)
    if Bill.objects.filter(account=account).exists():
        raise Problem(_("This account has bills already: its volume of the year follows from them."), code="billed")
    terms = Terms.objects.on(on).filter(account=account).first()
    if terms is None:
        raise Problem(_("The account has no tariff plan on that day. Set its terms first."), code="no_terms")
    plans = PlanBook(terms.plan_id)
    version = plans.plans[terms.plan_id].version_on(on)
    period = previous_period(period_of(on))
    draft = BillDraft(
        account_id=account.pk, period=period, seq=0, kind=Bill.Kind.OPENING, book_id=account.book_entry.book_id,
        unit_id=account.unit_id, plan_id=terms.plan_id,
        version_id=plans.version_id(terms.plan_id, version.effective_on), from_on=on, to_on=on, volume_l=0,
        persons=terms.persons, low_income=terms.low_income, heating=terms.heating,
        contract_price_e4=terms.contract_price_e4, year_start_on=year_start_on, year_before_l=0,
        year_after_l=volume_l, issued_on=on, due_on=on, business_on=on, refers_seq=0, readings=[],
        reason=reason.strip()[:200], lines=(),
    )  # fmt: skip
    write_bills([draft], plans)
    note_change(after={"period": period, "year_start_on": f"{year_start_on}", "volume_l": volume_l}, reason=reason)
    return Bill.objects.get(pk=(account.pk, period, 0))
