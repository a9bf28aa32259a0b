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
    period = previous_period(period_of(on))
    made = _append(terms, (period, 0), on, (year_start_on, 0, volume_l), reason)
    note_change(after={"period": period, "year_start_on": f"{year_start_on}", "volume_l": volume_l}, reason=reason)
    return made


def count_sold(*, account: Account, on: date, year_start_on: date, volume_l: int, reason: str) -> Bill | None:
    """Let the bills after `on` go on from `volume_l`, what was billed and sold by card in the tariff year before.

    Part of taking a card meter down, inside that act. Nothing is appended where the bills already count as much, and
    for an account without terms or book, which cannot be billed. Returns the element.
    """
    lock("account", account.pk)
    terms = Terms.objects.on(on).filter(account=account).first()
    last = Bill.objects.filter(account=account).latest_first().first()
    before = last.year_after_l if last and last.year_start_on == year_start_on else 0
    newer = last is not None and last.year_start_on > year_start_on
    if newer or volume_l <= before or terms is None or not hasattr(account, "book_entry"):
        return None
    period = previous_period(period_of(on))
    place = (last.period, last.seq + 1) if last and last.period >= period else (period, 0)
    return _append(terms, place, on, (year_start_on, before, volume_l), reason)


def _append(terms: Terms, place: tuple[int, int], on: date, counter: tuple[date, int, int], reason: str) -> Bill:
    """Append an element without amount at (period, seq); `counter`: tariff year, litres in it before and after."""
    account, plans = terms.account, PlanBook(terms.plan_id)
    version = plans.plans[terms.plan_id].version_on(on)
    draft = BillDraft(
        account_id=account.pk, period=place[0], seq=place[1], kind=Bill.Kind.OPENING,
        book_id=account.book_entry.book_id, unit_id=account.unit_id, plan_id=terms.plan_id,
        version_id=plans.version_id(terms.plan_id, version.effective_on), from_on=on, to_on=on, volume_l=0,
        persons=terms.persons, low_income=terms.low_income, heating=terms.heating,
        contract_price_e4=terms.contract_price_e4, year_start_on=counter[0], year_before_l=counter[1],
        year_after_l=counter[2], issued_on=on, due_on=on, business_on=on, refers_seq=place[1], readings=[],
        reason=reason.strip()[:200], lines=(),
    )  # fmt: skip
    write_bills([draft], plans)
    return Bill.objects.get(pk=(account.pk, *place))
