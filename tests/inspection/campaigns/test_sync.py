"""What phones send arrives once: the protocol over HTTP, with repeats, changes, damage and two phones."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.todos.models import Todo
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Answer, Assignment, Inspection, NumberBlock, Photo
from mainstay.kit.errors import Problem
from tests.core.make import make_user
from tests.inspection.make import PICTURE, RECORD, Joint, body_for, failing, joint, person_in, sha
from tests.pages.battery import signed_in

pytestmark = pytest.mark.django_db


def _send(client: Client, body: dict[str, Any]) -> Any:
    return client.post(reverse("campaigns:phone_records"), json.dumps(body), "application/json")


def _photo(client: Client, key: str, digest: str, data: bytes = PICTURE) -> Any:
    address = reverse("campaigns:phone_photo", args=[key, digest])
    return client.post(address, {"file": SimpleUploadedFile("a.jpg", data, "image/jpeg")})


def test_a_record_arrives_once_however_often_it_is_sent() -> None:
    one = joint()
    phone, body = signed_in(one.member), body_for(one.assignments[0])
    first = _send(phone, body)
    assert first.status_code == 201
    assert first.json()["missing"] == [sha(PICTURE)] and not first.json()["complete"]
    again = _send(phone, body)
    assert (again.status_code, again.json()["known"], again.json()["revision"]) == (200, True, 1)
    other = _send(phone, {**body, "note": "另一份"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_used")
    assert Inspection.objects.count() == 1
    assert Answer.objects.count() == 4
    assert one.assignments[0].state == "done"


def test_photos_come_one_by_one_and_the_server_says_which_are_missing() -> None:
    one = joint()
    phone = signed_in(one.member)
    second, signature = PICTURE + b"2", PICTURE + b"signed"
    body = body_for(one.assignments[0])
    body["photos"].append({"hash": sha(second), "item": "K1.2"})
    body["signatures"][0]["hash"] = sha(signature)
    assert set(_send(phone, body).json()["missing"]) == {sha(PICTURE), sha(second), sha(signature)}
    damaged = _photo(phone, body["id"], sha(PICTURE), PICTURE + b"!")
    assert (damaged.status_code, damaged.json()["error"]["code"]) == (422, "bad_hash")
    assert sha(PICTURE) in phone.get(reverse("campaigns:phone_record", args=[body["id"]])).json()["missing"]
    assert not _photo(phone, body["id"], sha(PICTURE)).json()["complete"]
    assert _photo(phone, body["id"], sha(PICTURE)).status_code == 200  # sent again: accepted again
    assert _photo(phone, body["id"], sha(b"unknown"), b"unknown").status_code == 404
    _photo(phone, body["id"], sha(second), second)
    last = _photo(phone, body["id"], sha(signature), signature)
    assert last.json() == {"missing": [], "complete": True}
    assert Photo.objects.filter(is_signature=True).count() == 1
    assert Photo.objects.filter(attachment=None).count() == 0


def test_a_later_edit_is_a_new_edition_and_keeps_its_photos() -> None:
    one = joint()
    phone, body = signed_in(one.member), body_for(one.assignments[0])
    _send(phone, body)
    _photo(phone, body["id"], sha(PICTURE))
    edit = failing(one.assignments[0], record=body["record"])
    answer = _send(phone, edit)
    assert (answer.status_code, answer.json()["edition"], answer.json()["missing"]) == (201, 2, [])
    old, new = Inspection.objects.order_by("edition")
    assert (old.state, old.current, new.current, new.failed) == ("superseded", False, True, 1)
    assert one.assignments[0].visits == 1


def test_two_phones_at_one_target_the_second_is_shown_the_difference() -> None:
    one = joint()
    first, second = body_for(one.assignments[0]), failing(one.assignments[0], note="我的意见")
    assert _send(signed_in(one.leader), first).status_code == 201
    phone = signed_in(one.member)
    told = _send(phone, second)
    assert told.status_code == 409
    error = told.json()["error"]
    assert (error["code"], error["revision"], error["by"]) == ("changed", 1, "组长甲")
    assert {line["item"] for line in error["differences"]} == {"note", "K1.1"}
    assert Inspection.objects.count() == 1
    decided = {**second, "id": str(uuid.uuid4()), "record": error["current"]["record"], "base": error["revision"]}
    assert _send(phone, decided).json()["edition"] == 2
    # A record of its own beside the one that stands is shown the difference too, whatever revision it names.
    beside = body_for(one.assignments[0])
    assert _send(phone, beside).json()["error"]["code"] == "changed"
    assert Inspection.objects.filter(current=True).count() == 1


def test_an_exemption_proposed_from_the_phone_waits_for_those_who_may_ask_for_it() -> None:
    one = joint()
    body = body_for(one.assignments[0], outcome="partial", signatures=[], photos=[], exemption="库已撤并")
    body["answers"] = {}
    phone = signed_in(one.member)
    assert _send(phone, body).status_code == 201
    assert _send(phone, body).json()["known"]
    todo = Todo.objects.get(kind="exemption", done_at=None)
    assert "库已撤并" in todo.title_zh and todo.unit_id == one.bureau.pk
    organiser = person_in(one.bureau, "组织者", {"inspection.campaigns.exempt_assignment": ("subtree", None)})
    page = signed_in(organiser, "zh-hans").get(todo.url)
    assert page.context["form"].initial["reason"] == "库已撤并"
    assert one.assignments[0].state == "visited"  # a proposal takes nothing off the list


def test_nobody_home_first_then_done() -> None:
    one = joint()
    phone = signed_in(one.member)
    nobody = body_for(one.assignments[0], outcome="nobody_home", signatures=[], photos=[])
    nobody["answers"] = {}
    assert _send(phone, nobody).status_code == 201
    first = one.assignments[0]
    assert (first.state, first.reached_on) == ("unreachable", None)
    assert _send(phone, body_for(first)).status_code == 201
    again = one.assignments[0]
    assert (again.state, again.visits) == ("done", 2)
    assert Inspection.objects.filter(current=True).count() == 2  # both visits stay in the history


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": {"K1.1": {}}}, "unanswered"),
        ({"answers": {"K1.1": {"result": "fail"}}}, "no_finding"),
        ({"answers": {"X9": {"result": "pass"}}}, "unknown_item"),
        ({"photos": []}, "no_photo"),
        ({"signatures": []}, "few_inspectors"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_stored(change: dict[str, Any], code: str) -> None:
    one = joint()
    answer = _send(signed_in(one.member, "zh-hans"), body_for(one.assignments[0], **change))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert Inspection.objects.count() == 0


@pytest.mark.parametrize(
    "broken",
    [b"", b"{", b"[]", b'{"id": 1}', b"\xff\xfe"],
)
def test_bodies_that_are_none_are_refused_in_words(broken: bytes) -> None:
    one = joint()
    phone = signed_in(one.member, "zh-hans")
    answer = phone.post(reverse("campaigns:phone_records"), broken, "application/json")
    assert answer.status_code == 422
    assert "没有保存" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "eaten"},
        {"base": -1},
        {"more": 1},
        {"note": "a\x00b"},
        {"photos": [{"hash": "x"}]},
        {"assignment": 2**70},
    ],
)
def test_shapes_are_checked(change: dict[str, Any]) -> None:
    one = joint()
    answer = _send(signed_in(one.member), body_for(one.assignments[0]) | change)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_who_is_not_in_the_group_is_refused_on_record() -> None:
    one = joint()
    stranger = person_in(one.bank, "外人", {RECORD: ("all", None)})
    answer = _send(signed_in(stranger), body_for(one.assignments[0]))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")
    assert Entry.objects.filter(action=RECORD, outcome="refused", by=stranger).count() == 1


def test_strangers_and_people_without_the_right_get_json() -> None:
    assert Client().get(reverse("campaigns:phone_packet")).json()["error"]["code"] == "signed_out"
    user = make_user(rights={"core.nothing": ("all", None)})
    answer = signed_in(user).get(reverse("campaigns:phone_packet"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "refused")


def _packet(user: User, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = signed_in(user).get(reverse("campaigns:phone_packet"), query).json()
    return found


def test_the_packet_holds_ones_own_targets_and_all_that_is_needed() -> None:
    mine, other = joint(), joint()
    actions.record_inspection(assignment=mine.assignments[0], body=failing(mine.assignments[0]), by=mine.leader)
    found = _packet(mine.member, device="phone-1")
    assert {one["id"] for one in found["assignments"]} == {one.pk for one in mine.assignments}
    assert not {one["id"] for one in found["assignments"]} & {one.pk for one in other.assignments}
    campaign = found["campaigns"][0]
    assert campaign["basis_number"] == "邮安〔2026〕18号" and len(campaign["organisers"]) == 2
    items = [item for section in campaign["checklists"][0]["sections"] for item in section["items"]]
    assert [item["code"] for item in items] == ["K1.1", "K1.2", "K2.1", "K2.2"]
    assert items[2]["min"] == "30" and not items[2]["needs_result"]
    assert [one["name"] for one in campaign["groups"][0]["members"]] == ["组长甲", "组员乙"]
    first = next(one for one in found["assignments"] if one["id"] == mine.assignments[0].pk)
    assert (first["state"], first["revision"], first["last_visit"]["failed"]) == ("done", 1, ["K1.1"])
    assert first["record"]["body"]["answers"]["K1.1"]["result"] == "fail"
    assert timezone.datetime.fromisoformat(found["expires_at"]) > timezone.now()
    assert found["csrf"]


def test_a_packet_costs_the_same_for_many_targets(django_assert_max_num_queries: Any) -> None:
    one = joint(vaults=12)
    client = signed_in(one.member)
    client.get(reverse("campaigns:phone_packet"))
    with django_assert_max_num_queries(24):
        client.get(reverse("campaigns:phone_packet"))


def test_numbers_are_lent_once_and_unused_ones_come_back() -> None:
    one = joint()
    phone = signed_in(one.member)
    ask = lambda device: phone.post(  # noqa: E731
        reverse("campaigns:phone_numbers"), json.dumps({"device": device, "count": 3}), "application/json"
    ).json()
    first, again, other = ask("a"), ask("a"), ask("b")
    assert first == again
    assert len(first["numbers"]) == 3 and not set(first["numbers"]) & set(other["numbers"])
    assert _packet(one.member, device="a")["numbers"]["numbers"] == first["numbers"]
    block = NumberBlock.objects.get(device="a")
    manager = person_in(one.bureau, "管号", {"inspection.campaigns.take_back_numbers": ("all", None)})
    assert actions.take_back_numbers(block=block, reason="手机遗失", by=manager) == first["numbers"]
    with pytest.raises(Problem):
        actions.take_back_numbers(block=block, reason="再次", by=manager)
    assert not NumberBlock.objects.usable(timezone.now() + timedelta(days=15)).exists()


def test_what_was_recorded_stays() -> None:
    one = joint()
    actions.record_inspection(assignment=one.assignments[0], body=body_for(one.assignments[0]), by=one.leader)
    for change in (
        lambda: Answer.objects.update(result="na"),
        lambda: Inspection.objects.update(outcome="partial"),
        lambda: Inspection.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_member_of_a_closed_campaign_sees_nothing_to_do() -> None:
    one: Joint = joint()
    one.campaign.state = "closed"
    one.campaign.save()
    assert _packet(one.member)["assignments"] == []
    assert Assignment.objects.of_inspector(one.member).count() == 0
