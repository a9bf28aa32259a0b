"""Entry by keyboard, the worklist and its decisions, in the browser's requests."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.core.sheets.models import SheetImport
from mainstay.gas.customers.models import Customer
from mainstay.gas.meters.actions import exchange_meter
from mainstay.gas.readings.models import Reading
from mainstay.gas.readings.tables import reading_url
from tests.gas import make

pytestmark = pytest.mark.django_db
RIGHTS = [
    "gas.readings.view_readings", "gas.readings.record_reading", "gas.readings.accept_reading",
    "gas.readings.correct_reading", "gas.readings.set_aside_reading", "gas.readings.estimate_reading",
    "gas.readings.estimate_book", "gas.meters.exchange_meter", "gas.readings.place_account",
]  # fmt: skip


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel("2026-11-26 12:00+08:00", tick=False):
        yield


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(make.make_user(*RIGHTS))
    client.cookies["django_language"] = "en"
    return client


def account(months: int = 0) -> object:
    one = make.make_account(opened_on=date(2025, 12, 28))
    for month in range(1, months + 1):
        make.make_reading(one, 202600 + month, volume_l=20_000)
    return one


def enter(client: Client, one: object, index: str, day: str = "2026-11-24"):
    address = reverse("readings:entry_record", args=[one.book_entry.book_id, one.installations.get().pk])
    return client.post(address, {"index": index, "taken_on": day, "period": "202611"})


def test_a_line_is_taken_and_shown_again(browser: Client) -> None:
    one = account()
    answer = enter(browser, one, "12.5")
    assert answer.status_code == 200
    assert "data-done" in answer.content.decode()
    assert Reading.objects.get().volume_l == 12_500


def test_nothing_of_a_line_is_taken_for_html(browser: Client) -> None:
    one, hostile = account(), "<b a=\"1\" c='2'>&"
    shown = "&lt;b a=&quot;1&quot; c=&#x27;2&#x27;&gt;&amp;"
    Customer.objects.update(name=hostile)
    page = browser.get(reverse("readings:book_entry", args=[one.book_entry.book_id])).content.decode()
    assert hostile not in page
    assert f"<b>{shown}</b>" in page
    answer = enter(browser, one, hostile[:16]).content.decode()
    assert hostile[:16] not in answer
    assert f"<b>{shown}</b>" in answer


@pytest.mark.parametrize(("index", "day"), [("abc", "2026-11-24"), ("-4", "2026-11-24"), ("5", "2026-12-01"), ("", "")])
def test_a_refused_line_keeps_what_was_typed(browser: Client, index: str, day: str) -> None:
    answer = enter(browser, account(), index, day)
    assert answer.status_code == 422
    assert f'value="{index}"' in answer.content.decode()
    assert not Reading.objects.exists()


def test_a_jump_is_said_at_once_and_decided_on_its_page(browser: Client) -> None:
    one = account(months=10)
    assert "More than three times" in enter(browser, one, "900").content.decode()
    reading = Reading.objects.get(period=202611)
    assert one.account_no in browser.get(reverse("readings:worklist")).content.decode()
    key = [reading.account_id, reading.installation_id, reading.period, reading.seq]
    refused = browser.post(
        reverse("readings:reading_correct", args=key), {"index": "90000000", "taken_on": "2026-11-24", "reason": "看错"}
    )
    assert refused.status_code == 422
    answer = browser.post(
        reverse("readings:reading_correct", args=key), {"index": "220", "taken_on": "2026-11-24", "reason": "看错"}
    )
    assert answer.status_code == 302
    assert Reading.objects.get(period=202611, state=Reading.State.ACCEPTED).volume_l == 20_000
    assert "220" in browser.get(answer["Location"]).content.decode()


def test_reading_again_and_estimating(browser: Client) -> None:
    one = account(months=10)
    enter(browser, one, "220")
    reading = Reading.objects.get(period=202611)
    assert browser.post(f"{reading_url(reading)}again/", {"reason": "照片不清"}).status_code == 302
    address = reverse("readings:meter_estimate", args=[one.installations.get().pk])
    answer = browser.post(address, {"period": "2026-11", "taken_on": "2026-11-26", "reason": "无人"})
    assert answer.status_code == 302
    assert Reading.objects.get(period=202611, state=Reading.State.ACCEPTED).source == Reading.Source.ESTIMATE


def test_the_rest_of_a_book_is_estimated_on_its_page(browser: Client) -> None:
    one = account(months=10)
    address = reverse("readings:book_estimate", args=[one.book_entry.book_id])
    answer = browser.post(address, {"period": "2026-11", "taken_on": "2026-11-26", "reason": "停电"})
    assert "1 meters were estimated" in answer.content.decode()


def test_the_last_index_of_an_exchanged_meter_becomes_a_reading(browser: Client) -> None:
    """Volumes of the old and the new meter add up."""
    one = account(months=10)
    old = one.installations.get()
    user = make.make_user(*RIGHTS, "gas.meters.install_meter", "gas.meters.remove_meter")
    new = exchange_meter(
        installation=old, meter=make.make_meter(), on=date(2026, 11, 10), last_index_l=208_000, first_index_l=5_000,
        reason="到期", by=user,
    )  # fmt: skip
    final = Reading.objects.get(installation=old, period=202611)
    assert (final.source, final.state, final.volume_l) == (Reading.Source.EXCHANGE, Reading.State.ACCEPTED, 8_000)
    address = reverse("readings:entry_record", args=[one.book_entry.book_id, new.pk])
    browser.post(address, {"index": "16", "taken_on": "2026-11-26", "period": "202611"})
    volumes = Reading.objects.filter(account=one, period=202611, state=Reading.State.ACCEPTED)
    assert sum(volumes.values_list("volume_l", flat=True)) == 19_000


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_sheet_of_a_round_is_imported_as_it_was_exported(language: str, kind: str) -> None:
    """What the reader's sheet says of other columns is left alone; readings that are in already change nothing."""
    one = account(months=10)
    other = make.make_account(opened_on=date(2025, 12, 28), book=one.book_entry.book)
    client = Client()
    client.force_login(make.make_user(*RIGHTS, "gas.readings.import_readings"))
    client.cookies["django_language"] = language
    for each, index in ((one, "220"), (other, "31.5")):
        enter(client, each, index)
    address = reverse("readings:book_sheet", args=[one.book_entry.book_id])
    answer = client.get(address, {"period": "2026-11", "export": kind})
    file = SimpleUploadedFile(f"round.{kind}", b"".join(answer.streaming_content))
    upload = reverse("sheets:import_upload", args=["gas.readings"])
    assert client.post(upload, {"file": file, "period": "2026-11"}).status_code == 302
    found = SheetImport.objects.get()
    assert (found.rows, found.bad_rows, found.new_rows, found.preview["already"]) == (2, 0, 0, 2)


def test_the_sheet_of_a_round_is_for_those_who_may_see_the_book() -> None:
    book = account().book_entry.book
    address = reverse("readings:book_sheet", args=[book.pk])
    view = "gas.readings.view_readings"
    stranger = make.make_user(view, unit=make.make_unit("另一所"), scope="subtree")
    for user, status in ((make.make_user(), 403), (stranger, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == status


def test_the_list_of_books_offers_the_units_that_have_some(browser: Client) -> None:
    book, other = make.make_book(), make.make_unit("人事科")
    page = browser.get(reverse("readings:book_list")).content.decode()
    assert f'<option value="{book.unit_id}"' in page
    assert f'<option value="{other.pk}"' not in page
    assert browser.get(reverse("readings:book_list"), {"unit": other.pk}).status_code == 200
