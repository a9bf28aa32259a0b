"""What the service centre has on its desk: an application, a suspension, a firm's contract.

Every step first looks whether it was done, so running the demonstration again changes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.gas.accounts.actions import file_application, sign_contract
from mainstay.gas.accounts.models import Case, Contract
from mainstay.gas.customers.actions import suspend_account
from mainstay.gas.customers.models import Account
from mainstay.kit.dates import local_today

BRANCH = "HT-CD"


def tell() -> str:
    """Put the cases on the desk of the East Branch."""
    clerk = User.objects.get(username="clerk")
    unit = Unit.objects.get(code=BRANCH)
    if not Case.objects.filter(unit=unit).exists():
        facts = {"kind": "person", "phone": "13800000618", "id_no": "", "address": "海棠苑9栋2单元301室"}
        file_application(unit=unit, name="喻安宁", **facts, category="residential", wished_on=None, by=clerk)
        away = _homes(unit)[-1]
        suspend_account(account=away, reason="外出半年", until_on=local_today() + timedelta(days=180), by=clerk)
    if not Contract.objects.exists():
        _sign(unit, clerk)
    return _("{cases} cases, {contracts} contract").format(
        cases=Case.objects.count(), contracts=Contract.objects.count()
    )


def _homes(unit: Unit) -> list[Account]:
    """Some homes of the branch."""
    rows = Account.objects.filter(unit=unit, category="residential", state="active", customer__kind="person")
    return list(rows.order_by("account_no")[:40])


def _sign(unit: Unit, clerk: User) -> None:
    """A firm's contract that ends within two months, without an agreed price."""
    firm = Account.objects.filter(unit=unit, customer__kind="firm", state="active").order_by("account_no").first()
    if firm is None:
        return
    today = local_today()
    sign_contract(
        account=firm, from_on=today - timedelta(days=325), until_on=today + timedelta(days=40), signatory="蒋成业",
        signed_on=today - timedelta(days=330), deposit_fen=500_000, by=clerk,
    )  # fmt: skip
