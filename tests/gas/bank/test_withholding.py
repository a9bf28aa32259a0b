"""Withholding: what is due goes out, what was taken comes back once, matched by batch and line."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from mainstay.gas.bank.actions import end_agreement, make_withholding, save_agreement, take_return
from mainstay.gas.bank.models import Agreement, Bank, Withholding
from mainstay.gas.bank.queries import withholding_file
from mainstay.gas.bank.rules.files import WithholdingRow, write_withholding
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.bank.make import make_bank, make_debtor, system
from tests.gas.make import make_user

pytestmark = pytest.mark.django_db


def agree(bank: Bank, account: Account, number: str) -> Agreement:
    return save_agreement(
        bank=bank, account=account, agreement_no=number, payer="李明", from_on=dt.date(2026, 1, 1), by=system()
    )


def a_batch() -> tuple[Withholding, list[Account]]:
    bank, accounts = make_bank(), [make_debtor(5_000 + number) for number in range(3)]
    for number, account in enumerate(accounts):
        agree(bank, account, f"XY{number}")
    return make_withholding(bank=bank, by=system()), accounts


def returned(batch: Withholding, *results: str, **change: Any) -> bytes:
    rows = [
        WithholdingRow(one.line_no, one.agreement.agreement_no, one.account.account_no, "李明", one.amount_fen, result)
        for one, result in zip(batch.lines.select_related("agreement", "account"), results, strict=True)
    ]
    rows[0] = replace(rows[0], **change)
    return write_withholding(batch.bank.code, batch.batch_no, batch.business_on, rows, back=True)


def test_the_file_has_count_and_sum_in_fen_and_crlf() -> None:
    batch, accounts = a_batch()
    lines = withholding_file(batch).decode("gbk").split("\r\n")
    day = f"{local_today():%Y%m%d}"
    assert lines[0] == f"H|{batch.bank.code}|{batch.batch_no}|{day}|3|15003"
    assert lines[1] == f"D|000001|XY0|{accounts[0].account_no}|李明|5000"
    assert lines[4] == ""


def test_what_was_taken_is_booked_and_the_rest_is_not() -> None:
    batch, accounts = a_batch()
    batch = take_return(withholding=batch, raw=returned(batch, "0000", "1051", "0000"), by=system())
    assert (batch.taken, batch.taken_fen, batch.state) == (2, 10_002, "returned")
    assert Payment.objects.filter(tender=Payment.Tender.BANK).count() == 2
    assert list(OpenItem.objects.values_list("account", flat=True)) == [accounts[1].pk]
    assert batch.lines.get(line_no=2).result == "1051"
    assert batch.lines.get(line_no=1).payment_no == 1


def test_it_comes_back_once_only() -> None:
    batch, _accounts = a_batch()
    raw = returned(batch, "0000", "0000", "0000")
    take_return(withholding=batch, raw=raw, by=system())
    take_return(withholding=batch, raw=raw, by=system())
    assert Payment.objects.count() == 3
    with pytest.raises(Problem) as caught:
        take_return(withholding=batch, raw=returned(batch, "0000", "0000", "1051"), by=system())
    assert caught.value.code == "returned"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_fen": 1}, "not_matched"),
        ({"agreement_no": "XY9"}, "not_matched"),
        ({"line_no": 9}, "not_matched"),
        ({"line_no": 2}, "not_matched"),
        ({"result": ""}, "bad_file"),
    ],
)
def test_a_line_that_was_not_sent_books_nothing(change: dict[str, Any], code: str) -> None:
    batch, _accounts = a_batch()
    with pytest.raises(Problem) as caught:
        take_return(withholding=batch, raw=returned(batch, "0000", "0000", "0000", **change), by=system())
    assert caught.value.code == code
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.replace(b"|3|", b"|4|", 1),
        lambda raw: raw[: raw.rindex(b"D|")],
        lambda raw: raw.replace(b"H|", b"X|", 1),
        lambda raw: b"",
        lambda raw: raw.replace(b"D|000001", b"D|00000x"),
    ],
)
def test_a_spoilt_file_books_nothing(spoil: Any) -> None:
    batch, _accounts = a_batch()
    with pytest.raises(Problem) as caught:
        take_return(withholding=batch, raw=spoil(returned(batch, "0000", "0000", "0000")), by=system())
    assert caught.value.code == "bad_file"
    assert not Payment.objects.exists()


def test_a_file_of_another_batch() -> None:
    batch, _accounts = a_batch()
    other, _more = a_batch()
    with pytest.raises(Problem, match=batch.batch_no):
        take_return(withholding=other, raw=returned(batch, "0000", "0000", "0000"), by=system())


def test_nothing_is_asked_for_twice() -> None:
    batch, accounts = a_batch()
    with pytest.raises(Problem) as caught:
        make_withholding(bank=batch.bank, by=system())
    assert caught.value.code == "nothing_due"
    take_return(withholding=batch, raw=returned(batch, "0000", "1051", "0000"), by=system())
    again = make_withholding(bank=batch.bank, by=system())
    assert [line.account_id for line in again.lines.all()] == [accounts[1].pk]
    assert again.batch_no != batch.batch_no


def test_an_ended_agreement_is_left_out() -> None:
    bank, account = make_bank(), make_debtor()
    agreement = agree(bank, account, "XY1")
    with pytest.raises(Problem, match="XY1"):
        agree(bank, account, "XY2")
    end_agreement(agreement=agreement, until_on=local_today(), by=system())
    with pytest.raises(Problem) as caught:
        end_agreement(agreement=agreement, until_on=local_today(), by=system())
    assert caught.value.code == "ended"
    with pytest.raises(Problem) as caught:
        make_withholding(bank=bank, by=system())
    assert caught.value.code == "nothing_due"
    agree(bank, account, "XY2")
    assert make_withholding(bank=bank, by=system()).rows == 1


@pytest.mark.parametrize("wrong", [{"agreement_no": "A|B"}, {"card_tail": "12"}])
def test_agreements_that_cannot_be(wrong: dict[str, str]) -> None:
    bank, account = make_bank(), make_debtor()
    facts = {"agreement_no": "XY1", "payer": "李明", **wrong}
    with pytest.raises(Problem):
        save_agreement(bank=bank, account=account, from_on=local_today(), by=system(), **facts)


def test_an_agreement_number_is_used_once() -> None:
    bank = make_bank()
    agree(bank, make_debtor(), "XY1")
    with pytest.raises(Problem) as caught:
        agree(bank, make_debtor(), "XY1")
    assert caught.value.code == "number_taken"


def test_the_file_is_given_to_who_may_see_the_batch(client: Any) -> None:
    batch, _accounts = a_batch()
    address = f"/bank/withholding/{batch.pk}/file/"
    client.force_login(make_user("gas.bank.view_withholding"))
    response = client.get(address)
    assert response.content == withholding_file(batch)
    assert batch.batch_no in response["Content-Disposition"]
    client.force_login(make_user("gas.bank.view_withholding", scope="subtree"))
    assert client.get(address).status_code == 404
    client.force_login(make_user("gas.bank.view_journal"))
    assert client.get(address).status_code == 403
