"""The worklist in a real browser: rows chosen, all in the filter chosen, decided in one go."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

SEED = """
import itertools
import tests.gas.make as make
make._next = itertools.count(854000)
from django.test import Client
unit = make.make_unit("疑问清单所")
book = make.make_book(unit)
for _n in range(28):
    account = make.make_account(book=book)
    make.make_reading(account, 202609, volume_l=20_000)
    make.make_reading(account, 202610, volume_l=900_000, state=2, doubts=8)
rights = ("view_readings", "accept_reading", "correct_reading", "set_aside_reading", "decide_readings")
user = make.make_user(*(f"gas.readings.{right}" for right in rights), unit=unit, scope="subtree")
client = Client()
client.force_login(user)
print(client.cookies["sessionid"].value)
"""


@pytest.fixture(scope="module")
def cookie(live_site):
    """Somebody with 28 questioned readings of one branch."""
    return live_site.ask(SEED)[-1]


def test_many_are_decided_at_once(desktop, live_site, cookie) -> None:
    page = desktop
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_site.url}])
    page.goto("/readings/questioned/")
    boxes = page.locator("[data-choose]")
    assert boxes.count() == 25
    boxes.nth(0).check()
    boxes.nth(1).check()
    assert page.text_content("[data-chosen]") == "2"
    page.click("#batch button[value=accept]")
    page.fill("[name=reason]", "户主确认")
    page.click("#form .btn-primary")
    page.wait_for_selector("text=已判定 2 条读数")
    page.click("text=返回疑问清单")
    page.check("[data-choose-all]")
    page.click("[data-choose-filter]")
    assert page.text_content("[data-chosen]") == "26"
    page.click("#batch button[value=again]")
    page.fill("[name=reason]", "照片不清")
    page.click("#form .btn-primary")
    page.wait_for_selector("text=已判定 26 条读数")
    page.goto("/readings/questioned/")
    assert page.locator("[data-choose]").count() == 0
