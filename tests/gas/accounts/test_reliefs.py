"""Approvals of easier terms and contracts of firms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.utils.translation import override

from mainstay.core.audit.queries_words import changes_of
from mainstay.core.checks import registered, run
from mainstay.core.door import ApprovalFiled
from mainstay.core.evidence.actions import store_file
from mainstay.core.todos.models import Todo
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.core.workflow.queries import arguments_shown
from mainstay.gas.accounts.actions import end_contract, end_relief, grant_relief, sign_contract
from mainstay.gas.accounts.actions.reliefs import check_relief
from mainstay.gas.accounts.batch import remind_of_expiry
from mainstay.gas.accounts.models import Contract, Relief
from mainstay.gas.accounts.papers import contract_paper, relief_paper
from mainstay.gas.accounts.queries import VIEW_CONTRACT
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.customers.queries import obstacles_of
from mainstay.gas.ledger.queries import receivable_fen
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.bank.make import system
from tests.gas.make import BEIJING_RESIDENTIAL, make_account, make_plan, make_reading, make_unit, make_user
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db
TARIFF = {
    **BEIJING_RESIDENTIAL,
    "low_income": {"free_volume_per_month": 10},
    "household": {"from_persons": 5, "raise_bounds_by": [100, 100]},
}
FLAT = {"effective": "2018-07-10", "tiers": [{"price": "4.00"}], "maximum": True, "price_change_method": "by_reading"}


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel("2026-11-28 10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def people() -> tuple[Any, Any]:
    rights = (
        "gas.accounts.grant_relief", "gas.accounts.end_relief", "gas.accounts.sign_contract",
        "gas.accounts.end_contract", "gas.tariffs.change_terms", "gas.billing.rebill",
    )  # fmt: skip
    unit = make_unit("海棠燃气")
    return make_user(*rights, unit=unit), make_user(*rights, unit=unit)


def household(periods: int = 3) -> Any:
    """A household that used 100 m³ in each of the months before November, billed."""
    account = make_account(plan=make_plan(data=TARIFF), opened_on=date(2026, 1, 1))
    for month in range(11 - periods, 11):
        make_reading(account, 202600 + month, volume_l=100_000)
        bill_account(account=account, period=202600 + month, by=system())
    return account


def proof(by: Any) -> Any:
    return store_file(file=BytesIO(b"%PDF-1.4 proof"), name="低保证.pdf", subject="test", by=by)


def granted(people: tuple[Any, Any], **facts: Any) -> Relief:
    """An approval asked for by one and granted by the other."""
    asker, chief = people
    before = Relief.objects.count()
    with pytest.raises(ApprovalFiled):
        grant_relief(**facts, proof=proof(asker), certificate_no="DB2026-7", by=asker)
    assert Relief.objects.count() == before
    approve(approval=Approval.objects.get(state="waiting"), by=chief)
    return Relief.objects.latest("pk")


def test_a_large_household_is_tiered_anew_from_the_day_of_its_approval(people: tuple[Any, Any]) -> None:
    account = household(periods=4)  # 400 m³: 350 at 2.61, 50 at 2.83
    assert receivable_fen(account.pk) == 350 * 261 + 50 * 283
    days = {"from_on": date(2026, 10, 1), "until_on": date(2027, 9, 30)}
    relief = granted(people, account=account, kind="household", persons=5, **days)
    assert relief.rebilled == 1  # October; the bills before it stay
    assert receivable_fen(account.pk) == 400 * 261
    assert [row.persons for row in Terms.objects.filter(account=account).order_by("from_on")] == [3, 5, 3]
    end_relief(relief=relief, last_on=date(2026, 9, 30), reason="户口迁出", by=people[0])
    assert receivable_fen(account.pk) == 350 * 261 + 50 * 283
    assert nothing_wrong()


def test_low_income_gives_its_free_volume_and_ends_by_itself(people: tuple[Any, Any]) -> None:
    account = household(periods=1)
    days = {"from_on": date(2026, 11, 1), "until_on": date(2026, 12, 10)}
    relief = granted(people, account=account, kind="low_income", **days)
    make_reading(account, 202611, volume_l=30_000, taken_on=date(2026, 11, 27))
    bill = bill_account(account=account, period=202611, by=system())
    assert (bill.low_income, bill.amount_fen) == (True, 20 * 261)
    assert not Terms.objects.on(date(2026, 12, 11)).get(account=account).low_income
    assert remind_of_expiry(date(2026, 11, 28)) == 1
    remind_of_expiry(date(2026, 11, 29))
    assert Todo.objects.filter(kind="accounts.relief_ends", done_at=None).count() == 1
    later = {"from_on": date(2026, 12, 11), "until_on": date(2027, 12, 10)}
    with pytest.raises(Problem, match=r"already|已有"):
        check_relief(account, "low_income", (date(2026, 12, 1), date(2027, 1, 1)), None)
    granted(people, account=account, kind="low_income", **later)
    assert not Todo.objects.filter(kind="accounts.relief_ends", done_at=None).exists()
    assert relief.state == Relief.State.HELD


def test_a_tariff_without_such_a_relief_says_so() -> None:
    account = make_account()
    with pytest.raises(Problem) as told:
        check_relief(account, "low_income", (date(2026, 11, 1), date(2027, 1, 1)), None)
    assert told.value.code == "no_relief"


def firm() -> Any:
    account = make_account(plan=make_plan(category="commercial", data=FLAT), category="commercial", name="海棠酒店")
    account.customer.kind = "firm"
    account.customer.save()
    return account


@pytest.mark.parametrize("price", ["", "3.10"])
def test_a_contract_is_signed_on_its_page(people: tuple[Any, Any], price: str) -> None:
    """Without a price at once; with one as soon as a second person, who reads all of it in words, has agreed."""
    asker, chief = people
    account = firm()
    data = {
        "signatory": "王强", "signed_on": "2026-11-01", "from_on": "2026-11-01", "until_on": "2027-10-31",
        "price": price, "deposit": "1000", "number": "", "note": "",
    }  # fmt: skip
    answer = signed_in(asker, "zh-hans").post(f"/accounts/{account.pk}/contract/", data)
    assert answer.status_code == (202 if price else 302)
    if price:
        waiting = Approval.objects.get(state="waiting")
        with override("zh-hans"):
            said = {one.label: one.text for one in arguments_shown(waiting)}
        assert (said["单价"], said["押金"], said["签订日期"]) == ("3.1000", "1,000.00", "2026-11-01")
        assert not [label for label in said if label.isascii()]
        approve(approval=waiting, by=chief)
    contract = Contract.objects.get(account=account)
    assert contract.price_e4 == (31_000 if price else None)
    assert (contract.deposit_fen, contract.signatory) == (100_000, "王强")


def test_an_agreed_price_holds_for_the_term_of_its_contract(people: tuple[Any, Any]) -> None:
    asker, _chief = people
    account = firm()
    days = {"from_on": date(2026, 11, 1), "until_on": date(2027, 10, 31)}
    facts = {"account": account, "signatory": "王强", "signed_on": date(2026, 10, 28), "deposit_fen": 500_000}
    contract = signed(people, **facts, **days, price_e4=36_000)
    make_reading(account, 202610, volume_l=1_000_000, taken_on=date(2026, 10, 31))
    make_reading(account, 202611, volume_l=1_000_000, taken_on=date(2026, 11, 27))
    amounts = [bill_account(account=account, period=p, by=system()).amount_fen for p in (202610, 202611)]
    assert amounts == [400_000, 360_000]
    assert any(one.key == "contract" for one in obstacles_of(account))
    with pytest.raises(Problem, match=contract.number):
        sign_contract(**facts, **days, by=asker)
    end_contract(contract=contract, last_on=date(2026, 11, 10), reason="停业", by=asker)
    assert receivable_fen(account.pk) == 800_000
    assert nothing_wrong()


def test_a_contract_above_the_published_price_and_one_with_a_person_are_refused(people: tuple[Any, Any]) -> None:
    days = {"from_on": date(2026, 11, 1), "until_on": date(2027, 10, 31), "signed_on": date(2026, 11, 1)}
    with pytest.raises(Problem):
        signed(people, account=firm(), **days, signatory="王强", price_e4=41_000)
    with pytest.raises(Problem) as told:
        sign_contract(account=make_account(), **days, signatory="王强", by=system())
    assert told.value.code == "no_firm"


def signed(people: tuple[Any, Any], **facts: Any) -> Contract:
    """A contract with an agreed price, asked for by one and approved by the other."""
    with pytest.raises(ApprovalFiled):
        sign_contract(**facts, by=people[0])
    approve(approval=Approval.objects.get(state="waiting"), by=people[1])
    return Contract.objects.latest("pk")


def test_papers_in_both_languages(people: tuple[Any, Any]) -> None:
    days = {"from_on": date(2026, 11, 1), "until_on": date(2027, 10, 31)}
    relief = granted(people, account=household(periods=1), kind="household", persons=6, **days)
    contract = sign_contract(
        account=firm(), **days, signatory="王强", signed_on=date(2026, 11, 1), deposit_fen=100, by=system()
    )
    for paper in (relief_paper(relief, by=system()), contract_paper(contract, by=system())):
        data = {**paper.data, "number": paper.number, "reprint": False, "void": False}
        assert all(render_pdf(paper.template, data, language=language)[:4] == b"%PDF" for language in ("zh", "en"))


def test_contracts_are_listed_by_customer_and_show_no_empty_log() -> None:
    contract = sign_contract(
        account=firm(), from_on=date(2026, 11, 1), until_on=date(2027, 10, 31), signatory="王强",
        signed_on=date(2026, 11, 1), by=system(),
    )  # fmt: skip
    browser = signed_in(make_user(VIEW_CONTRACT, unit=contract.account.unit), "zh-hans")
    shown = browser.get("/accounts/contracts/").content.decode()
    heads = shown[shown.index("<thead") : shown.index("</thead>")]
    assert "海棠酒店" in shown and "客户" in heads and "姓名" not in heads
    page = browser.get(contract.get_absolute_url())
    assert page.status_code == 200
    assert ("log-title" in page.content.decode()) == bool(page.context["log"])


def nothing_wrong() -> bool:
    known = registered()
    return not [finding for one in run([known["ledger"], known["bills"]]) for finding in one.findings]


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", {"低保", "低保证.pdf", "证件号"}), ("en", {"low income", "低保证.pdf", "certificate number"})],
)
def test_who_agrees_reads_what_is_asked_in_words(people: tuple[Any, Any], language: str, words: set[str]) -> None:
    asker, _chief = people
    with pytest.raises(ApprovalFiled):
        grant_relief(
            account=household(0), kind="low_income", certificate_no="D1", from_on=date(2026, 11, 1),
            until_on=date(2027, 10, 31), proof=proof(asker), by=asker,
        )  # fmt: skip
    with override(language):
        shown = arguments_shown(Approval.objects.get(state="waiting"))
    said = {one.label for one in shown} | {one.text for one in shown}
    assert words <= said
    assert not [text for text in said if "_" in text]


def test_the_log_tells_what_was_approved_in_words() -> None:
    """Values by the word of the table that chooses them: one of the app, else all of its part agree; else as kept."""
    told = [("kind", None, "low_income"), ("category", None, "residential"), ("state", None, "open"), ("", None, {})]
    told += [("", None, {"low_income": True, "until": None})]
    with override("zh-hans"):
        assert changes_of(None, told, "gas.accounts.grant_relief") == [
            "类型: 低保", "类别: 居民", "状态: open", "", "低保: 是, 截止日期: –"
        ]  # fmt: skip
