"""Plans of rounds, visits in vain, what phones take along and send, and the board."""

from __future__ import annotations

import hashlib
import io
import json
import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import mainstay.gas.readings
import mainstay.web
from mainstay.core.access.models import User
from mainstay.gas.readings import actions_round, queries_round
from mainstay.gas.readings.models import Book, Reading, Task, Visit
from mainstay.gas.readings.rules_round import next_planned, percent, rate_bp
from mainstay.gas.readings.rules_words_phone import WORDS
from mainstay.kit.dates import add_months, first_day, local_today, period_of
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_accounts, make_book, make_installation, make_reading, make_unit, make_user
from tests.pages.battery import signed_in

READER = ("gas.readings.record_readings", "gas.readings.report_visit", "gas.readings.keep_photo")
HEAD = ("gas.readings.plan_period", "gas.readings.assign_task")


def round_of(count: int = 3) -> tuple[User, Book, list[Any]]:
    """A reader with a book; each account has read 60 m³ two months and 80 m³ a month ago."""
    unit = make_unit()
    reader = make_user(*READER, unit=unit, scope="subtree")
    book, now = make_book(unit, reader=reader), period_of(local_today())
    accounts = make_accounts(count, book=book)
    for account in accounts:
        for back in (2, 1):
            period = add_months(now, -back)
            make_reading(account, period, index_l=100_000 - 20_000 * back, taken_on=first_day(period))
    return reader, book, accounts


def row(account: Any, index: str, key: str = "", **more: Any) -> dict[str, Any]:
    meter_no = account.installations.get(until_on=None).meter.meter_no
    return {
        "client_key": key or str(uuid.uuid4()), "account_no": account.account_no, "meter_no": meter_no,
        "index_m3": index, "taken_on": local_today().isoformat(), "period": period_of(local_today()), **more,
    }  # fmt: skip


def send(user: User, readings: Any = (), visits: Any = ()) -> Any:
    body = json.dumps({"readings": list(readings), "visits": list(visits)})
    return signed_in(user).post(reverse("readings:phone_send"), body, content_type="application/json")


@pytest.mark.parametrize(
    ("before", "period", "free", "wanted"),
    [
        (date(2026, 1, 31), 202602, date(2026, 2, 3), date(2026, 2, 28)),
        (date(2026, 1, 7), 202602, date(2026, 2, 3), date(2026, 2, 7)),
        (None, 202602, date(2026, 2, 3), date(2026, 2, 3)),
        (None, 202602, date(2026, 3, 9), date(2026, 2, 28)),
        (None, 202602, date(2026, 1, 9), date(2026, 2, 1)),
    ],
)
def test_a_book_keeps_its_day_and_stays_within_its_month(
    before: date | None, period: int, free: date, wanted: date
) -> None:
    assert next_planned(before, period, free) == wanted


def test_a_rate_of_a_hundred_percent_means_all() -> None:
    assert (rate_bp(9_999, 10_000), rate_bp(99_999, 100_000), rate_bp(5, 5), rate_bp(0, 0)) == (9_999, 9_999, 10_000, 0)
    assert (percent(9_999), percent(10_000), percent(5)) == ("99.9", "100.0", "0.0")


@pytest.mark.django_db
def test_a_plan_gives_every_book_that_is_due_one_task() -> None:
    unit = make_unit()
    head, reader = make_user(*HEAD, unit=unit, scope="subtree"), make_user(*READER)
    books = [make_book(unit, reader=reader) for _one in range(3)]
    make_book(unit, cycle=Book.Cycle.ODD)
    Task.objects.create(book=books[0], period=202509, reader=reader, planned_on=date(2025, 9, 30), planned_by=head)
    made = actions_round.plan_period(unit=unit, period=202510, first_on=date(2025, 10, 8), by=head)
    days = dict(Task.objects.filter(period=202510).values_list("book", "planned_on"))
    assert made == 3
    assert days == {
        books[0].pk: date(2025, 10, 30), books[1].pk: date(2025, 10, 8), books[2].pk: date(2025, 10, 9)
    }  # fmt: skip
    other = make_user(*READER)
    actions_round.assign_task(book=books[1], period=202510, reader=other, planned_on=date(2025, 10, 20), by=head)
    assert actions_round.plan_period(unit=unit, period=202510, first_on=date(2025, 10, 1), by=head) == 0
    company = unit.parent = make_unit()
    unit.path = f"{company.path}{unit.pk}."
    unit.save(update_fields=["parent", "path"])
    assert actions_round.plan_period(unit=company, period=202512, first_on=date(2025, 12, 1), by=make_user(*HEAD)) == 3
    assert [book for book, _day in queries_round.books_of_reader(other, 202510)] == [books[1]]
    assert [book for book, _day in queries_round.books_of_reader(reader, 202510)] == [books[2], books[0]]


