"""Targets and actual values over the API."""

from __future__ import annotations

import pytest

from mainstay.performance.plans.queries import VIEW
from tests.api.make import Caller, make_caller
from tests.core.make import make_unit
from tests.performance.make import make_contract, make_signed

pytestmark = pytest.mark.django_db
REPORT = "performance.tracking.report_actual"


def an_address(caller: Caller, contract_no: str) -> str:
    [first, _second] = caller.get("/targets/", contract=contract_no).json()["items"]
    return f"/targets/{contract_no}/{first['indicator']}/actuals"


def test_a_value_is_reported_once_whatever_is_sent_again() -> None:
    unit = make_unit()
    contract, caller = make_signed(unit=unit), make_caller(VIEW, REPORT, unit=unit)
    address = an_address(caller, contract.number)
    body = {"period": "2026Q1", "value": "96.5", "note": "系统报送"}
    first, again = caller.post(address, body), caller.post(address, body)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    assert first.json() | {"reported_at": ""} == {
        "contract_no": contract.number, "indicator": first.json()["indicator"], "period": "2026Q1", "value": "96.5",
        "state": "reported", "note": "系统报送", "dispute": "", "replaces": False, "reported_at": "",
    }  # fmt: skip
    other = caller.post(address, {**body, "value": "97"})
    assert other.status_code == 409 and "dispute it first" in other.json()["error"]["message"]
    assert contract.targets.first().actuals.count() == 1
    assert [one["value"] for one in caller.get(address).json()] == ["96.5"]
    [shown, _second] = caller.get("/targets/", contract=contract.number).json()["items"]
    assert (shown["reached"], shown["attained"], shown["points"], shown["weight"]) == ("96.5", "96.5", "96.5", "60")


def test_what_is_refused() -> None:
    unit = make_unit()
    caller, draft = make_caller(VIEW, REPORT, unit=unit), make_contract(unit=unit)
    address = an_address(caller, draft.number)
    unsigned = caller.post(address, {"period": "2026", "value": "1"})
    assert (unsigned.status_code, unsigned.json()["error"]["code"]) == (422, "not_in_force")
    nowhere = caller.post(address, {"period": "2031M99", "value": "1"})
    assert (nowhere.status_code, nowhere.json()["error"]["field"]) == (422, "period")
    assert caller.post(address, {"period": "2026", "value": "1e9"}).status_code == 422
    assert caller.get(f"/targets/{draft.number}/NONE/actuals").status_code == 404
    elsewhere = make_caller(VIEW, REPORT, unit=make_unit())
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.get("/targets/").json() == {"items": [], "next": None}
    reader = make_caller(VIEW, unit=unit)
    assert reader.post(address, {"period": "2026", "value": "1"}).status_code == 403
    assert make_caller(unit=unit).get("/targets/").status_code == 403


def test_pages_of_targets() -> None:
    unit = make_unit()
    numbers = [make_signed(unit=unit).number for _each in range(2)]
    caller = make_caller(VIEW, unit=unit)
    first = caller.get("/targets/", limit=3).json()
    rest = caller.get("/targets/", limit=3, after=first["next"]).json()
    assert [one["contract_no"] for one in first["items"] + rest["items"]] == [numbers[0]] * 2 + [numbers[1]] * 2
    assert rest["next"] is None
