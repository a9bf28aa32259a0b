"""Performance contracts over the API: drafted with their targets, offered; signing stays with people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mainstay.performance.plans.actions import sign_contract
from mainstay.performance.plans.models import Contract
from mainstay.performance.plans.queries import VIEW
from tests.api.make import Caller, make_caller
from tests.core.make import make_unit
from tests.performance.make import make_employee, make_indicator, make_year

pytestmark = pytest.mark.django_db
WRITES = [f"performance.plans.{name}" for name in ("create_contract", "edit_contract", "offer_contract")]


def put(caller: Caller, address: str, body: dict[str, Any]) -> Any:
    kind = "application/json"
    return caller.client.put(f"/api/v1{address}", json.dumps(body), content_type=kind, headers=caller.headers)


def a_draft(unit: Any) -> dict[str, Any]:
    make_year()
    boss, worker = make_employee(unit, "经理"), make_employee(unit, "员工")
    rates = [make_indicator(), make_indicator()]
    weights = ("60", "39.5")
    targets = [
        {"indicator": rate.code, "weight": weight, "target": "96.5"}
        for rate, weight in zip(rates, weights, strict=True)
    ]
    parties = {"party_a": boss.person.staff_no, "person": worker.person.staff_no}
    return {"period": "2026", "unit": unit.code, **parties, "targets": targets}


def test_a_contract_is_drafted_completed_and_offered() -> None:
    unit = make_unit()
    caller, body = make_caller(VIEW, *WRITES, unit=unit), a_draft(unit)
    made = caller.post("/performance-contracts/", body)
    assert made.status_code == 201 and made.json()["state"] == "draft"
    assert [one["weight"] for one in made.json()["targets"]] == ["60", "39.5"]
    address = f"/performance-contracts/{made.json()['number']}"
    short = caller.post(f"{address}/offer", {})
    assert short.status_code == 422 and "99.5 %" in short.json()["error"]["message"]
    second = body["targets"][1]["indicator"]
    changed = put(caller, f"{address}/targets/{second}", {"weight": "40", "target": "97"})
    assert changed.json()["targets"][1] | {"indicator": ""} == {
        "indicator": "", "weight": "40", "threshold": None, "target": "97", "challenge": None,
    }  # fmt: skip
    offered = [caller.post(f"{address}/offer", {}).json() for _twice in range(2)]
    assert offered[0] == offered[1] == caller.get(address).json() and offered[0]["state"] == "negotiating"
    contract = Contract.objects.get(number=made.json()["number"])
    for side in (contract.party_a, contract.person):
        sign_contract(contract=contract, by=side.user)
    assert caller.get(address).json()["signed_at"]
    frozen = put(caller, f"{address}/targets/{second}", {"weight": "40", "target": "98"})
    assert frozen.status_code in {409, 422} and contract.targets.last().target_e4 == 970_000


def test_a_contract_is_drafted_wholly_or_not_at_all() -> None:
    unit = make_unit()
    caller, body = make_caller(VIEW, *WRITES, unit=unit), a_draft(unit)
    body["targets"][1]["indicator"] = "NONE"
    refused = caller.post("/performance-contracts/", body)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "indicator")
    assert not Contract.objects.exists()
    chinese = make_caller(VIEW, *WRITES, unit=unit, language="zh-hans")
    nobody = chinese.post("/performance-contracts/", {**body, "person": "NOBODY"}).json()["error"]
    assert nobody["field"] == "person" and "没有" in nobody["message"]
    body["targets"] = []
    first, again = (caller.post("/performance-contracts/", body) for _twice in range(2))
    assert first.status_code == 201 and first.json()["number"] in again.json()["error"]["message"]
    reader = make_caller(VIEW, unit=unit)
    assert reader.post("/performance-contracts/", {**body, "person": body["party_a"]}).status_code in {403, 422}
    elsewhere = make_caller(VIEW, *WRITES, unit=make_unit())
    address = f"/performance-contracts/{first.json()['number']}"
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.post("/performance-contracts/", body).status_code == 403
    assert make_caller(unit=unit).get(address).status_code == 403
