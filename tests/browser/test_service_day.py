"""A flat's life at the service centre, in a real browser: applied for, opened, paid, reversed, sold, rested, closed."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAD = """
import itertools, sys, tests.gas.make as make, tests.gas.payments.make as paying
from datetime import timedelta
from mainstay.core.access.batch import system_user
from mainstay.kit.dates import local_today, period_of
make._next, paying._next = itertools.count(880000), itertools.count(88)
today = local_today()
"""
SEED = """
from django.test import Client
unit = make.make_unit("听雨营业所")
make.make_area("听雨轩")
plan, book = make.make_plan("life880"), make.make_book(unit)
rights = ["gas.customers." + word for word in ("view_account", "open_account", "suspend_account", "restore_account")]
rights += ["gas.accounts." + word for word in ("view_case", "file_application", "open_from_application",
           "begin_leaving", "finish_closing", "finish_transfer")]
rights += ["gas.payments." + word for word in ("open_shift", "view_shift", "refund_advance", "reverse_payment")]
rights += [*paying.CLERK_RIGHTS, "gas.billing.bill_account", "core.documents.issue_document"]
clerk = make.make_user(*sorted(set(rights)), unit=unit)
till = paying.make_till(unit)
client = Client()
client.force_login(clerk)
days = [today - timedelta(days=back) for back in (40, 5)]
print(client.cookies["sessionid"].value, unit.pk, plan.pk, book.code, till.pk, *days)
"""
# What others do meanwhile: the reader reads, the billing section bills; later the customer pays ahead by QR code.
READ_AND_BILL = """
from mainstay.gas.billing.actions import bill_account
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.actions import record_reading
account, on, by = Account.objects.get(pk=sys.argv[1]), today - timedelta(days=10), system_user()
record_reading(installation=account.installations.get(), index_l=20_000, taken_on=on, by=by)
print(bill_account(account=account, period=period_of(on), by=by).amount_fen)
"""
PAY_AHEAD = """
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import take_payment
account = Account.objects.get(pk=sys.argv[1])
take_payment(account=account, amount_fen=3_000, tender=3, serial="life880", channel="wallet", by=system_user())
print(account.installations.get(until_on=None).pk)
"""


def send(page, **values: str) -> None:
    """Fill a form and send it; the page after it has answered with less than 400."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]")
        kind = field.first.evaluate("one => one.type || one.tagName")
        if kind == "radio":
            page.check(f"main [name={name}][value='{value}']")
        elif kind.startswith("select"):
            field.select_option(value)
        elif kind == "checkbox":
            field.check()
        else:
            field.fill(value)
    with page.expect_navigation() as answer:
        page.locator("main .ms-form-actions button").first.click()
    assert answer.value.ok, page.text_content("main")


def pay(page, number: str) -> None:
    """Take what an account owes in cash at the counter."""
    page.goto("/payments/counter/")
    page.wait_for_selector("#pc-q:focus")
    page.keyboard.insert_text(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-received:focus")
    page.keyboard.press("F8")
    page.wait_for_selector(".pc-done")


def test_from_the_application_to_the_closing(open_page, live_site) -> None:
    cookie, unit, plan, book, till, opened, sold = live_site.ask(HEAD + SEED)
    page = open_page("desktop")
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])
    # Somebody applies; the account is opened from what he said.
    page.goto("/accounts/applications/new/")
    applicant = {"kind": "person", "name": "林听雨", "phone": "13800138880", "address": "听雨轩3栋501"}
    send(page, **applicant, unit=unit, category="residential")
    page.goto(f"{page.url}open/")
    assert page.input_value("[name=name]") == "林听雨"
    send(page)
    send(page, community="听雨轩", building="3", room="501", unit=unit, category="residential", opened_on=opened)
    for step in (
        {"plan": plan, "persons": "3"}, {"meter_no": "LIFE8800001", "new": "on", "first_index": "0"},
        {"book": book, "sequence": "1"}, {},
    ):  # fmt: skip
        send(page, **step)
    account = page.url.split("/accounts/")[1].split("/")[0]
    number = page.locator("main h1").inner_text().split()[0]
    # The first reading and the first bill; it is paid, was the wrong customer's money, and is paid again.
    assert live_site.ask(HEAD + READ_AND_BILL, account) == ["5220"]
    page.goto("/payments/shifts/open/")
    send(page, till=till, float="100")
    pay(page, number)
    page.goto(f"/payments/{account}/1/reverse/")
    send(page, reason="收错户")
    pay(page, number)
    # The flat is sold: last reading, final bill, paid; the buyer takes over.
    page.goto(f"/accounts/{account}/transfer/")
    page.locator("main [name^=index_]").fill("30")
    send(page, on=sold, reason="房屋买卖")
    case = page.url
    assert "26.10" in page.text_content("main")
    pay(page, number)
    page.goto(f"{case}transfer/")
    send(page, kind="person", name="吴听风", phone="13900139880", persons="2", balance="move")
    page.goto(case)
    assert "已办结" in page.text_content("main")
    links = page.locator("main a[href*='/customers/accounts/']").evaluate_all("all => all.map(one => one.pathname)")
    buyer = next(one.split("/")[3] for one in links if one.split("/")[3] != account)
    # The buyer goes abroad and comes back.
    page.goto(f"/customers/accounts/{buyer}/suspend/")
    send(page, reason="出国")
    page.goto(f"/customers/accounts/{buyer}/restore/")
    send(page, reason="回国")
    # He has paid ahead; then the house is torn down: what is left goes back, and the account ends.
    [hung] = live_site.ask(HEAD + PAY_AHEAD, buyer)
    page.goto(f"/accounts/{buyer}/close/")
    send(page, **{f"index_{hung}": "32", "reason": "拆迁", "doubts_known": "on"})
    case = page.url
    page.goto(f"/payments/accounts/{buyer}/refund/")
    send(page, reason="销户退款")
    page.goto(f"{case}close/")
    send(page)
    page.goto(f"/customers/accounts/{buyer}/")
    assert "已销户" in page.text_content("main")
