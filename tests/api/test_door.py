"""Who gets in, what errors look like, and that bad input never breaks anything."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from mainstay.core.access.models import User
from mainstay.core.access.tokens import user_of
from mainstay.core.audit.models import Entry
from mainstay.core.door.rights import rights_of
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.testing import count_queries
from tests.api.make import ALL, Caller, make_caller, make_token
from tests.core.make import grant, hold, make_person, make_post, make_role, make_user
from tests.gas.make import make_account, make_unit

pytestmark = pytest.mark.django_db
VIEW = "gas.customers.view_account"


def test_no_token_is_401_in_the_readers_language() -> None:
    english = Client().get("/api/v1/accounts/", headers={"Accept-Language": "en"})
    chinese = Client().get("/api/v1/accounts/", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    assert english.status_code == chinese.status_code == 401
    assert english["WWW-Authenticate"] == "Bearer"
    assert english.json()["error"]["code"] == "no_token"
    assert "Send a valid token" in english.json()["error"]["message"]
    assert "令牌" in chinese.json()["error"]["message"]


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer mst_", "Bearer mst_wrong", "Basic bXN0Og==", "\xff"]
)
def test_a_wrong_header_is_401(header: str) -> None:
    response = Client().get("/api/v1/accounts/", headers={"Authorization": header})
    assert response.status_code == 401


def test_revoked_expired_and_locked_are_401() -> None:
    user = make_caller(VIEW).user
    assert user is not None
    yesterday, tomorrow = local_today() - timedelta(days=1), local_today() + timedelta(days=1)
    assert Caller(make_token(user, revoked=True)).get("/accounts/").status_code == 401
    assert Caller(make_token(user, expires_on=yesterday)).get("/accounts/").status_code == 401
    valid = Caller(make_token(user, expires_on=tomorrow))
    assert valid.get("/accounts/").status_code == 200
    user.is_active = False
    user.save()
    assert valid.get("/accounts/").status_code == 401


def test_a_session_is_no_token() -> None:
    client = Client()
    client.force_login(make_user(rights={VIEW: ("all", None)}))
    assert client.get("/api/v1/accounts/").status_code == 401


def test_without_the_right_403() -> None:
    make_account()
    caller = make_caller("gas.billing.view_bill")
    error = caller.get("/accounts/").json()["error"]
    assert error["code"] == "refused" and error["right"] == VIEW
    for address in ("/accounts/", "/payments/due?account_no=1", "/readings/?account_no=1", "/payments/1-P1"):
        assert caller.get(address).status_code == 403


def test_a_refused_act_is_on_record() -> None:
    account = make_account()
    caller = make_caller(VIEW)
    body = {"account_no": account.account_no, "amount": "10.00", "tender": "qr", "serial": "s1"}
    assert caller.post("/payments/", body).status_code == 403
    reading = {"client_key": "7e6a2c1e-0d5c-4b7e-9d53-1f4f4a1f9f00", "account_no": account.account_no,
               "index_m3": "12", "taken_on": local_today()}  # fmt: skip
    assert caller.post("/readings/", reading).status_code == 403
    rows = Entry.objects.filter(by=caller.user, outcome="refused").values_list("action", flat=True)
    assert set(rows) == {"gas.payments.take_payment", "gas.readings.record_reading"}


def test_another_branch_is_404() -> None:
    mine, other = make_unit(), make_unit("城西营业所")
    make_account(unit=mine)
    hidden = make_account(unit=other)
    caller = make_caller(*ALL, unit=mine)
    number = hidden.account_no
    for address in (
        f"/accounts/{number}", f"/readings/?account_no={number}", f"/bills/?account_no={number}",
        f"/bills/{number}-202610-0", f"/payments/?account_no={number}", f"/payments/due?account_no={number}",
        f"/payments/{number}-P1", f"/readings/?book={hidden.book_entry.book.code}&period=202610",
        f"/bills/?book={hidden.book_entry.book.code}&period=202610",
    ):  # fmt: skip
        response = caller.get(address)
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found"), address
    body = {"account_no": number, "amount": "10.00", "tender": "qr", "serial": "s1"}
    assert caller.post("/payments/", body).status_code == 404
    reading = {"client_key": "7e6a2c1e-0d5c-4b7e-9d53-1f4f4a1f9f01", "account_no": number, "index_m3": "12",
               "taken_on": local_today()}  # fmt: skip
    assert caller.post("/readings/", reading).status_code == 404
    assert Entry.objects.filter(by=caller.user, outcome="refused").count() == 2
    assert [one["account_no"] for one in caller.get("/accounts/").json()["items"]] != [number]


BAD_BODIES = [
    "", "{", "[]", "null", "1", '"x"', "{}", "[" * 5_000, '{"account_no": ' + "9" * 5_000 + "}", b"\xff\xfe\x00",
    '{"account_no": "\\u0000", "amount": "1", "tender": "qr", "serial": "1"}',
    '{"account_no": "\\ud800", "amount": "1", "tender": "qr", "serial": "1"}',
    '{"account_no": "1", "amount": 1.5, "tender": "qr", "serial": "1"}',
    '{"account_no": "1", "amount": "1e5", "tender": "qr", "serial": "1"}',
    '{"account_no": "1", "amount": "-5", "tender": "qr", "serial": "1"}',
    '{"account_no": "1", "amount": "٣", "tender": "qr", "serial": "1"}',
    '{"account_no": "1", "amount": "0", "tender": "cash", "serial": "1"}',
    '{"account_no": "1", "amount": "1", "tender": "qr", "serial": "1", "business_on": "0001-01-01"}',
    '{"account_no": "1", "amount": "1", "tender": "qr", "serial": "1", "surprise": true}',
    '{"account_no": "1", "amount": "1", "tender": "qr", "serial": "' + "x" * 65 + '"}',
    '{"account_no": {"a": 1}, "amount": [], "tender": null, "serial": NaN}',
]  # fmt: skip


@pytest.mark.parametrize("address", ["/payments/", "/readings/", "/readings/list"])
def test_bad_bodies_are_refused(address: str) -> None:
    caller = make_caller(*ALL)
    for body in BAD_BODIES:
        response = caller.post(address, body)
        assert 400 <= response.status_code < 500, body
        assert response.json()["error"]["message"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "x"}, {"limit": "99999999999999999999"}, {"after": "%00"}, {"after": "\x00"},
        {"search": "\x00"}, {"search": "x" * 61}, {"search": "\udcff".encode("utf-8", "surrogateescape")},
    ],
)  # fmt: skip
def test_bad_queries_are_refused(query: dict[str, Any]) -> None:
    response = make_caller(VIEW).get("/accounts/", **query)
    assert response.status_code in {200, 422}


def test_a_huge_body_is_413() -> None:
    body = '{"note": "' + "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1) + '"}'
    response = make_caller(*ALL).post("/readings/", body)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_big"


def test_wrong_address_method_and_host() -> None:
    caller = make_caller(VIEW)
    assert caller.get("/nothing/").json()["error"]["code"] == "not_found"
    assert caller.get("/").status_code == 404
    response = caller.client.delete("/api/v1/accounts/", headers=caller.headers)
    assert response.status_code == 405 and "GET" in response["Allow"]
    assert response.json()["error"]["code"] == "wrong_method"
    assert caller.client.get("/api/v1/accounts/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_fields_are_named_with_what_to_do() -> None:
    caller = make_caller(*ALL, language="zh-CN")
    body = {"account_no": "1", "amount": 5, "tender": "gold", "extra": 1}
    error = caller.post("/payments/", body).json()["error"]
    told = {one["field"]: one["message"] for one in error["fields"]}
    assert set(told) == {"amount", "tender", "extra"}
    assert "card" in told["tender"] and all(any("\u4e00" <= c <= "\u9fff" for c in text) for text in told.values())
    assert error["code"] == "invalid" and error["request_id"]


def test_a_list_names_the_row() -> None:
    row = {"client_key": "no-uuid", "index_m3": "1", "taken_on": "2026-10-01", "account_no": "1"}
    error = make_caller(*ALL).post("/readings/list", [row]).json()["error"]
    assert error["field"] == "0.client_key" and error["message"] == "This must be a UUID."


def test_answers_are_not_kept_and_carry_no_session() -> None:
    response = make_caller(VIEW).get("/accounts/")
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response and "sessionid" not in response.cookies
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert response["X-Request-ID"]


def test_the_door_costs_few_queries() -> None:
    account = make_account()
    caller = make_caller(VIEW)
    with count_queries(3):  # token, its rights, the account
        assert caller.get(f"/accounts/{account.account_no}").status_code == 200


def test_a_token_brings_the_rights_of_its_user() -> None:
    """Read in one journey, they are the same as for anybody else: through posts, until a day, not after leaving."""
    today, unit = local_today(), make_unit()
    person = make_person()
    hold(person, post := make_post(unit))
    past = make_post(unit)
    hold(person, past, until_on=today - timedelta(days=1))
    user = make_user(rights={VIEW: ("unit", None)}, unit=unit, kind="service", person=person)
    grant(make_role({"gas.a.b": ("subtree", 5_00), "gas.a.c": ("all", None)}), unit, post=post)
    grant(make_role({"gas.a.b": ("own", None)}), make_unit(), user=user, until_on=today)
    grant(make_role({"gas.past.a": ("all", None)}), unit, post=past)
    grant(make_role({"gas.past.b": ("all", None)}), unit, user=user, until_on=today - timedelta(days=1))
    grant(make_role({"gas.later.a": ("all", None)}), unit, user=user, from_on=today + timedelta(days=1))
    token = make_token(user)

    def by_token() -> dict[str, Any]:
        found = user_of(f"Bearer {token}")
        assert found is not None and found == user
        return {name: sorted(map(str, held)) for name, held in rights_of(found).items()}

    def by_user() -> dict[str, Any]:
        fresh = User.objects.get(pk=user.pk)
        return {name: sorted(map(str, held)) for name, held in rights_of(fresh).items()}

    assert by_token() == by_user()
    assert set(by_token()) == {VIEW, "gas.a.b", "gas.a.c"}
    person.left_on = today
    person.save()
    assert by_token() == by_user() == {}


def test_a_misspelt_filter_is_refused_instead_of_giving_everything() -> None:
    make_account()
    caller = make_caller(VIEW)
    answer = caller.get("/accounts/", serach="Zhang", colour="red", limit=5)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["error"]["fields"]] == ["colour", "serach"]
    assert caller.get("/accounts/", search="Zhang", limit=5).status_code == 200
    assert Client().get("/api/v1/accounts/?serach=Zhang").status_code == 401


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_field_given_twice_is_refused(language: str) -> None:
    account = make_account()
    caller = make_caller("gas.payments.take_payment", language=language)
    body = (
        f'{{"account_no": "{account.account_no}", "amount": "1.00", "amount": "2.00", "tender": "qr", "serial": "s"}}'
    )
    answer = caller.post("/payments/", body)
    assert answer.status_code == 400
    assert "amount" in answer.json()["error"]["message"]
    assert not Payment.objects.exists()


def test_a_request_without_a_body_hears_so() -> None:
    error = make_caller("gas.payments.take_payment").post("/payments/", "").json()["error"]
    assert "no body" in error["message"]