@pytest.mark.django_db
def test_the_packet_holds_own_books_in_walking_order_and_costs_the_same_for_many_meters(
    django_assert_max_num_queries: Any,
) -> None:
    reader, book, accounts = round_of()
    make_account(book=make_book(book.unit))
    with django_assert_max_num_queries(16):
        found = queries_round.packet(reader)
    assert [one["id"] for one in found["books"]] == [book.pk]
    meters = found["books"][0]["meters"]
    assert [one["account_no"] for one in meters] == [one.account_no for one in accounts]
    assert meters[0]["before"][:4] == [80_000, first_day(add_months(found["period"], -1)).isoformat(), False, 80_000]
    assert meters[0]["reading"] is None and meters[0]["visit"] is None
    json.dumps(found)


@pytest.mark.django_db
def test_each_row_of_a_sending_gets_its_own_answer_and_sending_again_changes_nothing() -> None:
    reader, _book, (one, two, three) = round_of()
    stranger = make_account()
    rows = [
        row(one, "99"), row(two, "45"), row(three, "999999"), row(stranger, "5"), {"client_key": "x", "index_m3": "1"},
    ]  # fmt: skip
    answers = send(reader, rows).json()["readings"]
    assert [answer["outcome"] for answer in answers] == ["new", "new", "refused", "refused", "refused"]
    assert (answers[0]["reading"]["state"], answers[1]["reading"]["state"]) == (3, 2)
    assert answers[1]["doubts"] and answers[2]["code"] == "refused" and answers[3]["code"] == "not_found"
    again = send(reader, rows).json()["readings"]
    assert [answer["outcome"] for answer in again] == ["already", "already", "refused", "refused", "refused"]
    assert Reading.objects.filter(period=rows[0]["period"]).count() == 2
    other = send(reader, [row(one, "98", rows[0]["client_key"])]).json()["readings"][0]
    assert (other["outcome"], other["code"]) == ("refused", "key_used")


@pytest.mark.django_db
def test_two_phones_at_one_meter_are_both_kept_and_the_second_is_told() -> None:
    reader, _book, (one, *_others) = round_of()
    first, second = row(one, "99"), row(one, "97")
    assert send(reader, [first]).json()["readings"][0]["others"] == []
    answer = send(reader, [second]).json()["readings"][0]
    assert answer["outcome"] == "new" and answer["reading"]["state"] == Reading.State.QUESTIONED
    assert [(o["index_l"], o["by"]) for o in answer["others"]] == [(99_000, str(reader))]
    alike = send(reader, [row(one, "99")]).json()["readings"][0]
    assert alike["outcome"] == "already"
    assert Reading.objects.filter(account=one, period=first["period"]).count() == 2


@pytest.mark.django_db
def test_a_visit_in_vain_is_kept_once_and_a_key_stands_for_one_report() -> None:
    reader, book, (one, *_others) = round_of()
    period, today = period_of(local_today()), local_today().isoformat()
    meter = one.installations.get().pk
    visit = {
        "client_key": str(uuid.uuid4()), "installation": meter, "period": period, "on": today, "reason": "nobody",
    }  # fmt: skip
    for _again in range(2):
        assert send(reader, visits=[visit]).json()["visits"] == [{"client_key": visit["client_key"], "outcome": "kept"}]
    made = Visit.objects.get()
    assert (made.book_id, made.reason, made.by_id) == (book.pk, "nobody", reader.pk)
    wrong = [visit | {"reason": "refused"}, visit | {"client_key": str(uuid.uuid4()), "reason": "lazy"}]
    wrong += [visit | {"client_key": "x"}, visit | {"installation": 0}]
    codes = [answer["code"] for answer in send(reader, visits=wrong).json()["visits"]]
    assert codes == ["key_used", "no_such_reason", "bad_request", "not_found"]
    assert Visit.objects.count() == 1
    packet = queries_round.packet(reader)["books"][0]["meters"][0]
    assert packet["visit"] == {"reason": "nobody", "on": today}


