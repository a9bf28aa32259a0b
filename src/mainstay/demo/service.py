"""What the service centre has on its desk: an application, a suspension, an approval that ends soon, a firm's contract.

Every step first looks whether it was done, so running the demonstration again changes nothing.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.core.door import ApprovalFiled
from mainstay.core.evidence.actions import store_file
from mainstay.core.organisation.models import Unit
from mainstay.core.workflow.actions import approve
from mainstay.gas.accounts.actions import file_application, grant_relief, sign_contract
from mainstay.gas.accounts.batch import remind_of_expiry
from mainstay.gas.accounts.models import Case, Contract, Relief
from mainstay.gas.customers.actions import suspend_account
from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs.queries import rule_of_plan, terms_now
from mainstay.kit.dates import local_today

BRANCH = "HT-CD"
DAYS_LEFT = 20


def tell() -> str:
    """Put the cases on the desk of the East Branch."""
    clerk, chief = User.objects.get(username="clerk"), User.objects.get(username="east")
    unit = Unit.objects.get(code=BRANCH)
    if not Case.objects.filter(unit=unit).exists():
        facts = {"kind": "person", "phone": "13800000618", "id_no": "", "address": "海棠苑9栋2单元301室"}
        file_application(unit=unit, name="喻安宁", **facts, category="residential", wished_on=None, by=clerk)
        away = _homes(unit)[-1]
        suspend_account(
            account=away, reason=_("Away for half a year"), until_on=local_today() + timedelta(days=180), by=clerk
        )
    if not Relief.objects.exists():
        _approve(_homes(unit)[0], clerk, chief)
    if not Contract.objects.exists():
        _sign(unit, clerk)
    remind_of_expiry(local_today())
    counts = {"cases": Case.objects.count(), "reliefs": Relief.objects.count(), "contracts": Contract.objects.count()}
    return _("{cases} cases, {reliefs} approval, {contracts} contract").format(**counts)


def _homes(unit: Unit) -> list[Account]:
    """Some homes of the branch."""
    rows = Account.objects.filter(unit=unit, category="residential", state="active", customer__kind="person")
    return list(rows.order_by("account_no")[:40])


def _approve(home: Account, clerk: User, chief: User) -> None:
    """Easier terms, as the tariff has them, asked for by the clerk with proof, approved by the head of the branch."""
    now = terms_now(home)
    if now is None:
        return
    rule = rule_of_plan(now.terms.plan).version_on(local_today())
    if rule.low_income is None and rule.household is None:
        return
    kind, persons = ("low_income", None) if rule.low_income is not None else ("household", 6)
    proof = store_file(file=BytesIO(b"%PDF-1.4\n%%EOF\n"), name="证明.pdf", subject="demo", by=clerk)
    today = local_today()
    facts = {"kind": kind, "persons": persons, "from_on": today, "until_on": today + timedelta(days=DAYS_LEFT)}
    try:
        grant_relief(account=home, proof=proof, certificate_no="DB-2026-0618", **facts, by=clerk)  # type: ignore[arg-type]
    except ApprovalFiled as filed:
        approve(approval=filed.approval, by=chief)


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
