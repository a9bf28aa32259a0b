"""Readings over the API: one, many, again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.core.audit.models import Entry
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import local_today
from mainstay.kit.testing import count_queries
from tests.api.make import ALL, Caller, make_caller
from tests.gas.make import make_account, make_accounts, make_book, make_installation, make_reading, make_unit
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db
TAKEN = date(2026, 10, 25)


@pytest.fixture
def caller() -> Caller:
    return make_caller(*ALL)


def _body(account: Any, **facts: Any) -> dict[str, Any]:
    made = {"client_key": str(uuid4()), "account_no": account.account_no, "index_m3": "45.5", "taken_on": TAKEN}
    return {**made, **facts}


def _read_account(**facts: Any) -> Any:
    """An account read a month before, so that a usual index raises no doubt."""
    account = make_account(opened_on=date(2026, 8, 25), **facts)
    make_reading(account, 202609, volume_l=20_000, taken_on=date(2026, 9, 25))
    return account


def test_a_reading_is_recorded(caller: Caller) -> None:
    account = _read_account()
    response = caller.post("/readings/", _body(account))
    shown = response.json()
    assert response.status_code == 201
    assert (shown["index_m3"], shown["previous_index_m3"], shown["volume_m3"]) == ("45.5", "20", "25.5")
    assert (shown["period"], shown["source"], shown["state"]) == (202610, "remote", "accepted")
    assert Reading.objects.get(period=202610).index_l == 45_500
    assert Entry.objects.filter(action="gas.readings.record_reading", by=caller.user, outcome="done").count() == 1


def test_sent_again_it_is_recorded_once(caller: Caller) -> None:
    body = _body(_read_account())
    first, again = caller.post("/readings/", body), caller.post("/readings/", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = caller.post("/readings/", {**body, "index_m3": "46"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")
    same_with_another_key = caller.post("/readings/", {**body, "client_key": str(uuid4())})
    assert same_with_another_key.status_code == 200
    assert Reading.objects.filter(period=202610).count() == 1


def test_a_doubtful_reading_is_questioned(caller: Caller) -> None:
    shown = caller.post("/readings/", _body(_read_account(), index_m3="4000")).json()
    assert shown["state"] == "questioned" and shown["doubts"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"taken_on": lambda: local_today() + timedelta(days=2)}, "index"),
        ({"taken_on": date(2026, 9, 1), "period": 202610}, "index"),
        ({"index_m3": "100000"}, "index"),
        ({"index_m3": "-1"}, "index_m3"),
        ({"index_m3": 12}, "index_m3"),
        ({"taken_on": "1999-12-31"}, "taken_on"),
        ({"account_no": None}, "account_no"),
        ({"account_no": "nobody"}, "account_no"),
        ({"account_no": None, "meter_no": "nothing"}, "meter_no"),
    ],
)
def test_what_is_no_reading(caller: Caller, change: dict[str, Any], field: str) -> None:
    account = _read_account()
    change = {name: value() if callable(value) else value for name, value in change.items()}
    response = caller.post("/readings/", _body(account, **change))
    assert response.status_code in {404, 422}
    assert response.json()["error"]["field"] == field
    assert not Reading.objects.filter(client_key__isnull=False).exists()


def test_a_meter_by_its_number(caller: Caller) -> None:
    account = _read_account()
    second = make_installation(account)
    error = caller.post("/readings/", _body(account)).json()["error"]
    assert error["code"] == "several_meters"
    body = _body(account, meter_no=second.meter.meter_no)
    assert caller.post("/readings/", body).json()["meter_no"] == second.meter.meter_no
    other = _body(make_account(), meter_no=second.meter.meter_no)
    assert caller.post("/readings/", other).status_code == 404


def test_a_list_gets_an_answer_for_each_row() -> None:
    unit = make_unit()
    mine, other = _read_account(unit=unit), _read_account()
    caller = make_caller(*ALL, unit=unit)
    good = _body(mine)
    rows = [good, _body(mine, taken_on=date(2026, 9, 1), period=202610), _body(other), good, {**good, "index_m3": "9"}]
    shown = caller.post("/readings/list", rows).json()["items"]
    assert [one["outcome"] for one in shown] == ["new", "refused", "refused", "already", "refused"]
    assert [one["error"]["code"] for one in shown if one["error"]] == ["refused", "not_found", "key_used"]
    assert [one["client_key"] for one in shown] == [row["client_key"] for row in rows]
    assert Reading.objects.filter(client_key__isnull=False).count() == 1
    again = caller.post("/readings/list", [good]).json()["items"]
    assert again[0]["outcome"] == "already" and again[0]["reading"] == shown[0]["reading"]


def test_a_list_costs_no_more_queries_for_more_rows(caller: Caller) -> None:
    book = make_book()
    few, many = [_read_account(book=book) for _one in range(2)], [_read_account(book=book) for _one in range(8)]
    with CaptureQueriesContext(connection) as captured:
        assert caller.post("/readings/list", [_body(one) for one in few]).status_code == 200
    with count_queries(len(captured)):
        shown = caller.post("/readings/list", [_body(one) for one in many]).json()["items"]
    assert {one["outcome"] for one in shown} == {"new"}
    acts = Entry.objects.filter(action="gas.readings.record_readings").order_by("id")
    assert [one.after["new"] for one in acts] == [2, 8]


def test_a_meter_may_come_several_times(caller: Caller) -> None:
    account = _read_account()
    rows = [
        _body(account),
        _body(account, index_m3="60", taken_on=date(2026, 11, 20)),
        _body(account, index_m3="46", taken_on=date(2026, 10, 26)),
    ]
    shown = caller.post("/readings/list", rows).json()["items"]
    assert [one["outcome"] for one in shown] == ["new", "new", "new"]
    assert [one["reading"]["period"] for one in shown] == [202610, 202611, 202610]
    assert [one["reading"]["state"] for one in shown] == ["accepted", "accepted", "questioned"]
    assert shown[1]["reading"]["previous_index_m3"] == "45.5"


def test_one_row_that_stops_a_set_does_not_stop_the_others(caller: Caller) -> None:
    book = make_book()
    good, billed = _read_account(book=book), _read_account(book=book)
    make_reading(billed, 202611, volume_l=30_000, taken_on=date(2026, 11, 20))
    make_bill(billed, 202611, 10_00)
    shown = caller.post("/readings/list", [_body(billed), _body(good)]).json()["items"]
    assert [one["outcome"] for one in shown] == ["refused", "new"]
    assert shown[0]["error"]["code"] == "later_billed"


def test_a_list_without_the_right_is_403() -> None:
    account = _read_account()
    caller = make_caller("gas.customers.view_account")
    assert caller.post("/readings/list", [_body(account)]).status_code == 403
    assert caller.post("/readings/list", [_body(account, account_no="nobody")]).status_code == 403


def test_a_list_has_bounds(caller: Caller) -> None:
    account = make_account()
    assert caller.post("/readings/list", []).json()["error"]["message"] == "Send at least one row."
    assert caller.post("/readings/list", [_body(account)] * 501).status_code == 422


def test_readings_of_an_account_and_of_a_book(caller: Caller) -> None:
    book = make_book()
    accounts = make_accounts(3, book=book)
    for account in accounts:
        for period in (202608, 202609, 202610):
            make_reading(account, period)
    number = accounts[0].account_no
    first = caller.get("/readings/", account_no=number, limit=2).json()
    second = caller.get("/readings/", account_no=number, limit=2, after=first["next"]).json()
    assert [one["period"] for one in first["items"] + second["items"]] == [202610, 202609, 202608]
    assert second["next"] is None
    first = caller.get("/readings/", book=book.code, period=202609, limit=2).json()
    second = caller.get("/readings/", book=book.code, period=202609, limit=2, after=first["next"]).json()
    shown = [one["account_no"] for one in first["items"] + second["items"]]
    assert shown == sorted(one.account_no for one in accounts)
    assert second["next"] is None