@pytest.mark.django_db
def test_a_photo_is_kept_once_and_only_whole() -> None:
    reader, _book, (one, *_others) = round_of()
    installation, period = one.installations.get(), period_of(local_today())
    picture = b"\xff\xd8\xff" + b"meter" * 50
    facts = {"installation": installation.pk, "period": period, "digest": hashlib.sha256(picture).hexdigest()}
    for _again in range(2):
        answer = signed_in(reader).post(reverse("readings:phone_photos"), facts | {"file": io.BytesIO(picture)})
        assert answer.json() == {"kept": facts["digest"]}
    assert queries_round.photos_of(installation.pk, period).count() == 1
    kept = queries_round.photos_of(installation.pk, period).get()
    send(reader, [row(one, "99")])
    address = reverse("readings:reading_photo", args=[one.pk, installation.pk, period, 0, kept.pk])
    clerk = make_user("gas.readings.view_readings", unit=one.unit, scope="subtree")
    assert b"".join(signed_in(clerk).get(address).streaming_content) == picture  # type: ignore[attr-defined]
    page = signed_in(clerk).get(reverse("readings:reading_detail", args=[one.pk, installation.pk, period, 0]))
    assert address in page.content.decode()
    away = make_user("gas.readings.view_readings", unit=make_unit(), scope="subtree")
    assert signed_in(away).get(address).status_code == 404
    assert signed_in(clerk).get(reverse("readings:handheld")).status_code == 403
    broken = signed_in(reader).post(reverse("readings:phone_photos"), facts | {"file": io.BytesIO(picture[:-1])})
    assert (broken.status_code, broken.json()["error"]["code"]) == (422, "wrong_hash")


@pytest.mark.django_db
def test_strangers_and_others_learn_nothing() -> None:
    _reader, _book, (one, *_others) = round_of()
    assert Client().get(reverse("readings:phone_packet")).status_code == 401
    assert signed_in(make_user("gas.readings.view_readings")).get(reverse("readings:phone_packet")).status_code == 403
    away = make_user(*READER, unit=make_unit(), scope="subtree")
    assert send(away, [row(one, "99")]).json()["readings"][0]["code"] == "not_found"
    assert send(away, visits=[{"installation": one.installations.get().pk}]).json()["visits"][0]["code"] == "not_found"
    answer = signed_in(away).post(reverse("readings:phone_send"), "[]", content_type="application/json")
    assert answer.status_code == 422
    with pytest.raises(Problem):
        actions_round.report_visit(
            installation=one.installations.get(), client_key=uuid.uuid4(), period=202510, on=local_today(),
            reason="", by=make_user(*READER),
        )  # fmt: skip


@pytest.mark.django_db
def test_the_board_counts_accounts_once_and_names_what_is_left() -> None:
    reader, book, (one, two, three) = round_of()
    make_installation(make_account(book=book))
    period = period_of(local_today())
    for account, key in ((two, uuid.uuid4()), (three, uuid.uuid4())):
        actions_round.report_visit(
            installation=account.installations.get(), client_key=key, period=period, on=local_today(),
            reason="nobody", by=reader,
        )  # fmt: skip
    send(reader, [row(one, "99"), row(three, "99")])
    (line,) = queries_round.board(Book.objects.filter(pk=book.pk), period)
    assert (line.accounts, line.read, line.questioned, line.no_access, line.left) == (4, 2, 0, 1, 1)
    (mine,) = queries_round.by_reader([line])
    assert (mine.reader, mine.books, mine.left, mine.rate) == (reader, 1, 1, "50.0")
    kinds = [kind for building in queries_round.buildings(book, period) for kind, _room, _url in building.cells]
    assert kinds == ["read", "no_access", "read", "left", "left"]


def test_every_text_the_phone_asks_for_is_there_and_none_is_left_over() -> None:
    own = Path(mainstay.gas.readings.__file__).parent / "static" / "readings" / "phone"
    shared = Path(mainstay.web.__file__).parent / "static" / "web" / "phone"
    code = "\n".join(path.read_text() for folder in (own, shared) for path in folder.rglob("*.js"))
    asked, beginnings = set(re.findall(r"\bt\(\"([a-z_0-9]+)\"", code)), tuple(re.findall(r"\bt\(`([a-z]+_)\$\{", code))
    assert asked <= WORDS.keys()
    quoted = set(re.findall(r'"([a-z_0-9]+)"', code))
    assert [key for key in WORDS if key not in asked | quoted and not key.startswith(beginnings)] == []


@pytest.mark.django_db
def test_the_page_of_the_phone_is_for_anybody_and_its_worker_lists_every_file() -> None:
    page = Client().get(reverse("readings:phone"))
    assert page.status_code == 200 and b'"database": "mainstay-rounds"' in page.content
    worker = Client().get(reverse("readings:phone_worker"))
    release = json.loads(worker.content.decode().partition("self.RELEASE = ")[2].partition(";\n")[0])
    names = " ".join(release["files"])
    assert release["name"] == "mainstay-rounds"
    assert all(name in names for name in ("readings/phone/modules/queue", "web/phone/modules/vault", "rounds"))
    assert Client().get(reverse("readings:phone_manifest")).json()["scope"] == reverse("readings:phone")
