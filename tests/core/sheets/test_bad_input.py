"""Bad sheets at the page: told in words of both languages, what was entered stays, nothing else changes."""

from __future__ import annotations

import csv
import io
import os
from datetime import timedelta

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.core.evidence.models import Attachment
from mainstay.core.sheets.models import SheetImport
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import local_today
from tests.gas import make
from tests.gas.make import make_user

pytestmark = pytest.mark.django_db
RIGHTS = ("gas.readings.import_readings", "gas.readings.view_readings")
HEAD = "户号,表号,止码,抄表日期,备注\n"
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
NO_SHEETS = {
    "random bytes": (os.urandom(50_000) + b"\x00", "no sheet", "不是表格"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "no sheet", "不是表格"),
    "a document": (b"%PDF-1.7\n1 0 obj << >> endobj\n" * 50, "another sheet", "选错了表格"),
    "a page": ("<html><table><tr><td>户号</td></tr></table></html>".encode(), "another sheet", "选错了表格"),
    "a price list": ("品名,单价\n灶具,980\n".encode("gbk"), "another sheet", "选错了表格"),
    "Big5": ("戶號,讀數,日期\n1,2,3\n".encode("big5"), "another sheet", "选错了表格"),
    "a broken workbook": (b"PK\x03\x04" + os.urandom(3_000), "damaged", "已损坏"),
    "nothing": (b"", "empty", "空"),
}


def browser(language: str) -> Client:
    client = Client()
    client.force_login(make_user(*RIGHTS))
    client.cookies["django_language"] = language
    return client


def send(client: Client, content: bytes, name: str = "抄表.csv"):
    address = reverse("sheets:import_upload", args=["gas.readings"])
    return client.post(address, {"file": SimpleUploadedFile(name, content), "period": "2026-10"})


@LANGUAGES
def test_nothing_reads_a_workbook_before_the_scanner_cleared_it(language: str, settings) -> None:
    """A broken workbook tells who came first: its reader would say that it is damaged."""
    settings.CLAMD = "/nowhere/clamd.sock"
    answer = send(browser(language), NO_SHEETS["a broken workbook"][0], "抄表.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("quarantine", "隔离")[language != "en"] in page
    assert ("damaged", "已损坏")[language != "en"] not in page
    assert not SheetImport.objects.exists()
    assert not Attachment.objects.exists()


@LANGUAGES
@pytest.mark.parametrize("what", NO_SHEETS)
def test_what_is_no_such_sheet_is_refused_in_words(what: str, language: str) -> None:
    content, *words = NO_SHEETS[what]
    answer = send(browser(language), content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words[language != "en"] in page
    assert 'value="2026-10"' in page
    assert not SheetImport.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.slow
@LANGUAGES
def test_fifty_megabytes_of_garbage_are_dropped_on_the_way_in(language: str) -> None:
    answer = send(browser(language), os.urandom(1 << 20) * 50, "抄表.xlsx")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert ("larger than 20 MB" if language == "en" else "超过 20 MB") in page
    assert 'value="2026-10"' in page
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_usual_encoding_is_understood(encoding: str) -> None:
    account = make.make_account()
    line = f"{account.account_no},,{account.installations.get().first_index_l // 1000 + 5},{local_today()},门口有狗\n"
    assert send(browser("zh-hans"), (HEAD + line).encode(encoding)).status_code == 302
    found = SheetImport.objects.get()
    assert (found.rows, found.bad_rows) == (1, 0)


@LANGUAGES
def test_rows_that_cannot_be_are_named_and_the_others_wait(language: str) -> None:
    book = make.make_book()
    good, negative, future, words = make.make_accounts(4, book=book)
    today, tomorrow = local_today(), local_today() + timedelta(days=1)
    lines = [
        f"{good.account_no},,1000,{today},\n",
        f"{negative.account_no},,-5,{today},\n",
        f"{future.account_no},,1000,{tomorrow},\n",
        f"{words.account_no},,一千,{today},\n",
    ]
    client = browser(language)
    page = client.get(send(client, (HEAD + "".join(lines)).encode())["Location"]).content.decode()
    for word in (
        ("below zero", "in the future", "Not a volume")
        if language == "en"
        else ("不能为负数", "晚于今天", "数值格式不对")
    ):
        assert word in page, word
    found = SheetImport.objects.get()
    assert (found.rows, found.bad_rows, found.new_rows) == (4, 3, 1)
    assert client.post(reverse("sheets:import_commit", args=[found.pk]), {}).status_code == 422
    assert not Reading.objects.exists()
    again = client.get(reverse("sheets:import_source", args=[found.pk]))
    assert b"".join(again.streaming_content).decode() == HEAD + "".join(lines), "the file as it came is kept"


def test_a_formula_in_a_sheet_stays_text_wherever_it_goes() -> None:
    """In the table as it was typed; in every sheet we give out as text that no program computes."""
    evil = '=HYPERLINK("http://x","y")'
    account = make.make_account()
    index = account.installations.get().first_index_l // 1000 + 5
    text = io.StringIO()
    rows = [[account.account_no, "", index, local_today(), evil], ["=1+1", "", "@SUM(A1)", local_today(), evil]]
    csv.writer(text).writerows([["户号", "表号", "止码", "抄表日期", "备注"], *rows])
    client = browser("en")
    send(client, text.getvalue().encode())
    found = SheetImport.objects.get()
    errors = client.get(reverse("sheets:import_errors", args=[found.pk]))
    book = python_calamine.load_workbook(io.BytesIO(errors.content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert "=1+1" in cells, "given back as it was typed"
    with io.BytesIO(errors.content) as file:
        import zipfile

        assert b"<f>" not in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml")
    client.post(reverse("sheets:import_commit", args=[found.pk]), {"skip_bad": "on"})
    assert Reading.objects.get().note == evil
