"""The reconciliation desk and withholding in a real browser, as a clerk and a second person use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

SEED = """
import itertools, json, sys
from dataclasses import replace
from pathlib import Path
import tests.gas.make as make
make._next = itertools.count(832000)
import tests.gas.bank.make as bank_make
bank_make._next = itertools.count(8000)
from django.test import Client
from mainstay.gas.bank import actions, library
from mainstay.gas.bank.queries import our_payments
from mainstay.gas.bank.rules.files import WithholdingRow, write_withholding
from mainstay.gas.bank.rules.statements import StatementRow, write_statement
folder, by = Path(sys.argv[1]), bank_make.system()
unit = make.make_unit("对账台所")
bank = bank_make.make_bank(unit, code="BRW", name_zh="青溪银行", name_en="Qingxi Bank")
day = bank.business_on
accounts = [bank_make.make_debtor(unit=unit) for _n in range(5)]
actions.take_payments(bank=bank, calls=[bank_make.pay(bank, one) for one in accounts[:3]], by=by)
bank = actions.cut_day(bank=bank, business_on=day, by=by)
first, second, _lost = our_payments(bank, day)
unknown = StatementRow("BRW000000901", accounts[3].account_no, 5_220)
rows = [first, replace(second, amount_fen=second.amount_fen + 1_000), unknown]
(folder / "day.txt").write_bytes(write_statement(library.layouts()[bank.layout]["statement"], day, rows))
actions.save_agreement(bank=bank, account=accounts[4], agreement_no="BRW-1", payer="李明", from_on=day, by=by)
told = WithholdingRow(1, "BRW-1", accounts[4].account_no, "李明", 5_220, "0000")
rights = ("view_day", "view_journal", "view_line", "reconcile", "settle_difference", "view_withholding",
          "make_withholding", "take_return")
cookies = []
for _n in range(2):
    client = Client()
    client.force_login(make.make_user(*(f"gas.bank.{right}" for right in rights), unit=unit, scope="subtree"))
    cookies.append(client.cookies["sessionid"].value)
print(json.dumps({"cookies": cookies, "account": accounts[3].pk, "serials": [first.serial, second.serial]}))
"""
RETURNED = """
import sys
from pathlib import Path
from mainstay.gas.bank.models import Withholding
from mainstay.gas.bank.rules.files import WithholdingRow, write_withholding
batch = Withholding.objects.get(bank__code="BRW")
rows = [WithholdingRow(one.line_no, one.agreement.agreement_no, one.account.account_no, one.agreement.payer,
                       one.amount_fen, "0000") for one in batch.lines.all()]
Path(sys.argv[1]).write_bytes(write_withholding("BRW", batch.batch_no, batch.business_on, rows, back=True))
"""


@pytest.fixture(scope="module")
def bank(live_site, tmp_path_factory):
    """A bank's cut day with three payments, the bank's file of it, and two people of the branch."""
    folder = tmp_path_factory.mktemp("bank")
    told = json.loads(live_site.scripts.run(SEED, str(folder)))
    return {**told, "folder": folder}


@pytest.fixture
def people(bank, live_site, open_page):
    """The clerk's page and the second person's."""
    pages = [open_page(), open_page()]
    for page, cookie in zip(pages, bank["cookies"], strict=True):
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])
    return pages


def test_a_difference_is_found_proposed_approved_and_closed(people, bank) -> None:
    clerk, second = people
    clerk.goto("/bank/days/")
    clerk.click("text=尚无文件")
    assert clerk.input_value("[name=business_on]")
    clerk.set_input_files("[name=file]", bank["folder"] / "day.txt")
    clerk.click("#form .btn-primary")
    clerk.wait_for_selector("h1:has-text('青溪银行')")
    counts = clerk.locator("table").first.locator("tbody td:nth-child(2)").all_inner_texts()
    assert counts == ["1", "1", "1", "1"]

    clerk.click("text=BRW000000901")
    clerk.click("text=处理差错")
    assert "1012" in clerk.inner_text("#form")
    clerk.fill("[name=reason]", "银行凭条齐全")
    clerk.click("#form .btn-primary")
    clerk.wait_for_selector("text=已提交审批")
    clerk.goto("/bank/differences/")
    clerk.click("text=BRW000000901")
    clerk.wait_for_selector(".ms-badge:has-text('待审批')")
    assert clerk.locator("text=查看提议").count() == 1

    second.goto("/workflow/")
    second.click("text=处理银行差错")
    second.click("text=批准")
    second.click("#form .btn-primary")
    second.wait_for_selector("text=已批准")

    clerk.goto("/bank/days/")
    assert clerk.locator("text=2 笔待处理差错").count() == 1
    clerk.goto("/bank/differences/?state=settled")
    row = clerk.locator("tr", has_text="BRW000000901")
    row.wait_for()
    assert "补记缴费" in row.inner_text()


def test_withholding_goes_out_and_comes_back(people, bank, live_site) -> None:
    clerk, _second = people
    clerk.goto("/bank/withholding/new/")
    clerk.click("#form .btn-primary")
    clerk.wait_for_selector("h1:has-text('批次')")
    with clerk.expect_download() as coming:
        clerk.click("text=下载文件")
    assert "|BRW-1|" in Path(coming.value.path()).read_bytes().decode("gb18030")
    back = bank["folder"] / "back.txt"
    live_site.ask(RETURNED, str(back))
    clerk.click("a.btn:has-text('回盘')")
    clerk.set_input_files("[name=file]", back)
    clerk.click("#form .btn-primary")
    clerk.wait_for_selector(".ms-badge:has-text('已回盘')")
    assert clerk.locator("text=扣款成功").count() >= 1
