"""The next customer takes over: a new account, the same meters, the balance as both choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.accounts.actions.cases import about_case, case_is_known, end, locked, of_case
from mainstay.gas.accounts.actions.leaving import leave, needs_second
from mainstay.gas.accounts.models import Case
from mainstay.gas.billing.actions import take_over_counter
from mainstay.gas.billing.models import Bill
from mainstay.gas.customers.actions import open_account
from mainstay.gas.meters.actions import install_meter
from mainstay.gas.meters.models import Installation
from mainstay.gas.payments.actions import move_advance
from mainstay.gas.payments.queries import advance_fen
from mainstay.gas.readings.models import Book
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.queries import rule_of_plan
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account, Customer

BALANCES = ("move", "refund", "keep")


@action(
    "gas.accounts.finish_transfer", title=_("Transfer account"), unit=of_case, subject=about_case,
    four_eyes=needs_second,
)  # fmt: skip
def finish_transfer(
    *, case: Case, customer: Customer | Mapping[str, Any], persons: int, balance: str = "refund",
    despite: Sequence[str] = (), by: User,
) -> Account:  # fmt: skip
    """Close the old customer's account and open the new one's with the same meters, book and tariff.

    `balance`: "move" hands the advance to the new account, "refund" asks that it was paid back, "keep" leaves it with
    the old one. Low income, agreed prices and approvals are the old customer's own and are not handed on. Whether the
    volume of the tariff year is counted on is the tariff's rule. Raises Problem as closing and opening do.
    """
    case = locked(case)
    old = case.account
    if case.kind != Case.Kind.TRANSFER or old is None:
        raise Problem(_("This case does not transfer an account."), code="wrong_case")
    if balance not in BALANCES:
        raise Problem(_("Say what becomes of the advance."), field="balance", code="no_balance")
    terms, book = _terms_of(old, case.on), _place_of(old)
    counted = _counted_on(old, terms, case.on)
    moved = advance_fen(old.pk)
    left = leave(case, [*despite, *(["advance"] if balance != "refund" else [])], by)
    new = _open(case, customer, persons, terms, book, counts_from=old.used_since if counted else None, by=by)
    if counted:
        take_over_counter(
            account=new, on=case.on, year_start_on=counted[0], volume_l=counted[1], reason=f"{case.number}", by=by
        )
    if balance == "move" and moved:
        move_advance(account=old, to=new, amount_fen=moved, reason=case.number, by=by)
    facts = {"left": left, "balance": balance, "advance_fen": moved, "counted_l": counted[1] if counted else None}
    end(case, by, new_account=new, facts={**case.facts, **facts})
    note_change(before={"account_no": old.account_no}, after={"account_no": new.account_no, **facts})
    return new


def _terms_of(account: Account, on: date) -> Terms:
    terms = Terms.objects.on(on).filter(account=account).select_related("plan").first()
    if terms is None:
        raise Problem(_("The account has no tariff plan on that day. Set its terms first."), code="no_terms")
    return terms


def _place_of(account: Account) -> tuple[Book, int]:
    entry = getattr(account, "book_entry", None)
    if entry is None:
        raise Problem(_("The account is in no book: put it into one first."), code="no_book")
    return entry.book, entry.sequence


def _counted_on(old: Account, terms: Terms, on: date) -> tuple[date, int] | None:
    """(tariff year, litres used in it) where the tariff goes on counting for the next customer."""
    if not rule_of_plan(terms.plan).version_on(on).counted_on_at_transfer:
        return None
    last = Bill.objects.filter(account=old).latest_first().first()
    return (last.year_start_on, last.year_after_l) if last else None


def _open(
    case: Case, customer: Customer | Mapping[str, Any], persons: int, terms: Terms, place: tuple[Book, int], *,
    counts_from: date | None, by: User,
) -> Account:  # fmt: skip
    old = case.account
    assert old is not None  # noqa: S101  # a transfer names its account
    hung = list(
        Installation.objects.filter(pk__in=[one["installation"] for one in case.facts.get("meters", ())])
        .select_related("meter").order_by("pk")
    )  # fmt: skip
    if not hung:
        raise Problem(_("No meter was taken over in this case."), code="no_meter")
    first = hung[0]
    parts = {
        "terms": {
            "plan": terms.plan, "persons": persons, "low_income": False, "low_income_until": None,
            "heating": terms.heating, "contract_price_e4": None,
        },
        "meter": {
            "meter": first.meter, "first_index_l": first.last_index_l or 0, "stays": True,
            "seal_no": first.seal_no or "",
        },
        "book": {"book": place[0], "sequence": place[1]},
    }  # fmt: skip
    with case_is_known():
        new = open_account(
            unit=old.unit, customer=customer, premise=old.premise, category=old.category, opened_on=case.on,
            parts=parts, counts_from=counts_from, by=by,
        )  # fmt: skip
    for one in hung[1:]:
        install_meter(
            account=new, meter=one.meter, from_on=case.on, first_index_l=one.last_index_l or 0,
            seal_no=one.seal_no or "", stays=True, by=by,
        )  # fmt: skip
    return new
