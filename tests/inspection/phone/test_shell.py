"""The shell of the phone: for anybody, without data; session and recovery: for inspectors."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import mainstay.inspection.phone
import mainstay.web
from mainstay.inspection.phone.rules_words import WORDS
from mainstay.inspection.phone.views import shell
from tests.core.make import make_user
from tests.inspection.make import RECORD, joint
from tests.pages.battery import signed_in

STATIC = Path(mainstay.inspection.phone.__file__).parent / "static" / "phone"
SHARED = Path(mainstay.web.__file__).parent / "static" / "web" / "phone"
USED = re.compile(r"\bt\(\"([a-z_]+)\"")
MADE = re.compile(r"\bt\(`([a-z]+_)\$\{")


def test_the_page_holds_both_languages_and_no_data() -> None:
    page = Client().get(reverse("phone:app"))
    assert page.status_code == 200
    assert "script-src 'self'" in page["Content-Security-Policy"]
    found = re.search(r'<script id="setting" type="application/json">(.*?)</script>', page.content.decode(), re.DOTALL)
    assert found
    setting = json.loads(found[1])
    assert set(setting["words"]) == {"zh", "en"}
    assert setting["words"]["zh"].keys() == setting["words"]["en"].keys() == WORDS.keys()
    assert setting["words"]["zh"]["finish"] == "完成"
    assert set(setting["addresses"]) >= {"packet", "records", "numbers", "session", "login"}


def test_every_text_the_scripts_ask_for_is_there_and_none_is_left_over() -> None:
    code = "\n".join(path.read_text() for folder in (STATIC, SHARED) for path in folder.rglob("*.js"))
    asked, beginnings = set(USED.findall(code)), tuple(MADE.findall(code))
    assert asked and beginnings
    assert asked <= WORDS.keys()
    quoted = set(re.findall(r'"([a-z_]+)"', code))
    assert [key for key in WORDS if key not in asked | quoted and not key.startswith(beginnings)] == []


def test_the_service_worker_lists_every_file_and_its_version_follows_them() -> None:
    worker = Client().get(reverse("phone:service_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    text = worker.content.decode()
    release = json.loads(text.partition("self.RELEASE = ")[2].partition(";\n")[0])
    own = {path.relative_to(STATIC.parent).as_posix() for path in STATIC.rglob("*.js")}
    own |= {path.relative_to(SHARED.parent.parent).as_posix() for path in SHARED.rglob("*.*")} - {"web/phone/worker.js"}
    assert own <= {address.removeprefix("/static/") for address in release["files"]}
    assert release["version"] == shell.SHELL.version and release["page"] == reverse("phone:app")
    assert "no-cache" in worker["Cache-Control"]
    manifest = Client().get(reverse("phone:web_manifest")).json()
    assert manifest["scope"] == manifest["start_url"] == reverse("phone:app")


@pytest.mark.django_db
def test_the_session_tells_who_would_send() -> None:
    one = joint()
    answer = signed_in(one.member).get(reverse("phone:session")).json()
    assert (answer["user"]["id"], answer["user"]["name"]) == (one.member.pk, "组员乙")
    assert answer["csrf"]
    assert (answer["may_issue"], answer["days"]) == (False, {"general": 30, "major": 7})
    rights = {RECORD: ("all", None), "inspection.hazards.issue_notice": ("all", None)}
    assert signed_in(make_user(rights=rights)).get(reverse("phone:session")).json()["may_issue"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["session", "recovery"])
def test_strangers_and_others_learn_nothing(name: str) -> None:
    assert Client().get(reverse(f"phone:{name}")).status_code == 401
    user = make_user(rights={"core.nothing": ("all", None)})
    assert signed_in(user).get(reverse(f"phone:{name}")).status_code == 403


@pytest.mark.django_db
def test_the_second_key_stays_and_differs_by_person_and_phone() -> None:
    one = joint()

    def key(user: object, device: str) -> str:
        return str(signed_in(user).get(reverse("phone:recovery"), {"device": device}).json()["key"])  # type: ignore[arg-type]

    first = key(one.member, "a")
    assert len(base64.b64decode(first)) == 32
    assert key(one.member, "a") == first
    assert len({first, key(one.member, "b"), key(one.leader, "a")}) == 3


@pytest.mark.django_db
def test_the_authority_is_given_when_there_is_one(tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    assert Client().get(reverse("phone:authority")).status_code == 404
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "ca.crt").write_bytes(b"certificate")
    answer = Client().get(reverse("phone:authority"))
    assert b"".join(answer.streaming_content) == b"certificate"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/x-x509-ca-cert"
