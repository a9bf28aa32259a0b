"""Payments over HTTP with a token."""

from __future__ import annotations

import pytest

from mainstay.core.access.models import ApiToken
from mainstay.core.access.tokens import digest_of, new_token
from mainstay.gas.payments.models import Payment
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_bill, open_fen

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments/"


@pytest.fixture
def api(client):
    user = make_user("gas.payments.take_payment", "gas.payments.view_payment", "gas.payments.reverse_payment")
    return caller(client, user)


def caller(client, user):
    token = new_token()
    ApiToken.objects.create(user=user, name="test", digest=digest_of(token))

    def call(url: str, body=None, **headers: str):
        sent = {"authorization": f"Bearer {token}", **headers}
        if body is None:
            return client.get(url, headers=sent)
        return client.post(url, body, content_type="application/json", headers=sent)

    return call


def test_a_retry_is_harmless(api) -> None:
    account = make_account()
    make_bill(account, 202610, 5_220)
    body = {"account_no": account.account_no, "amount": "60.00", "tender": "qr"}
    first = api(URL, body, **{"idempotency-key": "k1"})
    assert first.status_code == 200, first.content
    assert first.json() == api(URL, body, **{"idempotency-key": "k1"}).json()
    assert (first.json()["amount"], first.json()["to_advance"]) == ("60.00", "7.80")
    other = api(URL, {**body, "amount": "61.00"}, **{"idempotency-key": "k1"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "serial_used")
    assert Payment.objects.count() == 1
    assert len(api(f"{URL}{account.account_no}/").json()) == 1


def test_reversal_twice_is_one(api) -> None:
    account = make_account()
    make_bill(account, 202610, 5_220)
    number = api(URL, {"account_no": account.account_no, "amount": "52.20", "serial": "s"}).json()["number"]
    answers = [api(f"{URL}{account.account_no}/{number}/reversal/", {"reason": "错账"}).json() for _time in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["reverses"] == number
    assert open_fen(account) == {(202610, 0): 5_220}


def test_what_is_refused(api, client) -> None:
    account = make_account()
    body = {"account_no": account.account_no, "amount": "1.00", "serial": "s"}
    assert client.post(URL, body, content_type="application/json").status_code == 401
    assert api(URL, {**body, "amount": "1.005"}).status_code == 422
    assert api(URL, {**body, "serial": ""}).status_code == 422
    assert api(URL, {**body, "tender": "gold"}).status_code == 422
    assert api(URL, {**body, "bills": ["nonsense"]}).status_code == 422
    assert api(URL, {**body, "account_no": "none"}).status_code == 404
    elsewhere = make_user("gas.payments.take_payment", unit=make_unit("城西"), scope="unit")
    assert caller(client, elsewhere)(URL, body).status_code == 404
    assert not Payment.objects.exists()
