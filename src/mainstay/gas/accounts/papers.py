"""What the papers of cases, approvals and contracts say: values only, the layout is in typst/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mainstay.core.documents.actions import issue_document
from mainstay.core.documents.models import Document
from mainstay.core.home import menu
from mainstay.gas.accounts.models import Case, Contract, Relief
from mainstay.gas.accounts.queries import bills_of
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.errors import Problem
from mainstay.kit.money import capitals

if TYPE_CHECKING:
    from mainstay.core.access.models import User

KIND = "account_case"


def paper_of(case: Case, *, by: User) -> Document:
    """The paper of a case that is done, issued when it is asked for the first time; its number is the case's."""
    from django.utils.translation import gettext as _

    if case.state != Case.State.DONE:
        raise Problem(_("The paper is made when the case is done."), code="not_done")
    return issue_document(
        kind=KIND, number=case.number, subject=f"accounts.case:{case.pk}", template="account_case",
        data=case_data(case, by), unit_id=case.unit_id, by=by,
    )  # fmt: skip


def case_data(case: Case, user: Any) -> dict[str, Any]:
    """Values of the paper; names in full, because both sides sign it. Amounts in fen, volumes in litres."""
    bills = bills_of(case)
    amount = sum(bill.amount_fen for bill in bills)
    facts = case.facts
    return {
        "company": str(menu.fact("company_name", user, "") or ""),
        "kind": case.kind,
        "on": case.on.isoformat(),
        "until_on": case.until_on.isoformat() if case.until_on else None,
        "reason": case.reason,
        "branch": {"zh": case.unit.name_zh, "en": case.unit.name_en or case.unit.name_zh},
        "clerk": str(case.done_by),
        "account": _party(case.account),
        "new_account": _party(case.new_account),
        "meters": _meters(case),
        "bills": [
            {"number": bill.bill_no, "from_on": f"{bill.from_on}", "to_on": f"{bill.to_on}", "volume_l": bill.volume_l,
             "amount_fen": bill.amount_fen}
            for bill in bills
        ],
        "amount_fen": amount,
        "capitals": capitals(amount),
        "balance": facts.get("balance", ""),
        "advance_fen": facts.get("advance_fen", 0),
        "counted_l": facts.get("counted_l"),
        "left": facts.get("left", []),
        "terms": _terms(case.new_account or case.account, case),
    }  # fmt: skip


def _party(account: Account | None) -> dict[str, Any] | None:
    if account is None:
        return None
    customer = account.customer
    return {
        "account_no": account.account_no, "name": customer.name, "phone": customer.phone, "id_no": customer.id_no,
        "address": account.premise.address, "category": account.category,
    }  # fmt: skip


def _meters(case: Case) -> list[dict[str, Any]]:
    """Meters with the indexes that count: of an opening the first ones, of leaving the last ones."""
    if case.facts.get("meters"):
        kept = (("meter_no", "meter_no"), ("index_l", "last_index_l"))
        return [{**{name: one[key] for name, key in kept}, "seal_no": ""} for one in case.facts["meters"]]
    hung = Installation.objects.filter(account=case.account_id, until_on=None).select_related("meter")
    return [
        {"meter_no": one.meter.meter_no, "index_l": one.first_index_l, "seal_no": one.seal_no or ""}
        for one in hung if case.kind == Case.Kind.OPENING
    ]  # fmt: skip


def _terms(account: Account | None, case: Case) -> dict[str, Any] | None:
    if account is None or case.kind not in {Case.Kind.OPENING, Case.Kind.TRANSFER}:
        return None
    held = Terms.objects.on(case.on).filter(account=account).select_related("plan").first()
    if held is None:
        return None
    plan = held.plan
    return {"zh": plan.name_zh, "en": plan.name_en or plan.name_zh, "persons": held.persons}


def relief_paper(relief: Relief, *, by: User) -> Document:
    """The notice of an approval, issued when it is asked for the first time."""
    account = relief.account
    data = {
        "company": str(menu.fact("company_name", by, "") or ""), "kind": relief.kind, "persons": relief.persons,
        "certificate_no": relief.certificate_no, "from_on": f"{relief.from_on}", "until_on": f"{relief.until_on}",
        "rebilled": relief.rebilled, "account_no": account.account_no, "name": account.customer.name,
        "address": account.premise.address,
    }  # fmt: skip
    number = f"R{relief.pk:06d}-{relief.until_on:%Y%m%d}"  # one that ended early has another notice
    return issue_document(
        kind="relief_notice", number=number, subject=f"accounts.relief:{relief.pk}", template="relief_notice",
        data=data, unit_id=account.unit_id, by=by,
    )  # fmt: skip


def contract_paper(contract: Contract, *, by: User) -> Document:
    """The contract to be signed, under its own number."""
    account = contract.account
    data = {
        "company": str(menu.fact("company_name", by, "") or ""), "account_no": account.account_no,
        "name": account.customer.name, "id_no": account.customer.id_no, "phone": account.customer.phone,
        "address": account.premise.address, "category": account.category, "from_on": f"{contract.from_on}",
        "until_on": f"{contract.until_on}", "price_e4": contract.price_e4, "deposit_fen": contract.deposit_fen,
        "capitals": capitals(contract.deposit_fen), "signatory": contract.signatory,
        "signed_on": f"{contract.signed_on}", "note": contract.note,
    }  # fmt: skip
    return issue_document(
        kind="supply_contract", number=contract.number, subject=f"accounts.contract:{contract.pk}",
        template="supply_contract", data=data, unit_id=account.unit_id, by=by,
    )  # fmt: skip
