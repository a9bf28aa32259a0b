"""A sheet's way through the pages: upload, preview, errors, import."""

from __future__ import annotations

import io
from datetime import date

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.core.sheets.models import SheetImport
from mainstay.gas.readings.models import Reading
from tests.gas import make

pytestmark = pytest.mark.django_db
RIGHT = "gas.readings.import_readings"


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(make.make_user(RIGHT))
    client.cookies["django_language"] = "en"
    return client


def send(client: Client, text: str | bytes, period: str = "2026-10", name: str = "抄表.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("sheets:import_upload", args=["gas.readings"]), {"file": file, "period": period})


def account() -> object:
    return make.make_account(opened_on=date(2026, 1, 1))


def test_from_upload_to_import(browser: Client) -> None:
    one = account()
    answer = send(browser, f"Account no.,Index,Read on\n{one.account_no},12.5,2026-10-20\n0,5,2026-10-20\n")
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "No meter in use with this number" in page
    assert not Reading.objects.exists()
    found = SheetImport.objects.get()
    errors = browser.get(reverse("sheets:import_errors", args=[found.pk]))
    cells = python_calamine.load_workbook(io.BytesIO(errors.content)).get_sheet_by_index(0).to_python()
    assert cells[0][-1] == "Errors"
    assert "No meter in use" in cells[2][-1]
    commit = reverse("sheets:import_commit", args=[found.pk])
    refused = browser.post(commit, {})
    assert refused.status_code == 422
    assert "1 rows have errors" in refused.content.decode()
    assert browser.post(commit, {"skip_bad": "on"}).status_code == 302
    assert Reading.objects.get().volume_l == 12_500
    source = browser.get(reverse("sheets:import_source", args=[found.pk]))
    assert source["Content-Disposition"].startswith("attachment")
    assert b"".join(source.streaming_content).startswith(b"Account no.")
    source.close()


def test_a_sheet_of_nothing_but_errors_offers_no_import(browser: Client) -> None:
    page = browser.get(send(browser, "Account no.,Index,Read on\n0,5,2026-10-20\n")["Location"]).content.decode()
    found = SheetImport.objects.get()
    assert reverse("sheets:import_commit", args=[found.pk]) not in page
    assert reverse("sheets:import_errors", args=[found.pk]) in page


def test_discarding(browser: Client) -> None:
    send(browser, f"户号,止码,抄表日期\n{account().account_no},12.5,2026-10-20\n")
    found = SheetImport.objects.get()
    assert browser.post(reverse("sheets:import_discard", args=[found.pk])).status_code == 302
    found.refresh_from_db()
    assert found.state == SheetImport.State.DISCARDED
    assert browser.post(reverse("sheets:import_commit", args=[found.pk])).status_code == 422


def test_the_template_can_be_filled_in(browser: Client) -> None:
    answer = browser.get(reverse("sheets:import_template", args=["gas.readings"]))
    titles = python_calamine.load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[0]
    assert titles[0] == "Account no."


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_bad_files_are_told_in_words_and_lose_nothing(browser: Client, settings, language: str) -> None:
    browser.cookies["django_language"] = language
    settings.UPLOAD_LIMIT = 4096
    words = {"en": ("larger than", "another sheet", "Choose"), "zh-hans": ("超过", "表", "请选择")}[language]
    large = send(browser, b"x" * 5000)
    wrong = send(browser, "a,b\n1,2\n")
    none = browser.post(reverse("sheets:import_upload", args=["gas.readings"]), {"period": "2026-10"})
    for answer, word in zip((large, wrong, none), words, strict=True):
        assert answer.status_code == 422
        assert word in answer.content.decode()
        assert "2026-10" in answer.content.decode()
    assert send(browser, "户号\n1\n", period="October").status_code == 422
    assert not SheetImport.objects.exists()


def test_without_the_right_nothing_is_shown() -> None:
    client = Client()
    client.force_login(make.make_user("gas.other"))
    assert client.get(reverse("sheets:import_upload", args=["gas.readings"])).status_code == 403
    assert client.get(reverse("sheets:import_upload", args=["no.such"])).status_code == 404
