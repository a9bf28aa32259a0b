"""Inspections over the API: campaigns with coverage, tasks, records that arrive once, hazards and notices."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mainstay.inspection.campaigns.models import Inspection
from tests.api.make import Caller, make_caller
from tests.inspection.hazards.make import noticed
from tests.inspection.make import PICTURE, RECORD, Joint, body_for, joint, sha

pytestmark = pytest.mark.django_db
READS = ("inspection.campaigns.view_campaign", "inspection.hazards.view_hazard")
SENDS = (*READS, RECORD, "inspection.campaigns.store_photo", "inspection.programs.send_records")


def _sent(caller: Caller, body: dict[str, Any]) -> Any:
    return caller.post("/inspections/records/", body)


def _photo(caller: Caller, key: str, data: bytes) -> Any:
    address = f"/api/v1/inspections/records/{key}/photos/{sha(PICTURE)}"
    return caller.client.post(address, {"file": SimpleUploadedFile("a.jpg", data)}, headers=caller.headers)


def _setting() -> tuple[Joint, Caller]:
    one = joint()
    return one, make_caller(*SENDS, unit=one.bureau)


def test_a_campaign_tells_its_coverage_and_its_tasks_page_by_page() -> None:
    one, caller = _setting()
    joint()  # of another bureau
    assert [row["code"] for row in caller.get("/inspections/campaigns/").json()["items"]] == [one.campaign.code]
    shown = caller.get(f"/inspections/campaigns/{one.campaign.code}").json()
    assert (shown["state"], shown["coverage"]["total"], shown["coverage"]["open"]) == ("active", 3, 3)
    asked = {"campaign": one.campaign.code, "limit": 2}
    first = caller.get("/inspections/tasks/", **asked).json()
    second = caller.get("/inspections/tasks/", **asked, after=first["next"]).json()
    assert [row["id"] for row in first["items"] + second["items"]] == [row.pk for row in one.assignments]
    assert second["next"] is None
    assert caller.get("/inspections/tasks/", campaign="none").status_code == 404


def test_a_record_arrives_once_with_its_photos() -> None:
    one, caller = _setting()
    body = body_for(one.assignments[0])
    first = _sent(caller, body)
    assert (first.status_code, first.json()["missing"]) == (201, [sha(PICTURE)])
    assert (_sent(caller, body).status_code, Inspection.objects.count()) == (200, 1)
    other = _sent(caller, {**body, "note": "另一份"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")
    late = _sent(caller, body_for(one.assignments[0]))
    assert (late.status_code, late.json()["error"]["code"]) == (409, "changed")
    assert _photo(caller, body["id"], PICTURE + b"!").json()["error"]["code"] == "bad_hash"
    assert _photo(caller, body["id"], PICTURE).json()["complete"]
    assert _photo(caller, body["id"], PICTURE).json()["complete"]
    found = caller.get(f"/inspections/records/{body['id']}").json()
    assert (found["complete"], found["outcome"], found["task"]) == (True, "done", one.assignments[0].pk)


def test_a_record_that_lacks_something_is_refused_and_nothing_is_stored() -> None:
    one, caller = _setting()
    answer = _sent(caller, {**body_for(one.assignments[0]), "signatures": []})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "few_inspectors")
    assert _sent(caller, {"id": 1}).status_code == 422
    assert Inspection.objects.count() == 0


def test_a_program_without_the_right_to_send_for_groups_is_refused() -> None:
    one, _caller = _setting()
    weaker = make_caller(*SENDS[:-1], unit=one.bureau)
    assert _sent(weaker, body_for(one.assignments[0])).status_code == 403
    elsewhere = make_caller(*SENDS, unit=joint().bureau)
    assert _sent(elsewhere, body_for(one.assignments[0])).status_code == 404
    assert Inspection.objects.count() == 0


def test_hazards_and_notices_of_a_campaign() -> None:
    one, caller = _setting()
    hazard = noticed(one)
    shown = caller.get("/hazards/", campaign=one.campaign.code).json()["items"]
    number = hazard.notices.get().number
    assert [(row["id"], row["item"], row["state"], row["notices"]) for row in shown] == [
        (hazard.pk, "K1.1", "noticed", [number])
    ]
    assert caller.get("/hazards/", state="closed").json()["items"] == []
    notices = caller.get("/hazards/notices/").json()["items"]
    assert [(row["number"], row["hazards"]) for row in notices] == [(number, [hazard.pk])]
    assert make_caller(READS[0], unit=one.bureau).get("/hazards/").status_code == 403
