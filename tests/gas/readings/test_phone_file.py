"""A phone's queue handed over as a file: each item kept once, whichever way it comes; an answer for each refusal."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from mainstay.gas.readings.api_phone import take_file
from mainstay.gas.readings.models import Reading, Visit
from mainstay.gas.readings.queries_round import photos_of
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.readings.test_rounds import READER, round_of, row, send
from tests.pages.battery import signed_in

PICTURE = b"\xff\xd8\xff" + b"meter" * 50


def entry(kind: str, account: Any, body: dict[str, Any]) -> dict[str, Any]:
    installation = account.installations.get(until_on=None)
    return {
        "kind": kind, "body": body, "installation": installation.pk, "title": "海棠花园3栋501",
        "code": installation.meter.meter_no,
    }  # fmt: skip


def visit(account: Any) -> dict[str, Any]:
    return {
        "client_key": str(uuid.uuid4()), "installation": account.installations.get().pk,
        "period": period_of(local_today()), "on": local_today().isoformat(), "reason": "nobody",
    }  # fmt: skip


def photo(owner: str, digest: str = "") -> dict[str, str]:
    digest = digest or hashlib.sha256(PICTURE).hexdigest()
    return {"owner": owner, "hash": digest, "data": base64.b64encode(PICTURE).decode()}


def file_of(entries: Any, photos: Any = (), **more: Any) -> io.BytesIO:
    content = {
        "kind": "mainstay-rounds-queue", "version": 1, "user": {"id": 1, "name": "陈芳"}, "entries": list(entries),
        "photos": list(photos), **more,
    }  # fmt: skip
    return io.BytesIO(json.dumps(content).encode())


@pytest.mark.django_db
def test_a_file_is_taken_over_item_by_item_and_once() -> None:
    reader, book, (one, two, three) = round_of()
    clerk = make_user(*READER, unit=book.unit, scope="subtree")
    good, key = row(one, "99"), str(uuid.uuid4()).upper()
    shouted, seen, stranger = row(two, "98", key), visit(three), make_account()
    entries = [
        entry("reading", one, good), entry("reading", two, shouted), entry("visit", three, seen),
        entry("reading", three, row(three, "999999")), entry("reading", stranger, row(stranger, "5")),
    ]  # fmt: skip
    photos = [photo(good["client_key"]), photo(key.lower(), "0" * 64), photo(str(uuid.uuid4()))]
    found = take_file(clerk, file_of(entries, photos))
    assert (found.reader, found.new, found.already, found.visits, found.photos) == ("陈芳", 2, 0, 1, 1)
    assert [name.split()[1] for name, _why in found.refused] == [
        entries[3]["code"],
        entries[4]["code"],
        entries[1]["code"],
    ]
    again = take_file(clerk, file_of(entries, photos))
    assert (again.new, again.already, again.visits, again.photos, len(again.refused)) == (0, 2, 1, 1, 3)
    # The phone finds a network after all: what it sends is there already.
    answers = send(reader, [good, shouted], [seen]).json()
    assert [one["outcome"] for one in (*answers["readings"], *answers["visits"])] == ["already", "already", "kept"]
    period = good["period"]
    assert (Reading.objects.filter(period=period).count(), Visit.objects.count()) == (2, 1)
    assert photos_of(one.installations.get().pk, period).count() == 1


@pytest.mark.django_db
def test_many_readings_of_one_file_go_in_as_many_sendings_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, _book, accounts = round_of(5)
    monkeypatch.setattr("mainstay.gas.readings.api_phone.AT_ONCE", 2)
    found = take_file(reader, file_of(entry("reading", one, row(one, "99")) for one in accounts))
    assert (found.new, found.refused, Reading.objects.filter(period=period_of(local_today())).count()) == (5, [], 5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[1]", b"\xff\xfe", b'"mainstay-rounds-queue"', b"[" * 100_000,
        file_of([], version=2).getvalue(), file_of([], kind="mainstay-phone-queue").getvalue(),
        file_of([{"kind": "reading", "body": {"client_key": "x"}, "title": "a"}]).getvalue(),
        file_of([{"kind": "order", "body": {"client_key": str(uuid.uuid4())}, "title": "a"}]).getvalue(),
        file_of(["x"]).getvalue(), file_of([], [{"owner": 1}]).getvalue(), file_of([], user="x").getvalue(),
    ],
)  # fmt: skip
def test_what_no_phone_has_saved_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Problem) as refused:
        take_file(make_user(*READER), io.BytesIO(content))
    assert refused.value.code == "bad_file"
    assert not Reading.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("zh-hans", ("已接收", "超出")), ("en", ("is taken over", "dial"))])
def test_the_page_tells_what_became_of_the_file(language: str, words: tuple[str, str]) -> None:
    _reader, book, (one, two, _three) = round_of()
    clerk = make_user(*READER, "gas.readings.view_readings", unit=book.unit, scope="subtree")
    client = signed_in(clerk)
    client.cookies["django_language"] = language
    address = reverse("readings:phone_file")
    assert address in client.get(reverse("readings:board")).content.decode()
    file = file_of([entry("reading", one, row(one, "99")), entry("reading", two, row(two, "999999"))])
    file.name = "a.json"
    with translation.override(language):
        page = client.post(address, {"file": file}).content.decode()
    assert all(word in page for word in (*words, "陈芳", "海棠花园3栋501"))
    assert client.post(address, {"file": io.BytesIO(b"{}")}).status_code == 422
    stranger = signed_in(make_user("gas.readings.view_readings", unit=make_unit(), scope="subtree"))
    assert stranger.get(address).status_code == 403
