"""The counter in a real browser: a known customer paying cash is done in at most six keys, and what is lost is said."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SEED = """
import itertools
import tests.gas.make as make
make._next = itertools.count(900000)
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from tests.gas.make import make_account, make_unit
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till
unit = make_unit("浏览器测试所")
clerk = make_clerk(unit, "core.documents.print_document", "core.documents.issue_document")
make_shift(clerk, make_till(unit))
accounts = [make_account(unit=unit, name="王芳") for _time in range(3)]
for account in accounts:
    make_bill(account, 202609, 6050)
    make_bill(account, 202610, 5220)
client = Client()
client.force_login(clerk)
print(client.cookies["sessionid"].value, *[account.account_no for account in accounts])
"""


@pytest.fixture(scope="module")
def desk(live_site):
    """A clerk with an open shift at the live site, and three customers with two bills each."""
    cookie, *numbers = live_site.ask(SEED)
    return cookie, numbers


def look_up(page, number):
    page.keyboard.press("F2")
    page.keyboard.insert_text(number)
    page.keyboard.press("Enter")


def at_counter(page, live_site, cookie):
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])
    page.goto("/payments/counter/")
    page.wait_for_selector("#pc-q:focus")
    return page


def test_cash_in_six_keys(desktop, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(desktop, live_site, cookie)
    page.keyboard.insert_text(numbers[0])
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-received:focus")
    keys = ["1", "2", "0", "F8"]
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_selector(".pc-done")
    assert "7.30" in page.text_content(".pc-done")
    assert len(keys) + 1 <= 6
    page.wait_for_selector("#pc-q:focus", timeout=500)
    assert page.input_value("#pc-q") == ""
    size = page.evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert size[0] <= size[1]


def test_a_lost_answer_is_asked_about_and_booked_once(open_page, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(open_page("desktop", allow=("ERR_FAILED", "Failed to load resource")), live_site, cookie)
    page.keyboard.insert_text(numbers[1])
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-received:focus")

    def lose(route):
        route.fetch()  # the server books it, the answer never arrives
        route.abort()

    page.route("**/counter/pay/", lose)
    page.keyboard.press("F8")
    page.wait_for_selector(".pc-told-amber")
    assert "待确认" in page.text_content("#pc-state")
    page.keyboard.press("Escape")
    assert page.is_visible("#pc-form")
    page.unroute("**/counter/pay/")
    page.click("#pc-take")
    page.wait_for_selector(".pc-done")
    page.keyboard.insert_text(numbers[1])
    page.keyboard.press("Enter")
    page.wait_for_selector(".pc-nothing")
    assert page.locator(".pc-paid li").count() == 1


def test_offline_nothing_is_sent(open_page, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(open_page("desktop", allow=("ERR_INTERNET_DISCONNECTED", "Failed to load")), live_site, cookie)
    page.keyboard.insert_text(numbers[2])
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-received:focus")
    page.context.set_offline(True)
    page.keyboard.press("F8")
    page.wait_for_selector(".pc-told-red")
    assert "未扣款" in page.text_content("#pc-state")
    page.context.set_offline(False)
    page.keyboard.press("F8")
    page.wait_for_selector(".pc-done")


def test_a_late_answer_never_shows_another_customer(desktop, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(desktop, live_site, cookie)
    held, paid = [], []

    def hold(route):
        held.append(route)

    page.on("request", lambda request: paid.append(request.url) if request.method == "POST" else None)
    page.route(lambda url: numbers[0] in url, hold)
    look_up(page, numbers[1])
    page.wait_for_selector(f"#pc-form:has-text('{numbers[1]}')")
    look_up(page, numbers[0])
    page.wait_for_selector("#pc-panel[aria-busy]")
    page.keyboard.press("F8")
    page.wait_for_selector(".pc-told-blue")
    look_up(page, numbers[1])
    page.wait_for_selector("#pc-panel:not([aria-busy])")
    held[0].continue_()
    page.wait_for_event("requestfinished", lambda request: numbers[0] in request.url)
    page.wait_for_timeout(100)
    assert numbers[1] in page.text_content(".pc-who h2")
    assert paid == []


def test_what_is_typed_without_focus_goes_into_the_search(desktop, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(desktop, live_site, cookie)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type(numbers[1])
    assert page.input_value("#pc-q") == numbers[1]
    page.goto(f"/payments/counter/?q={numbers[1]}")  # as a form sends it before the script runs
    page.wait_for_selector("#pc-form")


def test_it_works_on_a_phone(phone, live_site, desk) -> None:
    cookie, numbers = desk
    page = at_counter(phone, live_site, cookie)
    page.fill("#pc-q", numbers[0])
    page.keyboard.press("Enter")
    page.wait_for_selector("#pc-form")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
