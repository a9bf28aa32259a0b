"""Payments over the API: booked once, whatever is sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from mainstay.core.workflow.models import Approval
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments.api import channel_of
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from tests.api.make import ALL, Caller, make_caller
from tests.gas.make import make_account
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db
REVERSE = "gas.payments.reverse_payment"


@pytest.fixture
def account() -> Any:
    found = make_account()
    make_bill(found, 202609, 50_00)
    make_bill(found, 202610, 30_00)
    return found


@pytest.fixture
def caller() -> Caller:
    return make_caller(*ALL)


def _body(account: Any, **facts: Any) -> dict[str, Any]:
    return {"account_no": account.account_no, "amount": "60.00", "tender": "qr", "serial": "W-1", **facts}


def test_a_payment_pays_the_oldest_bill_first(account: Any, caller: Caller) -> None:
    response = caller.post("/payments/", _body(account))
    paid = response.json()
    assert response.status_code == 201
    assert (paid["amount"], paid["advance"], paid["tender"], paid["kind"]) == ("60.00", "0.00", "qr", "payment")
    assert paid["channel"] == channel_of(caller.user) and paid["business_on"] == local_today().isoformat()  # type: ignore[arg-type]
    due = caller.get("/payments/due", account_no=account.account_no).json()
    assert [(one["bill_no"], one["open"]) for one in due["items"]] == [(f"{account.account_no}-202610-0", "20.00")]
    assert (due["advance"], due["due"]) == ("0.00", "20.00")
    one = caller.get(f"/payments/{paid['payment_no']}").json()
    assert [part["amount"] for part in one["parts"]] == ["50.00", "10.00"]


def test_chosen_bills_come_first_and_the_rest_is_advance(account: Any, caller: Caller) -> None:
    number = account.account_no
    caller.post("/payments/", _body(account, amount="30.00", bills=[f"{number}-202610-0"]))
    assert list(OpenItem.objects.values_list("period", "open_fen")) == [(202609, 50_00)]
    paid = caller.post("/payments/", _body(account, amount="70.00", serial="W-2")).json()
    assert paid["advance"] == "20.00"
    assert caller.get("/payments/due", account_no=number).json()["due"] == "0.00"
    other = caller.post("/payments/", _body(account, serial="W-3", bills=["999-202610-0"])).json()
    assert other["error"]["code"] == "no_bill"


@pytest.mark.parametrize("by_header", [False, True])
def test_sent_again_it_is_the_same_payment(account: Any, caller: Caller, by_header: bool) -> None:
    body, headers = _body(account), {}
    if by_header:
        headers["Idempotency-Key"] = body.pop("serial")
    first = caller.post("/payments/", body, **headers)
    postings = Posting.objects.count()
    again = caller.post("/payments/", body, **headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (Payment.objects.count(), Posting.objects.count()) == (1, postings)


def test_of_requests_that_cross_only_the_one_booked_is_201(
    account: Any, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both looked before either had booked.
    monkeypatch.setattr("mainstay.gas.payments.api.account_and_day", lambda *_asked: (account, None))
    body = _body(account)
    first, again = caller.post("/payments/", body), caller.post("/payments/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "60.01"}, {"tender": "card"},
        {"business_on": lambda: local_today() - timedelta(days=1)},
        {"bills": lambda account: [f"{account.account_no}-202609-0"]},
    ],
)  # fmt: skip
def test_the_same_serial_with_other_content_is_409(account: Any, caller: Caller, change: dict[str, Any]) -> None:
    caller.post("/payments/", _body(account))
    name, value = next(iter(change.items()))
    if callable(value):
        value = value(account) if name == "bills" else value()
    response = caller.post("/payments/", _body(account, **{name: value}))
    assert (response.status_code, response.json()["error"]["code"]) == (409, "serial_used")
    assert response.json()["error"]["money_moved"] is False
    assert Payment.objects.count() == 1


def test_sent_again_after_midnight_it_is_still_the_same(account: Any, caller: Caller) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC), tick=False):  # 23:59:59 here
        first = caller.post("/payments/", _body(account)).json()
    with time_machine.travel(datetime(2026, 11, 23, 16, 0, 1, tzinfo=UTC), tick=False):
        again = caller.post("/payments/", _body(account))
    assert first["business_on"] == "2026-11-23"
    assert again.status_code == 200 and again.json() == first
    assert Payment.objects.count() == 1


def test_two_integrations_do_not_share_serials(account: Any, caller: Caller) -> None:
    other = make_caller(*ALL)
    assert caller.post("/payments/", _body(account)).status_code == 201
    assert other.post("/payments/", _body(account)).status_code == 201
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"serial": None}, "no_serial"),
        ({"amount": "0"}, "not_positive"),
        ({"business_on": "2020-01-01"}, "bad_day"),
        ({"business_on": "2999-01-01"}, "bad_day"),
        ({"account_no": "nobody"}, "not_found"),
        ({"tender": "cash"}, "invalid"),
    ],
)
def test_what_cannot_be_booked(account: Any, caller: Caller, change: dict[str, Any], code: str) -> None:
    error = caller.post("/payments/", _body(account, **change)).json()["error"]
    assert error["code"] == code and error["money_moved"] is False
    assert not Payment.objects.exists()


def test_serial_and_header_must_agree(account: Any, caller: Caller) -> None:
    error = caller.post("/payments/", _body(account), **{"Idempotency-Key": "other"}).json()["error"]
    assert error["code"] == "two_serials"


def test_above_the_limit_is_403(account: Any) -> None:
    caller = make_caller(*ALL, limit_fen=59_99)
    response = caller.post("/payments/", _body(account))
    assert response.status_code == 403
    assert "59.99" in response.json()["error"]["message"]
    assert not Payment.objects.exists()


def test_a_reversal_reopens_and_repeats_harmlessly(account: Any, caller: Caller) -> None:
    both = make_caller(*ALL, REVERSE)
    paid = both.post("/payments/", _body(account)).json()
    address = f"/payments/{paid['payment_no']}/reversal"
    assert caller.post(address, {"reason": "wrong account"}).status_code == 403
    first, again = (both.post(address, {"reason": "wrong account"}) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["amount"], first.json()["reverses"]) == ("-60.00", paid["payment_no"])
    assert both.get("/payments/due", account_no=account.account_no).json()["due"] == "80.00"
    assert [one["kind"] for one in both.get("/payments/", account_no=account.account_no).json()["items"]] == [
        "reversal", "payment",
    ]  # fmt: skip
    assert both.post(address, {"reason": ""}).status_code == 422


def test_a_reversal_above_the_limit_waits_for_a_person(account: Any) -> None:
    paid = make_caller(*ALL).post("/payments/", _body(account)).json()
    small = make_caller(REVERSE, limit_fen=10_00)
    response = small.post(f"/payments/{paid['payment_no']}/reversal", {"reason": "wrong account"})
    assert response.status_code == 202
    assert response.json()["approval"] == Approval.objects.get().pk
    assert Payment.objects.count() == 1


def test_payments_page_by_page(account: Any, caller: Caller) -> None:
    for number in range(3):
        caller.post("/payments/", _body(account, amount="1.00", serial=f"S{number}"))
    first = caller.get("/payments/", account_no=account.account_no, limit=2).json()
    second = caller.get("/payments/", account_no=account.account_no, limit=2, after=first["next"]).json()
    numbers = [one["payment_no"].rpartition("P")[2] for one in first["items"] + second["items"]]
    assert numbers == ["3", "2", "1"] and second["next"] is None


def test_no_such_payment(account: Any, caller: Caller) -> None:
    for number in (f"{account.account_no}-P9", "x", f"{account.account_no}-P99999999999"):
        assert caller.get(f"/payments/{number}").status_code == 404
