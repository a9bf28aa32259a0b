"""Builders for tests of the bank link: a bank, a line, messages as a bank sends them."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.library import make_key, speech
from mainstay.gas.bank.models import Bank, Line
from mainstay.gas.bank.rules.messages import Kind, Message
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today
from tests.gas.make import make_accounts, make_unit
from tests.gas.payments.make import make_bills

_next = count(1)


def make_bank(unit: Unit | None = None, **values: Any) -> Bank:
    """A bank whose business date is today, with a key of its own."""
    code = values.pop("code", f"B{next(_next):03d}")
    speech.cache_clear()
    make_key(code)
    facts = {"name_zh": "海棠银行", "name_en": "Haitang Bank", "business_on": local_today(), **values}
    return Bank.objects.create(code=code, unit=unit or make_unit(), **facts)


def make_line(bank: Bank | None = None, **values: Any) -> Line:
    """A line of a bank at a port of its own."""
    number = next(_next)
    return Line.objects.create(
        bank=bank or make_bank(), name=f"专线{number}", port=values.pop("port", 20_000 + number), **values
    )


def system() -> User:
    """In whose name messages act."""
    return User.objects.get_or_create(username="system", defaults={"kind": User.Kind.SYSTEM})[0]


def make_debtor(amount_fen: int = 5_220, *, unit: Unit | None = None, name: str = "李明") -> Account:
    """An account that owes one bill."""
    return make_debtors(1, amount_fen, unit=unit, name=name)[0]


def make_debtors(count: int, amount_fen: int = 5_220, *, unit: Unit | None = None, name: str = "李明") -> list[Account]:
    """Accounts of one unit that owe one bill each."""
    accounts = make_accounts(count, unit=unit, name=name)
    make_bills({"account": one, "period": 202610, "amount_fen": amount_fen} for one in accounts)
    return accounts


def pay(bank: Bank, account: Account | str, amount_fen: int = 5_220, **values: Any) -> Call:
    """A payment message."""
    return _call(bank, account, amount_fen, Kind.PAY, values)


def back(bank: Bank, account: Account | str, original: str, amount_fen: int = 5_220, **values: Any) -> Call:
    """A reversal message."""
    return _call(bank, account, amount_fen, Kind.REVERSAL, {"original": original, **values})


def _call(bank: Bank, account: Account | str, amount_fen: int, kind: Kind, values: dict[str, Any]) -> Call:
    number = next(_next)
    facts: dict[str, Any] = {
        "serial": f"S{number:07d}",
        "trace": f"{number:06d}",
        "business_on": bank.business_on,
        "account_no": account if isinstance(account, str) else account.account_no,
        "amount_fen": amount_fen,
        **values,
    }
    message = Message(kind=kind, **facts)
    adapter, mac = speech(bank.layout, bank.code, bank.mac_method)
    return Call(message, adapter.encode(message, mac))


def read(bank: Bank, body: bytes) -> Message:
    """A reply as the bank reads it."""
    adapter, mac = speech(bank.layout, bank.code, bank.mac_method)
    return adapter.decode(body, mac)


TODAY = dt.date(2026, 11, 26)
