"""Contracts of firms: signed, ended early."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos
from mainstay.gas.accounts.actions.reliefs import put
from mainstay.gas.accounts.models import Contract
from mainstay.gas.customers.models import Customer
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

ENDS = "accounts.contract_ends"
_DAY = timedelta(days=1)


def needs_second(*, price_e4: int | None = None, **_facts: Any) -> Any:
    """An agreed price is agreed by two people of the company."""
    return "never" if price_e4 is None else "always"


@action(
    "gas.accounts.sign_contract", title=_("Sign supply contract"), unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}", four_eyes=needs_second,
)  # fmt: skip
def sign_contract(
    *, account: Account, from_on: date, until_on: date, signatory: str, signed_on: date, price_e4: int | None = None,
    deposit_fen: int = 0, number: str = "", note: str = "", by: User,
) -> Contract:  # fmt: skip
    """Keep a firm's contract; an agreed price (1/10000 yuan per m³) holds for its term, as the tariff allows.

    `deposit_fen` is what is agreed; taking it is the counter's. Its number is the next of the year unless it brings
    one. Raises Problem: no firm, bad days, another contract in these days, no such price.
    """
    lock("account", account.pk)
    check_contract(account, (from_on, until_on), number.strip())
    number = number.strip() or f"{signed_on.year}-{next_number('supply_contract', signed_on.year):05d}"
    if price_e4 is not None:
        put(account, (from_on, until_on), {"contract_price_e4": price_e4}, number, by)
    contract = Contract.objects.create(
        number=number, account=account, from_on=from_on, until_on=until_on, price_e4=price_e4, deposit_fen=deposit_fen,
        signatory=signatory.strip(), signed_on=signed_on, note=note.strip(), by=by, at=timezone.now(),
    )  # fmt: skip
    for one in Contract.objects.filter(account=account, until_on__lt=from_on).values_list("pk", flat=True):
        close_todos(kind=ENDS, subject=f"accounts.contract:{one}", by=by)
    note_change(after={"number": number, "from": f"{from_on}", "until": f"{until_on}", "price_e4": price_e4,
                       "deposit_fen": deposit_fen})  # fmt: skip
    return contract


def check_contract(account: Account, days: tuple[date, date], number: str) -> None:
    """Raise Problem for a contract that cannot be: asked before it goes to a second person, and when he agrees."""
    from_on, until_on = days
    if account.customer.kind != Customer.Kind.FIRM:
        raise Problem(_("Contracts are signed with firms: this customer is a person."), code="no_firm")
    if until_on < from_on:
        raise Problem(_("The last day lies before the first."), field="until_on", code="bad_end")
    there = Contract.objects.filter(account=account, state=Contract.State.HELD)
    other = there.filter(from_on__lte=until_on, until_on__gte=from_on).first()
    if other is not None:
        text = _("Contract %(number)s holds in these days: end it first, or begin after it.")
        raise Problem(text % {"number": other}, field="from_on", code="overlaps")
    if number and Contract.objects.filter(number=number).exists():
        raise Problem(_("There is a contract with this number already."), field="number", code="taken")


@action(
    "gas.accounts.end_contract", title=_("End contract early"), unit=lambda contract, **_f: contract.account.unit_id,
    subject=lambda contract, **_f: f"accounts.contract:{contract.pk}",
)  # fmt: skip
def end_contract(*, contract: Contract, last_on: date, reason: str, by: User) -> Contract:
    """Let a contract end with a day before its last; days after it lose the agreed price. Raises Problem."""
    lock("account", contract.account_id)
    contract.refresh_from_db()
    if contract.state != Contract.State.HELD or not contract.from_on <= last_on < contract.until_on:
        raise Problem(_("Give a day before the last day of this contract."), field="last_on", code="bad_end")
    if not reason.strip():
        raise Problem(_("Say why the contract ends."), field="reason", code="no_reason")
    if contract.price_e4 is not None:
        after = Terms.objects.on(contract.until_on + _DAY).filter(account=contract.account_id).first()
        change = {"contract_price_e4": after.contract_price_e4 if after else None}
        put(contract.account, (last_on + _DAY, contract.until_on), change, reason, by)
    before = contract.until_on
    contract.until_on, contract.state = last_on, Contract.State.ENDED
    contract.save(update_fields=["until_on", "state"])
    close_todos(kind=ENDS, subject=f"accounts.contract:{contract.pk}", by=by)
    note_change(before={"until": f"{before}"}, after={"until": f"{last_on}"}, reason=reason)
    return contract
